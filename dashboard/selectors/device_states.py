"""How a device does: by what it says of itself, and by what officers reported and planned."""

from django.utils import timezone

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import may
from scanning.choices_care import OutageEffect, OutageKind
from scanning.selectors.outages import OutageNow, outages_under_way
from scanning.selectors.seen import DeviceState

#: A device in one of these states detects nothing, and nobody meant it to.
OUT = ("fault", "silent", "out")
#: A device in one of these wants somebody's attention.
TROUBLE = (*OUT, "limited")


def outages_now(principal: Principal) -> dict[int, OutageNow]:
    """The outage that tells most of each visible device (internal ids); none without the right to see outages."""
    return outages_under_way(principal, now=timezone.now()) if may(principal, Right.OUTAGE_VIEW) else {}


def state_of(state: DeviceState, outage: OutageNow | None) -> str:
    """How a device does: what it says of itself, and what officers planned or reported.

    A device that is down as planned is in no trouble, whatever it says; one that an officer has reported as out of action
    is, although it says nothing of it.
    """
    if state.state == "off" or outage is None:
        return state.state
    out = outage.effect == OutageEffect.OUT
    if out and outage.kind == OutageKind.PLANNED:
        return "planned"
    if state.state in {"fault", "silent"}:
        return state.state
    return ("out" if outage.kind == OutageKind.REPORTED else state.state) if out else "limited"
