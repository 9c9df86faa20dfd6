"""Which passages are a reader's newest, and in what order, at ten million rows (docs/adr/0011).

A passage stands where the newest of its chosen parts stands: parts of devices that the reader may see. Nothing
else is asked, so a hidden device's event can neither lift a passage nor show that it happened.

Two ways lead to the same rows. Walking the index of all parts from the newest on is right for a reader who sees
much of the traffic; for others it would pass millions of hidden rows, so the newest parts of each device are
merged instead. A sample tells which is cheaper; it never changes the answer.
"""
# ruff: noqa: S608  (only our own fragments are joined; every value travels as a parameter)

import datetime as dt
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from agencies.paging import Place, Turn
from scanning.choices import Result

#: Up to so many devices are merged without asking which way is cheaper.
_FEW = 32
_SAMPLED = 16
#: Walk when the page is expected within so many passages, visible or not.
_WALK_PASSAGES = 1000
_HINT_SECONDS = 60.0
_hints: dict[tuple[int, ...], tuple[float, bool]] = {}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which parts count: those of these devices with this result, at these times (`until` excluded)."""

    devices: tuple[int, ...]
    result: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    @property
    def is_notable(self) -> bool:
        """Whether only parts that are not clear count: they have an index of their own."""
        return self.result not in {"", Result.CLEAR}

    def values(self) -> dict[str, Any]:
        """The values for the conditions."""
        return {
            "devices": array_text(self.devices),
            "result": self.result,
            "since": self.since,
            "until": self.until,
        }

    def conditions(self, alias: str) -> str:
        """The conditions on one part besides its device, as SQL beginning with AND."""
        wanted = (
            (self.result, f"{alias}.result = %(result)s"),
            # Said in full, so that the planner knows that the index of notable parts will do.
            (self.is_notable, f"NOT ({alias}.result = 'clear')"),
        )
        return "".join(f" AND {text}" for is_wanted, text in wanted if is_wanted)

    def bounds(self, alias: str) -> str:
        """The conditions on where the passage stands, as SQL beginning with AND."""
        wanted = (
            (self.since, f"{alias}.last_at >= %(since)s"),
            (self.until, f"{alias}.last_at < %(until)s"),
        )
        return "".join(f" AND {text}" for is_wanted, text in wanted if is_wanted)

    def topmost(self, alias: str) -> str:
        """The condition that no newer chosen part of the same passage exists, as SQL beginning with AND.

        OFFSET 0 keeps it a look-up per row; the planner would hash all parts otherwise.
        """
        return (
            f" AND NOT EXISTS (SELECT 1 FROM scanning_passagepart q WHERE q.passage_id = {alias}.passage_id"
            f" AND {VISIBLE.format('q')}{self.conditions('q')}"
            f" AND (q.last_at, q.device_id) > ({alias}.last_at, {alias}.device_id) OFFSET 0)"
        )


#: The first wall, for one row: an array that the planner does not look into, whatever its length.
VISIBLE = "{}.device_id = ANY ((SELECT %(devices)s::bigint[])::bigint[])"


def newest_places(chosen: Chosen, turn: Turn) -> list[Place]:
    """Up to `limit + 1` passages in the direction of the turn, each with the time of its newest chosen part."""
    if not chosen.devices:
        return []
    if chosen.is_notable or len(chosen.devices) <= _FEW or not _is_busy(chosen, turn):
        return _Merge(chosen, turn).run()
    return _walk(chosen, turn)


def array_text(values: Iterable[object]) -> str:
    """A PostgreSQL array as one text: hundreds of separate values would cost more to parse than the query."""
    return "{" + ",".join(map(str, values)) + "}"


def _read(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@dataclass(frozen=True, slots=True)
class _Direction:
    """How to read on from where: downwards (older) or upwards (newer)."""

    order: str
    comparison: str
    start: Place | None
    is_down: bool

    def beyond(self, alias: str) -> str:
        if self.start is None:
            return ""
        return f" AND ({alias}.last_at, {alias}.passage_id) {self.comparison} (%(start_at)s, %(start_id)s)"

    def values(self) -> dict[str, Any]:
        return {"start_at": self.start.at, "start_id": self.start.id} if self.start else {}


def _direction(turn: Turn) -> _Direction:
    if turn.before is not None:
        return _Direction("ASC", ">", turn.before, False)
    return _Direction("DESC", "<", turn.after, True)


def _order(alias: str, order: str) -> str:
    return f"ORDER BY {alias}.last_at {order}, {alias}.passage_id {order}"


def _walk(chosen: Chosen, turn: Turn) -> list[Place]:
    """Read the index of all parts in order, stepping over the hidden ones."""
    way, wanted = _direction(turn), turn.limit + 1
    source = (
        f"FROM scanning_passagepart p WHERE {VISIBLE.format('p')}"
        f"{chosen.conditions('p')}{chosen.bounds('p')}{way.beyond('p')}"
    )
    values = chosen.values() | way.values() | {"wanted": wanted}
    if way.start is not None or chosen.until is not None:
        sql = f"SELECT p.last_at, p.passage_id {source}{chosen.topmost('p')} {_order('p', way.order)} LIMIT %(wanted)s"
        return [Place(*row) for row in _read(sql, values)]
    # From the top, the first part met of each passage is its newest: no look-up per row is needed.
    sql = (
        "SELECT max(w.last_at), w.passage_id, sum(count(*)) OVER ()"
        f" FROM (SELECT p.last_at, p.passage_id {source} {_order('p', 'DESC')} LIMIT %(rows)s) w"
        " GROUP BY w.passage_id ORDER BY 1 DESC, 2 DESC LIMIT %(wanted)s"
    )
    rows = wanted * 5
    while True:
        found = _read(sql, values | {"rows": rows})
        if len(found) == wanted or not found or found[0][2] < rows:
            return [Place(at, number) for at, number, _ in found]
        rows *= 4


#: (time, number of the passage); the time is text only for the two infinities.
_Key = tuple[Any, int]


class _Merge:
    """Merge the newest parts of each device, reading no more of a device than the page may need."""

    def __init__(self, chosen: Chosen, turn: Turn) -> None:
        self._way, self._wanted = _direction(turn), turn.limit + 1
        is_top = self._way.start is None and chosen.until is None
        unique = "" if is_top else chosen.topmost("p")
        edge = ">=" if self._way.is_down else "<="
        self._sql = (
            "SELECT d.id, p.last_at, p.passage_id"
            " FROM unnest(%(ids)s::bigint[], %(ats)s::timestamptz[], %(numbers)s::bigint[]) d(id, at, number),"
            " LATERAL (SELECT p.last_at, p.passage_id FROM scanning_passagepart p WHERE p.device_id = d.id"
            f" AND (p.last_at, p.passage_id) {self._way.comparison} (d.at, d.number)"
            f" AND (p.last_at, p.passage_id) {edge} (%(edge_at)s::timestamptz, %(edge_id)s)"
            f"{chosen.conditions('p')}{chosen.bounds('p')}{unique} {_order('p', self._way.order)} LIMIT %(each)s) p"
        )
        self._values = chosen.values()
        start = self._way.start
        far = ("infinity", 0) if self._way.is_down else ("-infinity", 0)
        self._frontiers: dict[int, _Key] = dict.fromkeys(
            chosen.devices, (start.at.isoformat(), start.id) if start else far
        )
        self._best: dict[int, dt.datetime] = {}

    def run(self) -> list[Place]:
        """Round by round, until no unread part can come before the last one wanted."""
        # Several devices see one lorry: ask for a few times more than would do if each saw its own.
        each = max(2, min(self._wanted, -(-5 * self._wanted // len(self._frontiers))))
        edge: _Key | None = None
        while self._frontiers:
            self._round(each, edge)
            found = self._found()
            edge = found[-1] if len(found) == self._wanted else None
            if edge is not None:
                self._frontiers = {d: f for d, f in self._frontiers.items() if self._may_beat(f, edge)}
            each = min(each * 4, self._wanted) if len(self._frontiers) > _SAMPLED else self._wanted
        return [Place(*key) for key in self._found()]

    def _may_beat(self, frontier: _Key, edge: _Key) -> bool:
        return frontier > edge if self._way.is_down else frontier < edge

    def _found(self) -> list[_Key]:
        keys = ((at, number) for number, at in self._best.items())
        return sorted(keys, reverse=self._way.is_down)[: self._wanted]

    def _round(self, each: int, edge: _Key | None) -> None:
        ends = ("-infinity", 0) if self._way.is_down else ("infinity", 0)
        rows = _read(
            self._sql,
            self._values
            | {
                "ids": array_text(self._frontiers),
                "ats": array_text(f'"{at}"' for at, _ in self._frontiers.values()),
                "numbers": array_text(number for _, number in self._frontiers.values()),
                "edge_at": edge[0] if edge else ends[0],
                "edge_id": edge[1] if edge else ends[1],
                "each": each,
            },
        )
        counts: dict[int, int] = dict.fromkeys(self._frontiers, 0)
        last: dict[int, _Key] = {}
        for device, at, number in rows:
            counts[device] += 1
            last[device] = (at, number)
            known = self._best.get(number)
            if known is None or at > known:
                self._best[number] = at
        # A device that gave fewer than asked has nothing more within the edge.
        self._frontiers = {device: last[device] for device, count in counts.items() if count == each}


def _is_busy(chosen: Chosen, turn: Turn) -> bool:
    """Whether the page lies so near that walking is cheaper: by a sample, remembered for a minute."""
    if turn.after or turn.before or chosen.until:
        return _sampled_busy(chosen, turn)
    key = (hash(chosen), turn.limit)
    known = _hints.get(key)
    if known is None or time.monotonic() - known[0] > _HINT_SECONDS:
        if len(_hints) > 1000:
            _hints.clear()
        known = _hints[key] = (time.monotonic(), _sampled_busy(chosen, turn))
    return known[1]


def _sampled_busy(chosen: Chosen, turn: Turn) -> bool:
    """Estimate from every n-th device how many passages lie between two of the reader's.

    Numbers of passages rise with time, so the distance between a device's two newest tells how many came in
    between, hidden ones included. The median is taken, lest one busy device speaks for many idle ones.
    """
    step = max(1, len(chosen.devices) // _SAMPLED)
    sample = chosen.devices[::step]
    start = turn.after or turn.before
    rows = _read(
        "SELECT d.id, p.passage_id FROM unnest(%(sample)s::bigint[]) d(id), LATERAL (SELECT p.passage_id"
        " FROM scanning_passagepart p WHERE p.device_id = d.id AND p.last_at <= %(top)s::timestamptz"
        f"{chosen.conditions('p')}{chosen.bounds('p')} ORDER BY p.last_at DESC, p.passage_id DESC LIMIT 2) p",
        chosen.values() | {"sample": array_text(sample), "top": start.at if start else "infinity"},
    )
    numbers: dict[int, list[int]] = {device: [] for device in sample}
    for device, number in rows:
        numbers[device].append(number)
    top = max((number for _, number in rows), default=0)
    gaps = [(top - min(seen)) / 2 if len(seen) == 2 else float("inf") for seen in numbers.values()]
    parts_wanted = 4 * (turn.limit + 1)
    return statistics.median(gaps) * parts_wanted / (len(chosen.devices) / 2) <= _WALK_PASSAGES
