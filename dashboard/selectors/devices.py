"""Devices as their readers may see them: those of a site, and one device's story."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import TruncHour
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.facts import Principal
from agencies.paging import Page, Turn
from agencies.selectors import agencies_all
from dashboard.facts.acts import Detail
from dashboard.facts.devices import DevicePage, DeviceRow, EventRow
from dashboard.selectors.alarms import alarm_rows
from dashboard.selectors.device_states import outages_now
from dashboard.selectors.fresh import Fresh, audience, plots_seconds
from dashboard.selectors.hours import count_series, day_series
from dashboard.selectors.lanes import alarm_severities, device_cell
from dashboard.selectors.lines import lane_short
from dashboard.selectors.passage import event_marks, event_text, reading_details
from dashboard.selectors.places import equipment_now
from dashboard.words import SENSOR_NAMES
from scanning.choices import DeviceFormat, Result
from scanning.models import Device, PassagePart
from scanning.selectors.alarms import AlarmFilter, alarms_page
from scanning.selectors.devices import device_state, device_states
from scanning.selectors.outages import OutageNow
from scanning.selectors.passages import device_events, passage_uids
from scanning.selectors.plots import USUAL_DAYS
from scanning.selectors.seen import DeviceState, Equipment, EventSeen, SiteSeen

_DAY = 24
_ALARMS = 8


@dataclass(frozen=True, slots=True)
class DeviceWish:
    """What to narrow the list to: kind and state of a device, code of its lane; "" means any."""

    kind: str = ""
    state: str = ""
    lane: str = ""


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a device saw: vehicles in each of the last 24 hours, and of today's how many were suspect."""

    trend: tuple[int, ...] = ()
    today: int = 0
    suspect: int = 0


_heard: Fresh[dict[int, _Heard]] = Fresh(plots_seconds, about=())


def devices_listed(principal: Principal, site: SiteSeen | None, wish: DeviceWish) -> tuple[DeviceRow, ...]:
    """The devices of the site in the port's order."""
    if site is None:
        return ()
    equipment, grave = equipment_now(principal), alarm_severities(principal)
    outages = outages_now(principal)
    heard = _heard.get((audience(principal), site.code), lambda: _heard_at(principal, site))
    rows = (
        device_row(state, equipment, grave, outages, heard.get(state.device.id, _Heard()))
        for state in device_states(principal)
        if state.device.site_id == site.id and _fits(state, wish, equipment)
    )
    return tuple(row for row in rows if wish.state in {"", row.state})


def device_row(
    state: DeviceState,
    equipment: Equipment,
    grave: dict[int, str],
    outages: Mapping[int, OutageNow],
    heard: _Heard,
) -> DeviceRow:
    """One device in the list."""
    device, cell = state.device, device_cell(state, grave, outages)
    lane, site = equipment.lane(device.lane_id), equipment.sites.get(device.site_id)
    return DeviceRow(
        id=cell.id,
        code=cell.code,
        kind=device.kind,
        kind_word=str(SENSOR_NAMES[device.kind]),
        lane=lane_short(lane.code) if lane else "",
        site=site.name if site else "",
        state=cell.state,
        note=cell.note,
        last_heard=state.last_received_at,
        today=heard.today,
        suspect_share=100 * heard.suspect / heard.today if heard.today else None,
        skew_seconds=state.clock_skew_ms / 1000 if state.clock_skew_ms is not None else None,
        trend=heard.trend,
        owner=device.owner,
    )


def device_page(principal: Principal, uid: uuid.UUID, turn: Turn) -> tuple[DevicePage, Page[EventSeen]]:
    """One device with what it said, and the turn of its events; NotVisible."""
    equipment, state = equipment_now(principal), device_state(principal, uid)
    device = Device.objects.get_visible(principal, uid)
    now = timezone.now()
    counts = _hour_counts(principal, [device.pk], now - dt.timedelta(days=USUAL_DAYS + 1))
    by_hour = {hour: seen for (_device, hour), (seen, _suspect) in counts.items()}
    heard = _summed(device.pk, counts, now)
    events = device_events(principal, device.pk, turn)
    alarms = alarms_page(principal, Turn(limit=_ALARMS), AlarmFilter(device=device.code, active=True))
    series = day_series(count_series("passages", by_hour, now), _("Vehicles"), timezone.localtime(now).minute)
    page = DevicePage(
        row=device_row(state, equipment, alarm_severities(principal), outages_now(principal), heard),
        details=tuple(_details(principal, device, equipment)),
        hours=series,
        alarms=alarm_rows(principal, alarms.rows),
        events=_events(principal, events.rows, device.kind),
    )
    return page, events


def _fits(state: DeviceState, wish: DeviceWish, equipment: Equipment) -> bool:
    lane = equipment.lane(state.device.lane_id)
    return wish.kind in {"", state.device.kind} and wish.lane in {"", lane.code if lane else ""}


def _heard_at(principal: Principal, site: SiteSeen) -> dict[int, _Heard]:
    now = timezone.now()
    devices = [d.id for d in equipment_now(principal).devices.values() if d.site_id == site.id]
    counts = _hour_counts(principal, devices, now - dt.timedelta(hours=_DAY))
    return {number: _summed(number, counts, now) for number in devices}


def _hour_counts(
    principal: Principal, devices: Sequence[int], since: dt.datetime
) -> dict[tuple[int, dt.datetime], tuple[int, int]]:
    """How many vehicles each device saw in each hour, and how many of them it found suspect."""
    seen = PassagePart.objects.visible_to(principal).filter(device_id__in=devices, last_at__gte=since)
    rows = (
        seen.order_by()
        .annotate(hour=TruncHour("last_at"))
        .values_list("device_id", "hour")
        .annotate(count=Count("*"), suspect=Count("device_id", filter=Q(result=Result.SUSPECT)))
    )
    return {(device, hour): (count, suspect) for device, hour, count, suspect in rows}


def _summed(device: int, counts: dict[tuple[int, dt.datetime], tuple[int, int]], now: dt.datetime) -> _Heard:
    hour = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    hours = [hour - dt.timedelta(hours=back) for back in range(_DAY - 1, -1, -1)]
    found = [counts.get((device, each), (0, 0)) for each in hours]
    today = [seen for each, seen in zip(hours, found, strict=True) if each.date() == hour.date()]
    return _Heard(
        trend=tuple(count for count, _suspect in found) if any(count for count, _ in found) else (),
        today=sum(count for count, _suspect in today),
        suspect=sum(suspect for _count, suspect in today),
    )


def _details(principal: Principal, device: Device, equipment: Equipment) -> list[Detail]:
    names = {agency.group_id: agency for agency in agencies_all()}
    lane, site = equipment.lane(device.lane_id), equipment.sites.get(device.site_id)
    owner = names.get(device.originator_id)
    details = [
        Detail(_("name"), device.name),
        Detail(_("kind"), str(SENSOR_NAMES[device.kind])),
        Detail(_("site"), site.name if site else ""),
        Detail(_("lane"), f"{lane.name} ({lane.code})" if lane else ""),
        Detail(_("format"), str(DeviceFormat(device.format).label)),
        Detail(_("owner"), f"{owner.name} ({owner.code})" if owner else ""),
        Detail(_("expected rhythm"), _("at least every %(seconds)s s") % {"seconds": device.rhythm_s})
        if device.rhythm_s
        else Detail(_("expected rhythm"), _("none")),
    ]
    if device.originator_id in principal.groups:
        seen_by = sorted(names[group].code for group in device.viewers if group in names)
        details.append(Detail(_("seen by"), ", ".join(seen_by)))
    return [detail for detail in details if detail.value]


def _events(principal: Principal, events: Sequence[EventSeen], kind: str) -> tuple[EventRow, ...]:
    uids = passage_uids(principal, {event.passage_id for event in events if event.passage_id is not None})
    return tuple(
        EventRow(
            at=event.at,
            received=event.received_at,
            result=event.result,
            text=event_text(event),
            marks=event_marks(event),
            readings=reading_details(kind, event.detail.get("reading") or {}),
            passage_url=reverse("passage-detail", args=[uids[event.passage_id]])
            if event.passage_id in uids
            else "",
            late=event.is_late,
        )
        for event in events
    )
