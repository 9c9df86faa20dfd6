"""Which role holds which right, and which scope of a token stands for which right: data, read in one place.

The port operator is not a competent authority (design.md §6, domain.md §3): whatever the role, its
officers hold no right over lookouts, hits or checks of marks.
"""

from agencies.actions import Right
from agencies.choices import Role, Scope
from agencies.facts import Actor, Principal

_EVERYBODY = frozenset({Right.BOARD_VIEW, Right.PASSAGE_VIEW, Right.ALARM_VIEW})
_LANE = _EVERYBODY | {
    Right.ALARM_ACT,
    Right.CHECK_MAKE,
    Right.ENTRY_MAKE,
    Right.HIT_VIEW,
    Right.NOTICE_ACT,
    Right.NOTICE_VIEW,
    Right.LOOKOUT_VIEW,
}
_CELL = _LANE | {Right.HIT_DECIDE, Right.LOOKOUT_CREATE}
_CHIEF = _CELL | {Right.ADMIN_ENTER, Right.AUDIT_VIEW, Right.DEVICE_MANAGE, Right.QUARANTINE_MANAGE}

RIGHTS_OF_ROLE: dict[str, frozenset[Right]] = {
    Role.OFFICER: frozenset(_LANE | {Right.HIT_DECIDE}),
    Role.ANALYST: frozenset(_CELL),
    Role.SUPERVISOR: frozenset(_CHIEF | {Right.TOKEN_MANAGE, Right.OFFICER_MANAGE}),
    Role.ADMINISTRATOR: frozenset(
        _EVERYBODY
        | {
            Right.ADMIN_ENTER,
            Right.DEVICE_MANAGE,
            Right.OFFICER_MANAGE,
            Right.QUARANTINE_MANAGE,
            Right.TOKEN_MANAGE,
        }
    ),
    Role.AUDITOR: frozenset(_EVERYBODY | {Right.ADMIN_ENTER, Right.AUDIT_VIEW}),
}

RIGHTS_OF_SCOPE: dict[str, frozenset[Right]] = {
    Scope.SCANNING_READ: frozenset({Right.PASSAGE_VIEW, Right.ALARM_VIEW, Right.BOARD_VIEW}),
    Scope.ALARMS_WRITE: frozenset({Right.ALARM_ACT}),
    Scope.LOOKOUTS_READ: frozenset({Right.LOOKOUT_VIEW}),
    Scope.LOOKOUTS_WRITE: frozenset({Right.LOOKOUT_CREATE}),
    Scope.HITS_READ: frozenset({Right.HIT_VIEW, Right.NOTICE_VIEW}),
    Scope.HITS_WRITE: frozenset({Right.HIT_DECIDE, Right.NOTICE_ACT}),
    Scope.CHECKS_WRITE: frozenset({Right.CHECK_MAKE}),
}

#: What needs a competent authority (police, border, customs), not a port operator.
AUTHORITY_ONLY = frozenset(
    {
        Right.CHECK_MAKE,
        Right.HIT_DECIDE,
        Right.HIT_VIEW,
        Right.LOOKOUT_CREATE,
        Right.LOOKOUT_VIEW,
    }
)


class RightMissing(PermissionError):
    """The acting party does not hold the right."""


def rights_of(principal: Principal) -> frozenset[Right]:
    """Every right that the principal holds now."""
    if principal.actor == Actor.OFFICER:
        rights = RIGHTS_OF_ROLE.get(principal.role, frozenset())
    elif principal.actor == Actor.SERVICE:
        rights = frozenset().union(*(RIGHTS_OF_SCOPE.get(scope, frozenset()) for scope in principal.scopes))
    else:
        rights = frozenset()
    return rights if principal.is_authority else rights - AUTHORITY_ONLY


def may(principal: Principal, right: Right) -> bool:
    """Whether the principal holds the right."""
    return right in rights_of(principal)


def require(principal: Principal, right: Right) -> None:
    """Raise RightMissing unless the principal holds the right."""
    if not may(principal, right):
        raise RightMissing(right.value)
