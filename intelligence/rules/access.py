"""Asking for records by reference: what a reference looks like, how long a request stands, and what probing is."""

import datetime as dt
import re
from collections.abc import Iterable

from intelligence.choices import AccessOutcome, AccessState

#: How long a request stands: an unanswered one, an absent record's and a silently declined one close alike.
STANDS_FOR = dt.timedelta(days=14)
#: So many requests for neighbouring numbers of one series look like trying them out.
PROBING_FROM = 4
_NEIGHBOURS = 25
_REFERENCE = re.compile(r"([A-Z][A-Z0-9]{1,11}-[A-Z]{1,2}-\d{4})-(\d{1,9})")


def reference_read(text: str) -> str | None:
    """The reference as it is written down (`UKBA-L-2026-000123`); None for what is none."""
    found = _REFERENCE.fullmatch("".join(text.split()).upper())
    return f"{found[1]}-{int(found[2]):06d}" if found and found[2].isascii() else None


def agency_code_of(reference: str) -> str:
    """The code of the agency whose series it is."""
    return reference.partition("-")[0]


def is_probing(reference: str, others: Iterable[str]) -> bool:
    """Whether this reference and others asked for lately are neighbours in one series, and many."""
    series, _, number = reference.rpartition("-")
    near = {
        other
        for other in others
        if other.rpartition("-")[0] == series
        and abs(int(other.rpartition("-")[2]) - int(number)) <= _NEIGHBOURS
    }
    return len(near | {reference}) >= PROBING_FROM


def state_shown(outcome: str, closes_at: dt.datetime, now: dt.datetime) -> AccessState:
    """Where a request stands for whoever asked."""
    if outcome == AccessOutcome.GRANTED:
        return AccessState.GRANTED
    return AccessState.CLOSED if outcome or closes_at <= now else AccessState.SENT
