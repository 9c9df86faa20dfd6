"""What travels along the worker's line."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

import msgspec

from scanning.facts import Observation, PictureSent, Problem
from scanning.rules.joining import Slot
from scanning.rules.pictures import Picture


@dataclasses.dataclass(slots=True)
class Leased:
    """One delivery in our hands until the lease ends."""

    id: int
    receipt: uuid.UUID
    received_at: dt.datetime
    agency_group_id: int
    account_id: int | None
    device_id: int | None
    site_id: int | None
    format: str
    content_type: str
    body: bytes
    attempts: int
    # The same texts stand in every line of the delivery's events.
    receipt_text: str = ""
    received_text: str = ""

    def __post_init__(self) -> None:
        self.receipt_text = str(self.receipt)
        self.received_text = str(self.received_at)


@dataclasses.dataclass(frozen=True, slots=True)
class DeviceCard:
    """What the line must know of a device."""

    id: int
    uid: uuid.UUID
    code: str
    kind: str
    format: str
    zone: str
    site_id: int
    lane_id: int | None
    account_id: int | None
    place: str
    agency_group: int
    skew_ms: int | None
    fault: str
    order: int
    seen_by: frozenset[int]


class Item(msgspec.Struct, eq=False):
    """One observation on its way to becoming an event."""

    observation: Observation
    device: DeviceCard
    delivery: Leased
    event_at: dt.datetime
    at: float  # the same in seconds since 1970
    is_late: bool
    is_detection: bool
    slot: Slot | None = None


@dataclasses.dataclass(slots=True)
class Outcome:
    """What became of one delivery; `detail` is stored with it and answered by its receipt.

    `sent` are the pictures that came with it, `pictures` those of them that were found sound, each with its view.
    """

    delivery: Leased
    events: int = 0
    repeated: int = 0
    conflicts: int = 0
    problems: tuple[Problem, ...] = ()
    error_code: str = ""
    error_detail: str = ""
    items: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    sent: tuple[PictureSent, ...] = ()
    pictures: tuple[tuple[str, Picture], ...] = ()

    @property
    def is_quarantined(self) -> bool:
        """Whether nothing of it became an event: a delivery in quarantine can be replayed without doubling."""
        return bool(self.error_code) and not self.events

    def result(self) -> dict[str, Any]:
        """The stored form: counts, and one entry for each event that was not simply taken."""
        return {
            "events": self.events,
            "repeated": self.repeated,
            "conflicts": self.conflicts,
            "problems": len(self.problems),
            "items": self.items[:1000],
        }
