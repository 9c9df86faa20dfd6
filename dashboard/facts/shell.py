"""Facts of the frame round every page: who is looking, where, when, on whose shift."""

from dataclasses import dataclass, field
from datetime import datetime

_MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class Call:
    """An alarm that calls the duty supervisor."""

    id: str
    url: str
    title: str
    where: str
    since: datetime


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """A site the officer may work at."""

    code: str
    name: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation; `waiting` is how many things there need the officer.

    `seldom` is what is not needed every hour: it stands in a menu, so that the rest fits a desk's screen.
    """

    url_name: str
    label: str
    current: bool = False
    waiting: int = 0
    tone: str = "quiet"
    seldom: bool = False

    @property
    def count(self) -> str:
        """How many, in two digits: beyond that nobody counts."""
        return "99+" if self.waiting > _MOST_COUNTED else str(self.waiting)


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
    idle_s: int = 3600
    #: What calls a duty supervisor whose shift runs; None for everybody else.
    calls: tuple[Call, ...] | None = None
    site: SiteChoice | None = field(default=None)

    @property
    def nav_now(self) -> tuple[NavItem, ...]:
        """What an officer goes to all the time."""
        return tuple(item for item in self.nav if not item.seldom)

    @property
    def nav_more(self) -> tuple[NavItem, ...]:
        """What stands in the menu beside it."""
        return tuple(item for item in self.nav if item.seldom)

    @property
    def nav_more_waiting(self) -> int:
        """How many things wait for the officer behind that menu, but for those of this page: they stand at its name."""
        return sum(item.waiting for item in self.nav_more if not item.current)

    @property
    def nav_more_here(self) -> NavItem | None:
        """The entry of that menu whose page this is: its name takes the menu's place."""
        return next((item for item in self.nav_more if item.current), None)
