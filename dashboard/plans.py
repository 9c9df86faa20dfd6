"""The plan of a port as GeoJSON, sketched from the lanes as they are: no map, no tiles, no survey.

Lanes lie side by side between the town and the berths, devices along their lane in the order in
which a lorry meets them. Coordinates are WGS 84 so that any client of GeoJSON can show the file;
distances are only those of a sketch.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from dashboard.facts.board import DeviceCell, LaneRow
from dashboard.words import DEVICE_STATES

# Metres of the sketch.
PITCH = 20.0
STRIP = 13.0
LENGTH = 120.0
METRES_PER_DEGREE = 111_320.0

Point = tuple[float, float]
Placer = Callable[[float, float], Point]


def plan_of(lanes: Sequence[LaneRow], *, longitude: float, latitude: float) -> dict[str, Any]:
    """The plan of a site round its anchor, with the state of what the reader may see."""
    place = _placer(longitude, latitude)
    width = max(len(lanes), 1) * PITCH
    features = _ground(width, place)
    for index, lane in enumerate(lanes):
        features += _lane(lane, index * PITCH + (PITCH - STRIP) / 2, place)
    return {"type": "FeatureCollection", "features": features}


def _placer(longitude: float, latitude: float) -> Placer:
    east = METRES_PER_DEGREE * math.cos(math.radians(latitude))

    def place(x: float, y: float) -> Point:
        return round(longitude + x / east, 7), round(latitude + y / METRES_PER_DEGREE, 7)

    return place


def _ground(width: float, place: Placer) -> list[dict[str, Any]]:
    return [
        _box("ground", (-6, -28), (width + 6, LENGTH + 12), place),
        _box("quay", (-6, LENGTH + 12), (width + 6, LENGTH + 24), place),
        _box("water", (-6, LENGTH + 24), (width + 6, LENGTH + 58), place),
        _label(_("berths"), width / 2, LENGTH + 40, place),
        _label(_("town side"), width / 2, -21, place),
    ]


def _lane(lane: LaneRow, left: float, place: Placer) -> list[dict[str, Any]]:
    state = "closed" if not lane.open else lane.tone
    features = [
        _box(f"lane-strip lane-strip--{state}", (left, 0), (left + STRIP, LENGTH), place),
        _label(lane.code, left + STRIP / 2, -8, place),
    ]
    if lane.vehicle is not None:
        features.append(
            _box("plan-lorry", (left + 4.5, 3), (left + STRIP - 4.5, 14), place, url=lane.vehicle.url)
        )
    step = (LENGTH - 22) / max(len(lane.devices), 1)
    for number, device in enumerate(lane.devices):
        features.append(_device(device, left + STRIP / 2, 22 + step * (number + 0.4), place))
    return features


def _device(device: DeviceCell, x: float, y: float, place: Placer) -> dict[str, Any]:
    properties = {
        "kind": "device",
        "label": device.code,
        "state": device.state,
        "word": str(DEVICE_STATES.get(device.state, device.state)),
    }
    return _feature("Point", place(x, y), properties)


def _label(text: str, x: float, y: float, place: Placer) -> dict[str, Any]:
    return _feature("Point", place(x, y), {"kind": "label", "label": text})


def _box(css: str, near: Point, far: Point, place: Placer, **more: str) -> dict[str, Any]:
    (left, low), (right, high) = near, far
    ring = [place(left, low), place(right, low), place(right, high), place(left, high), place(left, low)]
    return _feature("Polygon", [ring], {"kind": "shape", "css": css, **more})


def _feature(shape: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": shape, "coordinates": coordinates},
        "properties": properties,
    }
