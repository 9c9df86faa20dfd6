"""When failures at the door lock it: how many, within what time, for how long.

A pair of name and address is locked soonest, so that whoever guesses from afar does not shut the officer out at the
officer's own screen; a name and an address by themselves later, against guesses from many addresses, or at many names.
The numbers are the centre's own choice; OWASP ASVS 5.0 (6.3.1) asks for such limits, and for a way to lift them.
"""

import dataclasses
import datetime as dt
import ipaddress

from agencies.choices import LockOutKind


@dataclasses.dataclass(frozen=True, slots=True)
class Limit:
    """So many failures within this time lock for that long."""

    failures: int
    within: dt.timedelta
    lasts: dt.timedelta


_QUARTER = dt.timedelta(minutes=15)
LIMITS = {
    LockOutKind.PAIR: Limit(5, dt.timedelta(minutes=5), _QUARTER),
    LockOutKind.NAME: Limit(20, _QUARTER, _QUARTER),
    LockOutKind.ADDRESS: Limit(50, _QUARTER, _QUARTER),
}
#: Rows that say nothing any more are dropped after this.
FORGOTTEN = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """What is known of one name, address or pair."""

    failures: int = 0
    since: dt.datetime | None = None
    locked_until: dt.datetime | None = None

    def holds(self, now: dt.datetime) -> bool:
        """Whether the lock is on."""
        return holds(self.locked_until, now)


def holds(locked_until: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a lock until then is on."""
    return locked_until is not None and locked_until > now


def failed(tally: Tally, limit: Limit, now: dt.datetime) -> Tally:
    """The tally after one more failure. A lock that is on is not prolonged: guessing on keeps nobody out for ever."""
    if tally.holds(now):
        return tally
    is_old = tally.since is None or tally.since + limit.within <= now or tally.locked_until is not None
    failures, since = (1, now) if is_old else (tally.failures + 1, tally.since)
    return Tally(failures, since, now + limit.lasts if failures >= limit.failures else None)


def name_plain(name: str) -> str:
    """The name as it counts: accounts are found whatever the case of the letters."""
    return name.strip().casefold()


def address_plain(address: str) -> str:
    """The address as it counts: of IPv6 the network of 64 bits, which one holder has whole; "" when it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or ipaddress.IPv6Network((found, 64), strict=False).network_address
    return str(found)
