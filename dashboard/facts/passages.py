"""Facts of passages: marks, sensors in their fixed order, one line each, and the whole story."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.facts.acts import Detail
from dashboard.facts.images import ImageThumb


@dataclass(frozen=True, slots=True)
class MarkCell:
    """What one plate says. `doubtful` marks a read below the device's confidence floor."""

    value: str
    kind: str = "unknown"
    country: str = ""
    country_name: str = ""
    confidence: float | None = None
    doubtful: bool = False
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class SensorColumn:
    """One of the fixed columns of results; the order is the site's, never the data's."""

    kind: str
    short: str
    name: str


@dataclass(frozen=True, slots=True)
class SensorCell:
    """What one kind of sensor said of a passage.

    `result` is clear, suspect, indeterminate, not_performed, fault, or none when it never looked.
    """

    kind: str
    name: str
    result: str = "none"
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on a passage: `code` for the shape, `word` for the reader."""

    code: str
    word: str
    tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class PassageLine:
    """One passage on one line. `version` changes whenever anything on the line does."""

    id: str
    at: datetime
    lane_code: str
    lane_name: str
    marks: tuple[MarkCell, ...]
    sensors: tuple[SensorCell, ...]
    decision: Decision | None = None
    tone: str = "quiet"
    flag: str = ""
    late: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to the vehicle. Times are the corrected event time and, where it
    differs, the device's own time and the time of receipt."""

    at: datetime
    kind: str
    title: str
    source: str = ""
    result: str = "none"
    tone: str = "quiet"
    text: str = ""
    marks: tuple[MarkCell, ...] = ()
    readings: tuple[Detail, ...] = ()
    url: str = ""
    device_url: str = ""
    device_time: datetime | None = None
    received: datetime | None = None
    late: bool = False
    by_hand: bool = False
    adjudged: str = ""
    adjudge_url: str = ""
    images: tuple[ImageThumb, ...] = ()


@dataclass(frozen=True, slots=True)
class PassagePage:
    """Everything its reader may see of one passage."""

    id: str
    reference: str
    line: PassageLine
    site_name: str
    last_seen: datetime
    timeline: tuple[TimelineEntry, ...]
    notices: tuple[Detail, ...] = ()
    earlier: tuple[PassageLine, ...] = ()
    columns: tuple[SensorColumn, ...] = ()
    may_enter: bool = False
    may_ask: bool = False
    scans: tuple[Detail, ...] = ()
    scan_uids: tuple[str, ...] = ()
    find_uids: tuple[str, ...] = ()
    may_report: bool = False
    is_drawn: bool = False
    may_add: bool = False
    may_correct: bool = False


@dataclass(frozen=True, slots=True)
class PassageList:
    """A page of passages, newest first, with opaque cursors."""

    columns: tuple[SensorColumn, ...]
    lines: tuple[PassageLine, ...]
    older: str = ""
    newer: str = ""
    filtered: bool = False
    export_query: str = ""
