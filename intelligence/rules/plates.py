"""Shapes of European registration marks: advice for a reader's eye, never a reason to refuse a mark.

Written from the public rules of each country (DVLA INF104 and INF291, the French arrêté of 9 February 2009,
the Belgian, Spanish, Italian, Polish, Romanian, Bulgarian, Lithuanian and Dutch series). All shapes are of
normalised marks. Ambiguity is normal: AB123CD is French, Italian and Polish.
"""

import re
from typing import Literal

from intelligence.rules.marks import is_container_like, is_container_number

PartKind = Literal["tractor", "trailer", "container"]

_SIV = "[A-HJ-NP-TV-Z]"
_IT = "[A-HJ-NPR-TV-Z]"
_BG = "[ABEKMHOPCTYX]"
_RO_COUNTY = (
    "(?:AB|AR|AG|BC|BH|BN|BR|BT|BV|BZ|CS|CL|CJ|CT|CV|DB|DJ|GL|GR|GJ|HR|HD|IL|IS|IF|MM|MH|MS|NT|OT|PH|SM|SJ|SB"
    "|SV|TR|TM|TL|VS|VL|VN)"
)

_VEHICLE: dict[str, str] = {
    "GB": r"[A-HJ-PR-Y]{2}[0-9]{2}[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y][0-9]{1,3}[A-HJ-PR-Y][A-HJ-PR-Z]{2}",
    "FR": (
        rf"(?!SS){_SIV}{{2}}[0-9]{{3}}(?!SS){_SIV}{{2}}"
        rf"|[1-9][0-9]{{0,3}}{_SIV}{{1,3}}(?:0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])"
    ),
    "DE": r"[A-ZÄÖÜ]{1,3}[A-Z]{1,2}[1-9][0-9]{0,3}[EH]?",
    "NL": (
        r"(?=.*[A-Z])(?=.*[0-9])(?:[A-Z]{2}[0-9]{4}|[0-9]{4}[A-Z]{2}|[0-9]{2}[A-Z]{2}[0-9]{2}"
        r"|[A-Z]{2}[0-9]{2}[A-Z]{2}|[A-Z]{4}[0-9]{2}|[0-9]{2}[A-Z]{4}|[0-9]{2}[A-Z]{3}[0-9]|[0-9][A-Z]{3}[0-9]{2}"
        r"|[A-Z]{2}[0-9]{3}[A-Z]|[A-Z][0-9]{3}[A-Z]{2}|[A-Z]{3}[0-9]{2}[A-Z]|[A-Z][0-9]{2}[A-Z]{3}"
        r"|[0-9][A-Z]{2}[0-9]{3}|[0-9]{3}[A-Z]{2}[0-9])"
    ),
    "BE": r"[1-9][A-Z]{3}[0-9]{3}|[A-Z]{3}[0-9]{3}|[0-9]{3}[A-Z]{3}",
    "PL": r"[A-Z]{2,3}[0-9A-Z]{4,5}",
    "RO": rf"(?:B[0-9]{{2,3}}|{_RO_COUNTY}[0-9]{{2}})[A-Z]{{3}}",
    "ES": r"[0-9]{4}[BCDFGHJKLMNPRSTVWXYZ]{3}",
    "IT": rf"{_IT}{{2}}[0-9]{{3}}{_IT}{{2}}",
    "BG": rf"{_BG}{{1,2}}[0-9]{{4}}{_BG}{{2}}",
    "LT": r"[A-Z]{3}[0-9]{3}",
    "CZ": r"[0-9][A-Z][0-9A-Z][0-9]{4}",
    "HU": r"[A-Z]{3}[0-9]{3}|[A-Z]{4}[0-9]{3}",
    "IE": r"[0-9]{2,3}(?:[A-Z]|[CDKLMOTW][A-Z])[0-9]{1,6}",
    "PT": r"[A-Z]{2}[0-9]{2}[A-Z]{2}|[0-9]{2}[A-Z]{2}[0-9]{2}|[0-9]{4}[A-Z]{2}|[A-Z]{2}[0-9]{4}",
    "UA": r"[ABCEHIKMOPTX]{2}[0-9]{4}[ABCEHIKMOPTX]{2}",
    "TR": r"(?:0[1-9]|[1-7][0-9]|8[01])[A-Z]{1,3}[0-9]{2,4}",
}
# Marks that only trailers bear; elsewhere a trailer's mark cannot be told from a tractor's.
_TRAILER_ONLY: dict[str, str] = {
    "GB": r"[A-Z][0-9]{7}",
    "BE": r"[1-9]?[QU][A-Z]{2}[0-9]{3}",
    "ES": r"R[0-9]{4}[BCDFGHJKLMNPRSTVWXYZ]{3}",
    "IT": rf"X{_IT}[0-9]{{3}}{_IT}{{2}}",
    "LT": r"[A-Z]{2}[0-9]{3}",
}
_PROVISIONAL = {"FR": rf"WW[0-9]{{3}}{_SIV}{{2}}"}

VEHICLE = {country: re.compile(shape, re.ASCII) for country, shape in _VEHICLE.items()}
TRAILER_ONLY = {country: re.compile(shape, re.ASCII) for country, shape in _TRAILER_ONLY.items()}
PROVISIONAL = {country: re.compile(shape, re.ASCII) for country, shape in _PROVISIONAL.items()}


def plausible_countries(norm: str) -> frozenset[str]:
    """Return the countries, of those known here, whose marks can look like this one."""
    shapes = (*VEHICLE.items(), *TRAILER_ONLY.items(), *PROVISIONAL.items())
    return frozenset(country for country, shape in shapes if shape.fullmatch(norm))


def plausible_kinds(norm: str, country: str = "") -> tuple[PartKind, ...]:
    """Return which parts of a lorry can bear this mark, the likeliest first; never empty.

    A right check digit makes it a container and nothing else. A trailer-only shape counts alone when the
    country is known to use it for nothing else; without a country, tractor and trailer both stay open.
    """
    if is_container_number(norm):
        return ("container",)
    kinds: list[PartKind] = []
    if is_container_like(norm):
        kinds.append("container")
    trailer = TRAILER_ONLY.get(country)
    if trailer is not None and trailer.fullmatch(norm):
        return (*kinds, "trailer", "tractor") if VEHICLE[country].fullmatch(norm) else (*kinds, "trailer")
    if not country and not plausible_vehicle(norm) and any(s.fullmatch(norm) for s in TRAILER_ONLY.values()):
        return (*kinds, "trailer", "tractor")
    return (*kinds, "tractor", "trailer")


def plausible_vehicle(norm: str) -> bool:
    """Tell whether the mark has the shape of a powered vehicle's in any country known here."""
    return any(shape.fullmatch(norm) for shape in VEHICLE.values())
