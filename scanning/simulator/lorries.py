"""Lorries: what they are, what they bear and what is in them. Everything is drawn from one given chance."""

from dataclasses import dataclass
from random import Random

from scanning.choices import MarkKind
from scanning.simulator import figures
from scanning.simulator.port import ShownMark
from scanning.simulator.registrations import container_number, trailer_mark, vehicle_mark


@dataclass(frozen=True, slots=True)
class LorryMark:
    """One mark as it is painted, with its country (empty for a container)."""

    part: str
    value: str
    country: str


@dataclass(frozen=True, slots=True)
class Lorry:
    """One lorry on its way. What is in the load is the truth that the devices try to find."""

    tractor: LorryMark
    trailer: LorryMark | None
    container: LorryMark | None
    body: str
    goods: str
    persons: int
    contraband: str
    gamma: bool
    neutron: bool

    @property
    def marks(self) -> tuple[LorryMark, ...]:
        """The lorry's marks, tractor first."""
        return tuple(mark for mark in (self.tractor, self.trailer, self.container) if mark is not None)


def drawn_lorry(rng: Random, shown: tuple[ShownMark, ...]) -> Lorry:
    """Return the next lorry. Now and then it bears one of the marks that shall turn up."""
    country = _weighted(rng, figures.TRACTOR_COUNTRIES)
    body = _weighted(rng, figures.BODIES)
    tractor = LorryMark(MarkKind.TRACTOR.value, vehicle_mark(rng, country), country)
    trailer = None if body == "van" else _trailer(rng, country)
    container = None
    if body == "container":
        container = LorryMark(MarkKind.CONTAINER.value, container_number(rng), "")
    persons = rng.randint(1, 6) if rng.random() < figures.PERSONS_IN_LOAD else 0
    contraband = rng.choice(figures.CONTRABAND) if rng.random() < figures.CONTRABAND_IN_LOAD else ""
    gamma, neutron = rng.random() < figures.GAMMA_CARGO, rng.random() < figures.NEUTRON_SOURCE
    goods = "ceramic tiles" if gamma else rng.choice(figures.GOODS)
    if shown and rng.random() < figures.MARK_TO_SHOW:
        mark = rng.choice(shown)
        worn = LorryMark(mark.part, mark.value, mark.country)
        tractor = worn if mark.part == MarkKind.TRACTOR else tractor
        trailer = worn if mark.part == MarkKind.TRAILER else trailer
        if mark.part == MarkKind.CONTAINER:
            container, body = worn, "container"
    return Lorry(tractor, trailer, container, body, goods, persons, contraband, gamma, neutron)


def _trailer(rng: Random, tractor_country: str) -> LorryMark:
    own = rng.random() < figures.TRAILER_OF_TRACTORS_COUNTRY
    country = tractor_country if own else _weighted(rng, figures.TRACTOR_COUNTRIES)
    return LorryMark(MarkKind.TRAILER.value, trailer_mark(rng, country), country)


def _weighted(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]
