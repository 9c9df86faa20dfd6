"""Facts of entry by hand from the lane."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.facts.passages import MarkCell, PassageLine


@dataclass(frozen=True, slots=True)
class EntryLane:
    """A lane to work in; `vehicles` are the latest passages there, newest first."""

    code: str
    name: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class EntryKind:
    """Something that can be entered by hand: its device in this lane, its word and sign."""

    kind: str
    word: str
    hint: str
    device_code: str
    available: bool = True


@dataclass(frozen=True, slots=True)
class EntryVehicle:
    """A vehicle the entry can belong to."""

    passage_id: str
    at: datetime
    marks: tuple[MarkCell, ...]
    current: bool = False


@dataclass(frozen=True, slots=True)
class EntryReceipt:
    """Proof that what was entered is kept: its receipt and when."""

    receipt: str
    at: datetime
    word: str
    result: str
    lane: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """The page of entries by hand for one lane."""

    lanes: tuple[EntryLane, ...]
    lane: EntryLane | None
    kinds: tuple[EntryKind, ...] = ()
    kind: EntryKind | None = None
    vehicles: tuple[EntryVehicle, ...] = ()
    receipt: EntryReceipt | None = None
    latest: tuple[PassageLine, ...] = ()
