"""What goes wrong with each device on its own: its clock, its faults, its link. Fixed by the seed and its code."""

from dataclasses import dataclass, field
from random import Random

from scanning.simulator import figures
from scanning.simulator.chance import chance
from scanning.simulator.port import SimDevice


@dataclass(frozen=True, slots=True)
class Spell:
    """A time during which something is wrong, in seconds after the start of the run."""

    begin: float
    end: float
    reason: str


@dataclass(slots=True)
class Trouble:
    """Spells of one sort of one device, worked out as far as the run has come."""

    rng: Random
    every_hours: float
    lasts: tuple[float, float]
    reasons: tuple[str, ...]
    spells: list[Spell] = field(default_factory=list)

    def at(self, moment: float) -> Spell | None:
        """Return the spell that covers the moment. Moments may be asked for in any order."""
        self._reach(moment)
        return next((spell for spell in reversed(self.spells) if spell.begin <= moment < spell.end), None)

    def begun_between(self, begin: float, end: float) -> list[Spell]:
        """Return the spells that begin within [begin, end)."""
        self._reach(end)
        return [spell for spell in self.spells if begin <= spell.begin < end]

    def _reach(self, moment: float) -> None:
        while not self.spells or self.spells[-1].begin <= moment:
            last = self.spells[-1].end if self.spells else 0.0
            begin = last + self.rng.expovariate(1 / (self.every_hours * 3600))
            end = begin + self.rng.uniform(*self.lasts)
            self.spells.append(Spell(begin, end, self.rng.choice(self.reasons)))


@dataclass(frozen=True, slots=True)
class Nature:
    """How one device behaves throughout a run: seconds its clock is ahead, its faults, its lost links."""

    ahead: float
    faults: Trouble
    outages: Trouble


def nature_of(device: SimDevice, seed: int) -> Nature:
    """Return the device's nature; the same for the same seed, whatever else the port holds."""
    rng = chance(seed, device.code)
    ahead = rng.choices(list(figures.CLOCK_SKEWS_SECONDS), list(figures.CLOCK_SKEWS_SECONDS.values()))[0]
    return Nature(
        ahead + rng.uniform(-0.15, 0.15),
        Trouble(chance(seed, device.code, "fault"), figures.FAULT_EVERY_HOURS, (90, 360), figures.FAULTS),
        Trouble(chance(seed, device.code, "link"), figures.OUTAGE_EVERY_HOURS, (45, 420), ("no link",)),
    )
