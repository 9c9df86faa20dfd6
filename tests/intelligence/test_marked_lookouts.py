"""Marking, caveat and handling of a lookout, through every door: service, API, page, administration site."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import ProgrammingError
from django.urls import reverse
from django.utils import timezone

from agencies.acting import acting_as
from agencies.models import Compartment
from intelligence.facts import Handling
from intelligence.models import Hit, Lookout, Notice
from intelligence.services.audiences import lookout_share
from intelligence.services.lookouts import lookout_create
from tests.intelligence.conftest import Cell, draft, sighting

pytestmark = pytest.mark.django_db

H1_H3 = Handling("europol", "2016/794", ("H1", "H3"), "no copy to third parties")


def faults(principal, **more):
    with acting_as(principal), pytest.raises(ValidationError) as refused, transaction.atomic():
        lookout_create(acting_officer=principal, draft=draft(**more))
    return refused.value.message_dict


def body(**more):
    now = timezone.now()
    return {
        "mark": "AB 123 CD", "action_code": "search", "reason": "known to carry",
        "expires_at": (now + dt.timedelta(days=30)).isoformat(),
        "review_due": (now + dt.timedelta(days=28)).date().isoformat(),
    } | more  # fmt: skip


def test_the_written_marking_sets_level_and_caveat_and_stays_as_it_was_written(cell: Cell):
    lookout = cell.looks("paf.analyst", marking=" Diffusion restreinte – SPÉCIAL FRANCE ", handling=(H1_H3,))
    assert (lookout.classification, lookout.caveat) == (10, "special_france")
    assert lookout.marking_received == "Diffusion restreinte – SPÉCIAL FRANCE"
    assert lookout.handling == [H1_H3.stored()]


@pytest.mark.parametrize("column", ["handling", "marking_received"])
def test_the_database_refuses_a_change_of_what_was_received(cell: Cell, column):
    lookout = cell.looks("paf.analyst", marking="DR", handling=(H1_H3,))
    with cell.acting("paf.analyst"), pytest.raises(ProgrammingError), transaction.atomic():
        Lookout.objects.filter(pk=lookout.pk).update(**{column: [] if column == "handling" else "OFFICIAL"})


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"marking": "SECRET DÉFENSE"}, "marking"),
        ({"marking": "COSMIC"}, "marking"),
        ({"classification": 20}, "classification"),
        ({"caveat": "special_france"}, "caveat"),
        ({"caveat": "for_nobody"}, "caveat"),
        ({"marking": "OFFICIAL-SENSITIVE", "caveat": "special_france"}, "caveat"),
        ({"handling": (Handling("europol", "2016/794", ("H3",)),)}, "handling"),
        ({"reason": "SECRET\nthe driver is known"}, "reason"),
        (
            {
                "caveat": "uk_eyes_only",
                "mode": "stop",
                "notified_agencies": ("PAF",),
                "instruction": "Hold it.",
            },
            "notified_agencies",
        ),
    ],
)
def test_what_must_not_come_in_is_refused_at_its_field(world, more, field):
    assert list(faults(world.principal("ukba.analyst"), **more)) == [field]


def test_an_officer_may_confirm_that_a_text_only_begins_with_the_word(cell: Cell):
    assert cell.looks(reason="SECRET compartment behind the seats", not_marked_higher=True).pk


def test_a_member_of_the_other_state_cannot_put_a_caveat_on_a_compartments_record(world, owner):
    with owner():
        circle = Compartment.objects.get(name="LANTERN")
        world.officer("paf.analyst").groups.add(circle.group)
    paf = world.principal("paf.analyst")
    assert "caveat" in faults(paf, compartment=str(circle.uid), caveat="special_france")


def test_hits_and_notices_inherit_the_caveat_and_the_same_state_is_told(cell: Cell, world):
    lookout = cell.looks(
        "paf.analyst",
        caveat="special_france",
        mode="stop",
        notified_agencies=("DOUANES",),
        instruction="Hold it.",
    )
    cell.sees(sighting())
    with cell.owner():
        hit, notice = Hit.objects.get(lookout=lookout), Notice.objects.get(hit__lookout=lookout)
        assert (hit.caveat, notice.caveat) == ("special_france", "special_france")
        assert notice.viewers == sorted([world.group("PAF"), world.group("DOUANES")])


def test_an_agency_of_the_other_state_named_by_mistake_stops_no_match(cell: Cell, world):
    lookout = cell.looks(
        "paf.analyst", mode="stop", notified_agencies=("DOUANES", "UKBA"), instruction="Hold it."
    )
    cell.as_owner(lambda: Lookout.objects.filter(pk=lookout.pk).update(caveat="special_france"))
    assert cell.sees(sighting()) == 1
    assert world.group("UKBA") not in cell.notices()[0].viewers


def test_a_caveat_closes_a_lookout_to_sharing_with_the_other_state(cell: Cell):
    lookout = cell.looks("paf.analyst", caveat="special_france")
    with cell.acting("paf.analyst") as paf:
        for agencies in (["UKBA"], ["DOUANES", "UKBA"]):
            with pytest.raises(ValidationError), transaction.atomic():
                lookout_share(acting_officer=paf, uid=lookout.uid, agencies=agencies, purpose="joint enquiry")
        lookout_share(acting_officer=paf, uid=lookout.uid, agencies=["DOUANES"], purpose="joint enquiry")


def test_the_api_takes_and_gives_marking_caveat_and_handling_as_received(partner):
    paf = partner("PAF")
    made = paf.post(
        "lookouts/",
        body(
            marking="DIFFUSION RESTREINTE", caveat="special_france",
            handling=[{"scheme": "europol", "codes": ["H1", "H3"], "conditions": "no copy"}, {"scheme": "tlp", "codes": ["RED"]}],
        ),
    )  # fmt: skip
    assert made.status_code == 201, made.content
    given = made.json()
    assert (given["classification"], given["caveat"], given["marking_received"]) == (
        10, "special_france", "DIFFUSION RESTREINTE",
    )  # fmt: skip
    assert given["handling"] == [
        {"scheme": "europol", "version": "2016/794", "codes": ["H1", "H3"], "conditions": "no copy"},
        {"scheme": "tlp", "version": "2.0", "codes": ["RED"], "conditions": ""},
    ]
    assert partner("UKBA").get(f"lookouts/{given['uid']}/").status_code == 404


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"marking": "CONFIDENTIEL DÉFENSE"}, "marking"),
        ({"classification": 30}, "classification"),
        ({"caveat": "uk_eyes_only"}, "caveat"),
        ({"handling": [{"scheme": "5x5x5", "codes": ["P"]}]}, "handling"),
        ({"reason": "TRÈS SECRET\nabc"}, "reason"),
    ],
)
def test_the_api_refuses_at_the_door(partner, more, field):
    answer = partner("PAF").post("lookouts/", body(**more))
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


def page_form(**more):
    today = timezone.localdate()
    return {
        "once": "", "kind": "plate", "mark": "AB 123 CD", "action_code": "search", "priority": "medium",
        "mode": "silent", "reason": "known to carry", "classification": "0",
        "expires": (today + dt.timedelta(days=30)).isoformat(),
        "review_due": (today + dt.timedelta(days=28)).isoformat(),
    } | more  # fmt: skip


def test_the_page_takes_them_shows_them_and_offers_the_own_states_caveat_only(signed_in, owner):
    browser = signed_in("paf.analyst")
    offered = browser.get(reverse("lookout-new")).content.decode()
    assert "SPÉCIAL FRANCE" in offered
    assert "UK EYES ONLY" not in offered
    form = page_form(
        marking="DR", national_caveat="special_france", handling_scheme="3x5x2|2016", handling_codes="c a2",
        handling_conditions="pas avant l’interpellation",
    )  # fmt: skip
    answer = browser.post(reverse("lookout-new"), form, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("SPÉCIAL FRANCE", "3x5x2 2016 · C A2 (pas avant l’interpellation)", "OFFICIAL-SENSITIVE"):
        assert shown in text
    assert "SPÉCIAL FRANCE" in browser.get(reverse("lookout-list")).content.decode()
    assert "seulement avec l’accord du fournisseur" not in text
    kept = browser.post(
        reverse("lookout-new"),
        page_form(mark="EF 456 GH", handling_scheme="tlp|2.0", handling_codes="RED"),
        follow=True,
    )
    assert "seulement avec l’accord du fournisseur" in kept.content.decode()


def test_the_page_refuses_in_the_readers_language_and_asks_about_a_text_that_begins_higher(signed_in, owner):
    browser = signed_in("paf.analyst")
    refused = browser.post(reverse("lookout-new"), page_form(marking="SECRET"))
    assert refused.status_code == 422
    assert "au-dessus de ce que ce centre peut détenir" in refused.content.decode()
    warned = browser.post(reverse("lookout-new"), page_form(reason="SECRET aménagé dans la cabine"))
    assert warned.status_code == 422
    assert 'name="not_marked_higher"' in warned.content.decode()
    forged = browser.post(reverse("lookout-new"), page_form(national_caveat="uk_eyes_only"))
    assert forged.status_code == 422
    with owner():
        assert not Lookout.objects.exists()
    sent = page_form(reason="SECRET aménagé dans la cabine", not_marked_higher="on")
    assert browser.post(reverse("lookout-new"), sent).status_code == 302


def test_the_administration_site_takes_and_refuses_the_same(signed_in, owner):
    browser, add = signed_in("ukba.supervisor"), reverse("admin:intelligence_lookout_add")
    form = page_form(
        mark_raw="AB 123 CD", expires_at=(timezone.localtime() + dt.timedelta(days=30)).strftime("%Y-%m-%dT%H:%M"),
        marking="TOP SECRET",
    )  # fmt: skip
    assert "above what this centre may hold" in browser.post(add, form).content.decode()
    form |= {
        "marking": "OFFICIAL-SENSITIVE",
        "national_caveat": "uk_eyes_only",
        "handling_scheme": "tlp|2.0",
        "handling_codes": "RED",
    }
    answer = browser.post(add, form, follow=True)
    assert "TLP 2.0 · RED" in answer.content.decode()
    assert "UK EYES ONLY" in browser.get(reverse("admin:intelligence_lookout_changelist")).content.decode()
    with owner():
        assert Lookout.objects.get().caveat == "uk_eyes_only"
