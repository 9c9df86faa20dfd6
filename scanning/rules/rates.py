"""How well a device finds: real alarms, false alarms and misses, each with how sure the figure is. Pure.

What a search or a later find proves is set against what each device said about the same passage:

- suspect, and found: real; suspect, searched and nothing found (or adjudicated so): a false alarm; suspect with
  an innocent cause: innocent; suspect and never looked into: open.
- clear, and found: a miss, where the technique could have found it (an X-ray misses goods, not a heartbeat).

Searches follow suspicions, so real and false alarms are known well and misses hardly at all. Only vehicles that were
drawn at random tell how much is missed: of what was found in them, how much had the device called suspect?
Intervals are Wilson's at 95 % (Wilson 1927): they stay right for few cases, where the usual ones lie.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from scanning.choices import Adjudged, DeviceKind, Find, Result

_Z = 1.959963984540054
#: What each technique can find at all.
FINDS: Mapping[str, frozenset[str]] = {
    DeviceKind.XRAY.value: frozenset({Find.GOODS.value}),
    DeviceKind.GAMMA.value: frozenset({Find.GOODS.value}),
    DeviceKind.PMMW.value: frozenset({Find.PERSONS.value}),
    DeviceKind.CO2.value: frozenset({Find.PERSONS.value}),
    DeviceKind.HEARTBEAT.value: frozenset({Find.PERSONS.value}),
    DeviceKind.RADIATION.value: frozenset({Find.RADIATION.value}),
    DeviceKind.DOG.value: frozenset({Find.PERSONS.value, Find.GOODS.value}),
}
_REAL, _INNOCENT, _FALSE = "real", "innocent", "false"


class Looked(NamedTuple):
    """What one device said about one passage, and what its alarm was adjudicated ("" not)."""

    key: str
    kind: str
    passage_id: int
    result: str
    adjudged: str = ""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of one passage's load: what was found (nothing: searched in vain), by how long a search, and
    whether the vehicle was drawn at random."""

    finds: frozenset[str] = frozenset()
    minutes: float = 0.0
    is_random: bool = False
    is_searched: bool = True


class Rate(NamedTuple):
    """`part` of `whole`, and between which shares the true one lies (95 %); None for nothing at all."""

    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(slots=True)
class Tally:
    """The counts of one device, method, lane or agency."""

    looked: int = 0
    suspect: int = 0
    real: int = 0
    innocent: int = 0
    false: int = 0
    open: int = 0
    misses: int = 0
    random_found: int = 0
    random_seen: int = 0
    minutes: float = 0.0
    #: What the real ones were: vehicles with persons, goods, radioactive material; one may have several.
    persons: int = 0
    goods: int = 0
    radiation: int = 0
    kinds: set[str] = field(default_factory=set)

    @property
    def real_rate(self) -> Rate:
        """Of the suspicions that were resolved, how many were real."""
        return rate(self.real, self.real + self.innocent + self.false)

    @property
    def false_rate(self) -> Rate:
        """Of all vehicles looked at, how many were suspected for nothing."""
        return rate(self.false, self.looked)

    @property
    def detection_rate(self) -> Rate:
        """Of what random searches found, how much the device had called suspect: the only honest figure for misses."""
        return rate(self.random_seen, self.random_found)

    @property
    def minutes_per_find(self) -> float | None:
        """Minutes of searching that this device's suspicions cost for each find; None without a find."""
        return self.minutes / self.real if self.real else None


def rate(part: int, whole: int) -> Rate:
    """The share with Wilson's 95 % interval."""
    if whole <= 0:
        return Rate(part, whole, None, None, None)
    share, square = part / whole, _Z * _Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = _Z * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    # At both ends the bound is the end itself; arithmetic alone would miss it by its last digit.
    low = 0.0 if part == 0 else max(0.0, middle - half)
    return Rate(part, whole, share, low, 1.0 if part == whole else min(1.0, middle + half))


def tallies(
    counted: Iterable[tuple[str, str, int, int]],
    looked: Iterable[Looked],
    truths: Mapping[int, Truth],
) -> dict[str, Tally]:
    """The tally of each key.

    `counted` are (key, kind, looked at, suspect) of all passages; `looked` names one by one those that were suspect or
    of which the truth is known.
    """
    found: dict[str, Tally] = {}
    for key, kind, number, suspect in counted:
        tally = found.setdefault(key, Tally())
        tally.looked += number
        tally.suspect += suspect
        tally.kinds.add(kind)
    for one in looked:
        _judge(found.setdefault(one.key, Tally()), one, truths.get(one.passage_id))
    return found


def _judge(tally: Tally, one: Looked, truth: Truth | None) -> None:
    within_reach = truth is not None and bool(truth.finds & FINDS.get(one.kind, frozenset()))
    if truth is not None and truth.is_random and within_reach:
        tally.random_found += 1
        tally.random_seen += one.result == Result.SUSPECT
    if one.result != Result.SUSPECT:
        tally.misses += one.result == Result.CLEAR and within_reach
        return
    if truth is not None:
        tally.minutes += truth.minutes
    verdict = _verdict(one, truth, within_reach=within_reach)
    tally.real += verdict == _REAL
    if verdict == _REAL:
        found = _found(one, truth)
        tally.persons += Find.PERSONS in found
        tally.goods += Find.GOODS in found
        tally.radiation += Find.RADIATION in found
    tally.innocent += verdict == _INNOCENT
    tally.false += verdict == _FALSE
    tally.open += verdict == ""


def _verdict(one: Looked, truth: Truth | None, *, within_reach: bool) -> str:
    """What an officer stated comes first; then what a search proved."""
    if one.adjudged:
        return verdict_of(one.adjudged)
    if within_reach:
        return _REAL
    if truth is not None and truth.is_searched:
        return _FALSE
    return ""


def _found(one: Looked, truth: Truth | None) -> frozenset[str]:
    """What a real alarm was about: what a search proved, else what the officer stated; nothing where neither says it."""
    reach = FINDS.get(one.kind, frozenset())
    if truth is not None and truth.finds & reach:
        return truth.finds & reach
    stated = {
        Adjudged.REAL_PERSONS.value: Find.PERSONS.value,
        Adjudged.REAL_CONTRABAND.value: Find.GOODS.value,
    }
    if one.adjudged == Adjudged.REAL_OTHER and one.kind == DeviceKind.RADIATION:
        return frozenset({Find.RADIATION.value})
    return frozenset({stated[one.adjudged]}) if one.adjudged in stated else frozenset()


def verdict_of(code: str) -> str:
    """real, innocent or false."""
    return {"real": _REAL, "innocent": _INNOCENT}.get(Adjudged(code).value.partition("_")[0], _FALSE)
