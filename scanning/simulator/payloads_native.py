"""Sightings as our own JSON events, and several of them as one batch."""

import json
from datetime import datetime
from typing import Any

from scanning.choices import EventType, MarkKind
from scanning.simulator.sightings import Sighting

CONTENT_TYPE = "application/json"


def native_event(sighting: Sighting, event_id: str, device_at: datetime) -> dict[str, Any]:
    """Return the event as an object; `device_at` is what the device's clock shows, with its offset."""
    event: dict[str, Any] = {
        "event_id": event_id,
        "at": device_at.isoformat(timespec="milliseconds"),
        "result": sighting.result,
    }
    if sighting.device.gateway:
        event["device"] = sighting.device.code
    if sighting.type != EventType.DETECTION:
        event["type"] = sighting.type
    if sighting.reads:
        event["marks"] = [_mark(read) for read in sighting.reads]
        sure = [read.confidence for read in sighting.reads if read.confidence is not None]
        if sure:
            event["confidence"] = min(sure)
    if sighting.reading:
        event["reading"] = sighting.reading
    if sighting.reason:
        event["reason"] = sighting.reason
    return event


def native_body(events: list[dict[str, Any]]) -> bytes:
    """Return the body: one event alone, several as a batch."""
    tree: Any = events[0] if len(events) == 1 else {"events": events}
    return json.dumps(tree, ensure_ascii=False).encode("utf-8")


def _mark(read: Any) -> dict[str, Any]:
    mark = {"kind": read.part or MarkKind.UNKNOWN.value, "value": read.value}
    if read.country:
        mark["country"] = read.country
    if read.confidence is not None:
        mark["confidence"] = read.confidence
    return mark
