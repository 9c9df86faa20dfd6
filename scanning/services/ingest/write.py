"""Writing a batch: its columns travel as arrays, and one set-based statement fills each real table.

Row-level security refuses COPY into protected tables, and one statement for each event would be twenty times
slower (docs/adr/0006 has the measurement).
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import connection
from django.db.backends.utils import CursorWrapper

from scanning.rules.joining import Slot
from scanning.services.ingest.columns import SEPARATOR, booleans, joined, numbers, texts
from scanning.services.ingest.facts import Item
from scanning.services.ingest.numbers import uuid_texts

_PASSAGES = """
INSERT INTO scanning_passage (id, uid, site_id, first_at, last_at)
SELECT id, uid, site, to_timestamp(first), to_timestamp(last)
  FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[], %s::float8[], %s::float8[]) s(id, uid, site, first, last)
"""
_WIDEN = """
UPDATE scanning_passage p SET first_at = least(p.first_at, to_timestamp(w.first)),
       last_at = greatest(p.last_at, to_timestamp(w.last))
  FROM unnest(%s::bigint[], %s::float8[], %s::float8[]) w(id, first, last) WHERE p.id = w.id
"""
_PARTS = """
INSERT INTO scanning_passagepart (passage_id, device_id, lane_id, first_at, last_at, result, events)
SELECT passage, device, lane, to_timestamp(first), to_timestamp(last), result, events
  FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::float8[], %s::float8[], %s::text[], %s::int[])
       s(passage, device, lane, first, last, result, events)
"""
_PART_STANDS = """
ON CONFLICT (passage_id, device_id) DO UPDATE SET
  first_at = least(scanning_passagepart.first_at, excluded.first_at),
  last_at = greatest(scanning_passagepart.last_at, excluded.last_at),
  result = CASE WHEN excluded.last_at >= scanning_passagepart.last_at THEN excluded.result
                ELSE scanning_passagepart.result END,
  events = scanning_passagepart.events + excluded.events
"""
_MARKS = """
INSERT INTO scanning_passagemark (passage_id, device_id, site_id, kind, raw, norm, folded, country, confidence, first_at, last_at)
SELECT passage, device, site, kind, raw, norm, folded, country, confidence, to_timestamp(first), to_timestamp(last)
  FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
              %s::float8[], %s::float8[], %s::float8[])
       s(passage, device, site, kind, raw, norm, folded, country, confidence, first, last)
"""
_MARK_STANDS = """
ON CONFLICT (passage_id, device_id, norm) DO UPDATE SET
  first_at = least(scanning_passagemark.first_at, excluded.first_at),
  last_at = greatest(scanning_passagemark.last_at, excluded.last_at),
  confidence = greatest(scanning_passagemark.confidence, excluded.confidence)
"""
# What is the same for all events of one device in one delivery travels once, as a source.
_EVENTS = """
INSERT INTO scanning_scanevent (uid, received_at, device_id, lane_id, passage_id, delivery_id, event_key, type, result,
                                event_at, device_at, is_late, confidence, mark_raw, detail)
SELECT e.uid, s.received, s.device, s.lane, e.passage, s.delivery, e.key, e.type, e.result, to_timestamp(e.at),
       to_timestamp(e.device_at), e.late, e.confidence, e.mark, e.detail::jsonb
  FROM unnest(%s::uuid[], %s::int[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::float8[], %s::float8[],
              %s::bool[], %s::float8[], %s::text[], string_to_array(%s, %s))
       e(uid, source, passage, key, type, result, at, device_at, late, confidence, mark, detail)
  JOIN unnest(%s::timestamptz[], %s::bigint[], %s::bigint[], %s::bigint[])
       WITH ORDINALITY s(received, device, lane, delivery, number) ON s.number = e.source
"""

_PLAIN_DETAIL = "{}"
_json = msgspec.json.Encoder().encode


def batch_write(items: list[Item], slots: list[Slot]) -> None:
    """Write the passages, their parts and marks, and the events of a batch."""
    with connection.cursor() as cursor:
        _passages_write(cursor, slots)
        parts, marks = _parts_and_marks(items)
        # Only under the site's lock is it known which rows stand; the others are plain inserts, at two thirds of the cost.
        _parts_write(cursor, [part for part in parts if part[1].id not in part[0].stored_parts])
        _parts_write(cursor, [part for part in parts if part[1].id in part[0].stored_parts], _PART_STANDS)
        _marks_write(cursor, [mark for mark in marks if mark[1].id not in mark[0].stored_marks])
        _marks_write(cursor, [mark for mark in marks if mark[1].id in mark[0].stored_marks], _MARK_STANDS)
        _events_write(cursor, items)


def _passages_write(cursor: CursorWrapper, slots: list[Slot]) -> None:
    if new := [slot for slot in slots if slot.is_new]:
        cursor.execute(
            _PASSAGES,
            [
                numbers([slot.id for slot in new]),
                texts([slot.uid for slot in new]),
                numbers([slot.site_id for slot in new]),
                numbers([slot.first_at for slot in new]),
                numbers([slot.last_at for slot in new]),
            ],
        )
    if old := [slot for slot in slots if not slot.is_new]:
        cursor.execute(
            _WIDEN,
            [
                numbers([slot.id for slot in old]),
                numbers([slot.first_at for slot in old]),
                numbers([slot.last_at for slot in old]),
            ],
        )


def _parts_write(cursor: CursorWrapper, parts: Sequence[Sequence[Any]], stands: str = "") -> None:
    if not parts:
        return
    slots, devices, firsts, lasts, results, events = zip(*parts, strict=True)
    cursor.execute(
        _PARTS + stands,
        [
            numbers([slot.id for slot in slots]),
            numbers([device.id for device in devices]),
            numbers([device.lane_id for device in devices]),
            numbers(firsts),
            numbers(lasts),
            texts(results),
            numbers(events),
        ],
    )


def _marks_write(cursor: CursorWrapper, rows: Sequence[Sequence[Any]], stands: str = "") -> None:
    if not rows:
        return
    slots, devices, marks, firsts, lasts = zip(*rows, strict=True)
    cursor.execute(
        _MARKS + stands,
        [
            numbers([slot.id for slot in slots]),
            numbers([device.id for device in devices]),
            numbers([device.site_id for device in devices]),
            texts([mark.kind for mark in marks]),
            texts([mark.raw[:40] for mark in marks]),
            texts([mark.norm for mark in marks]),
            texts([mark.folded for mark in marks]),
            texts([mark.country for mark in marks]),
            numbers([mark.confidence for mark in marks]),
            numbers(firsts),
            numbers(lasts),
        ],
    )


def _events_write(cursor: CursorWrapper, items: list[Item]) -> None:
    sources: dict[tuple[int, int], int] = {}
    numbered = [sources.setdefault((item.delivery.id, item.device.id), len(sources) + 1) for item in items]
    first_of = dict(zip(reversed(numbered), reversed(items), strict=True))
    origins = [first_of[number] for number in range(1, len(sources) + 1)]
    seen = [item.observation for item in items]
    cursor.execute(
        _EVENTS,
        [
            texts(uuid_texts(len(items))),
            numbers(numbered),
            numbers([item.slot.id if item.slot is not None else None for item in items]),
            texts([each.event_key for each in seen]),
            texts([each.type for each in seen]),
            texts([each.result for each in seen]),
            numbers([item.at for item in items]),
            numbers(
                [
                    item.at
                    if item.event_at is item.observation.device_at
                    else item.observation.device_at.timestamp()
                    for item in items
                ]
            ),
            booleans([item.is_late for item in items]),
            numbers([each.confidence for each in seen]),
            texts([each.marks[0].raw[:40] if each.marks else "" for each in seen]),
            joined(map(_detail, items)),
            SEPARATOR,
            texts([item.delivery.received_text for item in origins]),
            numbers([item.device.id for item in origins]),
            numbers([item.device.lane_id for item in origins]),
            numbers([item.delivery.id for item in origins]),
        ],
    )


def _detail(item: Item) -> str:
    seen = item.observation
    if not (
        seen.reading or seen.reason or seen.note or len(seen.marks) > 1 or seen.zone_assumed or seen.purpose
    ):
        return _PLAIN_DETAIL
    detail: dict[str, Any] = {}
    if seen.reading:
        detail["reading"] = dict(seen.reading)
    if seen.reason:
        detail["reason"] = seen.reason
    if seen.note:
        detail["note"] = seen.note
    if seen.purpose:
        detail["purpose"] = seen.purpose
    if seen.zone_assumed:
        detail["zone_assumed"] = True
    if len(seen.marks) > 1:
        detail["marks"] = [[mark.kind, mark.raw[:40], mark.country] for mark in seen.marks]
    return _json(detail).decode()


def _parts_and_marks(items: list[Item]) -> tuple[list[list[Any]], list[list[Any]]]:
    """The rows of parts and of marks; several events of a device make one."""
    parts: dict[tuple[int | None, int], list[Any]] = {}
    marks: dict[tuple[int | None, int, str], list[Any]] = {}
    for item in items:
        slot = item.slot
        if slot is None:
            continue
        device, at, result = item.device, item.at, item.observation.result
        part = parts.get((slot.id, device.id))
        if part is None:
            parts[slot.id, device.id] = [slot, device, at, at, result, 1]
        else:
            part[2] = min(part[2], at)
            if at >= part[3]:
                part[3], part[4] = at, result
            part[5] += 1
        for mark in item.observation.marks:
            known = marks.get((slot.id, device.id, mark.norm))
            if known is None:
                marks[slot.id, device.id, mark.norm] = [slot, device, mark, at, at]
            else:
                known[3], known[4] = min(known[3], at), max(known[4], at)
    return list(parts.values()), list(marks.values())
