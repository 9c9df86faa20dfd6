"""Facts of the frame round every page: who is looking, where, when, on whose shift."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """A site the officer may work at."""

    code: str
    name: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation; `waiting` is how many things there need the officer."""

    url_name: str
    label: str
    current: bool = False
    waiting: int = 0
    tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class ShiftInfo:
    """Whose shift it is at the officer's desk."""

    desk: str
    starts: datetime
    ends: datetime
    lead: str = ""
    mates: tuple[str, ...] = ()
    ends_soon: bool = False


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language the interface speaks, named in itself."""

    code: str
    name: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """The header: site, time, shift, officer and the officer's own settings."""

    officer_name: str
    badge: str
    agency_code: str
    agency_name: str
    role: str
    now: datetime
    zone: str
    sites: tuple[SiteChoice, ...] = ()
    nav: tuple[NavItem, ...] = ()
    languages: tuple[LanguageChoice, ...] = ()
    shift: ShiftInfo | None = None
    theme: str = "system"
    density: str = "compact"
    shortcuts: bool = True
    may_check: bool = False
    may_enter: bool = False
    may_administer: bool = False
    may_ask: bool = False
    demonstration: bool = False
    site: SiteChoice | None = field(default=None)
