"""Taking lists away: what leaves the centre is read as its reader may read it, and leaves a record first."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actions import Right
from agencies.facts import AsOfAnswer, Principal
from agencies.paging import MAX_LIMIT, Page, Turn
from agencies.rules.rights import require
from audit.actions import AuditAction
from audit.services import audit_record
from dashboard.facts.needs import AlarmRow
from dashboard.facts.passages import PassageLine
from dashboard.selectors.alarms import alarms_listed
from dashboard.selectors.lines import columns_of, line_of
from dashboard.selectors.passages import passages_listed
from dashboard.selectors.places import equipment_now
from dashboard.words import RESULTS
from scanning.selectors.alarms import AlarmFilter
from scanning.selectors.availability import AvailabilityFilter
from scanning.selectors.outages import OutageCard, OutageFilter, outages_page
from scanning.selectors.passages import PassageFilter
from scanning.selectors.rates import RateFilter
from scanning.selectors.seen import SiteSeen

#: The most rows of one export, the newest ones; narrow the period for older ones.
EXPORT_LIMIT = 5000
Row = tuple[object, ...]
T = TypeVar("T")


def passages_export(
    *, acting_officer: Principal, site: SiteSeen, wanted: PassageFilter, purpose: str
) -> list[Row]:
    """Passages with their marks and results, newest first, under a head of column names. Recorded.

    Hits and notices are not part of it: they are read one by one.
    """
    require(acting_officer, Right.PASSAGE_VIEW)
    equipment = equipment_now(acting_officer)
    columns = columns_of(equipment, site.id)
    lines = [
        line_of(passage, at=passage.last_at, equipment=equipment, columns=columns)
        for passage in _all(lambda turn: passages_listed(acting_officer, turn, wanted))
    ]
    _record(acting_officer, "passage", purpose, [line.id for line in lines])
    head = (
        _("last seen (UTC)"), _("last seen"), _("lane"), _("tractor"), _("trailer"), _("container"), _("other marks"),
        *(column.name for column in columns), _("decision"), _("record"),
    )  # fmt: skip
    return [head, *(_passage_row(line) for line in lines)]


def alarms_export(*, acting_officer: Principal, wanted: AlarmFilter, purpose: str) -> list[Row]:
    """Alarms with who acknowledged them, newest first, under a head of column names. Recorded."""
    require(acting_officer, Right.ALARM_VIEW)
    rows = list(_all(lambda turn: alarms_listed(acting_officer, turn, wanted)))
    _record(acting_officer, "alarm", purpose, [row.id for row in rows])
    head = (
        _("raised (UTC)"), _("raised"), _("priority"), _("alarm"), _("state"), _("lane"), _("device"), _("marks"),
        _("times"), _("cleared"), _("acknowledged"), _("acknowledged by"), _("assigned to"), _("detail"), _("record"),
    )  # fmt: skip
    return [head, *(_alarm_row(row) for row in rows)]


def asof_export(*, acting_officer: Principal, answer: AsOfAnswer, purpose: str) -> None:
    """Record that an as-of answer is taken away."""
    require(acting_officer, Right.ASOF_ASK)
    _record(acting_officer, answer.kind, purpose, rows=len(answer.timeline) + len(answer.readings))


def _all(page_of: Callable[[Turn], Page[T]]) -> Iterator[T]:
    """The rows of page after page, up to the limit of an export."""
    turn, read = Turn(limit=MAX_LIMIT), 0
    while True:
        page = page_of(turn)
        yield from page.rows[: EXPORT_LIMIT - read]
        read += len(page.rows)
        if page.older is None or read >= EXPORT_LIMIT:
            return
        turn = Turn(limit=MAX_LIMIT, after=page.older)


def _record(
    principal: Principal, object_type: str, purpose: str, ids: Sequence[str] = (), *, rows: int | None = None
) -> None:
    audit_record(
        acting_party=principal,
        action=AuditAction.EXPORT_MAKE,
        object_type=object_type,
        object_uids=[uuid.UUID(one) for one in ids],
        purpose=purpose,
        detail={"rows": len(ids) if rows is None else rows, "limit": EXPORT_LIMIT},
    )


def _passage_row(line: PassageLine) -> Row:
    marks: dict[str, str] = {}
    for cell in line.marks:
        marks[cell.kind] = " ".join(part for part in (marks.get(cell.kind), cell.country, cell.value) if part)
    return (
        _utc(line.at), _local(line.at), line.lane_name,
        *(marks.get(kind, "") for kind in ("tractor", "trailer", "container", "unknown")),
        *("" if cell.result == "none" else RESULTS[cell.result] for cell in line.sensors),
        line.decision.word if line.decision else "", line.id,
    )  # fmt: skip


def _alarm_row(row: AlarmRow) -> Row:
    marks = " ".join(f"{cell.country} {cell.value}".strip() for cell in row.marks)
    return (
        _utc(row.raised), _local(row.raised), row.priority, row.title, row.state, row.lane, row.device, marks,
        row.times, _local(row.cleared), _local(row.acknowledged_at), row.owner, row.assignee, row.text, row.id,
    )  # fmt: skip


def _utc(when: dt.datetime) -> str:
    return when.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")


def _local(when: dt.datetime | None) -> str:
    return "" if when is None else timezone.localtime(when).strftime("%Y-%m-%d %H:%M:%S")


def rates_export(*, acting_officer: Principal, wanted: RateFilter, purpose: str) -> None:
    """Record that the statistics are taken away: over which period and by what."""
    require(acting_officer, Right.PASSAGE_VIEW)
    _figures(acting_officer, "passage", {"statistics": wanted.by}, wanted, purpose)


def outages_export(*, acting_officer: Principal, wanted: OutageFilter, purpose: str) -> list[OutageCard]:
    """The outages that are taken away; that they are is recorded."""
    require(acting_officer, Right.OUTAGE_VIEW)
    cards = list(_all(lambda turn: outages_page(acting_officer, turn, wanted)))
    _record(acting_officer, "outage", purpose, [str(card.uid) for card in cards])
    return cards


def availability_export(*, acting_officer: Principal, wanted: AvailabilityFilter, purpose: str) -> None:
    """Record that the availability is taken away: over which period and by what."""
    require(acting_officer, Right.OUTAGE_VIEW)
    _figures(acting_officer, "outage", {"availability": wanted.by}, wanted, purpose)


def _figures(
    principal: Principal,
    object_type: str,
    what: dict[str, str],
    wanted: RateFilter | AvailabilityFilter,
    purpose: str,
) -> None:
    audit_record(
        acting_party=principal,
        action=AuditAction.EXPORT_MAKE,
        object_type=object_type,
        object_uids=[],
        purpose=purpose,
        detail=what | {"since": wanted.since.isoformat(), "until": wanted.until.isoformat()},
    )
