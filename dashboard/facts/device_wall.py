"""Facts of the device wall: every device of a site as one tile, in groups that keep their place."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.facts.board import Choice


@dataclass(frozen=True, slots=True)
class DeviceTile:
    """One device. `code` is what stands after `prefix`, which is the site's and is left out on a large screen.

    `state` is working, fault, silent, out, limited, planned, off or unknown; `since` when it came into it, `until` when
    its outage is to be over; `hour`: vehicles in the last hour.
    """

    id: str
    code: str
    prefix: str
    kind: str
    short: str
    name: str
    lane: str
    owner: str
    state: str
    note: str = ""
    since: datetime | None = None
    until: datetime | None = None
    last_event: datetime | None = None
    hour: int = 0
    alarms: int = 0
    outage: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class TileGroup:
    """The tiles of one lane, technique or agency; `troubled` counts those that want somebody."""

    id: str
    title: str
    words: str
    tiles: tuple[DeviceTile, ...]
    troubled: int = 0
    version: str = ""


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many devices are in a state ("": all, "trouble": those that want somebody), and the address that shows them."""

    state: str
    word: str
    count: int
    query: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class DeviceWall:
    """All groups that fit the filter, the counts of everything, and what the wall may be grouped by.

    `query` is how this very wall is asked for again, `other` how the page beside it is: the large one for the small one.
    """

    groups: tuple[TileGroup, ...]
    counts: tuple[StateCount, ...]
    groupings: tuple[Choice, ...]
    as_of: str
    by: str = "lane"
    total: int = 0
    query: str = ""
    other: str = ""
    version: str = ""
