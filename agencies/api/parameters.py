"""Query parameters from a closed list: what a route does not know is refused, never ignored."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from rest_framework.request import Request

from agencies.api.problems import BadQuery

Reader = Callable[[str], Any]
_LONGEST = 400


def parameters_read(request: Request, known: Mapping[str, Reader]) -> dict[str, Any]:
    """The values of the query parameters that are given; raises BadQuery (400) for any other or unreadable one."""
    values = {}
    for name, given in request.query_params.lists():
        reader = known.get(name)
        if reader is None:
            raise BadQuery(
                "unknown_parameter", f"This route knows: {', '.join(sorted(known)) or 'no parameter'}."
            )
        if len(given) != 1 or len(given[0]) > _LONGEST or "\x00" in given[0]:
            raise BadQuery("bad_parameter", f"{name}: give it once and short.")
        try:
            values[name] = reader(given[0])
        except ValueError as error:
            raise BadQuery("bad_parameter", f"{name}: {error}") from error
    return values


def one_of(*words: str) -> Reader:
    """A reader that takes one of these words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return text

    return read


def a_uuid(text: str) -> uuid.UUID:
    """A UUID in its usual form."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise ValueError("a UUID") from error


def a_time(text: str) -> dt.datetime:
    """An RFC 3339 time with its offset (a `+` of the offset must be written %2B in a URL)."""
    try:
        value = parse_datetime(text)
    except ValueError:
        value = None
    if value is None or value.tzinfo is None or not 1970 <= value.year <= 9000:
        raise ValueError("a time as 2009-09-01T04:10:00Z")
    return value


def a_flag(text: str) -> bool:
    """`true` or `false`."""
    if text not in {"true", "false"}:
        raise ValueError("true or false")
    return text == "true"


def a_number(least: int, most: int) -> Reader:
    """A reader that takes a whole number in ASCII digits between the two bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
            raise ValueError(f"a whole number from {least} to {most}")
        return int(text)

    return read
