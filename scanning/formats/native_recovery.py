"""The slow, exact look at native JSON that the fast path refused: where one bad event ends and what is wrong.

Used only when something is wrong, so that the events around a bad one are kept and its problem is named.
"""

import json
import re
from collections.abc import Callable
from typing import NoReturn

from scanning.choices import ProblemCode

_DIGITS = 40
_BATCH_HEAD = re.compile(r'\s*\{\s*"events"\s*:\s*\[\s*')
_BETWEEN = re.compile(r"\s*,\s*")
_BATCH_TAIL = re.compile(r"\s*\]\s*\}\s*")


class EventFault(Exception):
    """What is wrong with one event's JSON. `code` is a value of ProblemCode."""

    def __init__(self, code: ProblemCode, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def batch_items(body: bytes) -> list[bytes] | None:
    """Return the bytes of each event of a batch that holds NaN or another thing that is no JSON, else None.

    Python's reader knows those words, so it can tell where an event with one of them ends.
    """
    text = body.decode("utf-8")
    head = _BATCH_HEAD.match(text)
    if head is None:
        return None
    decoder = json.JSONDecoder(parse_int=len, parse_float=len, strict=False)
    place = head.end()
    items: list[bytes] = []
    try:
        while not _BATCH_TAIL.fullmatch(text, place):
            if items:
                between = _BETWEEN.match(text, place)
                if between is None:
                    return None
                place = between.end()
            _, end = decoder.raw_decode(text, place)
            items.append(text[place:end].encode("utf-8"))
            place = end
    except (ValueError, RecursionError):
        return None
    return items


def json_fault(text: bytes) -> EventFault | None:
    """Return what an event's JSON has wrong before its fields are looked at; None when nothing is."""
    try:
        value = json.loads(
            text.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_int=_bounded(int),
            parse_float=_bounded(float),
        )
        _check_texts(value)
    except EventFault as fault:
        return fault
    except (ValueError, RecursionError) as error:
        return EventFault(ProblemCode.MALFORMED_JSON, str(error)[:200])
    return None


def forbidden_text(text: str) -> bool:
    """Tell whether a text holds a NUL, which the database cannot store, or an unpaired surrogate."""
    return "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise EventFault(ProblemCode.DUPLICATE_KEY, f"the key {key[:40]!r} stands twice")
        found[key] = value
    return found


def _refuse_constant(word: str) -> NoReturn:
    raise EventFault(ProblemCode.NUMBER_NOT_FINITE, f"{word} is not a number")


def _bounded(number: Callable[[str], float]) -> Callable[[str], float]:
    def read(digits: str) -> float:
        if len(digits) > _DIGITS:
            raise EventFault(ProblemCode.NUMBER_NOT_FINITE, f"a number of {len(digits)} characters")
        value = number(digits)
        if value in (float("inf"), float("-inf")):
            raise EventFault(ProblemCode.NUMBER_NOT_FINITE, f"{digits} is not finite")
        return value

    return read


def _check_texts(value: object) -> None:
    stack = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            stack.extend(here.keys())
            stack.extend(here.values())
        elif isinstance(here, list):
            stack.extend(here)
        elif isinstance(here, str) and forbidden_text(here):
            raise EventFault(ProblemCode.TEXT_FORBIDDEN, "a text with a NUL or an unpaired surrogate")
