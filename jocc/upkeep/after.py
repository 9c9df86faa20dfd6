"""What a restore owes to those who recalled something after the backup was made.

With the journal, every right that ended since ends again. Without it nobody can know what was recalled, so every
share is put on hold (only originators keep their records), every token that reads is revoked, every password
needs renewing. Either way nobody stays signed in, numbers given out since are not given out again, and every
agency's record says what happened.
"""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from agencies.acting import acting_as
from agencies.facts import OWNER
from agencies.models import Agency
from audit.actions import AuditAction
from audit.services import audit_record
from jocc.upkeep.ends import ends_carry_out
from jocc.upkeep.journal import Covered
from jocc.upkeep.lineage import lineage_renew
from jocc.upkeep.tables import sequence_names
from jocc.walls import WALLS

#: Numbers that people quote may have been given out after the backup; they go on so far ahead.
REFERENCES_AHEAD = 1_000
#: The same for the numbers of the record and of deliveries beyond the last one that the journal saw.
NUMBERS_AHEAD = 10_000
_SEEN = {"deliveries": "scanning_delivery", "audit": "audit_auditevent"}


@dataclasses.dataclass(frozen=True)
class Gap:
    """What lies between the backup and the loss, as far as it can be known."""

    backup_at: str
    covered_until: str | None
    ended_again: dict[str, int]
    held: int
    lost_deliveries: int | None
    lost_records: int | None


def known_to(snapshot: str, lineages: list[str], entry: dict[str, Any]) -> bool:
    """Whether a backup with this snapshot and these lives already knows the end in this entry of the journal."""
    if entry["lineage"] != lineages[-1]:
        return entry["lineage"] in lineages  # an earlier life; a later one cannot be known
    lowest, highest, running = snapshot.split(":")
    xid = int(entry["xid"])
    return xid < int(lowest) or (xid < int(highest) and str(xid) not in running.split(","))


def restored(*, backup_at: str, entries: Iterable[dict[str, Any]] | None, covered: Covered | None) -> Gap:
    """Do all that a restored database owes, in one transaction; `entries` None means that there is no journal."""
    with acting_as(OWNER), transaction.atomic(), connection.cursor() as cursor:
        lineage_renew()
        ended: Counter[str] = Counter()
        held = 0
        if entries is None:
            held = _everything_held(cursor)
        else:
            ended = ends_carry_out(cursor, entries)
        gap = Gap(
            backup_at=backup_at,
            covered_until=covered.at if covered else None,
            ended_again=dict(sorted(ended.items())),
            held=held,
            lost_deliveries=_lost(cursor, "deliveries", covered),
            lost_records=_lost(cursor, "audit", covered),
        )
        _numbers_ahead(cursor, covered)
        for agency in Agency.objects.all():
            audit_record(
                acting_party=OWNER,
                action=AuditAction.CENTRE_RESTORE,
                object_type="centre",
                detail=dataclasses.asdict(gap),
                agency_group=agency.group_id,
            )
    cache.clear()  # boards and nudges of the life before
    return gap


def _everything_held(cursor: CursorWrapper) -> int:
    """Take every share back, and every token that reads; returns how many shares were held."""
    held = 0
    for wall in WALLS:
        if wall.grant_table:
            cursor.execute(
                f"DELETE FROM {wall.grant_table} g USING {wall.table} t"  # noqa: S608  (names of our own tables)
                " WHERE t.id = g.content_object_id AND g.group_id <> t.originator_id"
            )
            held += cursor.rowcount
    cursor.execute(
        "UPDATE agencies_servicetoken k SET revoked_at = now() FROM agencies_serviceaccount a"
        " WHERE a.id = k.account_id AND a.kind = 'partner' AND k.revoked_at IS NULL"
    )
    cursor.execute("UPDATE agencies_officer SET password = '!ended' WHERE NOT is_superuser")
    return held


def _lost(cursor: CursorWrapper, what: str, covered: Covered | None) -> int | None:
    """How many numbers were given out after the backup, by what the journal saw last."""
    if covered is None:
        return None
    name = sequence_names(cursor)[f"{_SEEN[what]}.id"]
    cursor.execute("SELECT coalesce(pg_sequence_last_value(%s::regclass), 0)", [name])
    return max(covered.seen.get(what, 0) - int(cursor.fetchone()[0]), 0)


def _numbers_ahead(cursor: CursorWrapper, covered: Covered | None) -> None:
    for what, table in _SEEN.items():
        name = sequence_names(cursor)[f"{table}.id"]
        cursor.execute(
            "SELECT setval(%s::regclass, greatest(coalesce(pg_sequence_last_value(%s::regclass), 0), %s) + %s)",
            [name, name, covered.seen.get(what, 0) if covered else 0, NUMBERS_AHEAD],
        )
    cursor.execute("UPDATE agencies_referencecounter SET last = last + %s", [REFERENCES_AHEAD])


def gap_sentences(gap: Gap) -> list[str]:
    """What was lost and what was done about it, for whoever restores."""
    said = [f"The backup was made at {_minute(gap.backup_at)}. What was entered later is lost."]
    if gap.covered_until is None:
        said.append(
            f"There was no journal: {gap.held} shares are on hold, systems' tokens are revoked, and officers need new"
            " passwords. Originators share again what they still mean to share; the record says so to each agency."
        )
        return said
    ended = ", ".join(f"{count} × {kind}" for kind, count in gap.ended_again.items() if count) or "none"
    said += [
        f"Rights that ended until {_minute(gap.covered_until)} ended again: {ended}.",
        "A right that ended in the last second before the loss may not be in the journal: ask the agencies.",
        (
            f"Deliveries accepted after the backup: {gap.lost_deliveries}. Devices that keep theirs post them again;"
            " what is here already is recognised."
        ),
        f"Records of the audit after the backup: {gap.lost_records}; the record continues after a gap in its numbers.",
    ]
    return said


def _minute(moment: str) -> str:
    return f"{dt.datetime.fromisoformat(moment).astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
