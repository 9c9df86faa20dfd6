"""Which device finds what, at what cost, and how sure we are: over what the reader may see, and nothing else."""
# ruff: noqa: S608  (only our own fragments are joined; every value travels as a parameter)

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from scanning.choices import DeviceKind, Find, Result, Selection
from scanning.models import Adjudication, LaterFind, Passage, ScanEvent
from scanning.rules.rates import FINDS, Looked, Rate, Tally, Truth, rate, tallies
from scanning.selectors.equipment import equipment_read
from scanning.selectors.newest import VISIBLE, array_text
from scanning.selectors.seen import DeviceSeen, Equipment

BY = ("device", "kind", "lane", "agency")
#: A year at most: rates over more hide what has changed.
LONGEST = dt.timedelta(days=366)
#: A search may come so long after the sensor.
_SEARCH_AFTER = dt.timedelta(hours=6)
_OUTCOMES = {
    "persons": frozenset({Find.PERSONS.value}),
    "goods": frozenset({Find.GOODS.value}),
    "persons_and_goods": frozenset({Find.PERSONS.value, Find.GOODS.value}),
}

_COUNTED = (
    "SELECT p.device_id, p.lane_id, count(*), count(*) FILTER (WHERE p.result = 'suspect')"
    " FROM scanning_passagepart p WHERE "
    + VISIBLE.format("p")
    + " AND p.last_at >= %(since)s AND p.last_at < %(until)s AND p.result IN ('clear', 'suspect') GROUP BY 1, 2"
)
_LOOKED = (
    "SELECT p.device_id, p.lane_id, p.passage_id, p.result"
    " FROM scanning_passagepart p WHERE "
    + VISIBLE.format("p")
    + " AND p.last_at >= %(since)s AND p.last_at < %(until)s"
    " AND (p.result = 'suspect' OR p.result = 'clear' AND p.passage_id = ANY (%(known)s::bigint[]))"
)


@dataclass(frozen=True, slots=True)
class RateFilter:
    """Over which period (both ends in UTC), at which site, of which technique."""

    since: dt.datetime
    until: dt.datetime
    site: str = ""
    kind: str = ""
    by: str = "device"


@dataclass(frozen=True, slots=True)
class RateRow:
    """One device, method, lane or agency with its tally. `key` is a code."""

    key: str
    kinds: tuple[str, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class Rates:
    """The rows, most looked at first; and what random searches say of all that passed: how many, how many with a find."""

    rows: tuple[RateRow, ...]
    random: Rate
    searches: Rate


def rates_read(principal: Principal, wanted: RateFilter) -> Rates:
    """The rates of visible devices. Raises RightMissing.

    Searches and later finds count only as far as the principal sees them, so two agencies may rightly read different
    figures of one device.
    """
    require(principal, Right.PASSAGE_VIEW)
    equipment = equipment_read(principal)
    devices = {device.id: device for device in equipment.devices.values() if _fits(device, equipment, wanted)}
    truths = _truths(principal, equipment, wanted)
    values = {
        "devices": array_text(list(devices)),
        "since": wanted.since,
        "until": wanted.until,
        "known": array_text(list(truths)),
    }
    counted = [
        (_key(devices[device], lane, equipment, wanted.by), devices[device].kind, number, suspect)
        for device, lane, number, suspect in _rows(_COUNTED, values)
    ]
    rows = _rows(_LOOKED, values)
    adjudged = _adjudged(principal, {row[2] for row in rows if row[3] == Result.SUSPECT})
    looked = [
        Looked(
            _key(devices[device], lane, equipment, wanted.by),
            devices[device].kind,
            passage,
            result,
            adjudged.get((device, passage), ""),
        )
        for device, lane, passage, result in rows
    ]
    found = tallies(counted, looked, truths)
    order = sorted(found.items(), key=lambda item: (-item[1].looked, item[0]))
    searched = [truth for truth in truths.values() if truth.is_searched]
    drawn = [truth for truth in searched if truth.is_random]
    return Rates(
        rows=tuple(RateRow(key, tuple(sorted(tally.kinds)), tally) for key, tally in order),
        random=rate(sum(bool(truth.finds) for truth in drawn), len(drawn)),
        searches=rate(sum(bool(truth.finds) for truth in searched), len(searched)),
    )


def _truths(principal: Principal, equipment: Equipment, wanted: RateFilter) -> dict[int, Truth]:
    """What searches and later finds tell, by passage (internal id)."""
    searchers = [
        device.id
        for device in equipment.devices.values()
        if device.kind == DeviceKind.SEARCH and wanted.site in {"", equipment.sites[device.site_id].code}
    ]
    events = ScanEvent.objects.visible_to(principal).filter(
        device_id__in=searchers,
        received_at__gte=wanted.since,  # only for the partitions: nothing is received before it happened
        event_at__gte=wanted.since,
        event_at__lt=wanted.until + _SEARCH_AFTER,
        passage_id__isnull=False,
        result__in=[Result.CLEAR, Result.SUSPECT],
    )
    truths: dict[int, Truth] = {}
    for passage, detail in events.order_by("event_at", "id").values_list("passage_id", "detail"):
        _learn(truths, passage or 0, _searched(detail.get("reading") or {}))
    later = (
        LaterFind.objects.visible_to(principal)
        .filter(created_at__gte=wanted.since)
        .values_list("passage_uid", "finds")
    )
    finds = {uid: frozenset(given) for uid, given in later}
    passages = Passage.objects.visible_to(principal).filter(uid__in=list(finds)).values_list("id", "uid")
    for number, uid in passages:
        _learn(truths, number, Truth(finds=finds[uid], is_searched=False))
    return truths


def _learn(truths: dict[int, Truth], passage: int, more: Truth) -> None:
    """Two searches of one vehicle add up."""
    known = truths.get(passage)
    if known is not None:
        more = Truth(
            finds=known.finds | more.finds,
            minutes=known.minutes + more.minutes,
            is_random=known.is_random or more.is_random,
            is_searched=known.is_searched or more.is_searched,
        )
    truths[passage] = more


def _searched(reading: Mapping[str, Any]) -> Truth:
    minutes = reading.get("duration_minutes")
    return Truth(
        finds=_OUTCOMES.get(str(reading.get("outcome")), frozenset()),
        minutes=float(minutes) if isinstance(minutes, int | float) else 0.0,
        is_random=reading.get("selection") == Selection.RANDOM,
    )


def _adjudged(principal: Principal, passages: Iterable[int]) -> dict[tuple[int, int], str]:
    """The standing adjudication by device and passage; of several alarms of one device the one that found most."""
    rows = (
        Adjudication.objects.visible_to(principal)
        .filter(passage_id__in=list(passages), replaced_at__isnull=True)
        .values_list("device_id", "passage_id", "code")
    )
    # "real" sorts after "innocent" and "false"; so the strongest is written last.
    return {(device, passage): code for device, passage, code in sorted(rows, key=lambda row: row[2])}


def _fits(device: DeviceSeen, equipment: Equipment, wanted: RateFilter) -> bool:
    return (
        device.kind in FINDS
        and wanted.site in {"", equipment.sites[device.site_id].code}
        and wanted.kind in {"", device.kind}
    )


def _key(device: DeviceSeen, lane_id: int | None, equipment: Equipment, by: str) -> str:
    if by == "kind":
        return device.kind
    if by == "agency":
        return device.owner
    if by == "lane":
        lane = equipment.lane(lane_id)
        return lane.code if lane else ""
    return device.code


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
