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
    """Proof that what was entered is kept: its receipt and when, and how far it has come.

    `state` is waiting, done or quarantined; `url` is asked again while it waits; `passage_url` leads to the
    vehicle that it was joined to.
    """

    receipt: str
    at: datetime
    word: str
    result: str
    lane: str
    state: str = "waiting"
    state_word: str = ""
    url: str = ""
    passage_url: str = ""


@dataclass(frozen=True, slots=True)
class EntryPage:
    """The page of entries by hand for one lane; `passage` is the vehicle that the officer came with,
    `another` that none of the vehicles offered is meant."""

    lanes: tuple[EntryLane, ...]
    lane: EntryLane | None
    kinds: tuple[EntryKind, ...] = ()
    kind: EntryKind | None = None
    vehicles: tuple[EntryVehicle, ...] = ()
    passage: str = ""
    another: bool = False
    receipt: EntryReceipt | None = None
    latest: tuple[PassageLine, ...] = ()
