"""What of the database goes into a backup, as the catalogue tells it."""

import dataclasses
from typing import Any

from jocc.upkeep.store import BackupFault

#: What is left out, and why.
LEFT_OUT = {
    "agencies_signin": "sessions of before; who signed in when stands in the record",
    "django_session": "whoever was signed in signs in again",
    "audit_change": "nudges without content; pages ask anew",
    "agencies_rightend": "ends of rights on their way to the journal; their effect is in the backup",
    "agencies_upkeep": "how the last duties went, in the old place",
    "django_migrations": "written by the migrations of the restore",
}

_TABLES = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
       (SELECT array_agg(quote_ident(a.attname) ORDER BY a.attnum) FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '')
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
 ORDER BY 1
"""
# A table with policies is whole for its keeper only (agencies/walls.py); without that policy rows would be missing.
_KEEPER = """
SELECT count(*) FROM pg_policies WHERE schemaname = 'public' AND tablename = %s AND policyname = 'keeper'
   AND qual = 'true' AND permissive = 'PERMISSIVE' AND cmd = 'ALL' AND current_user = ANY (roles)
"""
_NARROWED = """
SELECT count(*) FROM pg_policies WHERE schemaname = 'public' AND tablename = %s AND permissive = 'RESTRICTIVE'
"""
_POINTING = """
SELECT DISTINCT r.relname, t.relname FROM pg_constraint k
  JOIN pg_class r ON r.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
 WHERE k.contype = 'f' AND r.relnamespace = 'public'::regnamespace AND r.oid <> t.oid
"""
_SEQUENCES = """
SELECT s.relname, t.relname, a.attname, coalesce(pg_sequence_last_value(s.oid::regclass), 0) FROM pg_class s
  LEFT JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  LEFT JOIN pg_class t ON t.oid = d.refobjid LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
 WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace ORDER BY 1
"""
_PARTITIONS = """
SELECT p.relname, c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1, 2
"""


@dataclasses.dataclass(frozen=True)
class Table:
    """One table and its stored columns, quoted for SQL."""

    name: str
    columns: tuple[str, ...]

    @property
    def listed(self) -> str:
        """The columns for a statement."""
        return ", ".join(self.columns)


def tables_to_keep(cursor: Any) -> list[Table]:
    """Every table that goes into a backup; BackupFault when its rows could not all be seen."""
    cursor.execute(_TABLES)
    found = [row for row in cursor.fetchall() if row[0] not in LEFT_OUT]
    for name, secured, _ in found:
        if secured and not _whole(cursor, name):
            raise BackupFault(
                f"{name} would be saved in part: this role is not its keeper. Connect as the database's owner,"
                " and run database_prepare first."
            )
    return [Table(name, tuple(columns)) for name, _, columns in found]


def _whole(cursor: Any, name: str) -> bool:
    cursor.execute(_KEEPER, [name])
    kept = cursor.fetchone()[0] == 1
    cursor.execute(_NARROWED, [name])
    return kept and cursor.fetchone()[0] == 0


def tables_in_order(cursor: Any, names: list[str]) -> list[str]:
    """The tables, each after those that its rows point to."""
    cursor.execute(_POINTING)
    needs: dict[str, set[str]] = {name: set() for name in names}
    for row, target in cursor.fetchall():
        if row in needs and target in needs:
            needs[row].add(target)
    ordered: list[str] = []
    while needs:
        ready = sorted(name for name, targets in needs.items() if targets <= set(ordered))
        if not ready:  # tables that point at each other: the constraints are checked at the end of the load
            ready = sorted(needs)
        ordered += ready
        for name in ready:
            del needs[name]
    return ordered


def sequences_now(cursor: Any) -> dict[str, int]:
    """The last number of each sequence, by `table.column` where it belongs to one, else by its name."""
    cursor.execute(_SEQUENCES)
    return {f"{table}.{column}" if table else name: last for name, table, column, last in cursor.fetchall()}


def sequence_names(cursor: Any) -> dict[str, str]:
    """The sequences of this database by the same keys as `sequences_now`."""
    cursor.execute(_SEQUENCES)
    return {f"{table}.{column}" if table else name: name for name, table, column, _ in cursor.fetchall()}


def partitions_now(cursor: Any) -> list[list[str]]:
    """[table, partition, its bounds] of every partition."""
    cursor.execute(_PARTITIONS)
    return [list(row) for row in cursor.fetchall()]
