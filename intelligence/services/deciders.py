"""Who decides: always an officer, also when another system carries the decision here."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.models import Officer
from agencies.rules.rights import require
from intelligence.choices import RejectReason
from intelligence.rules.drafts import is_storable
from intelligence.selectors.parties import officer_acting, officer_named

OUTCOME_LENGTH = 500


def decider_of(principal: Principal, right: Right, badge_number: str = "") -> Officer:
    """The officer who decides: whoever acts, or for a service account the named officer of its agency.

    Raises RightMissing, or ValidationError on `officer` when the account names nobody who may decide: a
    system never decides by itself (DPA 2018 s49, LED Art 11).
    """
    require(principal, right)
    officer = officer_acting(principal)
    if officer is None and badge_number and is_storable(badge_number):
        officer = officer_named(principal, badge_number, right)
    if officer is None:
        raise ValidationError(
            {"officer": ValidationError(_("Name the officer who decides, by badge number."), code="required")}
        )
    return officer


def decision_checked(*, confirmed: bool, reject_reason: str, outcome: str) -> str:
    """The outcome as it is kept; ValidationError when a rejection has no reason, or a confirmation has one."""
    if confirmed and reject_reason:
        raise ValidationError(
            {"reject_reason": ValidationError(_("Only a rejection has a reason."), code="invalid")}
        )
    if not confirmed and reject_reason not in RejectReason.values:
        raise ValidationError(
            {"reject_reason": ValidationError(_("Say why this is no hit."), code="required")}
        )
    outcome = outcome.strip()
    if len(outcome) > OUTCOME_LENGTH or not is_storable(outcome):
        raise ValidationError({"outcome": ValidationError(_("Put it into fewer words."), code="invalid")})
    return outcome
