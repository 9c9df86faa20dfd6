"""How the devices that a reader may see do, and what stands in each lane."""

import datetime as dt
from collections import Counter
from typing import Any

from django.utils import timezone

from agencies.access import NotVisible, visible_devices
from agencies.facts import Principal
from scanning.models import Alarm, Device, DeviceStatus, Lane, PassagePart
from scanning.selectors.equipment import equipment_read
from scanning.selectors.passages import passages_seen
from scanning.selectors.seen import DeviceSeen, DeviceState, LaneState

#: A lorry seen this long ago is still taken to stand in the lane.
JUST_NOW = dt.timedelta(minutes=3)
#: How a device can do, worst last but for what is not known.
STATES = ("working", "fault", "silent", "off", "unknown")


def device_states(principal: Principal) -> tuple[DeviceState, ...]:
    """Every visible device with how it does, in the port's order."""
    equipment = equipment_read(principal)
    # Named rows: models cost four times more.
    statuses = {status.device_id: status for status in _statuses(principal)}
    open_alarms = Counter(
        Alarm.objects.visible_to(principal).filter(cleared_at=None).values_list("device_id", flat=True)
    )
    return tuple(
        _device_state(device, statuses.get(device.id), open_alarms[device.id])
        for device in equipment.devices.values()
    )


def device_state(principal: Principal, uid: Any) -> DeviceState:
    """One visible device with how it does; NotVisible when it is absent or hidden."""
    device_id = Device.objects.get_visible(principal, uid).pk
    return next(state for state in device_states(principal) if state.device.id == device_id)


def _statuses(principal: Principal) -> Any:
    return DeviceStatus.objects.filter(device_id__in=visible_devices(principal)).values_list(
        "device_id", "last_received_at", "last_event_at", "clock_skew_ms", "fault", "fault_since", "silent_since",
        named=True,
    )  # fmt: skip


def _device_state(device: DeviceSeen, status: Any, open_alarms: int) -> DeviceState:
    state, since, note = "unknown", None, ""
    if not device.is_active:
        state = "off"
    elif status is None or status.last_received_at is None:
        state = "unknown"
    elif status.fault:
        state, since, note = "fault", status.fault_since, status.fault
    elif status.silent_since is not None:
        state, since = "silent", status.silent_since
    else:
        state = "working"
    return DeviceState(
        device=device,
        state=state,
        since=since,
        note=note,
        last_received_at=status.last_received_at if status else None,
        last_event_at=status.last_event_at if status else None,
        clock_skew_ms=status.clock_skew_ms if status else None,
        open_alarms=open_alarms,
    )


def lane_states(
    principal: Principal, *, site_id: int | None = None, now: dt.datetime | None = None
) -> tuple[LaneState, ...]:
    """Visible lanes in the port's order, their visible devices, and the lorry in each at the moment."""
    equipment = equipment_read(principal)
    by_lane: dict[int, list[DeviceState]] = {}
    for state in device_states(principal):
        if state.device.lane_id is not None:
            by_lane.setdefault(state.device.lane_id, []).append(state)
    vehicles = _vehicles(principal, now or timezone.now())
    seen = passages_seen(principal, list(vehicles.values()))
    return tuple(
        LaneState(lane, tuple(by_lane.get(lane.id, ())), seen.get(vehicles.get(lane.id, 0)))
        for lane in equipment.lanes.values()
        if site_id is None or lane.site_id == site_id
    )


def lane_state(principal: Principal, uid: Any) -> LaneState:
    """One visible lane; NotVisible when it is absent or hidden."""
    lane_id = Lane.objects.get_visible(principal, uid).pk
    state = next((state for state in lane_states(principal) if state.lane.id == lane_id), None)
    if state is None:
        raise NotVisible("lane")
    return state


def _vehicles(principal: Principal, now: dt.datetime) -> dict[int, int]:
    """The passage that visible devices saw last in each lane, if that was just now."""
    parts = (
        PassagePart.objects.visible_to(principal)
        .filter(last_at__gt=now - JUST_NOW, last_at__lte=now, lane_id__isnull=False)
        .order_by("last_at", "passage_id")
        .values_list("lane_id", "passage_id")
    )
    return {lane: passage for lane, passage in parts if lane is not None}
