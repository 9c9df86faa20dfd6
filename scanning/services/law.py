"""Entering the rules of lawful use: each agency its own; a new rule ends the one before it."""

import datetime as dt
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from audit.actions import AuditAction
from audit.services import audit_record
from intelligence.rules.drafts import is_storable
from intelligence.selectors.parties import officer_acting, own_group
from intelligence.services.records import fault_at, sentence_of
from scanning.choices import DeviceKind, ScanPurpose, UseVerdict
from scanning.models import LawfulUse, Site

_LOCK_ORDER = "id"
CONDITION_LENGTH = 300
BASIS_LENGTH = 200


class RuleDetails(TypedDict, total=False):
    """What a rule says beside its verdict."""

    territory: str
    soft_sided_only: bool
    engine_off: bool
    condition_en: str
    condition_fr: str


@transaction.atomic
def rule_enter(
    *,
    acting_officer: Principal,
    technique: str,
    purpose: str,
    verdict: str,
    basis: str,
    valid_from: dt.date,
    **details: Unpack[RuleDetails],
) -> LawfulUse:
    """Enter a rule of the own agency; what stood for the same use ends on the day on which this one begins.

    Raises RightMissing, or ValidationError by field. A rule never begins in the past: what was lawful on a day
    stays what it was.
    """
    require(acting_officer, Right.DEVICE_MANAGE)
    territory = details.get("territory", "")
    _refuse_unknown(technique, purpose, verdict, territory)
    basis = sentence_of(basis, "basis")[:BASIS_LENGTH]
    conditions = {
        "condition_en": _condition("condition_en", details.get("condition_en", "")),
        "condition_fr": _condition("condition_fr", details.get("condition_fr", "")),
    }
    if valid_from < timezone.localdate():
        raise fault_at("valid_from", _("A rule begins today or later."))
    _standing_end(acting_officer, valid_from, technique=technique, purpose=purpose, territory=territory)
    rule = LawfulUse.objects.create(
        agency_group_id=own_group(acting_officer),
        technique=technique,
        purpose=purpose,
        territory=territory,
        verdict=verdict,
        soft_sided_only=details.get("soft_sided_only", False),
        engine_off=details.get("engine_off", False),
        basis=basis,
        valid_from=valid_from,
        entered_by=officer_acting(acting_officer),
        **conditions,
    )
    audit_record(
        acting_party=acting_officer,
        action=AuditAction.USE_RULE_ENTER,
        object_type="lawful_use",
        object_uids=[rule.uid],
        purpose=basis,
        detail={"technique": technique, "purpose": purpose, "territory": territory, "verdict": verdict},
    )
    return rule


def _standing_end(acting_officer: Principal, valid_from: dt.date, **use: str) -> None:
    """End what stands for this use of the own agency on the day on which the new rule begins."""
    same = LawfulUse.objects.visible_to(acting_officer).filter(
        agency_group_id=own_group(acting_officer), valid_until__isnull=True, **use
    )
    standing = same.select_for_update().order_by(_LOCK_ORDER).first()
    if standing is None:
        return
    if standing.valid_from > valid_from:
        raise fault_at("valid_from", _("A later rule for this use has been entered already."))
    standing.valid_until = valid_from
    standing.save(update_fields=["valid_until"])


def _refuse_unknown(technique: str, purpose: str, verdict: str, territory: str) -> None:
    known = {
        "technique": technique in DeviceKind.values,
        "purpose": purpose in ScanPurpose.values,
        "verdict": verdict in UseVerdict.values and verdict != UseVerdict.UNSTATED,
        "territory": not territory or Site.objects.filter(country=territory).exists(),
    }
    for field, is_known in known.items():
        if not is_known:
            raise fault_at(field, _("This is none of the known values."))


def _condition(field: str, text: str) -> str:
    text = " ".join(text.split())
    if len(text) > CONDITION_LENGTH or not is_storable(text, lines=False):
        raise fault_at(field, _("Put it into fewer words."))
    return text
