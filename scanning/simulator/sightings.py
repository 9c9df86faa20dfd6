"""A lorry's way through a lane, told by what each device sees: plates first, portal, primary screen, bays."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from scanning.choices import DeviceFormat, DeviceKind, EventType, Result, Selection
from scanning.facts import Scalar
from scanning.simulator import figures
from scanning.simulator.lorries import Lorry, LorryMark
from scanning.simulator.port import Port, SimDevice, SimLane
from scanning.simulator.screening import image_of, screened, searched

_SUSPICIOUS = frozenset({Result.SUSPECT.value, Result.INDETERMINATE.value})
# The bays in their order, with how often a lorry goes there by chance and after a suspicion.
_BAYS = (
    (DeviceKind.DOG.value, figures.DOG_AT_RANDOM, 1.0),
    (DeviceKind.XRAY.value, figures.IMAGE_AT_RANDOM, figures.IMAGE_AT_RANDOM),
    (DeviceKind.GAMMA.value, figures.IMAGE_AT_RANDOM, figures.IMAGE_AT_RANDOM),
    (DeviceKind.SEARCH.value, figures.SEARCH_AT_RANDOM, figures.SEARCH_AFTER_SUSPICION),
)
_BAY_WORK = {
    DeviceKind.DOG.value: screened,
    DeviceKind.XRAY.value: image_of,
    DeviceKind.GAMMA.value: image_of,
    DeviceKind.SEARCH.value: searched,
}


@dataclass(frozen=True, slots=True)
class Read:
    """A mark as a device read it, which is not always what is painted."""

    part: str
    value: str
    country: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one device saw, `at` seconds after the start of the run by a true clock."""

    device: SimDevice
    at: float
    result: str
    type: str = EventType.DETECTION.value
    reads: tuple[Read, ...] = ()
    reading: dict[str, Scalar] = field(default_factory=dict)
    reason: str = ""
    repeats: int = 0
    lorry: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One lorry in one lane, which it reaches `entry` seconds after the start; `number` counts the lorries."""

    port: Port
    lane: SimLane
    lorry: Lorry
    entry: float
    number: int

    @property
    def told(self) -> tuple[Read, ...]:
        """The marks as a member of the team enters them: as painted, and without a confidence."""
        return tuple(Read(mark.part, mark.value, mark.country) for mark in self.lorry.marks[:2])


def journey(rng: Random, visit: Visit) -> list[Sighting]:
    """Return everything the port sees of one lorry, from the first reader to the bays."""
    seen = [*_plates(rng, visit)]
    if not any(sighting.reads for sighting in seen):
        seen.extend(_typed_in(rng, visit))
    seen.extend(_portal(rng, visit, device) for device in visit.lane.of_kind(DeviceKind.RADIATION))
    primary = [_screen(rng, visit, device, step) for step, device in enumerate(_primary(visit))]
    suspicion = any(sighting.result in _SUSPICIOUS for sighting in primary)
    return [*seen, *primary, *_secondary(rng, visit, suspicion)]


def _plates(rng: Random, visit: Visit) -> Iterator[Sighting]:
    readers = visit.lane.of_kind(DeviceKind.ANPR)
    alone = not any(device.looks_at_rear for device in readers)
    for device in readers:
        rear = device.looks_at_rear
        marks = _visible(rng, visit.lorry, device, alone=alone)
        reads = tuple(_as_read(rng, mark) for mark in marks if rng.random() >= figures.PLATE_NOT_READ)
        yield Sighting(
            device,
            visit.entry + (rng.uniform(3, 4.5) if rear else rng.uniform(0, 1)),
            (Result.CLEAR if reads else Result.INDETERMINATE).value,
            reads=reads,
            reading={"view": "rear" if rear else "front"},
            repeats=int(rng.random() < figures.READ_TWICE),
            lorry=visit.number,
        )


def _typed_in(rng: Random, visit: Visit) -> Iterator[Sighting]:
    """Where no reader could read, somebody types the plates in."""
    for device in visit.port.near(visit.lane, DeviceKind.KEYBOARD)[:1]:
        at = visit.entry + rng.uniform(8, 15)
        yield Sighting(device, at, Result.CLEAR.value, reads=visit.told, lorry=visit.number)


def _visible(rng: Random, lorry: Lorry, device: SimDevice, *, alone: bool) -> tuple[LorryMark, ...]:
    """The front shows the tractor, the rear the trailer and, to our own readers, the container's doors.

    Where no reader looks at the rear, our own heads at the front have a second eye that does.
    """
    ours = device.format == DeviceFormat.NATIVE
    if lorry.trailer is None:
        return (lorry.tractor,)
    if not device.looks_at_rear:
        return (lorry.tractor, lorry.trailer) if alone and ours and rng.random() < 0.8 else (lorry.tractor,)
    if ours and lorry.container is not None and rng.random() < 0.7:
        return lorry.trailer, lorry.container
    return (lorry.trailer,)


_SWAPS = {"0": "O", "O": "0", "1": "I", "I": "1", "8": "B", "B": "8", "5": "S", "S": "5", "2": "Z", "Z": "2"}


def _as_read(rng: Random, mark: LorryMark) -> Read:
    """A reader drops the separators, and now and then confuses or loses a character."""
    text = "".join(character for character in mark.value if character.isalnum())
    if rng.random() >= figures.PLATE_MISREAD:
        return Read(mark.part, text, mark.country, round(rng.uniform(0.86, 0.99), 3))
    confused = [place for place, character in enumerate(text) if character in _SWAPS]
    place = rng.choice(confused) if confused and rng.random() < 0.7 else rng.randrange(len(text))
    with_error = text[:place] + _SWAPS.get(text[place], "") + text[place + 1 :]
    country = mark.country if rng.random() < 0.8 else ""
    return Read(mark.part, with_error or text, country, round(rng.uniform(0.45, 0.85), 3))


def _portal(rng: Random, visit: Visit, device: SimDevice) -> Sighting:
    lorry = visit.lorry
    background = rng.uniform(380, 430)
    reading: dict[str, Scalar] = {
        "gamma_background": round(background, 1),
        "gamma_counts": round(
            background * (rng.uniform(2.2, 5) if lorry.gamma else rng.uniform(0.7, 1.05)), 1
        ),
        "neutron_counts": rng.randint(8, 30) if lorry.neutron else rng.randint(0, 2),
        "gamma_alarm": lorry.gamma,
        "neutron_alarm": lorry.neutron,
        "occupancy_seconds": round(rng.uniform(3, 7), 1),
        "speed_kmh": round(rng.uniform(6, 14), 1),
    }
    if lorry.gamma:
        reading["nuclides"] = rng.choice(("K-40", "Ra-226", "Th-232"))
    result = Result.SUSPECT if lorry.gamma or lorry.neutron else Result.CLEAR
    return Sighting(
        device, visit.entry + rng.uniform(6, 9), result.value, reading=reading, lorry=visit.number
    )


def _primary(visit: Visit) -> list[SimDevice]:
    """Millimetre wave for soft sides; heartbeat and CO₂ for what it cannot see into."""
    wave = visit.lane.of_kind(DeviceKind.PMMW)
    if visit.lorry.body == "soft" and wave:
        return list(wave[:1])
    kinds = (DeviceKind.HEARTBEAT.value, DeviceKind.CO2.value)
    return [device for kind in kinds for device in visit.port.near(visit.lane, kind)[:1]]


def _screen(rng: Random, visit: Visit, device: SimDevice, step: int) -> Sighting:
    at = visit.entry + 11 + 3 * step + rng.uniform(0, 2)
    away = (device.site, device.lane) != (visit.lane.site, visit.lane.name)
    reads = visit.told if away or rng.random() < figures.MARK_GIVEN_IN_LANE else ()
    if rng.random() < figures.NOT_PERFORMED:
        reason = rng.choice(("lane was closed", "driver was waved on", "engine could not be stopped"))
        return Sighting(
            device, at, Result.NOT_PERFORMED.value, reads=reads, reason=reason, lorry=visit.number
        )
    result, reading = screened(rng, device.kind, visit.lorry)
    return Sighting(device, at, result, reads=reads, reading=reading, lorry=visit.number)


def _secondary(rng: Random, visit: Visit, suspicion: bool) -> Iterator[Sighting]:
    """Bays away from the lane: whoever works there says which lorry it is."""
    at = visit.entry + rng.uniform(90, 150)
    for kind, at_random, when_suspect in _BAYS:
        devices = visit.port.near(visit.lane, kind)
        if rng.random() >= (when_suspect if suspicion else at_random) or not devices:
            continue
        result, reading = _BAY_WORK[kind](rng, kind, visit.lorry)
        if kind == DeviceKind.SEARCH:
            reading["selection"] = (Selection.SUSPICION if suspicion else Selection.RANDOM).value
        suspicion = suspicion or result == Result.SUSPECT
        device = rng.choice(devices)
        yield Sighting(device, at, result, reads=visit.told, reading=reading, lorry=visit.number)
        at += rng.uniform(60, 240)
