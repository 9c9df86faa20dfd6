"""The endless stream of what a port's devices post, in the order in which it leaves them.

Pure: the same port, seed, start and rate give the same bytes at the same times. Lorries, marks and troubles
depend on the seed alone; event ids also on the start, so that two runs on one server never claim the same id
for different events.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from scanning.choices import DeviceFormat, DeviceKind, EventType, Result
from scanning.simulator import figures
from scanning.simulator.chance import chance
from scanning.simulator.clocks import Nature, nature_of
from scanning.simulator.lorries import drawn_lorry
from scanning.simulator.payloads_anpr import (
    axis_body,
    hikvision_body,
    hikvision_heartbeat,
    openalpr_body,
    openalpr_heartbeat,
    plate_recognizer_body,
)
from scanning.simulator.payloads_n42 import CONTENT_TYPE as N42_TYPE
from scanning.simulator.payloads_n42 import n42_body
from scanning.simulator.payloads_native import CONTENT_TYPE as NATIVE_TYPE
from scanning.simulator.payloads_native import native_body, native_event
from scanning.simulator.pictures import VIEWS, scan_picture
from scanning.simulator.port import Port, SimDevice, SimLane
from scanning.simulator.sightings import Sighting, Visit, journey

_TICK = 5.0
_LONGEST_QUEUE = 300.0
IMAGES = "/api/v1/deliveries/images/"
# A scan that was not done shows nothing.
_SHOWN = frozenset({Result.CLEAR.value, Result.SUSPECT.value, Result.INDETERMINATE.value})


@dataclass(frozen=True, slots=True)
class Posting:
    """One HTTP request a device makes, `due` seconds after the start. `sort` says why it is made; `path` is for what
    goes elsewhere than deliveries do.
    """

    due: float
    device: SimDevice
    body: bytes
    content_type: str
    sort: str = "event"
    events: int = 1
    lorry: int | None = None
    path: str = ""


@dataclass(order=True, slots=True)
class _Queued:
    due: float
    number: int
    posting: Posting | None = field(compare=False)
    flush: tuple[str, float] | None = field(compare=False, default=None)


def postings(port: Port, *, seed: int, start: datetime, rate: float) -> Iterator[Posting]:
    """Yield postings for ever, by due time. `rate` is lorries per hour; `start` must carry an offset."""
    return _World(port, seed, start, rate).run()


class _World:
    def __init__(self, port: Port, seed: int, start: datetime, rate: float) -> None:
        self._port, self._start, self._rate = port, start, rate
        run = format(int(start.timestamp() * 1000), "x")
        self._rng, self._ids = chance(seed, "lorries"), chance(seed, run, "ids")
        self._run, self._events, self._lorries, self._cars = run, 0, 0, 0
        self._queue: list[_Queued] = []
        self._queued = 0
        self._free = dict.fromkeys(port.lanes, 0.0)
        self._waiting: dict[tuple[str, float], list[dict[str, Any]]] = {}
        self._devices = {d.code: d for lane in port.lanes for d in lane.devices} | {
            d.code: d for d in port.shared
        }
        self._natures = {code: nature_of(device, seed) for code, device in self._devices.items()}
        phases = chance(seed, "status")
        self._next_status = {code: phases.uniform(0, figures.STATUS_EVERY_SECONDS) for code in self._devices}

    def run(self) -> Iterator[Posting]:
        """Yield what is due, tick by tick: nothing made later can be due earlier."""
        now = 0.0
        arrival = self._rng.expovariate(self._rate / 3600)
        while True:
            horizon = now + _TICK
            while arrival < horizon:
                self._admit(arrival)
                arrival += self._rng.expovariate(self._rate / 3600)
            self._report_devices(now, horizon)
            while self._queue and self._queue[0].due < horizon:
                posting = self._ready(heapq.heappop(self._queue))
                if posting is not None:
                    yield posting
            now = horizon

    def _admit(self, arrival: float) -> None:
        """Send a lorry to the lane that is free first, of three that a steward would point at."""
        tried = self._rng.sample(self._port.lanes, min(3, len(self._port.lanes)))
        lane: SimLane = min(tried, key=lambda candidate: self._free[candidate])
        entry = max(arrival, self._free[lane])
        if entry - arrival > _LONGEST_QUEUE:
            return  # more lorries than the lanes can clear: the rest is sent to another port
        self._free[lane] = entry + self._rng.uniform(*figures.HEADWAY_SECONDS)
        self._lorries += 1
        lorry = drawn_lorry(self._rng, self._port.marks_to_show)
        for sighting in journey(self._rng, Visit(self._port, lane, lorry, entry, self._lorries)):
            self._see(sighting)

    def _see(self, sighting: Sighting) -> None:
        fault = self._natures[sighting.device.code].faults.at(sighting.at)
        if fault is not None:
            if sighting.device.format != DeviceFormat.NATIVE or sighting.device.kind == DeviceKind.ANPR:
                return
            sighting = replace(sighting, result=Result.FAULT.value, reason=fault.reason, reading={})
        if sighting.device.format == DeviceFormat.NATIVE:
            self._send_native(sighting, self._rng.uniform(0.2, 1.2))
            return
        for body, content_type, delay in self._vendor_bodies(sighting):
            self._send(sighting.device, sighting.at + delay, body, content_type, lorry=sighting.lorry)

    def _report_devices(self, begin: float, end: float) -> None:
        for code, device in self._devices.items():
            nature = self._natures[code]
            while self._next_status[code] < end:
                moment = self._next_status[code]
                self._next_status[code] += figures.STATUS_EVERY_SECONDS
                if nature.faults.at(moment) is None:
                    self._sign_of_life(device, moment)
            for spell in nature.faults.begun_between(begin, end):
                if device.format == DeviceFormat.NATIVE:
                    self._send_native(_status(device, spell.begin, Result.FAULT, spell.reason), 0.3)
                    self._send_native(_status(device, spell.end, Result.CLEAR, ""), 0.3)

    def _sign_of_life(self, device: SimDevice, moment: float) -> None:
        if device.format == DeviceFormat.NATIVE:
            self._send_native(_status(device, moment, Result.CLEAR, ""), 0.1)
            return
        device_at = self._device_time(device, moment)
        if device.format == DeviceFormat.HIKVISION:
            body, content_type = hikvision_heartbeat(device_at)
        elif device.format == DeviceFormat.OPENALPR:
            body, content_type = openalpr_heartbeat(device_at, device.code)
        else:
            return
        self._send(device, moment + 0.1, body, content_type, sort="status")

    def _send_native(self, sighting: Sighting, delay: float) -> None:
        self._events += 1
        event_id = f"{sighting.device.code}-{self._run}-{self._events}"
        event = native_event(sighting, event_id, self._device_time(sighting.device, sighting.at))
        leaves = sighting.at + delay
        outage = self._natures[sighting.device.code].outages.at(leaves)
        if outage is not None:
            self._wait(sighting.device, outage.end, event)
            return
        sort = "status" if sighting.type == EventType.STATUS else "event"
        body = native_body([event])
        due = self._send(sighting.device, leaves, body, NATIVE_TYPE, sort=sort, lorry=sighting.lorry)
        if due is not None and sort == "event" and sighting.result in _SHOWN:
            self._picture(sighting, event_id, due)

    def _picture(self, sighting: Sighting, event_id: str, due: float) -> None:
        """An imaging system sends what it has seen after what it says of it."""
        view = VIEWS.get(sighting.device.kind)
        if view is None or sighting.device.gateway:
            return
        rng = chance(event_id, "picture")
        content = scan_picture(
            rng, kind=sighting.device.kind, suspect=sighting.result == Result.SUSPECT.value
        )
        path = f"{IMAGES}?{urlencode({'event_id': event_id, 'view': view})}"
        self._push(due + 2, Posting(due + 2, sighting.device, content, "image/png", "picture", 0, None, path))

    def _wait(self, device: SimDevice, until: float, event: dict[str, Any]) -> None:
        """Keep an event until the link is back; everything kept leaves as one batch."""
        key = (device.code, until)
        if key not in self._waiting:
            self._waiting[key] = []
            self._push(until + 1.0, None, flush=key)
        self._waiting[key].append(event)

    def _send(
        self,
        device: SimDevice,
        leaves: float,
        body: bytes,
        content_type: str,
        *,
        sort: str = "event",
        lorry: int | None = None,
    ) -> float | None:
        """Queue a posting, with what may happen to it on its way: late, twice, or cut short.

        Returns when it leaves, None when it does not leave whole.
        """
        outage = self._natures[device.code].outages.at(leaves)
        due = outage.end + self._rng.uniform(0.5, 3) if outage is not None else leaves
        luck = self._rng.random()
        if luck < figures.SENT_LATE:
            due += self._rng.uniform(15, 240)
        elif luck < figures.SENT_LATE + figures.CUT_SHORT:
            body, sort = body[: len(body) * 2 // 3], "cut short"
        posting = Posting(due, device, body, content_type, sort, 1, lorry)
        self._push(due, posting)
        if self._rng.random() < figures.SENT_TWICE:
            again = due + self._rng.uniform(1, 20)
            self._push(again, replace(posting, due=again, sort="sent twice", lorry=None))
        return None if sort == "cut short" else due

    def _push(self, due: float, posting: Posting | None, flush: tuple[str, float] | None = None) -> None:
        self._queued += 1
        heapq.heappush(self._queue, _Queued(due, self._queued, posting, flush))

    def _ready(self, queued: _Queued) -> Posting | None:
        if queued.flush is None:
            return queued.posting
        events = self._waiting.pop(queued.flush)
        device = self._devices[queued.flush[0]]
        return Posting(queued.due, device, native_body(events), NATIVE_TYPE, "after an outage", len(events))

    def _vendor_bodies(self, sighting: Sighting) -> list[tuple[bytes, str, float]]:
        device_at = self._device_time(sighting.device, sighting.at)
        delay = self._rng.uniform(0.3, 1.5)
        built: tuple[bytes, str] | None
        match sighting.device.format:
            case DeviceFormat.PLATE_RECOGNIZER:
                built = plate_recognizer_body(sighting, device_at, self._ids)
            case DeviceFormat.OPENALPR:
                built = openalpr_body(sighting, device_at, self._ids)
            case DeviceFormat.HIKVISION:
                built = hikvision_body(sighting, device_at, self._ids)
            case DeviceFormat.N42:
                built = n42_body(sighting, device_at, self._ids), N42_TYPE
            case _:
                return self._axis_bodies(sighting, device_at, delay)
        return [] if built is None else [(*built, delay)]

    def _axis_bodies(
        self, sighting: Sighting, device_at: datetime, delay: float
    ) -> list[tuple[bytes, str, float]]:
        """The camera tells of a vehicle once or twice, under one number."""
        self._cars += 1
        told = [(*axis_body(sighting, device_at, self._cars, "new"), delay)]
        if sighting.repeats:
            later = device_at + timedelta(seconds=1.5)
            told.append((*axis_body(sighting, later, self._cars, "lost"), delay + 1.5))
        return told

    def _device_time(self, device: SimDevice, moment: float) -> datetime:
        nature: Nature = self._natures[device.code]
        shown = self._start + timedelta(seconds=moment + nature.ahead)
        return shown.astimezone(ZoneInfo(device.zone))


def _status(device: SimDevice, at: float, result: Result, reason: str) -> Sighting:
    return Sighting(device, at, result.value, EventType.STATUS.value, reason=reason)
