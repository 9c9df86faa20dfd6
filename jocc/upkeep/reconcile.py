"""Are the walls what they should be? Compares and reports; repairs nothing.

Three comparisons: `viewers` against the grants it is the index of; grants against what may be granted; policies,
privileges, triggers and functions against what `database_prepare` left behind.
"""

import hashlib
import json
from collections import defaultdict

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from agencies.grants import GroupGrant
from agencies.models import Upkeep
from agencies.services.upkeep import upkeep_note
from agencies.walls import Wall
from jocc.walls import WALLS

_VIEWERS = """
SELECT count(*), (array_agg(t.uid ORDER BY t.id))[1] FROM {table} t LEFT JOIN (
    SELECT g.content_object_id AS id, array_agg(DISTINCT g.group_id ORDER BY g.group_id) AS groups
      FROM {grant} g JOIN auth_permission p ON p.id = g.permission_id
     WHERE p.codename = 'view_{model}' GROUP BY 1) w ON w.id = t.id
 WHERE t.viewers IS DISTINCT FROM coalesce(w.groups, '{{}}')
"""
_OWNERLESS = (
    "SELECT count(*), (array_agg(uid ORDER BY id))[1] FROM {table} WHERE originator_id <> ALL (viewers)"
)
_FORBIDDEN = """
SELECT count(*) FROM {grant} g JOIN auth_permission p ON p.id = g.permission_id WHERE p.codename <> ALL (%s)
"""
# Everything that a hand could change past database_prepare, as text, by the table or function it belongs to.
_STRUCTURE = """
SELECT tablename, concat_ws('|', 'policy', policyname, permissive, roles, cmd, qual, with_check)
  FROM pg_policies WHERE schemaname = 'public'
UNION ALL
SELECT c.relname, concat_ws('|', 'table', c.relrowsecurity, c.relforcerowsecurity, c.relacl)
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
UNION ALL
SELECT c.relname, concat_ws('|', 'column', a.attname, a.attacl)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE c.relnamespace = 'public'::regnamespace AND a.attacl IS NOT NULL
UNION ALL
SELECT c.relname, concat_ws('|', 'trigger', t.tgname, t.tgenabled::text, t.tgtype, t.tgfoid::regproc)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT p.proname, concat_ws('|', 'function', md5(p.prosrc), p.prosecdef, p.proconfig, p.proacl)
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
"""


def _prints(cursor: CursorWrapper) -> dict[str, str]:
    cursor.execute(_STRUCTURE)
    parts = defaultdict(list)
    for name, text in cursor.fetchall():
        parts[name].append(text)
    return {
        name: hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest()[:12]
        for name, texts in parts.items()
    }


def structure_remember(cursor: CursorWrapper) -> None:
    """Leave the fingerprints of all walls with the database, where only the owner can change them."""
    text = json.dumps(_prints(cursor), sort_keys=True, separators=(",", ":"))
    cursor.execute("SELECT quote_literal(%s)", [text])
    cursor.execute(f"COMMENT ON TABLE agencies_lineage IS {cursor.fetchone()[0]}")


def structure_differences(cursor: CursorWrapper) -> list[str]:
    """Tables and functions whose policies, privileges, triggers or text are not what database_prepare left."""
    cursor.execute("SELECT obj_description('public.agencies_lineage'::regclass)")
    told = cursor.fetchone()[0]
    if not told:
        return ["no fingerprint of the walls: run database_prepare"]
    kept, found = json.loads(told), _prints(cursor)
    return [
        f"{name}: policies, privileges, triggers or text are not what database_prepare left"
        for name in sorted(kept.keys() | found.keys())
        if kept.get(name) != found.get(name)
    ]


def grant_differences(cursor: CursorWrapper, walls: list[Wall]) -> list[str]:
    """Records whose `viewers` are not their grants, or whose originator holds none; grants that may not be."""
    found = []
    allowed = {model._meta.db_table: model.allowed_codenames for model in GroupGrant.__subclasses__()}
    for wall in walls:
        if not wall.grant_table:
            continue
        names = {"table": wall.table, "grant": wall.grant_table, "model": wall.model}
        for question, words in (
            (_VIEWERS, "whose viewers are not what the grants say"),
            (_OWNERLESS, "that their originator cannot see"),
        ):
            cursor.execute(question.format(**names))
            count, first = cursor.fetchone()
            if count:
                found.append(f"{wall.table}: {count} records {words}, e.g. {first}")
        cursor.execute(_FORBIDDEN.format(**names), [sorted(allowed[wall.grant_table])])
        (count,) = cursor.fetchone()
        if count:
            found.append(f"{wall.grant_table}: {count} grants of what cannot be granted")
    return found


@transaction.atomic
def walls_differences() -> list[str]:
    """Every difference, one sentence each; empty when all is as it should be. Needs the owner or the scheduler."""
    with connection.cursor() as cursor:
        found = structure_differences(cursor) + grant_differences(cursor, WALLS)
    upkeep_note(name="walls", is_fine=not found, found=len(found))
    return found


def walls_reconcile_nightly() -> list[str] | None:
    """Compare once a night (or at once when nobody has for two days); None when it is not the time."""
    now = timezone.now()
    last = Upkeep.objects.filter(name="walls").values_list("at", flat=True).first()
    hours = (now - last).total_seconds() / 3600 if last else None
    if hours is not None and hours < 48 and not (hours > 20 and 2 <= now.hour < 5):
        return None
    return walls_differences()
