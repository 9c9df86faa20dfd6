"""The lawful-use matrix: the most particular rule decides, a condition warns, and silence permits nothing."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.acting import acting_as
from agencies.rules.rights import RightMissing
from audit.models import AuditEvent
from scanning.choices import UseVerdict
from scanning.models import LawfulUse
from scanning.rules.law import Use, UseRule, needs_justification, use_ruled
from scanning.selectors.law import rules_read
from scanning.services.law import rule_enter

DAY = dt.date(2026, 11, 22)


def rule(**more):
    values = {
        "uid": uuid.UUID(int=1), "agency_group_id": 3, "technique": "xray", "purpose": "contraband", "territory": "",
        "verdict": "permitted", "soft_sided_only": False, "engine_off": False, "condition": "", "basis": "note 1",
        "valid_from": dt.date(2009, 1, 1), "valid_until": None,
    }  # fmt: skip
    return UseRule(**(values | more))


def ruled(*rules, **more):
    use = {"agency_group_id": 3, "technique": "xray", "purpose": "contraband", "territory": "FR", "on": DAY}
    return use_ruled(rules, Use(**(use | more)))


def test_what_no_rule_names_is_unstated_and_has_to_be_justified():
    for ruling in (
        ruled(),
        ruled(rule(purpose="persons")),
        ruled(rule(technique="gamma")),
        ruled(rule(agency_group_id=4)),
        ruled(rule(territory="GB")),
    ):
        assert ruling.verdict == UseVerdict.UNSTATED
        assert needs_justification(ruling)


def test_a_rule_for_the_territory_comes_before_one_for_everywhere():
    everywhere, here = rule(), rule(territory="FR", verdict="refused")
    assert ruled(everywhere, here).verdict == UseVerdict.REFUSED
    assert ruled(here, everywhere).verdict == UseVerdict.REFUSED
    assert ruled(everywhere, here, territory="GB").verdict == UseVerdict.PERMITTED


@pytest.mark.parametrize(
    ("on", "verdict"),
    [
        (dt.date(2026, 1, 31), UseVerdict.PERMITTED),
        (dt.date(2026, 2, 1), UseVerdict.REFUSED),
        (dt.date(2008, 12, 31), UseVerdict.UNSTATED),
    ],
)
def test_what_was_lawful_on_a_day_stays_what_it_was(on, verdict):
    before = rule(valid_until=dt.date(2026, 2, 1))
    after = rule(verdict="refused", valid_from=dt.date(2026, 2, 1))
    assert ruled(before, after, on=on).verdict == verdict


@pytest.mark.parametrize(
    ("body", "verdict", "justified"),
    [
        ("soft", UseVerdict.PERMITTED, False),
        ("", UseVerdict.WARNED, False),
        ("box", UseVerdict.WARNED, True),
        ("tank", UseVerdict.WARNED, True),
    ],
)
def test_millimetre_waves_are_for_soft_sided_bodies(body, verdict, justified):
    ruling = ruled(rule(soft_sided_only=True), body=body)
    assert ruling.verdict == verdict
    assert needs_justification(ruling) is justified


def test_a_condition_on_the_engine_warns_and_a_refusal_stays_one():
    assert ruled(rule(engine_off=True)).verdict == UseVerdict.WARNED
    assert ruled(rule(engine_off=True, verdict="refused")).verdict == UseVerdict.REFUSED


# The rules as data.

pytestmark = pytest.mark.django_db


def enter(world, who, **more):
    values = {
        "technique": "xray", "purpose": "persons", "verdict": "refused", "basis": "note 14/2026",
        "valid_from": timezone.localdate(),
    }  # fmt: skip
    principal = world.principal(who)
    with acting_as(principal):
        return rule_enter(acting_officer=principal, **(values | more))


def test_a_new_rule_ends_the_one_before_it_and_both_stay_readable(world, owner):
    first = enter(world, "douanes.supervisor", verdict="permitted")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    second = enter(world, "douanes.supervisor", valid_from=tomorrow)
    with owner():
        first.refresh_from_db()
        assert first.valid_until == tomorrow
        assert second.valid_until is None
        assert AuditEvent.objects.filter(action="use_rule.enter").count() == 2
    reader = world.principal("ukba.officer")
    with acting_as(reader):
        assert len(rules_read(reader, on=timezone.localdate())) == 2
        later = tomorrow + dt.timedelta(days=1)
        assert [rule.verdict for rule in rules_read(reader, on=later)] == [UseVerdict.REFUSED]
        assert len(rules_read(reader, on=later, ended=True)) == 2


def test_an_agency_writes_its_own_rules_and_no_others(world, owner):
    enter(world, "douanes.supervisor")
    enter(world, "ukba.supervisor", verdict="permitted")
    with owner():
        owners = set(LawfulUse.objects.values_list("agency_group_id", flat=True))
    assert owners == {world.group("DOUANES"), world.group("UKBA")}
    principal = world.principal("ukba.supervisor")
    with acting_as(principal):
        others = LawfulUse.objects.visible_to(principal).filter(agency_group_id=world.group("DOUANES"))
        assert others.update(valid_until=timezone.localdate()) == 0  # the second wall
        with pytest.raises(Exception, match="row-level security"):
            LawfulUse.objects.create(
                agency_group_id=world.group("PAF"), technique="dog", purpose="persons", verdict="refused",
                basis="x", valid_from=DAY,
            )  # fmt: skip


def test_only_keepers_of_the_equipment_enter_rules(world):
    for who in ("douanes.officer", "douanes.analyst", "douanes.auditor"):
        with pytest.raises(RightMissing):
            enter(world, who)


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("technique", {"technique": "crystal ball"}),
        ("purpose", {"purpose": "curiosity"}),
        ("verdict", {"verdict": "unstated"}),
        ("territory", {"territory": "ZZ"}),
        ("basis", {"basis": " "}),
        ("valid_from", {"valid_from": dt.date(2009, 1, 1)}),
        ("condition_en", {"condition_en": "a\x00b"}),
        ("condition_fr", {"condition_fr": "x" * 301}),
    ],
)
def test_a_rule_that_cannot_be_one_is_refused_at_its_field(world, field, more):
    with pytest.raises(ValidationError) as refused:
        enter(world, "douanes.supervisor", **more)
    assert set(refused.value.error_dict) == {field}
