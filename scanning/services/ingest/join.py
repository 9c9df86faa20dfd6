"""Joining new events to passages: what is known around them is read once for the whole batch."""

from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.backends.utils import CursorWrapper

from scanning.rules.habits import Habits, Post
from scanning.rules.joining import BEFORE_LANE_S, IN_LANE_S, VISIT_S, Joiner, Slot
from scanning.services.ingest.facts import Item
from scanning.services.ingest.numbers import uuid_texts

_BY_MARK = """
SELECT m.passage_id, m.norm, m.folded FROM scanning_passagemark m
 WHERE m.folded = ANY(string_to_array(%s, ' ')) AND m.site_id = %s AND m.last_at BETWEEN to_timestamp(%s) AND to_timestamp(%s)
"""
_BY_LANE = """
SELECT DISTINCT p.passage_id FROM scanning_passagepart p
 WHERE p.device_id = ANY(%s) AND p.last_at BETWEEN to_timestamp(%s) AND to_timestamp(%s)
"""
_PASSAGES = """
SELECT w.id, w.uid::text, w.site_id, extract(epoch FROM w.first_at)::float8, extract(epoch FROM w.last_at)::float8
  FROM scanning_passage w WHERE w.id = ANY(%s)
"""
# All that was seen of them, however long ago: a lorry in the search bay has passed the portal already.
_PARTS = """
SELECT passage_id, device_id, extract(epoch FROM last_at)::float8 FROM scanning_passagepart
 WHERE passage_id = ANY(%s) ORDER BY last_at
"""
_MARKS = "SELECT passage_id, device_id, kind, folded FROM scanning_passagemark WHERE passage_id = ANY(%s)"
_NUMBERS = "SELECT nextval(pg_get_serial_sequence('scanning_passage', 'id')) FROM generate_series(1, %s)"

# What this worker has learned of the lanes of each site. It stands nowhere else: a worker that begins anew has learned it
# again after some thirty lorries, and two workers need not agree. A batch that is undone was learned from all the same.
_habits: dict[int, Habits] = {}


def habits_forget() -> None:
    """Begin anew, as a worker that was just started: what was learned belongs to one database."""
    _habits.clear()


def items_join(items: list[Item], lanes: Mapping[int, list[int]], posts: Mapping[int, Post]) -> list[Slot]:
    """Give each detection of one site its passage; returns the passages that were touched, new ones numbered.

    `lanes` names the devices of each lane, `posts` where each stands. The caller holds the site's lock, so that no other
    worker joins here at the same time.
    """
    detections = sorted((item for item in items if item.is_detection), key=lambda item: item.at)
    if not detections:
        return []
    joiner = _joiner_around(detections, lanes, posts)
    touched: dict[int, Slot] = {}
    for item in detections:
        slot = item.slot = joiner.place(
            device_id=item.device.id, lane_id=item.device.lane_id, at=item.at, marks=item.observation.marks
        )
        touched[id(slot)] = slot
    if joiner.new:
        with connection.cursor() as cursor:
            cursor.execute(_NUMBERS, [len(joiner.new)])
            numbers = cursor.fetchall()
        for slot, (number,), uid in zip(joiner.new, numbers, uuid_texts(len(numbers)), strict=True):
            slot.id, slot.uid = number, uid
    return list(touched.values())


def _joiner_around(items: list[Item], lanes: Mapping[int, list[int]], posts: Mapping[int, Post]) -> Joiner:
    """A joiner that knows the passages near these items (sorted by time) in marks or in lane."""
    site = items[0].device.site_id
    habits = _habits.setdefault(site, Habits())
    habits.posts = posts
    joiner = Joiner(site, lanes, habits)
    first, last = items[0].at, items[-1].at
    folded = list({mark.folded for item in items for mark in item.observation.marks})
    by_mark: list[tuple[int, str, str]] = []
    with connection.cursor() as cursor:
        if folded:
            cursor.execute(_BY_MARK, [" ".join(folded), site, first - VISIT_S, last + VISIT_S])
            by_mark = cursor.fetchall()
        near = set(_passages_around(cursor, items, lanes)).union(row[0] for row in by_mark)
        slots, looks = _slots(cursor, list(near), items)
    for passage, norm, fold in by_mark:
        joiner.know_mark(slots[passage], norm, fold)
    for passage, device, at in looks:
        post = posts.get(device)
        if post is not None and post.lane_id is not None:
            joiner.know_look(slots[passage], post.lane_id, device, at)
    return joiner


def _passages_around(
    cursor: CursorWrapper, items: list[Item], lanes: Mapping[int, list[int]]
) -> Iterable[int]:
    """The passages of each lane around the time of its own items: a backlog of one lane is not all lanes'."""
    spans: dict[int, list[float]] = {}
    for item in items:
        lane = item.device.lane_id
        if lane is not None:
            span = spans.setdefault(lane, [item.at, item.at])
            span[1] = item.at
    for lane, (first, last) in spans.items():
        cursor.execute(_BY_LANE, [lanes[lane], first - IN_LANE_S, last + BEFORE_LANE_S])
        for (passage,) in cursor.fetchall():
            yield passage


def _slots(
    cursor: CursorWrapper, ids: list[int], items: list[Item]
) -> tuple[dict[int, Slot], list[tuple[int, int, float]]]:
    """The passages as the joiner knows them, and which device saw which of them last when, in the order of time."""
    if not ids:
        return {}, []
    cursor.execute(_PASSAGES, [ids])
    slots = {row[0]: Slot(*row) for row in cursor.fetchall()}
    cursor.execute(_PARTS, [ids])
    looks: list[tuple[int, int, float]] = cursor.fetchall()
    for passage, device, _at in looks:
        slots[passage].stored_parts.add(device)
    if any(item.observation.marks for item in items):
        cursor.execute(_MARKS, [ids])
        for passage, device, kind, folded in cursor.fetchall():
            slots[passage].marks.append(folded)
            slots[passage].mark_devices.add(device)
            slots[passage].stored_marks.add(device)
            slots[passage].kinds.add(kind)
    return slots, looks
