"""Refusing to serve with walls that do not hold."""

from django.db import connection

from agencies.walls import Wall

_ROLE = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
_OWNED = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND pg_has_role(current_user, c.relowner, 'MEMBER')"
)
_TABLES = (
    "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
)
_CHILD_PRIVILEGES = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relispartition AND c.relkind IN ('r', 'p')"
    " AND has_table_privilege(current_user, c.oid, 'SELECT, INSERT, UPDATE, DELETE')"
)


def wall_faults(walls: list[Wall]) -> list[str]:
    """Everything that makes this connection unfit to serve; empty when the walls hold.

    Unfit are: a superuser or a role that bypasses row-level security, a role that owns a table, a table
    that nobody declared, a declared table without forced policies, a partition that can be read directly.
    """
    faults = []
    with connection.cursor() as cursor:
        cursor.execute(_ROLE)
        row = cursor.fetchone()
        if row is None or row[0]:
            faults.append("the database role is a superuser or bypasses row-level security")
        cursor.execute(_OWNED)
        owned = sorted(name for (name,) in cursor.fetchall())
        if owned:
            faults.append(f"the database role owns {len(owned)} tables, e.g. {owned[0]}")
        declared = {wall.table: wall for wall in walls}
        cursor.execute(_TABLES)
        for table, forced in cursor.fetchall():
            wall = declared.pop(table, None)
            if wall is None:
                faults.append(f"table {table} has no wall declared")
            elif wall.secured and not forced:
                faults.append(f"table {table} lacks forced row-level security")
        faults.extend(f"table {table} is missing" for table in sorted(declared))
        cursor.execute(_CHILD_PRIVILEGES)
        children = sorted(name for (name,) in cursor.fetchall())
        if children:
            faults.append(
                f"{len(children)} partitions can be reached past their policies, e.g. {children[0]}"
            )
    return faults
