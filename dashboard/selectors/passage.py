"""One passage: what happened to the vehicle, as far as its reader may see it."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.paging import Turn
from agencies.rules.rights import may
from dashboard.facts.acts import Detail
from dashboard.facts.passages import MarkCell, PassageLine, PassagePage, TimelineEntry
from dashboard.selectors.cards import alarm_text, rule_word
from dashboard.selectors.flags import Flag, flags_of
from dashboard.selectors.images import image_thumb, own_events
from dashboard.selectors.lines import columns_of, line_of
from dashboard.selectors.marks import mark_cell
from dashboard.selectors.places import equipment_now
from dashboard.words import REQUEST_STATES, SENSOR_NAMES
from scanning.choices import DeviceKind, EventType, Find, Result, ScanPurpose
from scanning.rules.drawing import is_drawn
from scanning.rules.readings import READING_FIELDS
from scanning.selectors.alarms import alarms_of_passages
from scanning.selectors.findings import AdjudicationSeen, LaterFindSeen, adjudications_of, finds_of_passage
from scanning.selectors.images import ImageSeen, images_of_events
from scanning.selectors.passages import PassageFilter, passage_events, passage_seen, passages_page
from scanning.selectors.requests import RequestCard, requests_of_passage
from scanning.selectors.seen import AlarmSeen, DeviceSeen, Equipment, EventSeen, PassageSeen

#: What people enter at the lane, not machines.
BY_HAND = (DeviceKind.KEYBOARD, DeviceKind.DOG, DeviceKind.SEARCH)
#: A device's own time is shown where it differs from the corrected one by more than so many seconds.
_CLOCK_OFF_S = 2.0
_EARLIER = 6


def passage_page(principal: Principal, uid: uuid.UUID) -> tuple[PassagePage, Flag | None]:
    """The page of one passage and the flag on it (whose reading is to be recorded); NotVisible."""
    equipment = equipment_now(principal)
    passage = passage_seen(principal, uid)
    flag = flags_of(principal, [passage.uid]).get(passage.uid)
    columns = columns_of(equipment, passage.site_id)
    line = line_of(passage, at=passage.first_at, equipment=equipment, columns=columns, flag=flag)
    site = equipment.sites.get(passage.site_id)
    asked = requests_of_passage(principal, passage.uid) if may(principal, Right.REQUEST_VIEW) else ()
    finds = finds_of_passage(principal, passage.uid)
    page = PassagePage(
        id=str(passage.uid),
        reference=str(passage.uid),
        line=line,
        site_name=site.name if site else "",
        last_seen=passage.last_at,
        timeline=_timeline(principal, passage, equipment, finds, asked),
        notices=_notices(flag),
        earlier=_earlier(principal, passage, equipment),
        columns=columns,
        may_enter=may(principal, Right.ENTRY_MAKE),
        may_ask=may(principal, Right.REQUEST_ASK),
        scans=tuple(map(_scan, asked)),
        scan_uids=tuple(str(card.uid) for card in asked),
        find_uids=tuple(str(find.uid) for find in finds),
        may_report=may(principal, Right.FIND_REPORT),
        may_add=may(principal, Right.IMAGE_ADD) and bool(own_events(principal, passage, equipment)),
        may_correct=may(principal, Right.PASSAGE_CORRECT),
        is_drawn=is_drawn(passage.uid, settings.RANDOM_SEARCH_SHARE),
    )
    return page, flag


def reading_details(kind: str, reading: dict[str, object]) -> tuple[Detail, ...]:
    """What a device measured, in its fields' order and words; values that we know no word for are left out."""
    details = []
    for field in READING_FIELDS.get(kind, ()):
        value = reading.get(field.name)
        if value is None or value == "":
            continue
        if isinstance(value, bool):
            shown = _("yes") if value else _("no")
        elif field.choices:
            shown = str(dict(field.choices).get(str(value), value))
        elif isinstance(value, int | float):
            shown = f"{number_format(value, force_grouping=True)} {field.unit}".strip()
        else:
            shown = str(value)
        details.append(Detail(str(field.label), shown))
    return tuple(details)


def event_marks(event: EventSeen) -> tuple[MarkCell, ...]:
    """The marks that one event read."""
    marks = event.detail.get("marks") or []
    if not marks and event.mark_raw:
        marks = [["unknown", event.mark_raw, ""]]
    return tuple(
        mark_cell(value, country=country, confidence=event.confidence, kind=kind)
        for kind, value, country in marks
    )


def event_text(event: EventSeen) -> str:
    """Reason and note as they came with the event."""
    return ". ".join(str(part) for part in (event.detail.get("reason"), event.detail.get("note")) if part)


def _timeline(
    principal: Principal,
    passage: PassageSeen,
    equipment: Equipment,
    finds: Sequence[LaterFindSeen],
    asked: Sequence[RequestCard],
) -> tuple[TimelineEntry, ...]:
    events = [event for event in passage_events(principal, passage) if event.device_id in equipment.devices]
    images = images_of_events(principal, events)
    entries = [
        _event(event, equipment.devices[event.device_id], images.get((event.device_id, event.event_key), ()))
        for event in events
    ]
    alarms = alarms_of_passages(principal, [passage.id]).get(passage.id, ())
    stated = adjudications_of(principal, [alarm.id for alarm in alarms])
    acts = may(principal, Right.ALARM_ACT)
    entries += [_alarm(alarm, equipment, stated.get(alarm.id, []), acts=acts) for alarm in alarms]
    entries += [_find(find) for find in finds]
    entries += [
        _scanned(card, card.closed_at, card.result) for card in asked if card.result and card.closed_at
    ]
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _aim(event: EventSeen) -> tuple[Detail, ...]:
    """What was looked for, where the sender said so."""
    words = dict(ScanPurpose.choices)
    aim = words.get(str(event.detail.get("purpose", "")))
    return (Detail(_("looked for"), str(aim)),) if aim else ()


def _event(event: EventSeen, device: DeviceSeen, images: Sequence[ImageSeen]) -> TimelineEntry:
    off = abs((event.at - event.device_at).total_seconds()) > _CLOCK_OFF_S
    is_status = event.type == EventType.STATUS
    return TimelineEntry(
        at=event.at,
        kind=device.kind,
        title=_("Device status") if is_status else str(SENSOR_NAMES[device.kind]),
        source=device.code,
        result=event.result,
        text=event_text(event),
        marks=event_marks(event),
        readings=(*_aim(event), *reading_details(device.kind, event.detail.get("reading") or {})),
        device_url=reverse("device-detail", args=[device.uid]),
        device_time=event.device_at if off else None,
        received=event.received_at,
        late=event.is_late,
        by_hand=device.kind in BY_HAND,
        images=tuple(image_thumb(image, device.code) for image in images),
    )


def _find(find: LaterFindSeen) -> TimelineEntry:
    """Something found in the vehicle later: what the devices here have missed."""
    finds = [
        _("%(find)s (%(count)s)") % {"find": each.label, "count": find.persons}
        if each == Find.PERSONS and find.persons
        else str(each.label)
        for each in find.finds
    ]
    parts = [", ".join(finds), find.place, find.note]
    return TimelineEntry(
        at=find.found_at,
        kind="find",
        title=_("Found later"),
        source=f"{find.owner} {find.reference}",
        tone="high",
        text=". ".join(part for part in parts if part),
    )


def _alarm(
    alarm: AlarmSeen, equipment: Equipment, stated: Sequence[AdjudicationSeen], *, acts: bool
) -> TimelineEntry:
    device = equipment.devices.get(alarm.device_id)
    who = alarm.acknowledged_by or alarm.acknowledged_by_agency
    parts = [
        alarm_text(alarm),
        _("acknowledged by %(officer)s") % {"officer": who} if who else "",
        alarm.comment,
    ]
    return TimelineEntry(
        at=alarm.raised_at,
        kind="alarm",
        title=rule_word(alarm.rule),
        source=device.code if device else "",
        tone=alarm.severity,
        text=". ".join(part for part in parts if part),
        url=reverse("alarm-detail", args=[alarm.uid]),
        device_url=reverse("device-detail", args=[device.uid]) if device else "",
        late=alarm.is_late,
        received=alarm.last_at if alarm.is_late else None,
        adjudged=str(stated[0].code.label) if stated else "",
        adjudge_url=reverse("alarm-adjudicate", args=[alarm.uid]) if acts else "",
    )


def _scanned(card: RequestCard, at: dt.datetime, result: Result) -> TimelineEntry:
    """What another agency told of a scan that was asked for: its device may be one that the reader does not see."""
    return TimelineEntry(
        at=at,
        kind=card.technique.value,
        title=_("Scan asked for: %(technique)s") % {"technique": str(SENSOR_NAMES[card.technique.value])},
        source=f"{card.asker} → {card.asked}",
        result=result.value,
        text=card.finding,
        url=reverse("scan-detail", args=[card.uid]),
    )


def _scan(card: RequestCard) -> Detail:
    """A scan request about it: whom, what, and how it stands."""
    return Detail(
        f"{card.asker} → {card.asked}",
        _("%(what)s: %(how)s")
        % {
            "what": card.technique.label,
            "how": card.result.label if card.result else str(REQUEST_STATES[card.state.value]),
        },
        reverse("scan-detail", args=[card.uid]),
    )


def _notices(flag: Flag | None) -> tuple[Detail, ...]:
    if flag is None:
        return ()
    hits = [
        Detail(_("hit"), flag.word, reverse("hit-detail", args=[uid]), tone=flag.tone) for uid in flag.hits
    ]
    notices = [
        Detail(_("notice"), flag.word, reverse("hit-detail", args=[uid]), tone=flag.tone)
        for uid in flag.notices
    ]
    return (*hits, *notices)


def _earlier(principal: Principal, passage: PassageSeen, equipment: Equipment) -> tuple[PassageLine, ...]:
    """The passages of the same tractor (or, without one, of the first mark) before this one."""
    marks = sorted(passage.marks, key=lambda mark: (mark.kind != "tractor", -(mark.confidence or 0)))
    if not marks or len(marks[0].norm) < 3:
        return ()
    wanted = PassageFilter(mark=marks[0].raw, whole_mark=True, until=passage.first_at)
    found = passages_page(principal, Turn(limit=_EARLIER), wanted).rows
    return tuple(
        line_of(each, at=each.last_at, equipment=equipment, columns=())
        for each in found
        if each.id != passage.id
    )
