"""Passages as their reader may see them: the hot page, one passage's story, the sightings of a mark."""
# ruff: noqa: S608  (only our own fragments are joined; every value travels as a parameter)

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from agencies.access import visible_devices
from agencies.facts import Principal
from agencies.paging import Page, Place, Turn, page_cut, queryset_page
from intelligence.rules.marks import fold, normalise
from scanning.models import Passage, ScanEvent
from scanning.selectors.equipment import equipment_read
from scanning.selectors.newest import VISIBLE, Chosen, array_text, newest_places
from scanning.selectors.seen import DeviceSeen, Equipment, EventSeen, MarkSeen, PartSeen, PassageSeen

#: A shorter beginning of a mark would name too many.
SHORTEST_MARK = 3
#: Events are looked for in the partitions from so long before the first sighting on.
_CLOCKS = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PassageFilter:
    """What to narrow the list to; empty values mean any. All of it is asked of visible parts and marks only.

    `site`, `lane` (where the device stands) and `device` are codes; `mark` is how a mark begins (or all of it with `whole_mark`), compared
    in folded form; `result` and `kind` are those of one and the same device; `since` and `until` (not included)
    are about when the passage was last seen. With a filter the list is in the order of the newest part that
    fits it.
    """

    site: str = ""
    lane: str = ""
    device: str = ""
    kind: str = ""
    result: str = ""
    mark: str = ""
    whole_mark: bool = False
    since: dt.datetime | None = None
    until: dt.datetime | None = None


class MarkTooShort(ValueError):
    """A mark to look for needs at least three letters or digits."""


def passages_page(principal: Principal, turn: Turn, wanted: PassageFilter | None = None) -> Page[PassageSeen]:
    """The newest passages of the reader, in the order of when the reader's own devices last saw them.

    Raises MarkTooShort.
    """
    wanted = wanted or PassageFilter()
    chosen = _chosen(principal, wanted)
    places = _marked_places(principal, chosen, wanted, turn) if wanted.mark else newest_places(chosen, turn)
    page = page_cut(places, turn, lambda place: place)
    seen = passages_seen(principal, [place.id for place in page.rows])
    rows = tuple(seen[place.id] for place in page.rows if place.id in seen)
    return Page(rows, older=page.older, newer=page.newer)


def passages_seen(principal: Principal, ids: Sequence[int]) -> dict[int, PassageSeen]:
    """What the reader may see of these passages (internal ids); a passage without a visible part is left out."""
    devices = visible_devices(principal)
    if not ids or not devices:
        return {}
    values = {"ids": array_text(ids), "devices": array_text(devices)}
    parts: dict[int, list[PartSeen]] = {}
    for part in map(PartSeen._make, _rows(_PARTS, values)):
        parts.setdefault(part.passage_id, []).append(part)
    marks: dict[int, list[MarkSeen]] = {}
    for mark in map(MarkSeen._make, _rows(_MARKS, values)):
        marks.setdefault(mark.passage_id, []).append(mark)
    return {
        number: PassageSeen(
            number,
            uid,
            site_id,
            tuple(sorted(parts[number], key=lambda part: (part.last_at, part.device_id))),
            tuple(sorted(marks.get(number, ()), key=lambda mark: (mark.first_at, mark.device_id, mark.norm))),
        )
        for number, uid, site_id in _rows(_PASSAGES, values)
        if number in parts
    }


def passages_by_uid(principal: Principal, uids: Iterable[uuid.UUID]) -> dict[uuid.UUID, PassageSeen]:
    """The passages with these public ids that the reader may see (for hits, notices and alarms)."""
    passages = Passage.objects.visible_to(principal).filter(uid__in=list(uids))
    ids = list(passages.values_list("id", flat=True)[:1000])
    return {passage.uid: passage for passage in passages_seen(principal, ids).values()}


def passage_uids(principal: Principal, ids: Iterable[int]) -> dict[int, uuid.UUID]:
    """The public ids of those of these passages (internal ids) that the reader may see."""
    values = {"ids": array_text(ids), "devices": array_text(visible_devices(principal))}
    return dict(_rows(_UIDS, values)) if values["ids"] != "{}" else {}


def passage_seen(principal: Principal, uid: uuid.UUID | str) -> PassageSeen:
    """One passage; NotVisible when it is absent or no visible device took part."""
    passage = Passage.objects.get_visible(principal, uid)
    return passages_seen(principal, [passage.pk])[passage.pk]


def passage_events(principal: Principal, passage: PassageSeen) -> tuple[EventSeen, ...]:
    """The visible events of a passage in the order of time."""
    events = ScanEvent.objects.visible_to(principal).filter(
        passage_id=passage.id,
        # Only for the partitions: an event is never received before it happened.
        received_at__range=(passage.first_at - _CLOCKS, timezone.now() + _CLOCKS),
    )
    return tuple(event_seen(event) for event in events.order_by("event_at", "id")[:2000])


def device_events(principal: Principal, device_id: int, turn: Turn) -> Page[EventSeen]:
    """What one visible device said, newest first."""
    events = ScanEvent.objects.visible_to(principal).filter(device_id=device_id)
    page = queryset_page(events, turn, at="event_at")
    return Page(tuple(event_seen(event) for event in page.rows), older=page.older, newer=page.newer)


def event_seen(event: ScanEvent) -> EventSeen:
    """The frozen form of an event that the gate has let through."""
    return EventSeen(
        uid=event.uid,
        device_id=event.device_id,
        type=event.type,
        result=event.result,
        at=event.event_at,
        device_at=event.device_at,
        received_at=event.received_at,
        is_late=event.is_late,
        confidence=event.confidence,
        mark_raw=event.mark_raw,
        detail=event.detail,
        lane_id=event.lane_id,
        passage_id=event.passage_id,
        event_key=event.event_key,
    )


_PARTS = (
    "SELECT p.passage_id, p.device_id, p.lane_id, p.first_at, p.last_at, p.result, p.events"
    " FROM scanning_passagepart p WHERE p.passage_id = ANY (%(ids)s::bigint[]) AND " + VISIBLE.format("p")
)
_MARKS = (
    "SELECT m.passage_id, m.device_id, m.kind, m.raw, m.norm, m.country, m.confidence, m.first_at, m.last_at"
    " FROM scanning_passagemark m WHERE m.passage_id = ANY (%(ids)s::bigint[]) AND " + VISIBLE.format("m")
)
_PASSAGES = "SELECT id, uid, site_id FROM scanning_passage WHERE id = ANY (%(ids)s::bigint[])"

_UIDS = (
    "SELECT s.id, s.uid FROM scanning_passage s WHERE s.id = ANY (%(ids)s::bigint[]) AND EXISTS"
    " (SELECT 1 FROM scanning_passagepart p WHERE p.passage_id = s.id AND "
    + VISIBLE.format("p")
    + " OFFSET 0)"
)


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _chosen(principal: Principal, wanted: PassageFilter) -> Chosen:
    devices: Sequence[int] = visible_devices(principal)
    if wanted.site or wanted.lane or wanted.device or wanted.kind:
        equipment = equipment_read(principal)
        devices = [number for number in devices if _fits(equipment.devices.get(number), equipment, wanted)]
    return Chosen(tuple(devices), result=wanted.result, since=wanted.since, until=wanted.until)


def _fits(device: DeviceSeen | None, equipment: Equipment, wanted: PassageFilter) -> bool:
    """Whether a visible device is of the site, lane, code and kind that are wanted."""
    if device is None:
        return False
    lane = equipment.lane(device.lane_id)
    return (
        wanted.site in {"", equipment.sites[device.site_id].code}
        and wanted.lane in {"", lane.code if lane else ""}
        and wanted.device in {"", device.code}
        and wanted.kind in {"", device.kind}
    )


def _marked_places(principal: Principal, chosen: Chosen, wanted: PassageFilter, turn: Turn) -> list[Place]:
    """The passages with a visible mark that fits, by the newest reading of it."""
    folded = fold(normalise(wanted.mark))
    if len(folded) < SHORTEST_MARK:
        raise MarkTooShort
    is_plain = not (wanted.site or wanted.lane or wanted.device or wanted.kind or wanted.result)
    place, order, comparison = (
        (turn.before, "ASC", ">") if turn.before is not None else (turn.after, "DESC", "<")
    )
    sql = (
        "SELECT max(m.last_at), m.passage_id FROM scanning_passagemark m"
        " WHERE m.device_id = ANY ((SELECT %(all)s::bigint[])::bigint[])"
        + (" AND m.folded = %(folded)s" if wanted.whole_mark else _BEGINS)
        + ("" if is_plain else _FITS.format(chosen.conditions("p")))
        + " GROUP BY m.passage_id HAVING true"
        + (" AND max(m.last_at) >= %(since)s" if chosen.since else "")
        + (" AND max(m.last_at) < %(until)s" if chosen.until else "")
        + (f" AND (max(m.last_at), m.passage_id) {comparison} (%(at)s, %(id)s)" if place else "")
        + f" ORDER BY 1 {order}, 2 {order} LIMIT %(limit)s"
    )
    values = chosen.values() | {
        "all": array_text(visible_devices(principal)),
        "folded": folded,
        "end": folded + "\U0010ffff",
        "at": place.at if place else None,
        "id": place.id if place else None,
        "limit": turn.limit + 1,
    }
    return [Place(*row) for row in _rows(sql, values)]


#: By bytes (the index is), and leakproof: LIKE would have to wait until the second wall has looked at every row.
_BEGINS = " AND m.folded ~>=~ %(folded)s AND m.folded ~<~ %(end)s"
_FITS = (
    " AND EXISTS (SELECT 1 FROM scanning_passagepart p WHERE p.passage_id = m.passage_id AND "
    + VISIBLE.format("p")
    + "{} OFFSET 0)"
)
