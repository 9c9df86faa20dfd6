"""Facts of an as-of answer as the page shows it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoryRow:
    """One line of the record's story; `after` is what came after the moment asked about."""

    at: datetime
    what: str
    who: str
    why: str
    changes: str
    after: bool


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading; who and why are empty for another agency's."""

    at: datetime
    agency: str
    who: str
    purpose: str
    channel: str


@dataclass(frozen=True, slots=True)
class ThroughRow:
    """One device that a passage or an alarm is seen through."""

    label: str
    why: str
    tone: str
    url: str


@dataclass(frozen=True, slots=True)
class AsOfPage:
    """The answer: the sentence, why, who did see it, who of the own agency could, the story, and what came since."""

    sentence: str
    tone: str
    verdict: str
    why: str
    label: str
    kind: str
    owner: str
    at: datetime
    needs: str
    officers: tuple[str, ...]
    readings: tuple[ReadingRow, ...]
    readings_recorded: bool
    story: tuple[StoryRow, ...]
    since: tuple[StoryRow, ...]
    through: tuple[ThroughRow, ...]
    is_own: bool
