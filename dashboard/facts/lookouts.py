"""Facts of lookouts and of the check of a mark by hand."""

from dataclasses import dataclass
from datetime import date, datetime

from dashboard.facts.acts import Act, Detail
from dashboard.facts.needs import HistoryEntry, HitRow
from dashboard.facts.passages import MarkCell, PassageLine, SensorColumn


@dataclass(frozen=True, slots=True)
class LookoutRow:
    """One entry of the watch-list as its reader may see it; `hits` are counted for the owner only."""

    id: str
    reference: str
    subject_kind: str
    subject: str
    marks: tuple[MarkCell, ...]
    action: str
    mode: str
    mode_word: str
    state: str
    state_word: str
    owner: str
    marking: str = ""
    expires: datetime | None = None
    review: date | None = None
    review_due: bool = False
    hits: int | None = None


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom a lookout can name, as (code, name): who may be told, who may read, desks, the officer's compartments."""

    agencies: tuple[tuple[str, str], ...] = ()
    authorities: tuple[tuple[str, str], ...] = ()
    desks: tuple[tuple[str, str], ...] = ()
    compartments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One agency that a record was given to, as the owner is shown it."""

    code: str
    agency: str
    since: datetime
    by: str
    why: str
    until: datetime | None
    readings: int
    last_read: datetime | None
    shown: bool
    ended: datetime | None = None
    ending: str = ""
    ended_why: str = ""


@dataclass(frozen=True, slots=True)
class LookoutList:
    """A page of lookouts."""

    rows: tuple[LookoutRow, ...]
    older: str = ""
    newer: str = ""
    filtered: bool = False
    may_create: bool = False


@dataclass(frozen=True, slots=True)
class LookoutPage:
    """One lookout with its reasons, audience and hits; only the owner's reader (`own`) knows who sees what."""

    row: LookoutRow
    details: tuple[Detail, ...]
    own: bool = False
    active: bool = False
    reason: str = ""
    reason_language: str = ""
    audience: tuple[str, ...] = ()
    front_line: tuple[str, ...] = ()
    hits: tuple[HitRow, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    acts: tuple[Act, ...] = ()
    shares: tuple[ShareRow, ...] = ()
    recipients: tuple[str, ...] = ()
    tear_lines: tuple[tuple[str, str], ...] = ()
    torn_from: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What a check of a mark may tell the officer who asked."""

    tone: str
    action: str
    text: str
    strength: str = ""
    owner: str = ""
    reference: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class CheckAsked:
    """A check that the worker has not answered yet; `url` is where its answer will stand."""

    mark: MarkCell
    at: datetime
    purpose: str
    url: str


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """The answer to one check, with the passages of that mark the officer may see."""

    mark: MarkCell
    at: datetime
    purpose: str
    findings: tuple[CheckFinding, ...]
    columns: tuple[SensorColumn, ...] = ()
    passages: tuple[PassageLine, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The check page: the check that waits or its answer, and how many checks are left this hour."""

    answer: CheckAnswer | None = None
    asked: CheckAsked | None = None
    used: int = 0
    budget: int = 0
