"""Lorries through one lane, as a true clock saw it: post by post, one at a time, nobody overtakes."""

import dataclasses
import random
from collections import defaultdict
from collections.abc import Iterator

from jocc.bench.labelled import figures, plates

#: The devices of a lane in the order in which a lorry meets them: what it is called, and what kind of device it is.
POSTS = (
    ("F", "anpr"),
    ("R", "anpr"),
    ("RPM", "radiation"),
    ("PMMW", "pmmw"),
    ("CO2", "co2"),
    ("HB", "heartbeat"),
    ("DOG", "dog"),
    ("KEY", "keyboard"),
    ("BAY", "search"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Lorry:
    """One visit, and what is painted on the lorry."""

    visit: int
    tractor: str
    trailer: str
    container: str


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """One device looked at one lorry, at this true time."""

    post: str
    lorry: Lorry
    at: float


def lane_passed(rng: random.Random, visits: range) -> Iterator[Look]:
    """What the devices of one lane see of so many lorries, the first of which comes within a minute."""
    walk = _Lane(rng)
    arrives, lorry = rng.uniform(0, 60), None
    for visit in visits:
        lorry = _lorry(rng, visit, lorry)
        for post, at in walk.through(arrives):
            if rng.random() >= figures.NOT_SEEN:
                yield Look(post, lorry, at)
                if post in {"F", "R"} and rng.random() < figures.SEEN_AGAIN:
                    yield Look(post, lorry, at + rng.uniform(*figures.AGAIN_AFTER))
        arrives += _headway(rng)


def _headway(rng: random.Random) -> float:
    if rng.random() < figures.CLOSE_FOLLOWERS:
        return rng.uniform(*figures.CLOSE_HEADWAY)
    close = figures.CLOSE_FOLLOWERS
    others = (figures.HEADWAY_MEAN - close * sum(figures.CLOSE_HEADWAY) / 2) / (1 - close)
    more = rng.expovariate(1 / (others - figures.HEADWAY_LEAST))
    return min(figures.HEADWAY_LEAST + more, figures.HEADWAY_MOST)


def _lorry(rng: random.Random, visit: int, before: Lorry | None) -> Lorry:
    tractor = plates.plate_made(rng)
    if before is not None and rng.random() < figures.FLEET_MATE:
        tractor = plates.fleet_mate(rng, before.tractor)
    trailer = "" if rng.random() < figures.RIGID else plates.plate_made(rng)
    container = plates.container_made(rng) if trailer and rng.random() < figures.CONTAINER else ""
    return Lorry(visit, tractor, trailer, container)


class _Lane:
    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._factor = rng.uniform(*figures.LANE_FACTOR)
        self._left: defaultdict[str, float] = defaultdict(lambda: float("-inf"))
        self._stops: list[float] = []

    def through(self, arrives: float) -> list[tuple[str, float]]:
        """The posts that see a lorry that arrives then, with their times."""
        chance = self._rng.random
        with_heartbeat, with_dog = chance() < figures.HEARTBEAT, chance() < figures.DOG
        with_booth, with_search = chance() < figures.BOOTH, chance() < figures.SEARCH
        with_booth = with_booth or not (with_heartbeat or with_dog or with_search)

        if len(self._stops) >= figures.ROOM:
            arrives = max(arrives, self._stops[-figures.ROOM])
        front = self._begin("gantry", arrives)
        rear = self._end("gantry", front + self._takes(figures.FRONT_TO_REAR))
        portal = self._begin("portal", front + self._takes(figures.TO_PORTAL))
        seen = [("F", front), ("R", rear), ("RPM", portal + self._takes(figures.PORTAL_AFTER))]
        inside = portal + self._takes(figures.IN_PORTAL)
        wave = self._begin("wave", inside + self._takes(figures.TO_WAVE))
        self._end("portal", max(inside, wave - self._factor * figures.TO_WAVE[0]))
        scanned = wave + self._takes(figures.IN_WAVE)
        seen.append(("PMMW", scanned))
        stop = self._begin("stop", scanned + self._takes(figures.TO_STOP))
        self._end("wave", max(scanned, stop - self._factor * figures.TO_STOP[0]))
        self._stops.append(stop)
        probed = stop + self._takes(figures.CO2_TAKES)
        heard = stop + self._takes(figures.HEARTBEAT_TAKES) if with_heartbeat else probed
        seen.append(("CO2", probed))
        if with_heartbeat:
            seen.append(("HB", heard))
        if with_dog:
            seen.append(("DOG", self._rng.uniform(stop + 5, max(probed, heard))))
        ready = max(probed, heard)
        booth = self._begin("booth", ready + self._takes(figures.TO_BOOTH))
        self._end("stop", max(ready, booth - self._factor * figures.TO_BOOTH[0]))
        leaves = self._end("booth", booth + self._takes(figures.IN_BOOTH))
        if with_booth:
            seen.append(("KEY", self._rng.uniform(booth, leaves)))
        if with_search:
            bay = leaves + self._takes(figures.TO_BAY)
            seen.append(("BAY", bay + self._takes(figures.IN_BAY)))
        return seen

    def _takes(self, seconds: tuple[float, float]) -> float:
        return self._factor * self._rng.uniform(*seconds)

    def _begin(self, post: str, arrives: float) -> float:
        """When the lorry is at the post: after the one before has left it."""
        return max(arrives, self._left[post] + self._rng.uniform(*figures.MOVE_UP))

    def _end(self, post: str, at: float) -> float:
        self._left[post] = at
        return at
