"""Times as devices write them, brought to UTC. A time without an offset takes the device's zone."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

EARLIEST_YEAR = 1990
LATEST_YEAR = 2100

# ISO 8601 as seen in the field: a space for the T, any number of decimals, offsets with one-digit hours
# and without a colon (Kromek's -0500), no offset at all (N42 annex I). ASCII digits only.
_TIME = re.compile(
    r"\s*([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,12}))?)?"
    r"\s*(?:([Zz])|([+-])([0-9]{1,2})(?::?([0-9]{2}))?)?\s*"
)


class BadTime(ValueError):
    """A text that is no time, or a time outside the years that can be meant."""


@lru_cache(maxsize=64)
def zone_named(name: str) -> tzinfo:
    """Return the IANA zone of that name; UTC when the profile names one that does not exist."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def time_from_text(text: str, zone: str) -> tuple[datetime, bool]:
    """Return the UTC time and whether `zone` had to be assumed because the text gives no offset.

    In the hour that comes twice in autumn the first of the two is taken; the caller shows the assumption.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        raise BadTime(f"not a time: {text[:40]!r}")
    year, month, day, hour, minute = (int(part) for part in match.group(1, 2, 3, 4, 5))
    second = int(match[6] or 0)
    microsecond = int((match[7] or "0")[:6].ljust(6, "0"))
    place = _offset(match) or zone_named(zone)
    try:
        local = datetime(year, month, day, hour, minute, second, microsecond, tzinfo=place)
        return in_utc(local), match[8] is None and match[9] is None
    except (ValueError, OverflowError) as error:
        raise BadTime(f"not a time: {text[:40]!r}") from error


def _offset(match: re.Match[str]) -> tzinfo | None:
    if match[8]:
        return UTC
    if not match[9]:
        return None
    ahead = timedelta(hours=int(match[10]), minutes=int(match[11] or 0))
    if ahead >= timedelta(hours=24):
        raise BadTime("an offset of a day or more")
    return timezone(-ahead if match[9] == "-" else ahead)


def time_from_epoch_ms(milliseconds: int) -> datetime:
    """Return the UTC time of a count of milliseconds since 1970."""
    try:
        return in_utc(datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds))
    except (ValueError, OverflowError) as error:
        raise BadTime(f"not a time: {str(milliseconds)[:40]}") from error


def in_utc(moment: datetime) -> datetime:
    """Return the moment in UTC; refuse years outside 1990 to 2100, in which no device of ours lives."""
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise BadTime(f"the year {moment.year} cannot be meant")
    return moment.astimezone(UTC)
