"""What the devices of a lane report of each lorry, as bodies that are ready to be posted."""

import dataclasses
import datetime as dt
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

from jocc.bench.equipment import BenchDevice, BenchLane
from scanning.choices import DeviceKind

#: A lane clears every 20 to 30 seconds.
_BETWEEN_S = (20.0, 30.0)
_LETTERS = "ABCDEFGHJKLMNPRSTVWXYZ"
#: Country and the shape of its plates: A a letter, 9 a digit.
_SHAPES = (
    ("GB", "AA99 AAA"),
    ("FR", "AA-999-AA"),
    ("PL", "AA 99999"),
    ("RO", "AA 99 AAA"),
    ("NL", "99-AAA-9"),
    ("DE", "AAA AA 9999"),
    ("ES", "9999 AAA"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery, ready to be posted."""

    token: str
    body: bytes
    events: int


def mark_made(rng: random.Random) -> tuple[str, str]:
    """An invented registration mark and its country."""
    country, shape = rng.choice(_SHAPES)
    drawn = (
        rng.choice(_LETTERS) if sign == "A" else rng.choice("0123456789") if sign == "9" else sign
        for sign in shape
    )
    return "".join(drawn), country


class Traffic:
    """Lorries in lanes, from a time in the past on. The same seed gives the same lorries.

    `wanted` are marks from the watch-list; one event in a thousand carries one (a lorry has four events, so
    one lorry in 250 is looked for).
    """

    def __init__(self, seed: int, start: dt.datetime, wanted: Sequence[str] = ()) -> None:
        self._rng = random.Random(seed)  # noqa: S311  (invented lorries)
        self._seed = seed
        self._clock: dict[str, dt.datetime] = {}
        self._start = start
        self._wanted = wanted
        self._lorries = 0
        self.looked_for = 0

    def lorry(self, lane: BenchLane, at: dt.datetime | None = None) -> dict[BenchDevice, dict[str, Any]]:
        """One lorry's events, by device. Without a time it comes after the lane's last one."""
        rng = self._rng
        if at is None:
            gap = dt.timedelta(seconds=rng.uniform(*_BETWEEN_S))
            at = self._clock[lane.code] = self._clock.get(lane.code, self._start) + gap
        self._lorries += 1
        tractor, country = mark_made(rng)
        if self._wanted and self._lorries % 250 == 0:
            tractor = rng.choice(self._wanted)
            self.looked_for += 1
        trailer, trailer_country = mark_made(rng)
        behind = [_mark(rng, "trailer", trailer, trailer_country)]
        if rng.random() < 0.1:
            behind.append(_mark(rng, "container", _container(rng), ""))
        return {
            lane.front: self._event(at, "clear", marks=[_mark(rng, "tractor", tractor, country)]),
            lane.rear: self._event(at + dt.timedelta(seconds=4), "clear", marks=behind),
            lane.portal: self._event(at + dt.timedelta(seconds=8), *_radiation(rng)),
            lane.screen: self._event(at + dt.timedelta(seconds=14), *_screened(rng, lane.screen.kind)),
        }

    def _event(
        self,
        at: dt.datetime,
        result: str,
        reading: dict[str, Any] | None = None,
        marks: list[dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        event: dict[str, Any] = {
            "event_id": f"{self._seed:x}-{self._rng.getrandbits(64):016x}",
            "at": at.isoformat(timespec="milliseconds"),
            "result": result,
        }
        if marks:
            event |= {"marks": marks, "confidence": min(mark["confidence"] for mark in marks)}
        if reading:
            event["reading"] = reading
        return event

    def parcels(self, lanes: Sequence[BenchLane], lorries: int, size: int) -> Iterator[Parcel]:
        """Deliveries of `size` events for so many lorries, spread evenly over the lanes, lane after lane.

        Each device sends what it has collected: the four deliveries of a lane tell of the same lorries.
        """
        left = lorries
        while left > 0:
            for lane in lanes:
                seen = [self.lorry(lane) for _ in range(min(size, left))]
                left -= len(seen)
                for device in lane.devices:
                    if seen:
                        yield parcel(device, [events[device] for events in seen])


def parcel(device: BenchDevice, events: Sequence[dict[str, Any]]) -> Parcel:
    """A delivery of one device: one event alone, several as a batch."""
    tree: Any = events[0] if len(events) == 1 else {"events": events}
    return Parcel(device.token, json.dumps(tree, ensure_ascii=False).encode(), len(events))


def _mark(rng: random.Random, kind: str, value: str, country: str) -> dict[str, Any]:
    mark: dict[str, Any] = {"kind": kind, "value": value, "confidence": round(rng.uniform(0.75, 0.99), 3)}
    return mark | ({"country": country} if country else {})


def _container(rng: random.Random) -> str:
    """A container's number without a right check digit: readers deliver those too."""
    return (
        "".join(rng.choice(_LETTERS) for _ in range(3))
        + "U"
        + "".join(rng.choice("0123456789") for _ in range(7))
    )


def _radiation(rng: random.Random) -> tuple[str, dict[str, Any]]:
    alarm = rng.random() < 0.002
    reading = {
        "gamma_counts": rng.randint(2_000, 3_000) + (9_000 if alarm else 0),
        "gamma_background": rng.randint(2_000, 2_400),
        "neutron_counts": rng.randint(0, 6),
        "gamma_alarm": alarm,
        "neutron_alarm": False,
        "speed_kmh": round(rng.uniform(4, 9), 1),
    }
    return ("suspect" if alarm else "clear"), reading


def _screened(rng: random.Random, kind: str) -> tuple[str, dict[str, Any]]:
    suspect = rng.random() < 0.01
    result = "suspect" if suspect else "clear"
    if kind == DeviceKind.HEARTBEAT:
        lights = ["red", "red", "red", "green"] if suspect else ["green"] * 4
        return result, {f"sensor_{n}": light for n, light in enumerate(lights, start=1)} | {
            "engine_off": True
        }
    if kind == DeviceKind.CO2:
        return result, {
            "ppm": rng.randint(950, 3_000) if suspect else rng.randint(420, 800),
            "ambient_ppm": 420,
            "threshold_ppm": 900,
        }
    view = "shapes behind the load" if suspect else "even load"
    return result, {"body": "soft", "operator_view": view, "speed_kmh": round(rng.uniform(3, 6), 1)}
