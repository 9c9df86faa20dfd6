"""Facts of what needs an officer: hits, front-line notices and alarms."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.facts.acts import Act, Detail
from dashboard.facts.passages import MarkCell


@dataclass(frozen=True, slots=True)
class Match:
    """How the mark that was read compares with the mark that is looked for, letter by letter.

    `pairs` holds (read, sought, same) for every position; `strength` is the word shown.
    """

    strength: str
    exact: bool
    pairs: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class NeedCard:
    """One thing that needs somebody.

    `kind` is hit, notice or alarm; `tone` stop, high, medium or low; `state` the word for where it
    stands; `settled` what was done when nothing more is needed. A card that `sounds` is a stop that
    nobody has taken; a `late` one was found in a backlog and never sounds.
    """

    kind: str
    id: str
    version: str
    tone: str
    priority: str
    title: str
    state: str
    raised: datetime
    url: str = ""
    text: str = ""
    marks: tuple[MarkCell, ...] = ()
    match: Match | None = None
    lane: str = ""
    device: str = ""
    owner: str = ""
    mine: bool = False
    details: tuple[Detail, ...] = ()
    acts: tuple[Act, ...] = ()
    settled: str = ""
    sounds: bool = False
    escalated: datetime | None = None
    late: bool = False
    times: int = 1


@dataclass(frozen=True, slots=True)
class NeedsPart:
    """The right-hand side of the board, most pressing first."""

    cards: tuple[NeedCard, ...]
    as_of: str
    more: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class AlarmLoad:
    """How heavily alarms weigh on an officer, against what EEMUA 191 calls manageable.

    `per_ten_minutes` is the average over the last hour for each officer on duty; `peak` the worst
    ten minutes of the day; shares are per cent of the day's alarms.
    """

    per_ten_minutes: float
    peak: int
    standing: int
    high_share: int
    medium_share: int
    low_share: int
    within: bool
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One alarm in the list: active or cleared, acknowledged or not, by whom and when."""

    id: str
    version: str
    tone: str
    priority: str
    title: str
    state: str
    active: bool
    acknowledged: bool
    raised: datetime
    url: str
    device: str
    device_url: str
    lane: str
    times: int = 1
    last: datetime | None = None
    cleared: datetime | None = None
    owner: str = ""
    acknowledged_at: datetime | None = None
    assignee: str = ""
    mine: bool = False
    silenced: datetime | None = None
    escalated: datetime | None = None
    reviewed: bool = False
    unsteady: bool = False
    #: Acknowledged just now by the reader, who may undo it.
    settled: bool = False
    marks: tuple[MarkCell, ...] = ()
    passage_url: str = ""
    text: str = ""
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class HitRow:
    """One hit (the owner's record) or notice (the front line's) in a list."""

    kind: str
    id: str
    url: str
    tone: str
    action: str
    state: str
    raised: datetime
    marks: tuple[MarkCell, ...]
    lane: str
    site: str
    owner: str = ""
    lookout: str = ""
    lookout_url: str = ""
    strength: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class HitList:
    """A page of hits and notices."""

    rows: tuple[HitRow, ...]
    older: str = ""
    newer: str = ""
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Who did what, when, in words; `reason` as the officer gave it."""

    at: datetime
    who: str
    what: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HitPage:
    """One hit or notice with its story; the notice carries action and desk, never the reason."""

    card: NeedCard
    reference: str
    history: tuple[HistoryEntry, ...]
    passage_url: str = ""
    lookout_url: str = ""
    explanation: str = ""
