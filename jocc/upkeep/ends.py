"""All rights that end: the triggers that write them down, and ending them again after a restore."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.backends.utils import CursorWrapper

import agencies.ends
import intelligence.ends
from agencies.ends import End, grant_end
from jocc.walls import WALLS

ENDS: list[End] = [
    *agencies.ends.ENDS,
    *intelligence.ends.ENDS,
    *(grant_end(wall) for wall in WALLS if wall.grant_table),
]

_TRIGGER = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO agencies_rightend (at, xid, kind, subject)
  SELECT clock_timestamp(), pg_current_xact_id()::text::bigint, '{kind}', s.subject
    FROM (SELECT {subject} AS subject) s WHERE s.subject IS NOT NULL;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}();
REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;
"""


def ends_apply(cursor: CursorWrapper) -> None:
    """Put up the triggers. Run by the owner after every migration; harmless to repeat."""
    for end in ENDS:
        statement = _TRIGGER.format(
            name=end.trigger, kind=end.kind, subject=end.subject, event=end.event,
            table=end.table, condition=end.condition,
        )  # fmt: skip
        cursor.execute(statement)


def ends_carry_out(cursor: CursorWrapper, entries: Iterable[dict[str, Any]]) -> Counter[str]:
    """End again what the entries of the journal name, in their order; counts what was still alive, by kind.

    An entry about a table that this database does not know is about records that it does not have either.
    """
    known = {(end.kind, end.about): end for end in ENDS}
    ended: Counter[str] = Counter()
    for entry in entries:
        subject = entry["subject"]
        end = known.get((entry["kind"], subject.get("table", "")))
        if end is None:
            ended["unknown"] += 1
            continue
        cursor.execute(end.again, subject)
        ended[end.kind] += max(cursor.rowcount, 0)
    return ended
