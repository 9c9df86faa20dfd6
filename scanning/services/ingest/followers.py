"""What goes with events that change their passage: alarms and what was said of them, hits and notices, scan requests, later finds.

What a reading made goes with the reading. What tells of the vehicle as a whole goes with a merge, and with a split only
where its mark has gone. An undoing leads back just what its correction led away.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from intelligence.rules.marks import normalise
from intelligence.services.following import hits_follow
from scanning.choices import AlarmAct
from scanning.models import AlarmNote, PassageFollower
from scanning.services.ingest.moves import Moved

ALARM, HIT, REQUEST, FIND = "alarm", "hit", "request", "find"

# Those whose first occurrence went, and all of a device of which nothing stayed.
_ALARMS_GOING = """
SELECT a.id FROM scanning_alarm a
  LEFT JOIN unnest(%(devices)s::bigint[], %(times)s::timestamptz[]) m(device_id, at)
    ON m.device_id = a.device_id AND m.at = a.raised_at
 WHERE a.passage_id = %(source)s AND a.device_id = ANY (%(devices)s) AND (m.at IS NOT NULL OR NOT EXISTS (
         SELECT FROM scanning_passagepart p WHERE p.passage_id = %(source)s AND p.device_id = a.device_id))
"""
# Two that stand for the same rule and device become one: the older counts both, as grave as the graver, and is
# acknowledged only when both were.
_PAIRS = """
SELECT older.id, newer.id, newer.device_id FROM scanning_alarm g
  JOIN scanning_alarm s ON s.passage_id = %(target)s AND s.device_id = g.device_id AND s.rule = g.rule AND s.cleared_at IS NULL
  JOIN LATERAL (SELECT x.id FROM scanning_alarm x WHERE x.id IN (g.id, s.id) ORDER BY x.raised_at, x.id LIMIT 1) older ON true
  JOIN scanning_alarm newer ON newer.id IN (g.id, s.id) AND newer.id <> older.id
 WHERE g.id = ANY (%(alarms)s) AND g.passage_id = %(source)s AND g.cleared_at IS NULL
"""
_COUNT_TOGETHER = """
UPDATE scanning_alarm o SET repeats = o.repeats + n.repeats, last_at = greatest(o.last_at, n.last_at),
   severity = CASE WHEN array_position(ARRAY['low', 'medium', 'high'], n.severity::text)
                      > array_position(ARRAY['low', 'medium', 'high'], o.severity::text) THEN n.severity ELSE o.severity END,
   acknowledged_at = CASE WHEN n.acknowledged_at IS NULL THEN NULL ELSE o.acknowledged_at END,
   acknowledged_by_id = CASE WHEN n.acknowledged_at IS NULL THEN NULL ELSE o.acknowledged_by_id END
  FROM scanning_alarm n WHERE o.id = %s AND n.id = %s
"""
_PUT_OUT = "UPDATE scanning_alarm SET cleared_at = %s WHERE id = %s"
_ALARMS_MOVE = """
UPDATE scanning_alarm SET passage_id = %s WHERE id = ANY (%s) AND passage_id = %s RETURNING id
"""
_STATEMENTS_MOVE = "UPDATE scanning_adjudication SET passage_id = %s WHERE alarm_id = ANY (%s)"
_ABOUT = "SELECT id, mark FROM scanning_scanrequest WHERE passage_uid = %s"
_NORMS = "SELECT DISTINCT norm FROM scanning_passagemark WHERE passage_id = %s"
# A request that would stand twice stays where it is; its page leads on to where the vehicle is now.
_REQUESTS_MOVE = """
UPDATE scanning_scanrequest r SET passage_uid = %(target)s
 WHERE r.id = ANY (%(ids)s) AND r.passage_uid = %(source)s AND NOT EXISTS (
   SELECT FROM scanning_scanrequest o WHERE o.passage_uid = %(target)s AND o.originator_id = r.originator_id
      AND o.technique = r.technique AND o.asked_group_id = r.asked_group_id AND o.state IN ('asked', 'accepted')
      AND r.state IN ('asked', 'accepted'))
RETURNING r.id
"""
_FINDS = "SELECT id FROM scanning_laterfind WHERE passage_uid = %s"
_FINDS_MOVE = (
    "UPDATE scanning_laterfind SET passage_uid = %s WHERE id = ANY (%s) AND passage_uid = %s RETURNING id"
)


class Ends(NamedTuple):
    """From which passage to which, by both their names."""

    source: int
    target: int
    source_uid: uuid.UUID
    target_uid: uuid.UUID


def followers_move(correction: uuid.UUID, ends: Ends, moved: Sequence[Moved], *, whole: bool) -> set[int]:
    """Lead what belongs to the moved events after them, and remember it; returns the devices whose alarms changed.

    `whole`: nothing stays behind, as in a merge.
    """
    alarms = _alarms_going(ends, moved)
    seen = [(event.device_id, event.at) for event in moved]
    went = {
        ALARM: alarms,
        HIT: hits_follow(ends.source_uid, ends.target_uid, seen, whole=whole),
        REQUEST: _requests_move(ends, _requests_going(ends, whole=whole)),
        FIND: _finds_move(ends, _ids(_FINDS, [ends.source_uid])) if whole else [],
    }
    devices = _alarms_move(ends, alarms)
    PassageFollower.objects.bulk_create(
        PassageFollower(correction=correction, kind=kind, record_id=number)
        for kind, numbers in went.items()
        for number in numbers
    )
    return devices


def followers_return(undone: uuid.UUID, ends: Ends) -> set[int]:
    """Lead back what the undone correction led away, as far as it is still there; returns the devices whose alarms changed."""
    went: dict[str, list[int]] = {ALARM: [], HIT: [], REQUEST: [], FIND: []}
    rows = PassageFollower.objects.filter(correction=undone)
    for kind, number in rows.values_list("kind", "record_id"):
        went[kind].append(number)
    hits_follow(ends.source_uid, ends.target_uid, (), only=went[HIT])
    _requests_move(ends, went[REQUEST])
    _finds_move(ends, went[FIND])
    return _alarms_move(ends, went[ALARM])


def _ids(sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def _alarms_going(ends: Ends, moved: Sequence[Moved]) -> list[int]:
    values = {
        "source": ends.source,
        "devices": [event.device_id for event in moved],
        "times": [event.at for event in moved],
    }
    return sorted(set(_ids(_ALARMS_GOING, values)))


def _alarms_move(ends: Ends, alarms: Collection[int]) -> set[int]:
    if not alarms:
        return set()
    values: dict[str, Any] = {"source": ends.source, "target": ends.target, "alarms": list(alarms)}
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, values)
        pairs = cursor.fetchall()
        for older, newer, device in pairs:
            cursor.execute(_COUNT_TOGETHER, [older, newer])
            cursor.execute(_PUT_OUT, [timezone.now(), newer])
            AlarmNote.objects.create(alarm_id=newer, device_id=device, act=AlarmAct.JOIN)
        cursor.execute(_ALARMS_MOVE, [ends.target, list(alarms), ends.source])
        went = [row[0] for row in cursor.fetchall()]
        cursor.execute(_STATEMENTS_MOVE, [ends.target, went])
        cursor.execute("SELECT DISTINCT device_id FROM scanning_alarm WHERE id = ANY (%s)", [went])
        return {row[0] for row in cursor.fetchall()}


def _requests_going(ends: Ends, *, whole: bool) -> list[int]:
    """All of them, or those whose mark is read in the new passage and no longer in the old."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOUT, [ends.source_uid])
        about = cursor.fetchall()
        if whole or not about:
            return [number for number, _mark in about]
        read = []
        for passage in (ends.source, ends.target):
            cursor.execute(_NORMS, [passage])
            read.append({row[0] for row in cursor.fetchall()})
    stays, goes = read
    return [number for number, mark in about if mark and normalise(mark) in goes - stays]


def _requests_move(ends: Ends, ids: Collection[int]) -> list[int]:
    values = {"target": ends.target_uid, "source": ends.source_uid, "ids": list(ids)}
    return _ids(_REQUESTS_MOVE, values) if ids else []


def _finds_move(ends: Ends, ids: Collection[int]) -> list[int]:
    return _ids(_FINDS_MOVE, [ends.target_uid, list(ids), ends.source_uid]) if ids else []
