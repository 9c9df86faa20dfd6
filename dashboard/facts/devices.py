"""Facts of detection devices: the list, one device, and the health of the system that hears them."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.facts.acts import Detail
from dashboard.facts.board import HourSeries
from dashboard.facts.needs import AlarmLoad, AlarmRow
from dashboard.facts.passages import MarkCell


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device in the list."""

    id: str
    code: str
    kind: str
    kind_word: str
    lane: str
    site: str
    state: str
    note: str = ""
    last_heard: datetime | None = None
    today: int = 0
    suspect_share: float | None = None
    skew_seconds: float | None = None
    trend: tuple[int, ...] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class DeviceList:
    """The devices in the port's order, troubled ones counted."""

    rows: tuple[DeviceRow, ...]
    troubled: int = 0
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing a device said."""

    at: datetime
    received: datetime
    result: str
    text: str = ""
    marks: tuple[MarkCell, ...] = ()
    readings: tuple[Detail, ...] = ()
    passage_url: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class DevicePage:
    """One device: how it does, what it said, what is wrong with it."""

    row: DeviceRow
    details: tuple[Detail, ...]
    hours: HourSeries | None
    alarms: tuple[AlarmRow, ...] = ()
    events: tuple[EventRow, ...] = ()
    older: str = ""


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing the system watches about itself. `act` says what to do when it is not well."""

    code: str
    title: str
    tone: str
    value: str
    limit: str = ""
    act: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Beat:
    """A process that reports itself: when it was last heard and whether that is recent enough."""

    name: str
    role: str
    last: datetime | None
    alive: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class HealthPage:
    """Is the centre itself well?"""

    at: datetime
    tone: str
    verdict: str
    checks: tuple[HealthCheck, ...]
    beats: tuple[Beat, ...] = ()
    skews: tuple[DeviceRow, ...] = ()
    load: AlarmLoad | None = None
