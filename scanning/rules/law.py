"""What the lawful-use matrix says about one use of a technique. Pure.

The rules are data (scanning.models.LawfulUse). The most particular rule decides: one for the territory before one
for everywhere. Where none stands, nothing is permitted by silence: the officer says why, and it is recorded.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from scanning.choices import Body, UseVerdict

#: Bodies through which millimetre waves pass (La Voix du Nord, 25 April 2013).
SOFT = frozenset({Body.SOFT.value, Body.FLATBED.value})


@dataclass(frozen=True, slots=True)
class UseRule:
    """One rule as it decides; `condition` and `basis` are for the officer."""

    uid: uuid.UUID
    agency_group_id: int
    technique: str
    purpose: str
    territory: str
    verdict: str
    soft_sided_only: bool
    engine_off: bool
    condition: str
    basis: str
    valid_from: dt.date
    valid_until: dt.date | None


@dataclass(frozen=True, slots=True)
class Use:
    """One intended use: by whom, with what, for what, where, on which day, on what kind of body ("" not known)."""

    agency_group_id: int
    technique: str
    purpose: str
    territory: str
    on: dt.date
    body: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was found: the verdict, the rule that decided (None where none stands), and whether the body breaks it."""

    verdict: UseVerdict
    rule: UseRule | None = None
    body_unfit: bool = False


def is_in_force(rule: UseRule, on: dt.date) -> bool:
    """Whether the rule stands on this day; the day on which it ends is the next rule's."""
    return rule.valid_from <= on and (rule.valid_until is None or on < rule.valid_until)


def use_ruled(rules: Iterable[UseRule], use: Use) -> Ruling:
    """What the rules say about this use."""
    fitting = [
        rule
        for rule in rules
        if rule.agency_group_id == use.agency_group_id
        and rule.technique == use.technique
        and rule.purpose == use.purpose
        and rule.territory in {"", use.territory}
        and is_in_force(rule, use.on)
    ]
    if not fitting:
        return Ruling(UseVerdict.UNSTATED)
    rule = max(fitting, key=lambda one: (one.territory != "", one.valid_from))
    verdict = UseVerdict(rule.verdict)
    unfit = rule.soft_sided_only and use.body not in {"", *SOFT}
    if verdict == UseVerdict.PERMITTED and (
        unfit or rule.engine_off or (rule.soft_sided_only and not use.body)
    ):
        verdict = UseVerdict.WARNED
    return Ruling(verdict, rule, unfit)


def needs_justification(ruling: Ruling) -> bool:
    """Whether the officer has to say why it is asked for all the same: no rule, or a body it is not meant for."""
    return ruling.verdict == UseVerdict.UNSTATED or ruling.body_unfit
