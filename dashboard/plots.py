"""Geometry of the small plots: pure arithmetic, rendered as SVG by a template with a table beside."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dashboard.facts.board import HourSeries, HourValue, KindStrip

# The drawing area in SVG user units; the picture scales with its container.
WIDTH = 264
HEIGHT = 84
LEFT = 28
RIGHT = 4
TOP = 8
BOTTOM = 13
# The strip needs room for the names of its rows.
STRIP_LEFT = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour. `tone` is usual, above or below; `flag_y` is where the mark of the unusual stands."""

    hour: int
    x: float
    y: float
    width: float
    height: float
    tone: str
    running: bool
    middle: float
    flag_y: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis."""

    position: float
    text: str


@dataclass(frozen=True, slots=True)
class HourPlot:
    """A drawn day: bars of today, the band and the line of the usual, axis ticks."""

    series: HourSeries
    width: int
    height: int
    left: int
    right: int
    floor: float
    bars: tuple[Bar, ...]
    band: str
    usual: str
    values: tuple[Tick, ...]
    hours: tuple[Tick, ...]


def ceiling(value: float) -> int:
    """The next round number (1, 2, 4, 5, 6, 8 or 10 times a power of ten) at or above `value`, at least 4."""
    if value <= 4:
        return 4
    power = 10 ** math.floor(math.log10(value))
    for step in (1, 2, 4, 5, 6, 8, 10):
        if value <= step * power:
            return step * power
    return 10 * power


def hour_plot(series: HourSeries) -> HourPlot:
    """Lay out one series of hours; hours still to come have a usual but no bar."""
    top = ceiling(max([h.high for h in series.hours] + [h.value or 0 for h in series.hours], default=0))
    floor = HEIGHT - BOTTOM
    slot = (WIDTH - LEFT - RIGHT) / max(len(series.hours), 1)

    def y(value: float) -> float:
        return round(floor - (floor - TOP) * value / top, 1)

    bars = tuple(_bar(h, LEFT + index * slot, slot, y, floor) for index, h in enumerate(series.hours))
    if not any(h.usual for h in series.hours):
        # Where nothing is known of other days, nothing is out of the ordinary.
        bars = tuple(bar and replace(bar, tone="usual") for bar in bars)
    return HourPlot(
        series=series,
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        floor=floor,
        bars=tuple(bar for bar in bars if bar is not None),
        band=_band([(y(h.low), y(h.high)) for h in series.hours], slot),
        usual=_steps([y(h.usual) for h in series.hours], slot),
        values=tuple(Tick(y(value), f"{value:g}") for value in (top / 2, top)),
        hours=tuple(
            Tick(round(LEFT + index * slot, 1), f"{h.hour:02d}")
            for index, h in enumerate(series.hours)
            if h.hour % 6 == 0
        ),
    )


@dataclass(frozen=True, slots=True)
class Square:
    """One hour of one kind; its side grows with the count, so that no colour is needed to read it."""

    x: float
    y: float
    side: float
    value: int


@dataclass(frozen=True, slots=True)
class StripRow:
    """One kind of device: where its label stands and its hours."""

    label: str
    name: str
    middle: float
    squares: tuple[Square, ...]
    total: int


@dataclass(frozen=True, slots=True)
class StripPlot:
    """A drawn strip of kinds and hours."""

    strip: KindStrip
    width: int
    height: int
    left: int
    right: int
    floor: float
    rows: tuple[StripRow, ...]
    hours: tuple[Tick, ...]


def strip_plot(strip: KindStrip) -> StripPlot:
    """Lay out counts by hour and kind; the area of a square is proportional to its count."""
    floor = HEIGHT - BOTTOM
    slot = (WIDTH - STRIP_LEFT - RIGHT) / 24
    height = (floor - 2) / max(len(strip.rows), 1)
    most = max((value or 0 for row in strip.rows for value in row.values), default=0)
    full = min(slot, height) - 1

    def squares(values: Sequence[int | None], middle: float) -> tuple[Square, ...]:
        drawn = []
        for hour, value in enumerate(values):
            if value:
                side = max(full * math.sqrt(value / most), 2)
                x = STRIP_LEFT + (hour + 0.5) * slot - side / 2
                drawn.append(Square(round(x, 1), round(middle - side / 2, 1), round(side, 1), value))
        return tuple(drawn)

    rows = []
    for index, row in enumerate(strip.rows):
        middle = round(2 + (index + 0.5) * height, 1)
        total = sum(value or 0 for value in row.values)
        rows.append(StripRow(row.short, row.name, middle, squares(row.values, middle), total))
    return StripPlot(
        strip=strip,
        width=WIDTH,
        height=HEIGHT,
        left=STRIP_LEFT,
        right=WIDTH - RIGHT,
        floor=floor,
        rows=tuple(rows),
        hours=tuple(Tick(round(STRIP_LEFT + hour * slot, 1), f"{hour:02d}") for hour in (0, 6, 12, 18)),
    )


def tone_of(hour: HourValue) -> str:
    """Whether an hour is usual, above or below; the running hour can only be above."""
    if hour.value is None:
        return "usual"
    if hour.value > hour.high:
        return "above"
    if hour.value < hour.low and not hour.running:
        return "below"
    return "usual"


def spark_points(values: Sequence[int], width: int = 96, height: int = 20) -> str:
    """The points of a sparkline as an SVG polyline takes them, scaled from zero to the largest."""
    if not values:
        return ""
    top = max(*values, 1)
    step = width / max(len(values) - 1, 1)
    return " ".join(
        f"{index * step:.1f},{height - 1 - (height - 2) * value / top:.1f}"
        for index, value in enumerate(values)
    )


def _bar(hour: HourValue, x: float, slot: float, y: Callable[[float], float], floor: float) -> Bar | None:
    if hour.value is None:
        return None
    top = y(hour.value)
    # An hour with nothing in it still shows a hairline: nothing happened is not the same as no data.
    height = max(floor - top, 0.8)
    return Bar(
        hour=hour.hour,
        x=round(x + slot * 0.16, 1),
        y=round(floor - height, 1),
        width=round(slot * 0.68, 1),
        height=round(height, 1),
        tone=tone_of(hour),
        running=hour.running,
        middle=round(x + slot / 2, 1),
        flag_y=round(max(min(top, y(hour.low)) - 3, 5.5), 1),
    )


def _band(edges: list[tuple[float, float]], slot: float) -> str:
    if not edges:
        return ""
    upper, lower = [], []
    for index, (low, high) in enumerate(edges):
        start, end = LEFT + index * slot, LEFT + (index + 1) * slot
        upper += [f"{start:.1f},{high}", f"{end:.1f},{high}"]
        lower += [f"{start:.1f},{low}", f"{end:.1f},{low}"]
    return "M" + "L".join(upper) + "L" + "L".join(reversed(lower)) + "Z"


def _steps(levels: list[float], slot: float) -> str:
    parts = []
    for index, level in enumerate(levels):
        parts += [f"{LEFT + index * slot:.1f},{level}", f"{LEFT + (index + 1) * slot:.1f},{level}"]
    return "M" + "L".join(parts) if parts else ""
