"""Writing a batch with COPY into staging tables and one set-based statement for each real table.

Row-level security refuses COPY into protected tables, and one statement for each event would be twenty times
slower (docs/adr/0006 has the measurement).
"""

import io
import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from scanning.rules.joining import Slot
from scanning.services.ingest.facts import Item

_STAGES = {
    "stage_event": (
        "uid uuid, received_at timestamptz, device_id bigint, lane_id bigint, passage_id bigint, delivery_id bigint,"
        " event_key text, type text, result text, event_at timestamptz, device_at timestamptz, is_late bool,"
        " confidence float8, mark_raw text, detail jsonb"
    ),
    "stage_part": (
        "passage_id bigint, device_id bigint, lane_id bigint, first_at timestamptz, last_at timestamptz, result text,"
        " events int"
    ),
    "stage_mark": (
        "passage_id bigint, device_id bigint, site_id bigint, kind text, raw text, norm text, folded text,"
        " country text, confidence float8, first_at timestamptz, last_at timestamptz"
    ),
    "stage_passage": "id bigint, uid uuid, site_id bigint, first_at timestamptz, last_at timestamptz",
}
_COLUMNS = {name: ", ".join(part.split()[0] for part in spec.split(", ")) for name, spec in _STAGES.items()}

_FILL = {
    "stage_passage": f"INSERT INTO scanning_passage ({_COLUMNS['stage_passage']})"
    f" SELECT {_COLUMNS['stage_passage']} FROM stage_passage",
    "stage_part": f"INSERT INTO scanning_passagepart ({_COLUMNS['stage_part']})"
    f" SELECT {_COLUMNS['stage_part']} FROM stage_part"
    " ON CONFLICT ON CONSTRAINT one_part_per_device DO UPDATE SET"
    " first_at = least(scanning_passagepart.first_at, excluded.first_at),"
    " last_at = greatest(scanning_passagepart.last_at, excluded.last_at),"
    " result = CASE WHEN excluded.last_at >= scanning_passagepart.last_at THEN excluded.result"
    " ELSE scanning_passagepart.result END,"
    " events = scanning_passagepart.events + excluded.events",
    "stage_mark": f"INSERT INTO scanning_passagemark ({_COLUMNS['stage_mark']})"
    f" SELECT {_COLUMNS['stage_mark']} FROM stage_mark"
    " ON CONFLICT ON CONSTRAINT one_mark_per_device DO UPDATE SET"
    " first_at = least(scanning_passagemark.first_at, excluded.first_at),"
    " last_at = greatest(scanning_passagemark.last_at, excluded.last_at),"
    " confidence = greatest(scanning_passagemark.confidence, excluded.confidence)",
    "stage_event": f"INSERT INTO scanning_scanevent ({_COLUMNS['stage_event']})"
    f" SELECT {_COLUMNS['stage_event']} FROM stage_event",
}
_WIDEN = (
    "UPDATE scanning_passage p SET first_at = least(p.first_at, w.first_at), last_at = greatest(p.last_at, w.last_at)"
    " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) w(id, first_at, last_at) WHERE p.id = w.id"
)
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _text(value: str) -> str:
    # Most texts need no escaping, and looking is cheaper than translating.
    if "\\" in value or "\t" in value or "\n" in value or "\r" in value:
        return value.translate(_ESCAPES)
    return value


def _cell(value: Any) -> str:
    return "\\N" if value is None else str(value)


def stages_ready() -> None:
    """Make the staging tables of this connection (they vanish with it and empty themselves at commit)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_temp.stage_event')")
        if cursor.fetchone()[0] is None:
            for name, columns in _STAGES.items():
                cursor.execute(f"CREATE TEMP TABLE {name} ({columns}) ON COMMIT DELETE ROWS")
            return
        cursor.execute("SELECT EXISTS (SELECT 1 FROM stage_event)")
        if cursor.fetchone()[0]:  # a second batch in the same transaction
            for name in _STAGES:
                cursor.execute(f"DELETE FROM {name}")


def _copy(cursor: Any, table: str, lines: Sequence[str]) -> None:
    cursor.copy_expert(f"COPY {table} ({_COLUMNS[table]}) FROM STDIN", io.StringIO("".join(lines)))
    cursor.execute(_FILL[table])


def batch_write(items: list[Item], slots: Iterable[Slot]) -> None:
    """Write the passages, their parts and marks, and the events of a batch."""
    stages_ready()
    new = [slot for slot in slots if slot.is_new]
    old = [slot for slot in slots if not slot.is_new and slot.is_touched]
    parts, marks = _parts_and_marks(items)
    with connection.cursor() as wrapped:
        cursor = wrapped.cursor  # psycopg2's own, for COPY
        if new:
            _copy(
                cursor,
                "stage_passage",
                [f"{slot.id}\t{slot.uid}\t{slot.site_id}\t{slot.first_at}\t{slot.last_at}\n" for slot in new],
            )
        if old:
            cursor.execute(
                _WIDEN,
                [[slot.id for slot in old], [slot.first_at for slot in old], [slot.last_at for slot in old]],
            )
        if parts:
            _copy(cursor, "stage_part", ["\t".join(map(_cell, part)) + "\n" for part in parts])
        if marks:
            _copy(cursor, "stage_mark", marks)
        _copy(cursor, "stage_event", [_event_line(item) for item in items])


def _event_line(item: Item) -> str:
    seen, device = item.observation, item.device
    item.uid = str(uuid.uuid4())
    passage = item.slot.id if item.slot else None
    return (
        f"{item.uid}\t{item.delivery.received_at}\t{device.id}\t{_cell(device.lane_id)}\t"
        f"{_cell(passage)}\t{item.delivery.id}\t{_text(seen.event_key)}\t{seen.type}\t{seen.result}\t"
        f"{item.event_at}\t{seen.device_at}\t{'t' if item.is_late else 'f'}\t{_cell(seen.confidence)}\t"
        f"{_text(seen.marks[0].raw[:40]) if seen.marks else ''}\t{_detail(item)}\n"
    )


def _detail(item: Item) -> str:
    seen = item.observation
    if not (seen.reading or seen.reason or seen.note or len(seen.marks) > 1 or seen.zone_assumed):
        return "{}"
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
    return _text(json.dumps(detail, separators=(",", ":")))


def _parts_and_marks(items: list[Item]) -> tuple[list[list[Any]], list[str]]:
    parts: dict[tuple[int, int], list[Any]] = {}
    marks: dict[tuple[int, int, str], list[Any]] = {}
    for item in items:
        if item.slot is None or item.slot.id is None:
            continue
        passage, device, at = item.slot.id, item.device, item.event_at
        part = parts.get((passage, device.id))
        if part is None:
            parts[passage, device.id] = [
                passage,
                device.id,
                device.lane_id,
                at,
                at,
                item.observation.result,
                1,
            ]
        else:
            _widen(part, at, item.observation.result)
        for mark in item.observation.marks:
            known = marks.get((passage, device.id, mark.norm))
            if known is None:
                marks[passage, device.id, mark.norm] = [
                    passage, device.id, device.site_id, mark.kind, _text(mark.raw[:40]), mark.norm, mark.folded,
                    mark.country, mark.confidence, at, at,
                ]  # fmt: skip
            else:
                known[9], known[10] = min(known[9], at), max(known[10], at)
    return list(parts.values()), ["\t".join(map(_cell, mark)) + "\n" for mark in marks.values()]


def _widen(part: list[Any], at: Any, result: str) -> None:
    if at >= part[4]:
        part[4], part[5] = at, result
    part[3] = min(part[3], at)
    part[6] += 1
