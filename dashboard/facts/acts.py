"""Facts of what an officer can do about something, and of labelled details."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Detail:
    """A labelled value; `url` when it leads somewhere, `mono` for marks and identifiers."""

    label: str
    value: str
    url: str = ""
    mono: bool = False
    tone: str = "quiet"
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason to choose from when an act must be justified."""

    code: str
    word: str


@dataclass(frozen=True, slots=True)
class Act:
    """One thing the officer may do now. `shortcut` is a single key; `style` is primary, plain,
    danger or quiet; with `reasons` the act is carried out by choosing one of them. What it `asks` for in
    words is written before."""

    code: str
    label: str
    shortcut: str = ""
    style: str = "plain"
    reasons: tuple[Reason, ...] = ()
    hint: str = ""
    asks: str = ""
