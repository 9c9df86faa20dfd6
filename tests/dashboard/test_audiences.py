"""Who may share a remembered answer: only readers for whom it is the same in every letter."""

import ast
import dataclasses
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone, translation

import dashboard.selectors
from agencies.acting import acting_as
from agencies.grants import grants_give
from agencies.models import Compartment
from audit.choices import Topic
from dashboard.selectors.fresh import SEEING, Fresh, audience, everything_forget, nudged_forget
from scanning.models import DeviceGrant
from tests.intelligence.conftest import sighting
from tests.making import make_passage

pytestmark = pytest.mark.django_db

#: Where remembered answers, and what they are made of, come from.
REMEMBERED = (
    "device_states",
    "flags",
    "hours",
    "lanes",
    "lines",
    "passages",
    "places",
    "devices",
    "device_wall",
)


def named(principal, language="en", zone="Europe/Paris"):
    with acting_as(principal), translation.override(language), timezone.override(zone):
        return audience(principal)


@pytest.fixture
def remembering(settings):
    everything_forget()
    settings.BOARD_FRESH_S = 60.0
    yield
    everything_forget()


def test_officers_who_see_the_same_share_whatever_their_role(world):
    officer, supervisor = world.principal("ukba.officer"), world.principal("ukba.supervisor")
    assert named(officer) == named(supervisor)
    assert named(officer) == named(dataclasses.replace(officer, request_id="other", label="Other"))


@pytest.mark.parametrize(
    "change",
    [
        {"groups": (1, 2, 3)},
        {"agency_group": 99},
        {"clearance": 20},
        {"country": "FR"},
        {"is_authority": False},
        {"role": "auditor"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_decides_what_is_seen_tells_audiences_apart(world, change):
    officer = world.principal("ukba.officer")
    assert named(dataclasses.replace(officer, **change)) != named(officer)


def test_words_and_times_of_day_tell_audiences_apart(world):
    officer = world.principal("ukba.officer")
    assert len({named(officer), named(officer, language="fr"), named(officer, zone="Europe/London")}) == 3


def test_a_device_more_tells_audiences_apart_at_once(world, owner):
    paf = world.principal("paf.officer")
    before = named(paf)
    with owner():
        grants_give(DeviceGrant, world.device("L1-HB"), [world.group("PAF")])
    assert named(paf) != before


def test_remembered_answers_hang_on_no_right_that_does_not_stand_in_their_name():
    folder = Path(dashboard.selectors.__file__).parent
    asked = {
        node.attr
        for name in REMEMBERED
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Right"
    }
    assert asked == {right.name for right in SEEING}


def test_a_colleague_outside_the_circle_is_never_given_what_the_circle_was_shown(
    world, signed_in, owner, cell, remembering
):
    """Same agency, same devices, same board, a moment later: the flag of the circle's match is the circle's alone."""
    with owner():
        circle = str(Compartment.objects.get(name="LANTERN").uid)
        seen = make_passage(("L1-ANPR-F", timezone.now()), marks=["AB-123-CD"])
    cell.looks("ukba.analyst", compartment=circle)
    cell.sees(sighting(passage_uid=seen.uid))
    texts = [
        signed_in(name).get(reverse("board-passages")).content.decode()
        for name in ("ukba.analyst", "ukba.supervisor", "ukba.analyst", "ukba.supervisor")
    ]
    assert all("AB-123-CD" in text for text in texts)
    assert ["match" in text for text in texts] == [True, False, True, False]


def test_a_nudge_forgets_what_it_is_about_and_nothing_else():
    lines = Fresh(lambda: 60.0, about=(Topic.PASSAGE, Topic.HIT))
    anything, nothing = Fresh(lambda: 60.0), Fresh(lambda: 60.0, about=())
    numbers = iter(range(100))

    def answers():
        return [kept.get("x", lambda: next(numbers)) for kept in (lines, anything, nothing)]

    first = answers()
    assert answers() == first
    nudged_forget({"alarm"})
    second = answers()
    assert second[0] == first[0]
    assert second[1] != first[1]
    assert second[2] == first[2]
    nudged_forget({"hit"})
    third = answers()
    assert third[0] != second[0]
    assert third[2] == first[2]
    nudged_forget()
    fourth = answers()
    assert fourth[0] != third[0]
    assert fourth[1] != third[1]
    assert fourth[2] == first[2]


def test_those_told_later_keep_what_they_share_until_they_are_told(world):
    ours, theirs = (named(world.principal(name)) for name in ("ukba.officer", "paf.officer"))
    kept = Fresh(lambda: 60.0, about=("passage",))
    numbers = iter(range(100))

    def answers():
        return [kept.get((name, "CALAIS"), lambda: next(numbers)) for name in (ours, theirs)]

    first = answers()
    nudged_forget({"passage"}, {ours.rights})
    second = answers()
    assert second[0] == first[0]
    assert second[1] != first[1]
    nudged_forget({"passage"}, {theirs.rights})
    assert answers()[0] != first[0]


def test_what_is_being_answered_for_those_who_are_told_now_is_not_given_to_them(world):
    ours = named(world.principal("ukba.officer"))
    theirs = named(world.principal("paf.officer"))
    kept = Fresh(lambda: 60.0, about=("passage",))

    def overtaken():
        nudged_forget({"passage"}, {theirs.rights})
        return "before the change"

    assert kept.get((ours, ""), overtaken) == "before the change"
    assert kept.get((ours, ""), lambda: "after the change") == "after the change"
    assert kept.get((theirs, ""), overtaken) == "before the change"
    assert kept.get((theirs, ""), lambda: "after their turn") == "before the change"
