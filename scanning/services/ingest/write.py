"""Writing a batch with COPY into staging tables and one set-based statement for each real table.

Row-level security refuses COPY into protected tables, and one statement for each event would be twenty times
slower (docs/adr/0006 has the measurement).
"""

import io
import re
from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import connection
from django.db.backends.utils import CursorWrapper

from scanning.rules.joining import Slot
from scanning.services.ingest.facts import Item
from scanning.services.ingest.numbers import uuid_texts

_STAGES = {
    "stage_key": "device_id bigint, event_key text, sha256 bytea, receipt uuid",
    "stage_passage": "id bigint, uid uuid, site_id bigint, first_at float8, last_at float8",
    "stage_part": (
        "passage_id bigint, device_id bigint, lane_id bigint, first_at float8, last_at float8, result text, events int"
    ),
    "stage_mark": (
        "passage_id bigint, device_id bigint, site_id bigint, kind text, raw text, norm text, folded text,"
        " country text, confidence float8, first_at float8, last_at float8"
    ),
    "stage_event": (
        "uid uuid, received_at timestamptz, device_id bigint, lane_id bigint, passage_id bigint, delivery_id bigint,"
        " event_key text, type text, result text, event_at float8, device_at float8, is_late bool,"
        " confidence float8, mark_raw text, detail jsonb"
    ),
}
_SECONDS = re.compile(r"\b(first|last|event|device)_at\b")
_COLUMNS = {name: ", ".join(part.split()[0] for part in spec.split(", ")) for name, spec in _STAGES.items()}


def _selected(stage: str) -> str:
    """The staged columns, with seconds since 1970 turned into times."""
    return _SECONDS.sub(r"to_timestamp(\g<0>)", _COLUMNS[stage])


def _fill(table: str, stage: str, rest: str = "") -> str:
    return f"INSERT INTO {table} ({_COLUMNS[stage]}) SELECT {_selected(stage)} FROM {stage} {rest}"  # noqa: S608


_FILL = {
    "stage_passage": _fill("scanning_passage", "stage_passage"),
    "stage_part": _fill("scanning_passagepart", "stage_part"),
    # Only under the site's lock is it known which rows stand; the others are plain inserts, at two thirds of the cost.
    "stage_part_again": _fill(
        "scanning_passagepart",
        "stage_part",
        "ON CONFLICT (passage_id, device_id) DO UPDATE SET"
        " first_at = least(scanning_passagepart.first_at, excluded.first_at),"
        " last_at = greatest(scanning_passagepart.last_at, excluded.last_at),"
        " result = CASE WHEN excluded.last_at >= scanning_passagepart.last_at THEN excluded.result"
        " ELSE scanning_passagepart.result END,"
        " events = scanning_passagepart.events + excluded.events",
    ),
    "stage_mark": _fill("scanning_passagemark", "stage_mark"),
    "stage_mark_again": _fill(
        "scanning_passagemark",
        "stage_mark",
        "ON CONFLICT (passage_id, device_id, norm) DO UPDATE SET"
        " first_at = least(scanning_passagemark.first_at, excluded.first_at),"
        " last_at = greatest(scanning_passagemark.last_at, excluded.last_at),"
        " confidence = greatest(scanning_passagemark.confidence, excluded.confidence)",
    ),
    "stage_event": _fill("scanning_scanevent", "stage_event"),
}
_WIDEN = (
    "UPDATE scanning_passage p SET first_at = least(p.first_at, to_timestamp(w.first_at)),"
    " last_at = greatest(p.last_at, to_timestamp(w.last_at))"
    " FROM unnest(%s::bigint[], %s::float8[], %s::float8[]) w(id, first_at, last_at) WHERE p.id = w.id"
)
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_PLAIN_DETAIL = "{}"
_json = msgspec.json.Encoder().encode

Lines = dict[bool, list[str]]


def copy_text(value: str) -> str:
    """The text as COPY wants it; most texts need nothing, and looking is cheaper than translating."""
    if value.isalnum() or not ("\\" in value or "\t" in value or "\n" in value or "\r" in value):
        return value
    return value.translate(_ESCAPES)


def _cell(value: Any) -> str:
    return "\\N" if value is None else str(value)


def stages_ready() -> None:
    """Make the staging tables of this connection, empty (they empty themselves at commit)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_temp.stage_event')")
        if cursor.fetchone()[0] is None:
            for name, columns in _STAGES.items():
                cursor.execute(f"CREATE TEMP TABLE {name} ({columns}) ON COMMIT DELETE ROWS")
            return
        cursor.execute("SELECT EXISTS (SELECT 1 FROM stage_key)")
        if cursor.fetchone()[0]:  # a second batch in the same transaction
            for name in _STAGES:
                cursor.execute(f"DELETE FROM {name}")  # noqa: S608


def _copy(cursor: CursorWrapper, stage: str, lines: Sequence[str], how: str = "") -> None:
    cursor.cursor.copy_expert(f"COPY {stage} ({_COLUMNS[stage]}) FROM STDIN", io.StringIO("".join(lines)))
    cursor.execute(_FILL[stage + how])
    if how:  # the stage is filled a second time
        cursor.execute(f"DELETE FROM {stage}")  # noqa: S608


def batch_write(items: list[Item], slots: list[Slot]) -> None:
    """Write the passages, their parts and marks, and the events of a batch (staging tables are ready)."""
    new = [slot for slot in slots if slot.is_new]
    old = [slot for slot in slots if not slot.is_new]
    parts, marks = _parts_and_marks(items)
    with connection.cursor() as cursor:
        if new:
            _copy(
                cursor,
                "stage_passage",
                [f"{s.id}\t{s.uid}\t{s.site_id}\t{s.first_at!r}\t{s.last_at!r}\n" for s in new],
            )
        if old:
            cursor.execute(_WIDEN, [[s.id for s in old], [s.first_at for s in old], [s.last_at for s in old]])
        for stage, lines in (("stage_part", parts), ("stage_mark", marks)):
            for is_stored, chosen in lines.items():
                if chosen:
                    _copy(cursor, stage, chosen, "_again" if is_stored else "")
        _copy(cursor, "stage_event", _event_lines(items))


def _event_lines(items: list[Item]) -> list[str]:
    lines = []
    device = delivery = None
    start = end = ""
    for item, uid in zip(items, uuid_texts(len(items)), strict=True):
        seen, slot = item.observation, item.slot
        if item.device is not device or item.delivery is not delivery:  # the same for a whole delivery
            device, delivery = item.device, item.delivery
            start = f"\t{delivery.received_text}\t{device.id}\t{_cell(device.lane_id)}\t"
            end = f"\t{delivery.id}\t"
        at = repr(item.at)
        device_at = at if item.event_at is seen.device_at else repr(seen.device_at.timestamp())
        lines.append(
            f"{uid}{start}{slot.id if slot is not None else _NULL}{end}{copy_text(seen.event_key)}\t{seen.type}\t"
            f"{seen.result}\t{at}\t{device_at}\t{'t' if item.is_late else 'f'}\t{_cell(seen.confidence)}\t"
            f"{copy_text(seen.marks[0].raw[:40]) if seen.marks else ''}\t{_detail(item)}\n"
        )
    return lines


_NULL = "\\N"


def _detail(item: Item) -> str:
    seen = item.observation
    if not (seen.reading or seen.reason or seen.note or len(seen.marks) > 1 or seen.zone_assumed):
        return _PLAIN_DETAIL
    detail: dict[str, Any] = {}
    if seen.reading:
        detail["reading"] = dict(seen.reading)
    if seen.reason:
        detail["reason"] = seen.reason
    if seen.note:
        detail["note"] = seen.note
    if seen.zone_assumed:
        detail["zone_assumed"] = True
    if len(seen.marks) > 1:
        detail["marks"] = [[mark.kind, mark.raw[:40], mark.country] for mark in seen.marks]
    return copy_text(_json(detail).decode())


def _parts_and_marks(items: list[Item]) -> tuple[Lines, Lines]:
    """The lines of parts and marks, by whether a row may stand already; several events of a device make one."""
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
    # Rows that may stand come first: their stage is emptied before the others use it.
    part_lines: Lines = {True: [], False: []}
    for slot, device, first, last, result, count in parts.values():
        part_lines[device.id in slot.stored_parts].append(
            f"{slot.id}\t{device.id}\t{_cell(device.lane_id)}\t{first!r}\t{last!r}\t{result}\t{count}\n"
        )
    mark_lines: Lines = {True: [], False: []}
    for slot, device, mark, first, last in marks.values():
        mark_lines[device.id in slot.stored_marks].append(
            f"{slot.id}\t{device.id}\t{device.site_id}\t{mark.kind}\t{copy_text(mark.raw[:40])}\t{mark.norm}\t"
            f"{mark.folded}\t{mark.country}\t{_cell(mark.confidence)}\t{first!r}\t{last!r}\n"
        )
    return part_lines, mark_lines
