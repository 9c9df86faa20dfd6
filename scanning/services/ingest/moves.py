"""Moving events from one passage to another: the events, and the parts, marks and times that follow from them.

Parts and marks are worked out anew from the events that stay and those that go, so that both passages look as if the
machine had joined them so.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

from intelligence.rules.marks import normalise

_KEPT = """
SELECT p.device_id FROM scanning_passagepart p
 WHERE p.passage_id = %(passage)s AND p.device_id = ANY (%(devices)s) AND p.events <>
       (SELECT count(*) FROM scanning_scanevent e WHERE e.passage_id = p.passage_id AND e.device_id = p.device_id)
 LIMIT 1
"""
_MOVE = """
UPDATE scanning_scanevent SET passage_id = %(target)s
 WHERE passage_id = %(source)s AND device_id = %(device)s AND (%(events)s::bigint[] IS NULL OR id = ANY (%(events)s))
RETURNING id, device_id, event_at
"""
_EVENTS = """
SELECT id, device_id, lane_id, event_at, result, mark_raw, detail -> 'marks' FROM scanning_scanevent
 WHERE passage_id = %s AND device_id = ANY (%s) ORDER BY event_at, id
"""
_NO_PARTS = "DELETE FROM scanning_passagepart WHERE passage_id = %s AND device_id = ANY (%s)"
_PART = """
INSERT INTO scanning_passagepart AS p (passage_id, device_id, lane_id, first_at, last_at, result, events)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (passage_id, device_id) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at,
   result = excluded.result, events = excluded.events
"""
_MARKS = """
SELECT device_id, norm, raw, site_id, kind, folded, country, confidence FROM scanning_passagemark
 WHERE passage_id = ANY (%s) AND device_id = ANY (%s)
"""
_NO_MARKS = "DELETE FROM scanning_passagemark WHERE passage_id = %s AND device_id = ANY (%s)"
_MARK = """
INSERT INTO scanning_passagemark (passage_id, device_id, norm, raw, site_id, kind, folded, country, confidence, first_at, last_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
# A passage that nothing is left of keeps its times: an undoing may fill it again.
_TIMES = """
UPDATE scanning_passage w SET first_at = t.first, last_at = t.last
  FROM (SELECT passage_id, min(first_at) AS first, max(last_at) AS last FROM scanning_passagepart
         WHERE passage_id = ANY (%s) GROUP BY passage_id) t
 WHERE w.id = t.passage_id
"""


class Moved(NamedTuple):
    """One event that changed its passage."""

    id: int
    device_id: int
    at: dt.datetime


class _Event(NamedTuple):
    id: int
    device_id: int
    lane_id: int | None
    at: dt.datetime
    result: str
    mark_raw: str
    marks: str | None  # JSON, as a plain cursor gives it

    def norms(self) -> Iterable[str]:
        """What it read, normalised: one mark stands in the event, several in its detail."""
        for raw in [mark[1] for mark in json.loads(self.marks)] if self.marks else [self.mark_raw]:
            if raw:
                yield normalise(raw)


def is_whole(passage: int, devices: Collection[int]) -> bool:
    """Whether every event of these devices' parts is still kept: without them the parts cannot be worked out anew."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, {"passage": passage, "devices": list(devices)})
        return cursor.fetchone() is None


def events_move(source: int, target: int, wanted: Mapping[int, Sequence[int] | None]) -> list[Moved]:
    """Move the wanted events of each device (None: all of them); returns those that were there to be moved.

    The caller holds the site's lock, so that no worker joins to either passage at the same time.
    """
    moved: list[Moved] = []
    with connection.cursor() as cursor:
        for device, events in wanted.items():
            values = {
                "source": source, "target": target, "device": device,
                "events": None if events is None else list(events),
            }  # fmt: skip
            cursor.execute(_MOVE, values)
            moved += [Moved(*row) for row in cursor.fetchall()]
        devices = sorted({event.device_id for event in moved})
        if devices:
            known = _known_marks(cursor, [source, target], devices)
            for passage in (source, target):
                _work_out(cursor, passage, devices, known)
            cursor.execute(_TIMES, [[source, target]])
    return moved


def _known_marks(
    cursor: CursorWrapper, passages: list[int], devices: list[int]
) -> dict[tuple[int, str], tuple[Any, ...]]:
    """How each mark was stored that these devices read: the event itself keeps only what was read."""
    cursor.execute(_MARKS, [passages, devices])
    return {(row[0], row[1]): row[1:] for row in cursor.fetchall()}


def _work_out(
    cursor: CursorWrapper, passage: int, devices: list[int], known: Mapping[tuple[int, str], tuple[Any, ...]]
) -> None:
    cursor.execute(_EVENTS, [passage, devices])
    by_device: dict[int, list[_Event]] = {}
    for event in map(_Event._make, cursor.fetchall()):
        by_device.setdefault(event.device_id, []).append(event)
    if gone := [device for device in devices if device not in by_device]:
        cursor.execute(_NO_PARTS, [passage, gone])
    cursor.execute(_NO_MARKS, [passage, devices])
    for device, events in by_device.items():
        last = events[-1]
        lane = next((event.lane_id for event in events if event.lane_id is not None), None)
        cursor.execute(_PART, [passage, device, lane, events[0].at, last.at, last.result, len(events)])
        spans: dict[str, list[dt.datetime]] = {}
        for event in events:
            for norm in event.norms():
                spans.setdefault(norm, [event.at, event.at])[1] = event.at
        for norm, (first, until) in spans.items():
            if (mark := known.get((device, norm))) is not None:
                cursor.execute(_MARK, [passage, device, *mark, first, until])
