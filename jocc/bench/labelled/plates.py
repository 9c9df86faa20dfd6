"""Invented marks, and how cameras and fingers misread them."""

import random
import string

from jocc.bench.labelled import figures

_LETTERS = "ABCDEFGHJKLMNPRSTVWXYZ"
_DIGITS = "0123456789"
#: Shapes of plates, A a letter and 9 a digit, about as frequent as on lorries for Dover.
_SHAPES = (
    "AA99AAA",
    "AA999AA",
    "AAA99999",
    "AA99AAA",
    "AA99999",
    "99AAA9",
    "AAAA9999",
    "9999AAA",
    "AAA999",
    "AA9999AA",
)
#: What looks alike to a camera or an eye: more than any single rule of confusion holds.
_ALIKE = ("0OQD", "1IL7T", "2Z", "3B8", "4A", "5S6G", "6G", "7T1", "8B3", "9P", "CG", "DO0", "EF", "FP", "HN", "KX", "MN", "NM",
          "PR", "RP", "UV", "VY", "VU", "WV", "XK", "YV")  # fmt: skip
_LOOKS_LIKE = {
    sign: "".join(sorted({other for group in _ALIKE if sign in group for other in group} - {sign}))
    for sign in string.ascii_uppercase + _DIGITS
}


def plate_made(rng: random.Random) -> str:
    """A registration mark as painted."""
    return _filled(rng, rng.choice(_SHAPES))


def container_made(rng: random.Random) -> str:
    """A container's number, with a check digit that is right by chance only."""
    return _filled(rng, "AAA") + "U" + _filled(rng, "9999999")


def fleet_mate(rng: random.Random, plate: str) -> str:
    """The mark of a lorry bought together with this one: one or two of its digits are others."""
    places = [place for place, sign in enumerate(plate) if sign in _DIGITS]
    signs = list(plate)
    for place in rng.sample(places, min(len(places), rng.randint(1, 2))):
        signs[place] = rng.choice(_DIGITS.replace(signs[place], ""))
    return "".join(signs)


def read(rng: random.Random, painted: str) -> tuple[str, bool]:
    """The mark as it was read, and whether that is wrong."""
    if rng.random() >= figures.MISREAD:
        return painted, False
    text = painted
    for _ in range(2 if rng.random() < figures.TWO_WRONG else 1):
        text = _spoiled(rng, text)
    return text, text != painted


def _spoiled(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text))
    sign = text[place]
    ways = (figures.WRONG_ALIKE, figures.WRONG_ANY, figures.WRONG_LOST, figures.WRONG_DOUBLED)
    alike = _LOOKS_LIKE[sign]
    way = rng.choices(("alike", "any", "lost", "doubled"), ways)[0]
    if way == "alike" and alike:
        wrong = rng.choice(alike)
    elif way == "lost":
        wrong = ""
    elif way == "doubled":
        wrong = sign * 2
    else:
        wrong = rng.choice((_LETTERS + _DIGITS).replace(sign, ""))
    return text[:place] + wrong + text[place + 1 :]


def _filled(rng: random.Random, shape: str) -> str:
    return "".join(rng.choice(_LETTERS if sign == "A" else _DIGITS) for sign in shape)
