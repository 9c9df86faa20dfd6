"""Who may appoint whom: nobody hands out more than they hold, and nobody appoints themselves."""

from agencies.choices import AccountKind, Role, Scope
from agencies.facts import Principal
from agencies.rules.matrix import MATRIX
from agencies.rules.rights import OF_SYSTEMS, RIGHTS_OF_SCOPE, rights_of

#: Which roles each role may give, and whose accounts it may change. The auditor watches over the
#: supervisor, so a supervisor makes none.
APPOINTS: dict[str, frozenset[str]] = {
    Role.SUPERVISOR: frozenset({Role.OFFICER, Role.ANALYST, Role.SUPERVISOR}),
    Role.ADMINISTRATOR: frozenset(Role.values),
}

#: What the account of a device or gateway may hold at most.
DEVICE_SCOPES = frozenset(
    entry.scope for entry in MATRIX if entry.scope is not None and AccountKind.DEVICE in entry.accounts
)


class ChangeRefused(ValueError):
    """The change breaks a rule that the officer at the form can understand: the text says which."""


def roles_given_by(principal: Principal) -> frozenset[str]:
    """The roles that this officer may give to others."""
    return APPOINTS.get(principal.role, frozenset())


def may_appoint(principal: Principal, *, role: str, clearance: int) -> bool:
    """Whether this officer may make, or change, an account with this role and clearance."""
    return role in roles_given_by(principal) and clearance <= principal.clearance


def scopes_given_by(principal: Principal) -> frozenset[str]:
    """The scopes that this officer may put on a service account or a token.

    A scope stands for rights; whoever does not hold them could else read through a token what they may not
    read themselves. Posting deliveries and reading their receipts stand for no right of a person.
    """
    held = rights_of(principal) | OF_SYSTEMS
    return frozenset(scope for scope in Scope.values if RIGHTS_OF_SCOPE.get(scope, frozenset()) <= held)
