"""The demonstration's rules of lawful use. Each agency's legal service enters its own before anything is relied upon.

Only what is public is imitated: X-ray at Calais was reported to be barred for people (press, 2016), and millimetre
waves to work on soft-sided bodies only (La Voix du Nord, 25 April 2013).
"""

import datetime as dt
from typing import NamedTuple

from scanning.choices import DeviceKind, ScanPurpose, UseVerdict
from scanning.models import LawfulUse

_BASIS = "Demonstration: to be confirmed by the legal service / à confirmer par le service juridique"
_FROM = dt.date(2009, 1, 1)


class RuleData(NamedTuple):
    """One rule."""

    agency: str
    technique: str
    purpose: str
    verdict: str = UseVerdict.PERMITTED
    soft_sided_only: bool = False
    engine_off: bool = False
    condition_en: str = ""
    condition_fr: str = ""


_PERSONS, _GOODS = ScanPurpose.PERSONS, ScanPurpose.CONTRABAND
_NO_XRAY = (
    "X-ray is not used to look for people.",
    "Les rayons X ne servent pas à rechercher des personnes.",
)
RULES = (
    RuleData("DOUANES", DeviceKind.XRAY, _GOODS),
    RuleData("DOUANES", DeviceKind.XRAY, ScanPurpose.CUSTOMS),
    RuleData("DOUANES", DeviceKind.XRAY, ScanPurpose.WEAPONS),
    RuleData("DOUANES", DeviceKind.XRAY, _PERSONS, UseVerdict.REFUSED, False, False, *_NO_XRAY),
    RuleData("DOUANES", DeviceKind.GAMMA, _GOODS),
    RuleData("DOUANES", DeviceKind.GAMMA, _PERSONS, UseVerdict.REFUSED, False, False, *_NO_XRAY),
    RuleData("DOUANES", DeviceKind.DOG, _GOODS),
    RuleData("DOUANES", DeviceKind.SEARCH, _GOODS),
    RuleData("DOUANES", DeviceKind.SEARCH, ScanPurpose.CUSTOMS),
    RuleData("UKBA", DeviceKind.PMMW, _PERSONS, UseVerdict.PERMITTED, True),
    RuleData("UKBA", DeviceKind.HEARTBEAT, _PERSONS, UseVerdict.PERMITTED, False, True),
    RuleData("UKBA", DeviceKind.CO2, _PERSONS),
    RuleData("UKBA", DeviceKind.DOG, _PERSONS),
    RuleData("UKBA", DeviceKind.SEARCH, _PERSONS),
    RuleData("UKBA", DeviceKind.RADIATION, ScanPurpose.RADIATION),
    RuleData("PAF", DeviceKind.DOG, _PERSONS),
    RuleData("PAF", DeviceKind.CO2, _PERSONS),
    RuleData("PAF", DeviceKind.SEARCH, _PERSONS),
    RuleData("CCIC", DeviceKind.CO2, _PERSONS),
    RuleData("CCIC", DeviceKind.HEARTBEAT, _PERSONS, UseVerdict.PERMITTED, False, True),
    RuleData("CCIC", DeviceKind.PMMW, _PERSONS, UseVerdict.PERMITTED, True),
)  # fmt: skip


def rules_load(groups: dict[str, int]) -> int:
    """Enter the missing rules; returns how many were entered."""
    known = set(LawfulUse.objects.values_list("agency_group_id", "technique", "purpose"))
    missing = [rule for rule in RULES if (groups[rule.agency], rule.technique, rule.purpose) not in known]
    for rule in missing:
        values = rule._asdict() | {
            "agency_group_id": groups[rule.agency],
            "basis": _BASIS,
            "valid_from": _FROM,
        }
        values.pop("agency")
        LawfulUse.objects.create(**values)
    return len(missing)
