"""What needs a second signature, who may propose and sign it, and how long a proposal waits. Pure."""

import datetime as dt
from collections.abc import Collection

from agencies.actions import Right
from agencies.choices import CountersignKind, CountersignState
from agencies.facts import Principal
from agencies.rules.rights import may

#: After that a proposal is dead, and what it proposed is proposed anew.
WAITS = dt.timedelta(days=7)
REASON_LENGTH = 300

#: The right that proposing and signing each kind needs.
RIGHT_OF_KIND: dict[str, Right] = {
    CountersignKind.ADMIT: Right.OFFICER_MANAGE,
    CountersignKind.CAVEAT_LIFT: Right.LOOKOUT_CREATE,
    CountersignKind.FACTORS: Right.FACTOR_RESET,
}


class CountersignRefused(ValueError):
    """It cannot be proposed or signed; the text says why."""


def kinds_seen_by(principal: Principal) -> list[str]:
    """The kinds of proposal that concern this principal at all."""
    if not may(principal, Right.COUNTERSIGN_VIEW):
        return []
    return [kind for kind, right in RIGHT_OF_KIND.items() if may(principal, right)]


def state_now(state: str, expires_at: dt.datetime | None, now: dt.datetime) -> CountersignState:
    """The state as it is: an open proposal whose time is over is expired."""
    if state == CountersignState.OPEN and expires_at is not None and expires_at <= now:
        return CountersignState.EXPIRED
    return CountersignState(state)


def group_to_sign(must_sign: Collection[int], signed: Collection[int], groups: Collection[int]) -> int | None:
    """For which group somebody of these groups would sign now; None when there is nothing to sign for."""
    return next((group for group in must_sign if group in groups and group not in signed), None)
