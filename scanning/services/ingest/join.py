"""Joining new events to passages: what is known around them is read once for the whole batch."""

import datetime as dt
import uuid
from collections import defaultdict

from django.db import connection

from scanning.rules.joining import CLOCKS, IN_LANE, VISIT, Joiner, Slot
from scanning.services.ingest.facts import Item

_BY_MARK = """
SELECT m.passage_id, m.norm, m.folded FROM scanning_passagemark m
 WHERE m.folded = ANY(%s) AND m.site_id = %s AND m.last_at BETWEEN %s AND %s
"""
_BY_LANE = """
SELECT p.passage_id, p.lane_id, p.last_at FROM scanning_passagepart p
 WHERE p.lane_id = ANY(%s) AND p.last_at BETWEEN %s AND %s
"""
_PARTS = """
SELECT p.passage_id, p.device_id, p.first_at, p.last_at, w.uid, w.site_id
  FROM scanning_passagepart p JOIN scanning_passage w ON w.id = p.passage_id WHERE p.passage_id = ANY(%s)
"""
_MARKS = "SELECT passage_id, device_id, kind FROM scanning_passagemark WHERE passage_id = ANY(%s)"
_NUMBERS = "SELECT nextval(pg_get_serial_sequence('scanning_passage', 'id')) FROM generate_series(1, %s)"


def items_join(items: list[Item]) -> list[Slot]:
    """Give each detection of one site its passage; returns the passages that were touched, new ones numbered.

    The caller holds the site's lock, so that no other worker joins here at the same time.
    """
    detections = [item for item in items if item.observation.type == "detection"]
    if not detections:
        return []
    joiner = _joiner_around(detections)
    touched: dict[int, Slot] = {}
    for item in sorted(detections, key=lambda each: each.event_at):
        item.slot = joiner.place(
            device_id=item.device.id,
            lane_id=item.device.lane_id,
            at=item.event_at,
            marks=item.observation.marks,
        )
        touched[id(item.slot)] = item.slot
    if joiner.new:
        with connection.cursor() as cursor:
            cursor.execute(_NUMBERS, [len(joiner.new)])
            for slot, (number,) in zip(joiner.new, cursor.fetchall(), strict=True):
                slot.id = number
    return list(touched.values())


def _joiner_around(items: list[Item]) -> Joiner:
    joiner = Joiner(items[0].device.site_id)
    first = min(item.event_at for item in items)
    last = max(item.event_at for item in items)
    folded = list({mark.folded for item in items for mark in item.observation.marks})
    lanes = list({item.device.lane_id for item in items if item.device.lane_id is not None})
    with connection.cursor() as cursor:
        cursor.execute(_BY_MARK, [folded, items[0].device.site_id, first - VISIT, last + VISIT])
        by_mark = cursor.fetchall()
        cursor.execute(_BY_LANE, [lanes, first - IN_LANE, last + IN_LANE + CLOCKS])
        by_lane = cursor.fetchall()
        slots = _slots(list({row[0] for row in by_mark} | {row[0] for row in by_lane}))
    for passage, norm, fold in by_mark:
        if passage in slots:
            joiner.know_mark(slots[passage], norm, fold)
    for passage, lane, at in by_lane:
        if passage in slots:
            joiner.know_lane(slots[passage], lane, at)
    return joiner


def _slots(ids: list[int]) -> dict[int, Slot]:
    if not ids:
        return {}
    seen: dict[int, list[tuple[int, dt.datetime, dt.datetime]]] = defaultdict(list)
    cards: dict[int, tuple[uuid.UUID, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [ids])
        for passage, device, first, last, uid, site in cursor.fetchall():
            seen[passage].append((device, first, last))
            cards[passage] = (uid, site)
        cursor.execute(_MARKS, [ids])
        marks = cursor.fetchall()
    slots = {}
    for passage, parts in seen.items():
        slots[passage] = Slot(
            id=passage,
            uid=cards[passage][0],
            site_id=cards[passage][1],
            first_at=min(first for _, first, _ in parts),
            last_at=max(last for _, _, last in parts),
            devices={device: last for device, _, last in parts},
        )
    for passage, device, kind in marks:
        if passage in slots:
            slots[passage].mark_devices.add(device)
            slots[passage].kinds.add(kind)
    return slots
