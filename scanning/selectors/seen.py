"""What a reader sees, as frozen values: put together from visible rows only.

Internal ids (`id`, `*_id`) join these values inside the house and are never shown; `uid` and `code` are.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import get_language


class _Named:
    """A name in both languages."""

    __slots__ = ()
    name_en: str
    name_fr: str

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_fr if (get_language() or "en").startswith("fr") else self.name_en


@dataclass(frozen=True, slots=True)
class SiteSeen(_Named):
    """A port or terminal."""

    id: int
    uid: uuid.UUID
    code: str
    unlocode: str
    name_en: str
    name_fr: str
    country: str
    zone: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class LaneSeen(_Named):
    """A lane that the reader may see."""

    id: int
    uid: uuid.UUID
    code: str
    name_en: str
    name_fr: str
    site_id: int
    order: int
    shape: list[list[float]]


@dataclass(frozen=True, slots=True)
class DeviceSeen(_Named):
    """A device that the reader may see. `owner` is its agency's code, "" for a compartment's device; `is_own`: the reader's."""

    id: int
    uid: uuid.UUID
    code: str
    name_en: str
    name_fr: str
    kind: str
    site_id: int
    lane_id: int | None
    order: int
    owner: str
    is_active: bool
    latitude: float | None
    longitude: float | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Equipment:
    """Sites, and the lanes and devices that one reader may see, by internal id."""

    sites: Mapping[int, SiteSeen]
    lanes: Mapping[int, LaneSeen]
    devices: Mapping[int, DeviceSeen]

    def lane(self, lane_id: int | None) -> LaneSeen | None:
        """The lane, None when there is none or the reader may not see it."""
        return self.lanes.get(lane_id) if lane_id is not None else None


class PartSeen(NamedTuple):
    """What one visible device contributed to a passage: from when to when, its latest result."""

    passage_id: int
    device_id: int
    lane_id: int | None
    first_at: dt.datetime
    last_at: dt.datetime
    result: str
    events: int


class MarkSeen(NamedTuple):
    """One mark of a passage as one visible device read it."""

    passage_id: int
    device_id: int
    kind: str
    raw: str
    norm: str
    country: str
    confidence: float | None
    first_at: dt.datetime
    last_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PassageSeen:
    """One passage as far as its reader may see it; parts and marks stand in the order of time."""

    id: int
    uid: uuid.UUID
    site_id: int
    parts: tuple[PartSeen, ...]
    marks: tuple[MarkSeen, ...]

    @property
    def first_at(self) -> dt.datetime:
        """When the reader's devices first saw it."""
        return min(part.first_at for part in self.parts)

    @property
    def last_at(self) -> dt.datetime:
        """When the reader's devices last saw it."""
        return self.parts[-1].last_at

    @property
    def lane_id(self) -> int | None:
        """The lane in which the reader's devices last saw it."""
        return next((part.lane_id for part in reversed(self.parts) if part.lane_id is not None), None)


@dataclass(frozen=True, slots=True)
class EventSeen:
    """One event of a visible device. Times are corrected (`at`), the device's own, and of receipt, in UTC."""

    uid: uuid.UUID
    device_id: int
    type: str
    result: str
    at: dt.datetime
    device_at: dt.datetime
    received_at: dt.datetime
    is_late: bool
    confidence: float | None
    mark_raw: str
    detail: dict[str, Any]
    lane_id: int | None
    passage_id: int | None
    event_key: str


@dataclass(frozen=True, slots=True)
class AlarmSeen:
    """One alarm of a visible device. Names of officers are for their own agency only; `is_mine`: the reader has it."""

    id: int
    uid: uuid.UUID
    device_id: int
    lane_id: int | None
    passage_id: int | None
    passage_uid: uuid.UUID | None
    rule: str
    severity: str
    raised_at: dt.datetime
    last_at: dt.datetime
    repeats: int
    detail: dict[str, Any]
    is_late: bool
    cleared_at: dt.datetime | None
    acknowledged_at: dt.datetime | None
    acknowledged_by: str
    acknowledged_by_agency: str
    comment: str
    assigned_at: dt.datetime | None
    assigned_to: str
    assigned_to_agency: str
    is_mine: bool
    silenced_until: dt.datetime | None
    silenced_by: str
    silenced_by_agency: str
    is_silenced: bool
    escalated_at: dt.datetime | None
    #: How often its device recovered and failed again within the hold.
    reopened: int = 0
    cleared_by: str = ""
    cleared_by_agency: str = ""

    @property
    def is_active(self) -> bool:
        """Whether its cause still stands."""
        return self.cleared_at is None

    @property
    def is_acknowledged(self) -> bool:
        """Whether an officer has taken note of it."""
        return self.acknowledged_at is not None

    @property
    def is_escalated(self) -> bool:
        """Whether the duty supervisor is called for it, and nobody has acknowledged it since."""
        return self.escalated_at is not None and self.acknowledged_at is None


@dataclass(frozen=True, slots=True)
class NoteSeen:
    """One act on an alarm. Officers' names are for the agency of the act; no agency: the centre itself did it."""

    at: dt.datetime
    act: str
    officer: str
    agency: str
    about: str
    until: dt.datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class AlarmLoad:
    """How heavily alarms weigh on an officer: average per ten minutes of the last hour, worst ten minutes of
    the day, standing now, the day's shares by severity in per cent; `within` what EEMUA 191 calls manageable.
    """

    per_ten_minutes: float
    peak: int
    standing: int
    shares: Mapping[str, int]
    within: bool


@dataclass(frozen=True, slots=True)
class PassageDetail:
    """A passage with its story: visible events in the order of time, and visible alarms."""

    passage: PassageSeen
    events: tuple[EventSeen, ...]
    alarms: tuple[AlarmSeen, ...]


@dataclass(frozen=True, slots=True)
class DeviceState:
    """How a device does. `state` is working, fault, silent, off or unknown; `since` when it came into it."""

    device: DeviceSeen
    state: str
    since: dt.datetime | None
    note: str
    last_received_at: dt.datetime | None
    last_event_at: dt.datetime | None
    clock_skew_ms: int | None
    open_alarms: int


@dataclass(frozen=True, slots=True)
class LaneState:
    """A lane with its visible devices in their order, and the lorry that visible devices see in it now."""

    lane: LaneSeen
    devices: tuple[DeviceState, ...]
    vehicle: PassageSeen | None


@dataclass(frozen=True, slots=True)
class DeliverySeen:
    """What became of a delivery of the reader's own agency."""

    id: int
    receipt: uuid.UUID
    received_at: dt.datetime
    device_id: int | None
    format: str
    content_type: str
    size: int
    state: str
    attempts: int
    done_at: dt.datetime | None
    error_code: str
    error_detail: str
    counts: Mapping[str, int]
    items: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class HourCount:
    """One hour of a day: how many now, and how many usually (mean, and the middle eight of ten days).

    `value` is None for an hour that has not begun; `running` marks the one that has not ended.
    """

    hour: int
    value: int | None
    usual: float
    low: float
    high: float
    running: bool


@dataclass(frozen=True, slots=True)
class DaySeries:
    """A day's hours of one count; `code` is passages, searches, findings, or alarms with a device kind."""

    code: str
    kind: str
    hours: tuple[HourCount, ...]

    @property
    def total(self) -> int:
        """The day so far."""
        return sum(hour.value or 0 for hour in self.hours)

    @property
    def usual_total(self) -> float:
        """What the hours that have begun usually sum up to."""
        return sum(hour.usual for hour in self.hours if hour.value is not None)
