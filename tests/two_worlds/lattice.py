"""Who else asks: every role of two agencies, tokens with one scope, a device, a suspended and a moved officer.

Each case names its main readers; all of the lattice ask besides. UKBA owns what is hidden and DOUANES is told of some of
it, so the lattice is of PAF and the port operator.
"""

import hashlib
from typing import Any

from agencies.choices import AccountKind, Role, Scope
from agencies.models import Officer, ServiceAccount, ServiceToken
from tests.two_worlds.framework import Case

_AGENCIES = ("PAF", "CCIC")
OFFICERS = [f"{agency.lower()}.{role}" for agency in _AGENCIES for role in Role.values]
OFFICERS += ["paf.suspended", "paf.moved"]
TOKENS = [f"{agency}/{scope}" for agency in _AGENCIES for scope in Scope.values] + ["L2-DOG"]


def lattice_make(world: Any) -> None:
    """The readers that the small world does not have; the same in both worlds."""
    ukba, paf = world.agency("UKBA"), world.agency("PAF")
    for name, agency, active in (("paf.suspended", paf, False), ("paf.moved", ukba, True)):
        officer = Officer.objects.create_user(
            name, agency=agency, role=Role.SUPERVISOR, clearance=10, badge_number=name, is_active=active
        )
        officer.groups.add(agency.group)
    moved = Officer.objects.get(username="paf.moved")
    moved.groups.set([paf.group])
    Officer.objects.filter(pk=moved.pk).update(agency=paf)
    for agency in _AGENCIES:
        account = ServiceAccount.objects.get(agency__code=agency, kind=AccountKind.PARTNER)
        expires_at = ServiceToken.objects.filter(account=account).values_list("expires_at", flat=True)[0]
        for scope in Scope.values:
            secret = token_of(f"{agency}/{scope}")
            ServiceToken.objects.create(
                account=account, prefix=secret[:12], digest=hashlib.sha256(secret.encode()).digest(),
                scopes=[scope], expires_at=expires_at,
            )  # fmt: skip


def token_of(who: str) -> str:
    """The secret of a token with one scope."""
    return f"jocc_pa_test-{who}"


def others(case: Case) -> list[str]:
    """Who asks besides the case's own readers; the agencies that the case names as told are left out."""
    kinds = TOKENS if case.path.startswith("/api/") else OFFICERS
    told = tuple(agency.lower() for agency in case.told)
    return [who for who in kinds if who not in case.people and not (told and who.lower().startswith(told))]
