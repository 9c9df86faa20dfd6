"""Facts of the board: lanes with their devices, passages as they come, plots of the day."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.facts.needs import NeedsPart
from dashboard.facts.passages import MarkCell, PassageLine, SensorColumn


@dataclass(frozen=True, slots=True)
class DeviceCell:
    """One device of a lane.

    `state` is working, alarm, fault, silent, off (taken out on purpose) or unknown; `since` is when
    it came into that state.
    """

    id: str
    code: str
    kind: str
    short: str
    name: str
    state: str
    since: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class LaneVehicle:
    """The lorry in the lane now."""

    url: str
    marks: tuple[MarkCell, ...]
    since: datetime
    result: str = "none"


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A lane in the port's order: open or not, its devices, its lorry, who works there."""

    id: str
    code: str
    name: str
    open: bool
    devices: tuple[DeviceCell, ...]
    vehicle: LaneVehicle | None = None
    staff: tuple[str, ...] = ()
    tone: str = "quiet"
    note: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class LanesPart:
    """The left-hand side of the board."""

    lanes: tuple[LaneRow, ...]
    as_of: str
    troubled: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class PassagesPart:
    """The middle of the board. `partial` holds only what changed since the reader last asked."""

    columns: tuple[SensorColumn, ...]
    lines: tuple[PassageLine, ...]
    as_of: str
    partial: bool = False
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class HourValue:
    """One hour of today against the usual: `low` to `high` is the middle eight of ten days."""

    hour: int
    value: int | None
    low: float = 0
    usual: float = 0
    high: float = 0
    running: bool = False


@dataclass(frozen=True, slots=True)
class HourSeries:
    """A day of hours of one count. `unusual` says in words what is out of the ordinary now."""

    code: str
    title: str
    hours: tuple[HourValue, ...]
    total: int
    usual_total: int
    unusual: str = ""


@dataclass(frozen=True, slots=True)
class KindHours:
    """The hours of today for one kind of device; None for hours still to come."""

    kind: str
    short: str
    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class KindStrip:
    """One count of today, hour by hour and kind by kind."""

    code: str
    title: str
    rows: tuple[KindHours, ...]
    total: int


@dataclass(frozen=True, slots=True)
class PlotsPart:
    """The strip below: today against usual, and alarms by kind of device."""

    series: tuple[HourSeries, ...]
    as_of: str
    strip: KindStrip | None = None
    day: datetime | None = None


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The whole board at the moment it was opened."""

    site_code: str
    lanes: LanesPart
    passages: PassagesPart
    needs: NeedsPart
    plots: PlotsPart
    lane_choices: tuple[Choice, ...] = ()
    show_choices: tuple[Choice, ...] = ()
    wall: bool = False
