"""The lanes of a site as the board shows them: devices and their state, the lorry in the lane, what presses."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.facts import Principal
from dashboard.facts.board import DeviceCell, LaneRow, LanesPart, LaneVehicle
from dashboard.markup import digest
from dashboard.selectors.device_states import OUT, outages_now, state_of
from dashboard.selectors.flags import lane_tones
from dashboard.selectors.fresh import Fresh, audience, board_seconds
from dashboard.selectors.lines import lane_short, marks_of, worst
from dashboard.selectors.places import equipment_now
from dashboard.words import SENSOR_SHORT
from scanning.choices import AlarmRule
from scanning.models import Alarm
from scanning.selectors.devices import JUST_NOW, lane_states
from scanning.selectors.outages import OutageNow
from scanning.selectors.seen import DeviceState, Equipment, LaneState, PassageSeen, SiteSeen

_now: Fresh[LanesPart] = Fresh(board_seconds)
_SEVERITIES = ("high", "medium", "low")
#: Alarms about the device itself; its state says the same.
OF_DEVICE = (AlarmRule.DEVICE_FAULT, AlarmRule.DEVICE_SILENT, AlarmRule.EVENT_CONFLICT)


def board_lanes(principal: Principal, site: SiteSeen | None) -> LanesPart:
    """The lanes of the site, at most a second old."""
    if site is None:
        return LanesPart((), as_of="none")
    return _now.get((audience(principal), site.code), lambda: _lanes(principal, site))


def device_cell(state: DeviceState, alarms: dict[int, str], outages: Mapping[int, OutageNow]) -> DeviceCell:
    """One device as a small cell; unacknowledged alarms about vehicles show unless the device itself ails."""
    device = state.device
    shown = state_of(state, outages.get(device.id))
    if shown in {"working", "unknown", "limited"} and device.id in alarms:
        shown = "alarm"
    return DeviceCell(
        id=str(device.uid),
        code=device.code,
        kind=device.kind,
        short=str(SENSOR_SHORT[device.kind]),
        name=device.name,
        state=shown,
        since=state.since,
        note=device_note(state),
    )


def device_note(state: DeviceState) -> str:
    """What ails the device, or since when."""
    if state.state == "fault":
        return "" if state.note == "fault" else state.note
    if state.state == "silent" and state.last_received_at is not None:
        return _("since %(time)s") % {"time": f"{timezone.localtime(state.last_received_at):%H:%M}"}
    return ""


def alarm_severities(principal: Principal) -> dict[int, str]:
    """The devices (internal ids) with a vehicle's alarm that nobody has acknowledged, and how grave it is."""
    return _gravest(_standing(principal))


def _standing(principal: Principal) -> list[tuple[int, str, dt.datetime]]:
    """Device, severity and latest time of the vehicles' alarms that nobody has acknowledged."""
    standing = Alarm.objects.visible_to(principal).filter(acknowledged_at=None, cleared_at=None)
    rows = standing.exclude(rule__in=OF_DEVICE).order_by().values_list("device_id", "severity")
    return list(rows.annotate(latest=Max("last_at")))


def _gravest(
    standing: Iterable[tuple[int, str, dt.datetime]], since: dt.datetime | None = None
) -> dict[int, str]:
    grave: dict[int, str] = {}
    for device, severity, latest in standing:
        if since is None or latest > since:
            grave[device] = min(severity, grave.get(device, severity), key=_SEVERITIES.index)
    return grave


def _lanes(principal: Principal, site: SiteSeen) -> LanesPart:
    """A lane bears the colour of the vehicle that stands there now: the next one must not be taken for it."""
    equipment, since = equipment_now(principal), timezone.now() - JUST_NOW
    outages = outages_now(principal)
    standing, tones = _standing(principal), lane_tones(principal, since=since)
    alarms, fresh = _gravest(standing), _gravest(standing, since)
    rows = tuple(
        _row(
            state,
            equipment,
            tuple(device_cell(device, alarms, outages) for device in state.devices),
            tones.get(state.lane.id, "") or _gravest_of(state, fresh),
        )
        for state in lane_states(principal, site_id=site.id)
    )
    troubled = sum(row.tone != "quiet" for row in rows)
    return LanesPart(rows, as_of=digest([(row.id, row.version) for row in rows]), troubled=troubled)


def _row(state: LaneState, equipment: Equipment, cells: tuple[DeviceCell, ...], tone: str) -> LaneRow:
    vehicle = _vehicle(state.vehicle, state.lane.id, equipment) if state.vehicle else None
    row = LaneRow(
        id=str(state.lane.uid),
        code=lane_short(state.lane.code),
        name=state.lane.name,
        # Nobody says yet whether a lane is open: it is, as long as anything in it is in service.
        open=not cells or any(cell.state != "off" for cell in cells),
        devices=cells,
        vehicle=vehicle,
        tone=tone or ("fault" if any(cell.state in OUT for cell in cells) else "quiet"),
    )
    return dataclasses.replace(row, version=digest(row))


def _gravest_of(state: LaneState, alarms: dict[int, str]) -> str:
    grave = [alarms[device.device.id] for device in state.devices if device.device.id in alarms]
    return min(grave, key=_SEVERITIES.index, default="")


def _vehicle(passage: PassageSeen, lane_id: int, equipment: Equipment) -> LaneVehicle:
    here = [part for part in passage.parts if part.lane_id == lane_id]
    results = [part.result for part in passage.parts]
    return LaneVehicle(
        url=reverse("passage-detail", args=[passage.uid]),
        marks=marks_of(passage, equipment)[:2],
        since=min((part.first_at for part in here), default=passage.first_at),
        result=worst(results),
    )
