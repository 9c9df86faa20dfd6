"""Who holds which right: derived from the rights matrix, asked for in one place.

The port operator is not a competent authority (design.md §6, domain.md §3): whatever the role, its
officers hold no right over lookouts, hits or checks of marks.
"""

from agencies.actions import Right
from agencies.choices import Role, Scope
from agencies.facts import Actor, Principal
from agencies.rules.matrix import MATRIX

RIGHTS_OF_ROLE: dict[str, frozenset[Right]] = {
    role: frozenset(entry.right for entry in MATRIX if role in entry.roles) for role in Role
}

RIGHTS_OF_SCOPE: dict[str, frozenset[Right]] = {
    scope: frozenset(entry.right for entry in MATRIX if entry.scope == scope) for scope in Scope
}

#: What a kind of service account may do at most, whatever its scopes say.
RIGHTS_OF_ACCOUNT: dict[str, frozenset[Right]] = {
    kind: frozenset(entry.right for entry in MATRIX if kind in entry.accounts)
    for kind in {kind for entry in MATRIX for kind in entry.accounts}
}

#: What needs a competent authority (police, border, customs), not a port operator.
AUTHORITY_ONLY = frozenset(entry.right for entry in MATRIX if entry.authority_only)

#: What only a system does for itself (posting, reading its receipts): no officer needs to hold it to grant it.
OF_SYSTEMS = frozenset(entry.right for entry in MATRIX if not entry.roles)


class RightMissing(PermissionError):
    """The acting party does not hold the right."""


def rights_of(principal: Principal) -> frozenset[Right]:
    """Every right that the principal holds now."""
    if principal.actor == Actor.OFFICER:
        rights = RIGHTS_OF_ROLE.get(principal.role, frozenset())
    elif principal.actor == Actor.SERVICE:
        scopes = (RIGHTS_OF_SCOPE.get(scope, frozenset()) for scope in principal.scopes)
        rights = frozenset().union(*scopes) & RIGHTS_OF_ACCOUNT.get(principal.role, frozenset())
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
