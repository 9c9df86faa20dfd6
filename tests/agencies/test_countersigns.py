"""What two have to agree on: proposer and signer differ, the named agency signs, and the effect comes with the signature."""

import datetime as dt

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.choices import CountersignKind, CountersignState
from agencies.models import Compartment, Countersign, Officer, Signature
from agencies.rules.countersigns import CountersignRefused
from agencies.rules.rights import RightMissing
from agencies.selectors import countersign_cards, countersigns_of, principal_of_token
from agencies.services.countersigns import (
    compartment_admission_propose,
    countersign_refuse,
    countersign_sign,
    countersign_withdraw,
)
from agencies.services.tokens import token_find
from audit.models import AuditEvent
from intelligence.models import Lookout
from intelligence.services.caveats import caveat_lift_propose
from tests.making import make_lookout

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle(world, owner):
    """The British compartment, with two supervisors of UKBA named in it."""
    with owner():
        circle = Compartment.objects.get(name="LANTERN")
        second = Officer.objects.create_user(
            "ukba.second", agency=world.agency("UKBA"), role="supervisor", clearance=10, badge_number="U-2"
        )
        for officer in (world.officer("ukba.supervisor"), second):
            officer.groups.add(world.group("UKBA"), circle.group)
    return circle


def acting(world, username, act, **more):
    principal = world.principal(username)
    with acting_as(principal), transaction.atomic():
        return act(acting_officer=principal, **more)


def admission(world, circle, *, badge="P-analyst", by="ukba.supervisor", agency="PAF"):
    return acting(
        world, by, compartment_admission_propose, compartment_uid=str(circle.uid), agency_code=agency,
        badge_number=badge, reason="joint enquiry",
    )  # fmt: skip


def named(world, owner, circle, username="paf.analyst"):
    with owner():
        return world.officer(username).groups.filter(pk=circle.group_id).exists()


def test_an_officer_of_another_agency_is_named_when_that_agency_has_signed_and_not_before(
    world, owner, circle
):
    proposal = admission(world, circle)
    assert not named(world, owner, circle)
    signed = acting(world, "paf.supervisor", countersign_sign, uid=proposal.uid)
    assert signed.state == CountersignState.DONE
    assert named(world, owner, circle)
    with owner():
        acts = AuditEvent.objects.filter(object_type="countersign").order_by("id")
        assert [(a.action, a.agency_group_id) for a in acts] == [
            ("countersign.propose", circle.group_id), ("countersign.sign", world.group("PAF")),
        ]  # fmt: skip


@pytest.mark.parametrize("who", ["ukba.supervisor", "ukba.second", "douanes.supervisor", "ccic.supervisor"])
def test_nobody_signs_for_another_agency_and_whoever_is_not_asked_sees_nothing(world, owner, circle, who):
    proposal = admission(world, circle)
    with pytest.raises((CountersignRefused, NotVisible)) as refused:
        acting(world, who, countersign_sign, uid=proposal.uid)
    assert isinstance(refused.value, NotVisible) is not who.startswith("ukba")
    assert not named(world, owner, circle)


@pytest.mark.parametrize("role", ["officer", "analyst", "auditor"])
def test_without_the_right_of_its_kind_nobody_signs_or_sees_it(world, circle, role):
    proposal = admission(world, circle)
    with pytest.raises(RightMissing):
        acting(world, f"paf.{role}", countersign_sign, uid=proposal.uid)
    principal = world.principal(f"paf.{role}")
    with acting_as(principal):
        assert not countersigns_of(principal).exists()


def test_an_officer_signs_not_a_system(world, circle):
    proposal = admission(world, circle)
    token = token_find(world.partner_token("PAF"), address="")
    system = principal_of_token(token)
    with acting_as(system), pytest.raises(RightMissing), transaction.atomic():
        countersign_sign(acting_officer=system, uid=proposal.uid)


def test_nobody_signs_for_themselves(world, circle):
    proposal = admission(world, circle, badge="P-supervisor")
    with pytest.raises(CountersignRefused, match="themselves"):
        acting(world, "paf.supervisor", countersign_sign, uid=proposal.uid)
    assert acting(world, "paf.administrator", countersign_sign, uid=proposal.uid).state == "done"


def test_a_badge_that_the_agency_does_not_know_is_said_to_that_agency_alone_and_the_proposal_stays(
    world, owner, circle
):
    proposal = admission(world, circle, badge="P-nobody")
    with pytest.raises(CountersignRefused, match="no active officer"):
        acting(world, "paf.supervisor", countersign_sign, uid=proposal.uid)
    with owner():
        assert Countersign.objects.get().state == "open"
        assert not Signature.objects.exists()


@pytest.mark.parametrize("agency", ["CCIC", "UKBA", "NONE"])
def test_only_another_competent_authority_can_be_asked(world, circle, agency):
    with pytest.raises(CountersignRefused):
        admission(world, circle, agency=agency)


def test_the_other_agency_does_not_learn_the_compartments_name_and_the_owner_not_the_signers(world, circle):
    proposal = admission(world, circle)
    acting(world, "paf.supervisor", countersign_sign, uid=proposal.uid)
    cards = {}
    for who in ("ukba.second", "paf.administrator"):
        principal = world.principal(who)
        with acting_as(principal):
            cards[who] = countersign_cards(principal, countersigns_of(principal))[0]
    assert (cards["ukba.second"].subject, cards["paf.administrator"].subject) == ("LANTERN", "")
    assert cards["ukba.second"].signatures[0].officer == "PAF"
    assert cards["paf.administrator"].signatures[0].officer == str(world.officer("paf.supervisor"))


def test_refused_withdrawn_and_expired_proposals_are_dead(world, owner, circle):
    first = admission(world, circle)
    refused = acting(world, "paf.supervisor", countersign_refuse, uid=first.uid, reason="not this officer")
    assert (refused.state, refused.closing_reason) == ("refused", "not this officer")
    second = admission(world, circle)
    with pytest.raises(RightMissing):
        acting(world, "paf.supervisor", countersign_withdraw, uid=second.uid, reason="no more")
    assert (
        acting(world, "ukba.second", countersign_withdraw, uid=second.uid, reason="no more").state
        == "withdrawn"
    )
    third = admission(world, circle)
    with owner():
        Countersign.objects.filter(pk=third.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    for proposal in (first, second, third):
        with pytest.raises((CountersignRefused, NotVisible)):
            acting(world, "paf.supervisor", countersign_sign, uid=proposal.uid)
    assert not named(world, owner, circle)


def test_the_same_is_not_proposed_twice_at_once(world, circle):
    admission(world, circle)
    with pytest.raises(CountersignRefused, match="already"):
        admission(world, circle, by="ukba.second")


def test_the_database_refuses_the_proposers_signature_a_foreign_one_and_any_change(world, owner, circle):
    proposal = admission(world, circle)
    ukba, paf = world.officer("ukba.supervisor"), world.officer("paf.supervisor")
    values = {"countersign": proposal, "proposer": ukba}
    with owner(), pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(**values, agency_group_id=world.group("UKBA"), officer=ukba)
    with acting_as(world.principal("ukba.second")), pytest.raises(ProgrammingError), transaction.atomic():
        Signature.objects.create(**values, agency_group_id=world.group("PAF"), officer=paf)
    acting(world, "paf.supervisor", countersign_sign, uid=proposal.uid)
    with owner(), pytest.raises(ProgrammingError), transaction.atomic():
        Signature.objects.all().delete()


def test_lifting_a_caveat_needs_a_second_officer_of_the_owner_and_opens_the_lookout_to_sharing(
    world, owner, circle
):
    with owner():
        lookout = make_lookout(world.group("UKBA"), caveat="uk_eyes_only")
    proposal = acting(world, "ukba.analyst", caveat_lift_propose, uid=lookout.uid, reason="joint operation")
    assert (proposal.kind, proposal.caveat) == (CountersignKind.CAVEAT_LIFT, "uk_eyes_only")
    with pytest.raises(CountersignRefused, match="second pair"):
        acting(world, "ukba.analyst", countersign_sign, uid=proposal.uid)
    for who in ("ukba.officer", "ukba.administrator"):
        with pytest.raises(RightMissing):
            acting(world, who, countersign_sign, uid=proposal.uid)
    with owner():
        assert Lookout.objects.get().caveat == "uk_eyes_only"
    acting(world, "ukba.supervisor", countersign_sign, uid=proposal.uid)
    with owner():
        assert Lookout.objects.get().caveat == ""
        assert AuditEvent.objects.filter(action="lookout.caveat_lift").count() == 1


def browser(world, username):
    client = Client()
    client.force_login(world.officer(username), "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_an_admission_goes_through_the_pages_in_both_languages(world, owner, circle):
    ukba, paf = browser(world, "ukba.supervisor"), browser(world, "paf.supervisor")
    new = reverse("countersign-new")
    form = {
        "compartment": str(circle.uid),
        "agency": "PAF",
        "badge_number": "P-analyst",
        "reason": "joint enquiry",
    }
    assert ukba.post(new, form | {"reason": ""}).status_code == 422
    made = ukba.post(new, form)
    assert made.status_code == 302
    waiting = paf.get(reverse("countersign-list")).content.decode()
    assert "P-analyst" in waiting
    assert "LANTERN" not in waiting
    detail = paf.get(made.url).content.decode()
    assert 'value="sign"' in detail
    assert "LANTERN" not in detail
    assert 'value="sign"' not in ukba.get(made.url).content.decode()
    act = made.url + "act/"
    assert ukba.post(act, {"act": "sign"}).status_code == 302
    assert not named(world, owner, circle)
    assert paf.post(act, {"act": "sign"}).status_code == 302
    assert named(world, owner, circle)
    assert paf.post(act, {"act": "burn"}).status_code == 400
    assert browser(world, "paf.officer").get(reverse("countersign-list")).status_code == 403
    shown = ukba.get(reverse("admin:agencies_compartment_change", args=[circle.uid])).content.decode()
    assert str(world.officer("paf.analyst")) in shown


def test_a_guest_can_be_dismissed_by_any_member_without_a_second_signature(world, owner, circle):
    acting(world, "paf.supervisor", countersign_sign, uid=admission(world, circle).uid)
    own = [world.officer(name) for name in ("ukba.supervisor", "ukba.second", "ukba.analyst")]
    page = reverse("admin:agencies_compartment_change", args=[circle.uid])
    answer = browser(world, "ukba.supervisor").post(page, {"members": [str(each.uid) for each in own]})
    assert answer.status_code == 302
    assert not named(world, owner, circle)


def test_a_caveat_is_lifted_from_the_lookouts_page_and_the_api_says_what_waits(world, owner, circle):
    with owner():
        lookout = make_lookout(world.group("UKBA"), caveat="uk_eyes_only")
    analyst = browser(world, "ukba.analyst")
    page = reverse("lookout-act", args=[lookout.uid])
    assert analyst.post(page, {"act": "lift", "reason": "joint operation"}).status_code == 302
    client = Client(headers={"Authorization": f"Token {world.partner_token('UKBA')}"})
    (waiting,) = client.get("/api/v1/countersigns/").json()["results"]
    assert (waiting["kind"], waiting["state"], waiting["waits_for"], waiting["subject"]) == (
        "caveat_lift", "open", ["UKBA"], lookout.reference,
    )  # fmt: skip
    assert client.get(f"/api/v1/countersigns/{waiting['uid']}/").json() == waiting
    other = Client(headers={"Authorization": f"Token {world.partner_token('PAF')}"})
    assert other.get("/api/v1/countersigns/").json() == {"results": []}
    assert other.get(f"/api/v1/countersigns/{waiting['uid']}/").status_code == 404
