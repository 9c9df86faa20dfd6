"""Lorries whose fate can be counted: every event carries the lorry's mark, so each lorry is one passage."""

import datetime as dt
import json
import random
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

#: A body that holds these bytes ends the process that decodes it, as a bomb in a decoder would.
BOMB = b"nemesis-bomb"
#: A probe's reading above its threshold raises one alarm for the vehicle.
_SUSPECT = {"ppm": 1900, "ambient_ppm": 420, "threshold_ppm": 900}
_CLEAR = {"ppm": 500, "ambient_ppm": 420, "threshold_ppm": 900}


@dataclass(frozen=True)
class Parcel:
    """One delivery: the bytes, whose token, and the events in it as (device, event id)."""

    token: str
    body: bytes
    events: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Convoy:
    """Parcels in the order of sending, and what must come of them."""

    parcels: tuple[Parcel, ...]
    lorries: int
    suspects: int

    @property
    def events(self) -> list[tuple[str, str]]:
        """All its events as (device, event id), sorted."""
        return sorted(event for parcel in self.parcels for event in parcel.events)


def convoy_made(
    tokens: dict[str, Any], lorries: int, rng: random.Random, marks: Sequence[str] = ()
) -> Convoy:
    """So many lorries, each seen by two plate readers and a CO2 probe of one site; `marks` come by once each.

    The events of a device travel alone or a few together.
    """
    sites = _sites(tokens)
    at = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=90)
    collected: dict[str, list[dict[str, Any]]] = defaultdict(list)
    by_code = {device["code"]: device for site in sites for device in site}
    suspects = 0
    for number in range(lorries):
        mark = marks[number] if number < len(marks) else _mark(rng)
        suspect = number % 10 == 3
        suspects += suspect
        for step, device in enumerate(rng.choice(sites)):
            event = _event(device, mark, at + dt.timedelta(milliseconds=50 * number, seconds=step), suspect)
            collected[device["code"]].append(event)
    parcels = []
    for code, events in collected.items():
        while events:
            taken = [events.pop(0) for _ in range(min(len(events), rng.choice((1, 1, 3, 12))))]
            body = json.dumps(taken[0] if len(taken) == 1 else {"events": taken}).encode()
            parcels.append(Parcel(by_code[code]["token"], body, tuple((code, e["event_id"]) for e in taken)))
    rng.shuffle(parcels)
    return Convoy(tuple(parcels), lorries, suspects)


def _mark(rng: random.Random) -> str:
    """A mark that is no near miss of another: lorries that follow each other at 50 ms would be taken for one misread."""
    return "".join(rng.choices("ACDEFHJKLMNPRTUVWXY34679", k=9))


def _sites(tokens: dict[str, Any]) -> list[tuple[dict[str, Any], ...]]:
    """Of each site that has them: two plate readers and a probe that speak our own format themselves."""
    own = [device for device in tokens["devices"] if device["format"] == "native" and not device["gateway"]]
    sites = []
    for site in sorted({device["site"] for device in own}):
        readers = [device for device in own if device["site"] == site and device["kind"] == "anpr"]
        probes = [device for device in own if device["site"] == site and device["kind"] == "co2"]
        if len(readers) >= 2 and probes:
            sites.append((readers[0], readers[1], probes[0]))
    assert len(sites) >= 2, "the demonstration world has changed"
    return sites


def _event(device: dict[str, Any], mark: str, at: dt.datetime, suspect: bool) -> dict[str, Any]:
    event: dict[str, Any] = {
        "event_id": uuid.uuid4().hex,
        "at": at.isoformat(),
        "result": "clear",
        "marks": [{"kind": "tractor", "value": mark, "confidence": 0.9}],
    }
    if device["kind"] == "co2":
        event |= {"result": "suspect", "reading": _SUSPECT} if suspect else {"reading": _CLEAR}
    return event
