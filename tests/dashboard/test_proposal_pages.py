"""Pages of proposals."""

import pytest

from intelligence.models import Lookout, Proposal
from intelligence.services.audiences import lookout_share

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(cell):
    lookout = cell.looks("ukba.analyst")
    with cell.acting("ukba.analyst") as analyst:
        lookout_share(acting_officer=analyst, uid=lookout.uid, agencies=["PAF"], purpose="joint enquiry")
    return lookout


@pytest.fixture
def filled(shared):
    """The form as the reader finds it, with another priority."""
    return {
        "mark": shared.mark_raw, "country": shared.country, "action_code": shared.action_code, "priority": "high",
        "instruction": "", "expires_at": shared.expires_at.date().isoformat(), "review_due": shared.review_due.isoformat(),
        "reason": "seen empty twice",
    }  # fmt: skip


def test_proposing_comparing_and_taking_over(cell, shared, filled, signed_in):
    reader, owner = signed_in("paf.officer"), signed_in("ukba.analyst")
    assert f"/lookouts/{shared.uid}/propose/" in reader.get(f"/lookouts/{shared.uid}/").content.decode()
    assert shared.mark_raw in reader.get(f"/lookouts/{shared.uid}/propose/").content.decode()
    made = reader.post(f"/lookouts/{shared.uid}/propose/", filled)
    proposal = cell.as_owner(Proposal.objects.get)
    url = f"/proposals/{proposal.uid}/"
    assert (made.status_code, made["Location"]) == (302, url)
    assert set(proposal.proposed) == {"priority"} | ({"expires_at"} & set(proposal.proposed))
    assert url in owner.get("/proposals/").content.decode()
    page = owner.get(url)
    version = page.context["form"]["version"].value()
    assert (
        owner.post(url, {"version": version, "decision": "accept", "take": ["priority"]}).status_code == 302
    )
    assert cell.as_owner(lambda: Lookout.objects.get(pk=shared.pk).priority) == "high"
    assert "Prise en compte" in reader.get(url).content.decode()


def test_a_stale_decision_is_shown_what_stands_now(cell, shared, filled, signed_in):
    signed_in("paf.officer").post(f"/lookouts/{shared.uid}/propose/", filled)
    url = f"/proposals/{cell.as_owner(Proposal.objects.get).uid}/"
    owner = signed_in("ukba.analyst")
    version = owner.get(url).context["form"]["version"].value()
    cell.as_owner(lambda: Lookout.objects.filter(pk=shared.pk).update(priority="low"))
    answer = owner.post(url, {"version": version, "decision": "accept", "take": ["priority"]}, follow=True)
    text = answer.content.decode()
    assert "has been changed meanwhile" in text
    assert "changed meanwhile" in text
    assert cell.as_owner(lambda: Lookout.objects.get(pk=shared.pk).priority) == "low"


def test_discarding_needs_a_reason(cell, shared, filled, signed_in):
    signed_in("paf.officer").post(f"/lookouts/{shared.uid}/propose/", filled)
    url = f"/proposals/{cell.as_owner(Proposal.objects.get).uid}/"
    owner = signed_in("ukba.analyst")
    version = owner.get(url).context["form"]["version"].value()
    for given in ({"decision": "discard"}, {"decision": "accept"}, {"decision": "x"}, {}):
        assert owner.post(url, {"version": version, **given}).status_code == 422
    done = owner.post(url, {"version": version, "decision": "discard", "reason": "known already"})
    assert done.status_code == 302


def test_nothing_changed_is_nothing_proposed_and_bad_input_is_said_at_the_form(shared, filled, signed_in):
    reader = signed_in("paf.officer")
    for bad in (
        {"priority": "medium"},
        {"mark": "\x00"},
        {"country": "XX"},
        {"review_due": "x"},
        {"reason": ""},
    ):
        assert reader.post(f"/lookouts/{shared.uid}/propose/", filled | bad).status_code in {302, 422}
    assert reader.post(f"/lookouts/{shared.uid}/propose/", filled | {"reason": ""}).status_code == 422


@pytest.mark.parametrize(
    ("username", "status"), [("douanes.officer", 404), ("ukba.analyst", 404), ("ccic.officer", 403)]
)
def test_whoever_may_not_propose_finds_no_form(shared, signed_in, username, status):
    assert signed_in(username).get(f"/lookouts/{shared.uid}/propose/").status_code == status
