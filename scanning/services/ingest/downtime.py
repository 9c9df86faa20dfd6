"""Planned downtime in which a device detects nothing: a fault within it is noted and calls nobody.

docs/adr/0024-outages-are-cases-that-the-clock-begins.md says why. What counts is when the fault happened, not when it
arrived; what still stands when the downtime ends rings then (scanning/services/downtime_ends.py).
"""

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from scanning.choices import Result
from scanning.services.ingest.facts import Item

_PLANNED = """
SELECT device_id, begins_at, ends_at FROM scanning_outage
 WHERE device_id = ANY(%s) AND kind = 'planned' AND effect = 'out' AND stage <> 'cancelled' AND ends_at > %s
   AND begins_at <= %s
"""


class Downtimes:
    """The planned downtimes that a batch's faults may lie in: one question where there is a fault, none where not."""

    def __init__(self, items: Sequence[Item]) -> None:
        faults = [item for item in items if item.observation.result == Result.FAULT]
        self._of_device: dict[int, list[tuple[dt.datetime, dt.datetime]]] = {}
        if not faults:
            return
        times = [item.event_at for item in faults]
        with connection.cursor() as cursor:
            cursor.execute(_PLANNED, [sorted({item.device.id for item in faults}), min(times), max(times)])
            for device, begins_at, ends_at in cursor.fetchall():
                self._of_device.setdefault(device, []).append((begins_at, ends_at))

    def cover(self, device_id: int, at: dt.datetime) -> bool:
        """Whether the device was down as planned at this moment; the end is not within."""
        return any(begins_at <= at < ends_at for begins_at, ends_at in self._of_device.get(device_id, ()))
