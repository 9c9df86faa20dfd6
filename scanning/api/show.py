"""Filling the shapes by hand: a page of passages holds hundreds of rows, and serializers took ten times longer."""

import datetime as dt
from typing import Any

from scanning.selectors.seen import (
    AlarmSeen,
    DeliverySeen,
    DeviceState,
    Equipment,
    EventSeen,
    LaneState,
    MarkSeen,
    NoteSeen,
    PartSeen,
    PassageSeen,
)


def moment(value: dt.datetime | None) -> str | None:
    """A time in UTC with Z."""
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if value is not None else None


class Show:
    """Fills shapes for one reader; codes of hidden lanes become null."""

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment

    def _lane(self, lane_id: int | None) -> str | None:
        lane = self._equipment.lane(lane_id)
        return lane.code if lane else None

    def device(self, state: DeviceState) -> dict[str, Any]:
        """DeviceShape."""
        device = state.device
        return {
            "uid": str(device.uid),
            "code": device.code,
            "name_en": device.name_en,
            "name_fr": device.name_fr,
            "kind": device.kind,
            "site": self._equipment.sites[device.site_id].code,
            "lane": self._lane(device.lane_id),
            "owner": device.owner,
            "latitude": device.latitude,
            "longitude": device.longitude,
            "state": state.state,
            "since": moment(state.since),
            "note": state.note,
            "last_received_at": moment(state.last_received_at),
            "last_event_at": moment(state.last_event_at),
            "clock_skew_ms": state.clock_skew_ms,
            "open_alarms": state.open_alarms,
        }

    def lane(self, state: LaneState) -> dict[str, Any]:
        """LaneShape."""
        return {
            "uid": str(state.lane.uid),
            "code": state.lane.code,
            "name_en": state.lane.name_en,
            "name_fr": state.lane.name_fr,
            "site": self._equipment.sites[state.lane.site_id].code,
            "shape": state.lane.shape,
            "devices": [self.device(device) for device in state.devices],
            "vehicle": self.passage(state.vehicle) if state.vehicle else None,
        }

    def passage(self, passage: PassageSeen) -> dict[str, Any]:
        """PassageShape."""
        return {
            "uid": str(passage.uid),
            "site": self._equipment.sites[passage.site_id].code,
            "lane": self._lane(passage.lane_id),
            "first_seen_at": moment(passage.first_at),
            "last_seen_at": moment(passage.last_at),
            "marks": [self._mark(mark) for mark in passage.marks],
            "results": [self._part(part) for part in passage.parts],
        }

    def _mark(self, mark: MarkSeen) -> dict[str, Any]:
        return {
            "kind": mark.kind,
            "value": mark.raw,
            "country": mark.country,
            "confidence": mark.confidence,
            "device": self._equipment.devices[mark.device_id].code,
            "first_at": moment(mark.first_at),
            "last_at": moment(mark.last_at),
        }

    def _part(self, part: PartSeen) -> dict[str, Any]:
        device = self._equipment.devices[part.device_id]
        return {
            "device": device.code,
            "kind": device.kind,
            "lane": self._lane(part.lane_id),
            "first_at": moment(part.first_at),
            "last_at": moment(part.last_at),
            "result": part.result,
            "events": part.events,
        }

    def story(
        self, passage: PassageSeen, events: tuple[EventSeen, ...], alarms: tuple[AlarmSeen, ...]
    ) -> dict[str, Any]:
        """PassageStoryShape."""
        return self.passage(passage) | {
            "events": [self._event(event) for event in events],
            "alarms": [self.alarm(alarm) for alarm in alarms],
        }

    def _event(self, event: EventSeen) -> dict[str, Any]:
        device = self._equipment.devices[event.device_id]
        return {
            "uid": str(event.uid),
            "device": device.code,
            "kind": device.kind,
            "type": event.type,
            "result": event.result,
            "at": moment(event.at),
            "device_at": moment(event.device_at),
            "received_at": moment(event.received_at),
            "is_late": event.is_late,
            "confidence": event.confidence,
            "mark": event.mark_raw,
            "detail": event.detail,
        }

    def alarm(self, alarm: AlarmSeen) -> dict[str, Any]:
        """AlarmShape."""
        device = self._equipment.devices[alarm.device_id]
        return {
            "uid": str(alarm.uid),
            "device": device.code,
            "kind": device.kind,
            "lane": self._lane(alarm.lane_id),
            "passage": str(alarm.passage_uid) if alarm.passage_uid else None,
            "rule": alarm.rule,
            "severity": alarm.severity,
            "raised_at": moment(alarm.raised_at),
            "last_at": moment(alarm.last_at),
            "repeats": alarm.repeats,
            "reopened": alarm.reopened,
            "detail": alarm.detail,
            "is_late": alarm.is_late,
            "active": alarm.is_active,
            "acknowledged": alarm.is_acknowledged,
            "cleared_at": moment(alarm.cleared_at),
            "cleared_by": alarm.cleared_by,
            "cleared_by_agency": alarm.cleared_by_agency,
            "acknowledged_at": moment(alarm.acknowledged_at),
            "acknowledged_by": alarm.acknowledged_by,
            "acknowledged_by_agency": alarm.acknowledged_by_agency,
            "comment": alarm.comment,
            "assigned_at": moment(alarm.assigned_at),
            "assigned_to": alarm.assigned_to,
            "assigned_to_agency": alarm.assigned_to_agency,
            "escalated": alarm.is_escalated,
            "escalated_at": moment(alarm.escalated_at),
            "silenced": alarm.is_silenced,
            "silenced_until": moment(alarm.silenced_until),
            "silenced_by": alarm.silenced_by,
            "silenced_by_agency": alarm.silenced_by_agency,
        }

    def note(self, note: NoteSeen) -> dict[str, Any]:
        """AlarmNoteShape."""
        return {
            "at": moment(note.at),
            "act": note.act,
            "officer": note.officer,
            "agency": note.agency,
            "about": note.about,
            "until": moment(note.until),
            "text": note.text,
        }

    def delivery(self, delivery: DeliverySeen) -> dict[str, Any]:
        """DeliveryShape."""
        device = self._equipment.devices.get(delivery.device_id or 0)
        return {
            "receipt": str(delivery.receipt),
            "state": delivery.state,
            "received_at": moment(delivery.received_at),
            "done_at": moment(delivery.done_at),
            "device": device.code if device else None,
            "format": delivery.format,
            "size": delivery.size,
            "code": delivery.error_code,
            "detail": delivery.error_detail,
            **delivery.counts,
            "items": list(delivery.items),
        }
