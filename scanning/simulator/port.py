"""The port as the simulator knows it: the devices named in its tokens file, put into lanes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intelligence.rules.marks import normalise
from intelligence.rules.plates import plausible_countries, plausible_kinds
from scanning.choices import DeviceFormat, DeviceKind, MarkKind

_KINDS_OF: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(DeviceFormat.values, (DeviceKind.ANPR.value,)),
    DeviceFormat.NATIVE.value: tuple(DeviceKind.values),
    DeviceFormat.N42.value: (DeviceKind.RADIATION.value,),
}

_PARTS = frozenset({MarkKind.TRACTOR.value, MarkKind.TRAILER.value, MarkKind.CONTAINER.value})


class PortUnusable(ValueError):
    """A tokens file that cannot be used, said in one plain sentence."""


@dataclass(frozen=True, slots=True)
class SimDevice:
    """One device that the simulator plays: who it is, how it writes, and its token.

    Behind a gateway the token is the gateway's, and what is sent must name the device. A plate reader whose
    code ends in -R looks at the rear; every other one at the front.
    """

    code: str
    kind: str
    format: str
    site: str
    lane: str
    order: int
    zone: str
    token: str
    gateway: str = ""

    @property
    def looks_at_rear(self) -> bool:
        """Tell where a plate reader looks."""
        return self.code.endswith("-R")


@dataclass(frozen=True, slots=True)
class SimLane:
    """One lane with its devices in the order in which a lorry passes them."""

    site: str
    name: str
    devices: tuple[SimDevice, ...]

    def of_kind(self, kind: str) -> tuple[SimDevice, ...]:
        """Return the lane's devices of that kind, in order."""
        return tuple(device for device in self.devices if device.kind == kind)


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A mark that shall turn up now and then, so that a demonstration has hits."""

    value: str
    country: str
    part: str


@dataclass(frozen=True, slots=True)
class Port:
    """All lanes that have a plate reader, the devices that serve a whole site, and the marks to show."""

    lanes: tuple[SimLane, ...]
    shared: tuple[SimDevice, ...]
    marks_to_show: tuple[ShownMark, ...]

    def near(self, lane: SimLane, kind: str) -> tuple[SimDevice, ...]:
        """Return the devices of that kind in the lane, else all of them at the lane's site."""
        everywhere = (*self.shared, *(device for other in self.lanes for device in other.devices))
        return lane.of_kind(kind) or tuple(
            device for device in everywhere if device.kind == kind and device.site == lane.site
        )


def port_from_file(path: Path, watch: Path | None = None) -> Port:
    """Read the devices that `demo_load` wrote, and an optional file with one mark to show per line."""
    try:
        tree = json.loads(path.read_text("utf-8"))
        watched = watch.read_text("utf-8").splitlines() if watch is not None else []
    except OSError as error:
        raise PortUnusable(f"{error.filename} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise PortUnusable(f"{path} is not JSON") from error
    return port_from_tree(tree, [line.strip() for line in watched if normalise(line)])


def port_from_tree(tree: Any, watched: list[str] | None = None) -> Port:
    """Build the port from `{"devices": [...], "marks_to_show": [...]}`; lanes without a reader stay closed."""
    try:
        devices = [_device(entry) for entry in tree["devices"]]
        shown = [_shown(entry) for entry in [*(tree.get("marks_to_show") or []), *(watched or [])]]
    except (KeyError, TypeError, AttributeError) as error:
        raise PortUnusable(f"the tokens file lacks {error}") from error
    names = dict.fromkeys((device.site, device.lane) for device in devices if device.lane)
    lanes = [
        SimLane(
            site, lane, tuple(sorted((d for d in devices if (d.site, d.lane) == (site, lane)), key=_place))
        )
        for site, lane in sorted(names)
    ]
    open_lanes = tuple(lane for lane in lanes if lane.of_kind(DeviceKind.ANPR))
    if not open_lanes:
        raise PortUnusable("the tokens file names no lane with a plate reader")
    return Port(open_lanes, tuple(device for device in devices if not device.lane), tuple(shown))


def _place(device: SimDevice) -> tuple[int, str]:
    return device.order, device.code


def _device(entry: Mapping[str, Any]) -> SimDevice:
    device = SimDevice(
        code=str(entry["code"]),
        kind=str(entry["kind"]),
        format=str(entry.get("format") or DeviceFormat.NATIVE.value),
        site=str(entry.get("site") or ""),
        lane=str(entry.get("lane") or ""),
        order=int(entry.get("order") or 0),
        zone=str(entry.get("zone") or "Europe/Paris"),
        token=str(entry["token"]),
        gateway=str(entry.get("gateway") or ""),
    )
    if device.kind not in _KINDS_OF.get(device.format, ()):
        raise PortUnusable(f"{device.code}: a device of kind {device.kind} cannot write {device.format}")
    return device


def _shown(entry: Any) -> ShownMark:
    """Accept a bare mark, or an object with mark (or value), country and kind; guess what is not said."""
    given = entry if isinstance(entry, dict) else {"mark": str(entry)}
    value = str(given["mark"] if "mark" in given else given["value"])
    norm = normalise(value)
    countries = sorted(plausible_countries(norm))
    country = str(given.get("country") or (countries[0] if countries else ""))
    kind = str(given.get("kind") or "")
    return ShownMark(value, country, kind if kind in _PARTS else plausible_kinds(norm, country)[0])
