"""Sites at their real coordinates, and their lanes as a plan of the port shows them."""

import math
from typing import NamedTuple

_METRES_PER_DEGREE = 111_320.0


class SiteData(NamedTuple):
    """One site; `heading` is the way a lorry drives (degrees from north) past the first lane's entry."""

    code: str
    unlocode: str
    name_en: str
    name_fr: str
    country: str
    zone: str
    latitude: float
    longitude: float
    heading: float
    lane_prefix: str
    lane_names: tuple[tuple[str, str], ...]


SITES = (
    SiteData(
        "CALAIS", "FRCQF", "Port of Calais", "Port de Calais", "FR", "Europe/Paris", 50.96720, 1.86480, 62.0, "CAL",
        (
            ("Lane 1, freight", "Couloir 1, fret"),
            ("Lane 2, freight", "Couloir 2, fret"),
            ("Lane 3, freight", "Couloir 3, fret"),
            ("Lane 4, freight", "Couloir 4, fret"),
            ("Lane 5, search shed west", "Couloir 5, hangar de fouille ouest"),
            ("Lane 6, search shed east", "Couloir 6, hangar de fouille est"),
            ("Lane 7, refrigerated loads", "Couloir 7, fret frigorifique"),
            ("Lane 8, imaging hall", "Couloir 8, hall d’imagerie"),
        ),
    ),
    SiteData(
        "COQUELLES", "", "Tunnel terminal, Coquelles", "Terminal du tunnel, Coquelles", "FR", "Europe/Paris",
        50.93090, 1.80560, 281.0, "COQ",
        (
            ("Lane A, freight", "Couloir A, fret"),
            ("Lane B, freight", "Couloir B, fret"),
            ("Lane C, freight", "Couloir C, fret"),
            ("Lane D, imaging hall", "Couloir D, hall d’imagerie"),
        ),
    ),
    SiteData(
        "DUNKIRK", "FRDKK", "Ferry port, Dunkirk", "Port transmanche, Dunkerque", "FR", "Europe/Paris",
        51.01990, 2.19350, 335.0, "DKK",
        (
            ("Lane 1, freight", "Couloir 1, fret"),
            ("Lane 2, freight", "Couloir 2, fret"),
            ("Lane 3, unaccompanied trailers", "Couloir 3, remorques non accompagnées"),
        ),
    ),
    SiteData(
        "DOVER", "GBDVR", "Eastern Docks, Dover", "Docks est, Douvres", "GB", "Europe/London",
        51.12660, 1.33480, 244.0, "DVR",
        (
            ("Inbound lane 1", "Couloir d’arrivée 1"),
            ("Inbound lane 2", "Couloir d’arrivée 2"),
            ("Examination hall", "Hall de visite"),
        ),
    ),
)  # fmt: skip

PITCH_M = 7.0
LENGTH_M = 160.0
BEND_M = 12.0


def lane_code(site: SiteData, order: int) -> str:
    """The code of the lane with this order (from 1), e.g. `CAL-L3`."""
    return f"{site.lane_prefix}-L{order}"


def lane_shape(site: SiteData, order: int) -> list[list[float]]:
    """The lane's middle line as [longitude, latitude] points in WGS 84: in, along, and out to the berths."""
    heading = math.radians(site.heading)
    east = _METRES_PER_DEGREE * math.cos(math.radians(site.latitude))
    aside = (order - 1) * PITCH_M

    def point(ahead: float, across: float) -> list[float]:
        x = ahead * math.sin(heading) + across * math.cos(heading)
        y = ahead * math.cos(heading) - across * math.sin(heading)
        return [round(site.longitude + x / east, 7), round(site.latitude + y / _METRES_PER_DEGREE, 7)]

    return [
        point(0, aside + BEND_M),
        point(35, aside),
        point(LENGTH_M - 35, aside),
        point(LENGTH_M, aside - BEND_M),
    ]


def along(shape: list[list[float]], share: float) -> tuple[float, float]:
    """The point (latitude, longitude) at this share (0..1) of the lane's straight middle piece."""
    (x1, y1), (x2, y2) = shape[1], shape[2]
    return round(y1 + (y2 - y1) * share, 7), round(x1 + (x2 - x1) * share, 7)
