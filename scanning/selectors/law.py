"""The lawful-use matrix as it is read: the rules, and what they say about one intended use."""

import datetime as dt
import uuid
from dataclasses import dataclass

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from intelligence.selectors.parties import parties
from scanning.choices import DeviceKind, ScanPurpose, UseVerdict
from scanning.models import LawfulUse
from scanning.rules.law import Ruling, Use, UseRule, is_in_force, use_ruled


@dataclass(frozen=True, slots=True)
class RuleSeen:
    """One rule of lawful use."""

    uid: uuid.UUID
    agency: str
    technique: DeviceKind
    purpose: ScanPurpose
    territory: str
    verdict: UseVerdict
    soft_sided_only: bool
    engine_off: bool
    condition_en: str
    condition_fr: str
    basis: str
    valid_from: dt.date
    valid_until: dt.date | None
    in_force: bool
    condition: str


def rules_read(
    principal: Principal,
    *,
    on: dt.date,
    agency: str = "",
    technique: str = "",
    purpose: str = "",
    ended: bool = False,
) -> tuple[RuleSeen, ...]:
    """The rules that stand on this day or will, in the order of agency and technique; with `ended` those of before too.

    Raises RightMissing.
    """
    require(principal, Right.BOARD_VIEW)
    wanted = LawfulUse.objects.visible_to(principal)
    for field, value in (("technique", technique), ("purpose", purpose)):
        if value:
            wanted = wanted.filter(**{field: value})
    if agency:
        wanted = wanted.filter(agency_group_id=parties().group(agency) or 0)
    seen = (rule_seen(rule, on) for rule in wanted)
    return tuple(
        sorted(
            (rule for rule in seen if ended or rule.valid_until is None or rule.valid_until > on),
            key=lambda rule: (rule.agency, rule.technique.label, rule.purpose.label, rule.territory),
        )
    )


def rule_seen(rule: LawfulUse, on: dt.date) -> RuleSeen:
    """The frozen form of a rule."""
    return RuleSeen(
        uid=rule.uid,
        agency=parties().code(rule.agency_group_id),
        technique=DeviceKind(rule.technique),
        purpose=ScanPurpose(rule.purpose),
        territory=rule.territory,
        verdict=UseVerdict(rule.verdict),
        soft_sided_only=rule.soft_sided_only,
        engine_off=rule.engine_off,
        condition_en=rule.condition_en,
        condition_fr=rule.condition_fr,
        basis=rule.basis,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
        in_force=is_in_force(_fact(rule), on),
        condition=rule.condition,
    )


def use_ruling(principal: Principal, use: Use) -> Ruling:
    """What the matrix says about this use."""
    rules = LawfulUse.objects.visible_to(principal).filter(
        agency_group_id=use.agency_group_id, technique=use.technique, purpose=use.purpose
    )
    return use_ruled(map(_fact, rules), use)


def _fact(rule: LawfulUse) -> UseRule:
    return UseRule(
        uid=rule.uid,
        agency_group_id=rule.agency_group_id,
        technique=rule.technique,
        purpose=rule.purpose,
        territory=rule.territory,
        verdict=rule.verdict,
        soft_sided_only=rule.soft_sided_only,
        engine_off=rule.engine_off,
        condition=rule.condition,
        basis=rule.basis,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
    )
