"""Reading long lists page by page, newest first, by the place of a row instead of a page number.

A place is (time, internal id). It leaves the house only as a sealed cursor: the internal id would tell how
many rows there are that the reader may not see.
"""

import base64
import binascii
import datetime as dt
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

T = TypeVar("T")

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
_LAYOUT = struct.Struct(">Bqq")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_AFTER, _BEFORE = 1, 2
_LONGEST_CURSOR = 80


class BadCursor(ValueError):
    """The cursor was not made by us for this list and this reader."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in a list that is ordered by (time, id), newest first."""

    at: dt.datetime
    id: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Which page is wanted: the first, the one that follows `after` (older), or the one before `before` (newer)."""

    limit: int = DEFAULT_LIMIT
    after: Place | None = None
    before: Place | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page, newest first. `older` and `newer` are the places to turn from; None when there is nothing more."""

    rows: tuple[T, ...] = ()
    older: Place | None = None
    newer: Place | None = None


def page_cut(rows: Sequence[T], turn: Turn, place: Callable[[T], Place]) -> Page[T]:
    """Make a page of up to `limit + 1` rows read in the direction of the turn (`before` reads upwards)."""
    more = len(rows) > turn.limit
    kept = list(rows[: turn.limit])
    if turn.before is not None:
        kept.reverse()
    if not kept:
        return Page()
    first, last = place(kept[0]), place(kept[-1])
    if turn.before is not None:
        return Page(tuple(kept), older=last, newer=first if more else None)
    return Page(tuple(kept), older=last if more else None, newer=first if turn.after is not None else None)


def queryset_page(queryset: models.QuerySet[Any], turn: Turn, *, at: str) -> Page[Any]:
    """One page of a queryset (already restricted by the gate) in the order of (`at`, id), newest first."""
    place = turn.before or turn.after
    sign, comparison = ("", "gt") if turn.before is not None else ("-", "lt")
    if place is not None:
        # The plain bound on the time lets the index start at the place; the second condition decides ties.
        queryset = queryset.filter(
            models.Q(**{f"{at}__{comparison}": place.at})
            | models.Q(**{at: place.at, f"id__{comparison}": place.id}),
            **{f"{at}__{comparison}e": place.at},
        )
    rows = list(queryset.order_by(f"{sign}{at}", f"{sign}id")[: turn.limit + 1])
    return page_cut(rows, turn, lambda row: Place(getattr(row, at), row.id))


def sequence_page(rows: Sequence[T], turn: Turn) -> Page[T]:
    """One page of a short list that is held whole (devices, lanes), in its own order."""
    if turn.before is not None:
        start = max(0, turn.before.id - turn.limit)
        end = turn.before.id
    else:
        start = turn.after.id if turn.after is not None else 0
        end = start + turn.limit
    kept = tuple(rows[start:end])
    older = Place(_EPOCH, end) if end < len(rows) else None
    return Page(kept, older=older, newer=Place(_EPOCH, start) if start > 0 and kept else None)


@lru_cache(maxsize=1)
def _seal(secret: str) -> AESSIV:
    return AESSIV(salted_hmac("agencies.paging", "cursor", secret=secret, algorithm="sha512").digest())


def cursor_seal(turn: Turn, audience: str) -> str:
    """Turn `after` or `before` into an opaque text that only this `audience` (list and reader) can use.

    The same place always gives the same text, so that two equal answers are equal to the last byte.
    """
    direction, place = (_AFTER, turn.after) if turn.after is not None else (_BEFORE, turn.before)
    if place is None:
        raise ValueError("the first page needs no cursor")
    plain = _LAYOUT.pack(direction, (place.at - _EPOCH) // _MICROSECOND, place.id)
    sealed = _seal(settings.SECRET_KEY).encrypt(plain, [audience.encode()])
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def cursor_open(text: str, audience: str, *, limit: int = DEFAULT_LIMIT) -> Turn:
    """The page that a cursor asks for; raises BadCursor for anything but an unaltered cursor of this audience."""
    if not 0 < len(text) <= _LONGEST_CURSOR:
        raise BadCursor(text[:20])
    try:
        sealed = base64.b64decode(
            text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True
        )
        plain = _seal(settings.SECRET_KEY).decrypt(sealed, [audience.encode()])
    except (UnicodeEncodeError, binascii.Error, ValueError, InvalidTag) as error:
        raise BadCursor(text[:20]) from error
    direction, microseconds, number = _LAYOUT.unpack(plain)
    place = Place(_EPOCH + dt.timedelta(microseconds=microseconds), number)
    return Turn(limit, after=place) if direction == _AFTER else Turn(limit, before=place)
