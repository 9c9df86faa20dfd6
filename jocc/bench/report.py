"""What was measured, against what it must reach; and how the screen shows it."""

import dataclasses
import json
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.db import connection

#: key: (what it is, target, True when the target is a lower bound, decimals)
TARGETS: dict[str, tuple[str, float | None, bool, int]] = {
    "events_per_second": ("events a second, HTTP request to processed event", None, True, 0),
    "ingest_vs_copy": ("× plain COPY of the same events", 0.25, True, 2),
    "ingest_vs_task_per_event": ("× one Celery task for each event through the ORM", 20, True, 1),
    "delivery_to_nudge_p95_ms": ("ms from delivery to fetched content, p95", 500, False, 0),
    "soak_lost": ("events lost of a soak with a day's backlog beside it", 0, False, 0),
    "soak_p95_ms": ("ms from delivery to fetched content during the soak, p95", 500, False, 0),
    "first_page_dense_ratio": ("× the same page without a visibility rule, dense reader", 2, False, 2),
    "first_page_sparse_ratio": ("× the same page without a visibility rule, sparse reader", 2, False, 2),
    "passage_page_p95_ms": (
        "ms for the page of one passage over HTTP, p95, slowest of four officers",
        100,
        False,
        1,
    ),
    "rls_list_ratio": (
        "× the same list without row-level security, p95, worst list and reader",
        1.3,
        False,
        2,
    ),
    "passage_join_accuracy": (
        "of the events are in the right passage, worst of five labelled hours",
        0.99,
        True,
        4,
    ),
    "audit_sealed_rows_per_second": (
        "audit rows the sealer can seal a second, beside a writer of 5,000/s",
        5000,
        True,
        0,
    ),
    "audit_verify_million_seconds": ("seconds to verify a million audit rows", 60, False, 1),
    "revocation_max_seconds": (
        "seconds that page, export, stream or token went on after its right had ended, at most",
        2,
        False,
        2,
    ),
    "year_2009_minutes": ("minutes for the whole of 2009, extrapolated", None, False, 0),
}


class BenchFailed(Exception):
    """Something that was measured is wrong, so its time means nothing; shown as one sentence."""


class Screen:
    """Progress on the caller's screen: one line for each step, with the seconds since the start."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._began = time.monotonic()

    def say(self, text: str) -> None:
        """Show one line."""
        self._write(f"[{time.monotonic() - self._began:6.1f} s] {text}")

    def plain(self, text: str = "") -> None:
        """Show one line without the time."""
        self._write(text)


@dataclasses.dataclass(slots=True)
class Report:
    """The figures asked for (`keys`) and everything beside them (`raw`, by part)."""

    keys: dict[str, float] = dataclasses.field(default_factory=dict)
    raw: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)

    def add(self, part: str, keys: dict[str, float], raw: dict[str, Any]) -> None:
        """Take in what a part has measured."""
        self.keys |= keys
        self.raw[part] = raw

    def table(self) -> list[str]:
        """The lines of the table: figure, what it is, target, reached or not."""
        lines = []
        for key, (what, target, at_least, decimals) in TARGETS.items():
            if key not in self.keys:
                continue
            value = self.keys[key]
            bound = "" if target is None else f"{'≥' if at_least else '≤'} {target:g}"
            reached = target is None or (value >= target if at_least else value <= target)
            verdict = "" if target is None else ("reached" if reached else "MISSED")
            lines.append(f"{key:<28} {value:>10,.{decimals}f}  {bound:<7} {verdict:<8} {what}")
        width = max(map(len, lines), default=0)
        return ["─" * width, *lines, "─" * width] if lines else []

    def details(self) -> list[str]:
        """The raw figures, a line for each."""
        return [
            f"{part}.{name:<34} {_shown(value)}"
            for part, figures in self.raw.items()
            for name, value in figures.items()
            if not isinstance(value, dict)
        ]

    def write(self, path: Path) -> None:
        """Write the keys, and the raw figures beside them, as JSON."""
        content = {**self.keys, "raw": self.raw, "machine": machine()}
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _shown(value: Any) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def machine() -> dict[str, Any]:
    """On what it was measured; PostgreSQL's settings decide how durable a commit is."""
    with connection.cursor() as cursor:
        settings = {}
        for name in ("server_version", "fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute("SELECT current_setting(%s)", [name])
            settings[name] = cursor.fetchone()[0]
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": _cores(),
        "postgresql": settings,
    }


def _cores() -> int:
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        return sum(line.startswith("processor") for line in file)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share (0..1) of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return float(statistics.median(values))
