"""Proposals: a reader's words, the owner's decision, and nothing overwritten that the owner has not looked at."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import ProgrammingError

from agencies.access import NotVisible
from agencies.paging import Turn
from agencies.rules.rights import RightMissing
from intelligence.choices import ProposalState
from intelligence.models import Lookout, Proposal
from intelligence.rules.proposals import merge_lines, version_of
from intelligence.rules.refusals import LookoutNotActive, ProposalDecided, ProposalStale
from intelligence.selectors.proposals import proposal_get, proposals_page
from intelligence.services.amendments import lookout_change
from intelligence.services.audiences import lookout_recall, lookout_share
from intelligence.services.lookouts import lookout_extend
from intelligence.services.proposals import lookout_propose, proposal_accept, proposal_discard
from tests.intelligence.conftest import CANARY

pytestmark = pytest.mark.django_db

WHY = "the plate reads 8, not B"


@pytest.fixture
def shared(cell):
    lookout = cell.looks("ukba.analyst")
    with cell.acting("ukba.analyst") as analyst:
        lookout_share(acting_officer=analyst, uid=lookout.uid, agencies=["PAF"], purpose="joint enquiry")
    return lookout


@pytest.fixture
def propose(cell, shared):
    def proposed(by: str = "paf.officer", **changes: str) -> Proposal:
        with cell.acting(by) as principal:
            return lookout_propose(
                acting_officer=principal, uid=shared.uid, changes=changes or {"mark": "A8 123 CD"}, reason=WHY
            )

    return proposed


@pytest.fixture
def accept(cell):
    def accepted(proposal, by: str = "ukba.analyst", fields=None, version: str = "") -> Proposal:
        with cell.acting(by) as principal:
            version = version or proposal_get(principal, proposal.uid).version
            return proposal_accept(acting_officer=principal, uid=proposal.uid, version=version, fields=fields)

    return accepted


def stored(cell, lookout) -> Lookout:
    return cell.as_owner(lambda: Lookout.objects.get(pk=lookout.pk))


def test_an_accepted_proposal_changes_the_lookout_through_the_owners_own_act(cell, shared, propose, accept):
    accept(propose(mark="A8 123 CD", priority="high"))
    now = stored(cell, shared)
    assert (now.mark_raw, now.mark_norm, now.priority) == ("A8 123 CD", "A8123CD", "high")
    (change,) = cell.audit("lookout.change")
    assert (change.agency_group_id, change.detail, change.purpose) == (
        cell.world.group("UKBA"),
        {"fields": ["mark", "priority"]},
        WHY,
    )
    assert cell.sees() == 1  # AB-123-CD is alike A8-123-CD
    with cell.acting("paf.officer") as proposer:
        (card,) = proposals_page(proposer, Turn()).rows
    assert (card.state, card.taken, card.is_own) == (ProposalState.ACCEPTED, ("mark", "priority"), False)


def test_the_owner_may_take_a_part_of_it(cell, shared, propose, accept):
    accept(propose(mark="A8 123 CD", priority="high"), fields=["priority"])
    now = stored(cell, shared)
    assert (now.mark_raw, now.priority) == ("AB 123 CD", "high")


@pytest.mark.parametrize("fields", [[], ["country"], ["reason"]])
def test_what_was_not_proposed_is_not_taken(cell, shared, propose, accept, fields):
    with pytest.raises(ValidationError):
        accept(propose(), fields=fields)


def test_a_discarded_proposal_changes_nothing_and_its_proposer_reads_why(cell, shared, propose):
    proposal = propose()
    with cell.acting("ukba.supervisor") as owner:
        proposal_discard(acting_officer=owner, uid=proposal.uid, reason="seen by ourselves")
    with cell.acting("paf.analyst") as proposer:
        card = proposal_get(proposer, proposal.uid)
    assert (card.state, card.decision_reason, card.decided_by) == (
        ProposalState.DISCARDED,
        "seen by ourselves",
        "",
    )
    assert stored(cell, shared).mark_raw == "AB 123 CD"


def test_a_stale_proposal_is_refused_until_the_owner_has_seen_what_stands_now(cell, shared, propose, accept):
    proposal = propose(mark="A8 123 CD", priority="high")
    with cell.acting("ukba.analyst") as owner:
        seen = proposal_get(owner, proposal.uid)
        assert not seen.stale
        lookout_change(
            acting_officer=owner, uid=shared.uid, changes={"mark": "AB 124 CD"}, reason="own reading"
        )
        with pytest.raises(ProposalStale):
            proposal_accept(acting_officer=owner, uid=proposal.uid, version=seen.version)
        merged = proposal_get(owner, proposal.uid)
    assert merged.stale
    assert [(line.field, line.base, line.current, line.proposed, line.conflict) for line in merged.lines] == [
        ("mark", "AB 123 CD", "AB 124 CD", "A8 123 CD", True),
        ("priority", "medium", "medium", "high", False),
    ]
    assert stored(cell, shared).mark_raw == "AB 124 CD"
    accept(proposal, version=merged.version, fields=["priority"])
    now = stored(cell, shared)
    assert (now.mark_raw, now.priority) == ("AB 124 CD", "high")


def test_an_extension_also_makes_what_was_looked_at_stale(cell, shared, propose):
    proposal = propose()
    with cell.acting("ukba.analyst") as owner:
        version = proposal_get(owner, proposal.uid).version
        later = shared.expires_at + dt.timedelta(days=2)
        lookout_extend(
            acting_officer=owner,
            uid=shared.uid,
            expires_at=later,
            review_due=shared.review_due,
            reason="open",
        )
        with pytest.raises(ProposalStale):
            proposal_accept(acting_officer=owner, uid=proposal.uid, version=version)


def test_a_decision_is_made_once(cell, shared, propose, accept):
    proposal = propose()
    accept(proposal)
    with pytest.raises(ProposalDecided):
        accept(proposal)


def test_of_what_one_does_not_see_or_owns_nothing_is_proposed(cell, shared, propose):
    for by in ("douanes.officer", "ukba.analyst"):
        with pytest.raises(NotVisible):
            propose(by)
    for by in ("ccic.officer", "paf.auditor"):
        with pytest.raises(RightMissing):
            propose(by)


def test_only_the_owner_decides(cell, shared, propose, accept):
    proposal = propose()
    for by, refusal in (
        ("paf.analyst", RightMissing),
        ("douanes.analyst", NotVisible),
        ("ukba.officer", RightMissing),
    ):
        with pytest.raises(refusal):
            accept(proposal, by, version="0" * 16)
    with cell.acting("paf.analyst"), transaction.atomic():
        changed = Proposal.objects.filter(pk=proposal.pk).update(state="accepted")
    assert changed == 0  # the second wall: the proposer cannot do the owner's part
    with cell.acting("ukba.analyst"), pytest.raises(ProgrammingError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(reason="other words")


def test_after_a_recall_the_proposer_keeps_its_own_words_and_sees_nothing_more(cell, shared, propose):
    proposal = propose()
    with cell.acting("ukba.analyst") as owner:
        lookout_recall(acting_officer=owner, uid=shared.uid, agencies=["PAF"], purpose="closed")
        lookout_change(
            acting_officer=owner, uid=shared.uid, changes={"mark": "ZZ 999 ZZ"}, reason="own reading"
        )
    with cell.acting("paf.officer") as proposer:
        card = proposal_get(proposer, proposal.uid)
    assert card.lookout_uid is None
    assert {line.current for line in card.lines} == {None}
    assert (card.version, card.stale) == ("", False)
    assert CANARY not in str(card)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mark": "AB 123 CD"}, "changes"),
        ({"reason": "x"}, "changes"),
        ({"mode": "silent"}, "changes"),
        ({"mark": "-"}, "mark"),
        ({"mark": "\x00\x01"}, "mark"),
        ({"country": "XX"}, "country"),
        ({"action_code": "explode"}, "action_code"),
        ({"priority": ""}, "priority"),
        ({"instruction": "hold it"}, "instruction"),  # only a stop shows one
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"expires_at": "2030-13-45T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2000-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2027-01-01T00:00:00"}, "expires_at"),
        ({"review_due": "x"}, "review_due"),
        ({"review_due": "2001-01-01"}, "review_due"),
    ],
)
def test_what_could_not_be_entered_cannot_be_proposed(shared, propose, changes, field):
    with pytest.raises(ValidationError) as refused:
        propose(**changes)
    assert set(refused.value.error_dict) == {field}


def test_an_ended_lookout_takes_no_proposal_and_no_acceptance(cell, shared, propose, accept):
    proposal = propose()
    cell.as_owner(lambda: Lookout.objects.filter(pk=shared.pk).update(state="withdrawn"))
    with pytest.raises(LookoutNotActive):
        propose()
    with pytest.raises(LookoutNotActive):
        accept(proposal)


def test_the_version_names_the_values_and_merging_is_pure():
    base = {"mark": "A", "priority": "low"}
    assert version_of(base) == version_of({"priority": "low", "mark": "A", "country": ""})
    assert version_of(base) != version_of(base | {"country": "FR"})
    (line,) = merge_lines(base, {"mark": "B"}, {"mark": "B"})
    assert not line.conflict  # somebody has already done it


def test_over_rest(cell, shared, partner):
    paf, ukba = partner("PAF"), partner("UKBA")
    made = paf.post(f"lookouts/{shared.uid}/propose/", {"changes": {"priority": "high"}, "reason": WHY})
    assert (made.status_code, made.json()["owner"], made.json()["version"]) == (201, "UKBA", "")
    uid = made.json()["uid"]
    unknown = paf.post(f"lookouts/{shared.uid}/propose/", {"changes": {"mode": "silent"}, "reason": WHY})
    assert unknown.status_code == 422
    (card,) = ukba.get("proposals/?state=open").json()["results"]
    wrong = ukba.post(f"proposals/{uid}/accept/", {"version": "0" * 16})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "proposal_stale")
    done = ukba.post(f"proposals/{uid}/accept/", {"version": card["version"], "fields": ["priority"]})
    assert (done.status_code, done.json()["state"], done.json()["taken"]) == (200, "accepted", ["priority"])
    assert ukba.post(f"proposals/{uid}/discard/", {"reason": "too late"}).json()["code"] == "proposal_decided"
    assert paf.get(f"proposals/{uid}/").json()["state"] == "accepted"
    assert partner("DOUANES").get(f"proposals/{uid}/").status_code == 404
