"""A lookout is entered whole or not at all, belongs to its owner, and ends when its owner or its time says so."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from agencies.access import NotVisible
from agencies.grants import grants_give
from agencies.paging import Turn
from agencies.rules.rights import RightMissing
from intelligence.models import Lookout, LookoutGrant
from intelligence.rules.refusals import LookoutNotActive, ReviewOverdue
from intelligence.selectors.lookouts import lookout_get, lookout_hit_counts, lookouts_page
from intelligence.services.audiences import lookout_recall, lookout_share
from intelligence.services.duties import lookouts_expire
from intelligence.services.lookouts import lookout_create, lookout_extend, lookout_withdraw
from tests.intelligence.conftest import CANARY, Cell, draft

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = dt.timedelta(days=1)


def test_each_agency_counts_its_own_lookouts(cell: Cell):
    year = timezone.now().year
    assert cell.looks("ukba.analyst").reference == f"UKBA-L-{year}-000001"
    assert cell.looks("ukba.analyst").reference == f"UKBA-L-{year}-000002"
    assert cell.looks("paf.analyst").reference == f"PAF-L-{year}-000001"


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("mark", {"mark": "- –"}),
        ("mark", {"mark": "AB\x00CD"}),
        ("mark", {"mark": "A" * 41}),
        ("mark", {"mark": "MSKU 417730 4", "kind": "container"}),
        ("kind", {"kind": "person"}),
        ("country", {"country": "XX"}),
        ("action_code", {"action_code": "arrest"}),
        ("mode", {"mode": "loud"}),
        ("priority", {"priority": "urgent"}),
        ("notified_agencies", {"notified_agencies": ("PAF",)}),
        ("notified_agencies", {"mode": "stop"}),
        ("notified_agencies", {"mode": "stop", "notified_agencies": ("NSA",)}),
        ("desk", {"mode": "refer", "notified_agencies": ("PAF",)}),
        ("desk", {"mode": "refer", "notified_agencies": ("PAF",), "desk": "NOWHERE"}),
        ("instruction", {"instruction": "Told although silent"}),
        ("reason", {"reason": "  "}),
        ("reason", {"reason": "x" * 2001}),
        ("classification", {"classification": 5}),
        ("classification", {"classification": 20}),
        ("compartment", {"compartment": "00000000-0000-4000-8000-000000000000"}),
        ("expires_at", {"expires_at": NOW - DAY}),
        ("expires_at", {"expires_at": NOW + 400 * DAY}),
        ("expires_at", {"expires_at": NOW.replace(tzinfo=None) + DAY}),
        ("review_due", {"review_due": NOW.date() - DAY}),
        ("review_due", {"review_due": NOW.date() + 60 * DAY}),
    ],
)
def test_a_draft_that_breaks_a_rule_is_refused_at_its_field(cell: Cell, field: str, more: dict):
    with pytest.raises(ValidationError) as caught:
        cell.looks(**more)
    assert field in caught.value.message_dict
    assert cell.as_owner(Lookout.objects.count) == 0


def test_a_compartment_that_is_not_ones_own_reads_like_one_that_does_not_exist(cell: Cell):
    lantern = cell.as_owner(lambda: str(cell.world.agency("UKBA").compartments.get().uid))
    sentences = set()
    for compartment in (lantern, "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(ValidationError) as caught:
            cell.looks("ukba.supervisor", compartment=compartment)
        sentences.add(str(caught.value.message_dict))
    assert len(sentences) == 1
    assert cell.looks("ukba.analyst", compartment=lantern).originator_id != cell.world.group("UKBA")


def test_nobody_enters_a_lookout_above_the_own_clearance(cell: Cell, owner):
    with owner():
        analyst = cell.world.officer("paf.analyst")
        analyst.clearance = 0
        analyst.save()
    with pytest.raises(ValidationError, match="clearance"):
        cell.looks("paf.analyst", classification=10)


@pytest.mark.parametrize(
    "username", ["ukba.officer", "ukba.auditor", "ukba.administrator", "ccic.supervisor"]
)
def test_who_has_no_right_to_enter_a_lookout_enters_none(cell: Cell, username: str):
    with cell.acting(username) as principal, pytest.raises(RightMissing):
        lookout_create(acting_officer=principal, draft=draft())


def test_what_is_shared_is_read_without_reason_audience_and_author(cell: Cell):
    lookout = cell.stops(notified_agencies=("PAF", "DOUANES"))
    with cell.acting("ukba.analyst") as ukba:
        lookout_share(acting_officer=ukba, uid=lookout.uid, agencies=["PAF"], purpose="joint enquiry")
        own = lookout_get(ukba, lookout.uid)
    with cell.acting("paf.officer") as paf:
        card = lookout_get(paf, lookout.uid)
    assert (own.reason, own.shared_with, own.notified_agencies) == (CANARY, ("PAF",), ("DOUANES", "PAF"))
    assert own.entered_by == "Analyst Ukba"
    assert (card.reason, card.shared_with, card.notified_agencies, card.entered_by) == ("", (), (), "")
    assert (card.mark, card.owner, card.is_own) == ("AB 123 CD", "UKBA", False)


def test_a_recall_closes_at_once(cell: Cell):
    lookout = cell.looks()
    with cell.acting("ukba.analyst") as ukba:
        lookout_share(
            acting_officer=ukba, uid=lookout.uid, agencies=["PAF", "DOUANES"], purpose="joint enquiry"
        )
        lookout_recall(acting_officer=ukba, uid=lookout.uid, agencies=["PAF"], purpose="enquiry closed")
        assert lookout_get(ukba, lookout.uid).shared_with == ("DOUANES",)
    with cell.acting("paf.officer") as paf, pytest.raises(NotVisible):
        lookout_get(paf, lookout.uid)


def test_the_owner_cannot_be_recalled(cell: Cell):
    lookout = cell.looks()
    with cell.acting("ukba.analyst") as ukba:
        lookout_recall(acting_officer=ukba, uid=lookout.uid, agencies=["UKBA"], purpose="a slip of the hand")
        assert lookout_get(ukba, lookout.uid).is_own


def test_a_reader_can_neither_widen_nor_change_nor_end_what_was_shared(cell: Cell):
    lookout = cell.looks()
    with cell.acting("ukba.analyst") as ukba:
        lookout_share(acting_officer=ukba, uid=lookout.uid, agencies=["PAF"], purpose="joint enquiry")
    with cell.acting("paf.analyst") as paf:
        common = {"acting_officer": paf, "uid": lookout.uid}
        times = {"expires_at": NOW + 9 * DAY, "review_due": NOW.date() + 8 * DAY}
        for act in (
            lambda: lookout_share(**common, agencies=["DOUANES"], purpose="friends of ours"),
            lambda: lookout_recall(**common, agencies=["PAF"], purpose="not wanted"),
            lambda: lookout_withdraw(**common, reason="not wanted"),
            lambda: lookout_extend(**common, **times, reason="not wanted"),
        ):
            with pytest.raises(RightMissing):
                act()
        row = Lookout.objects.get(uid=lookout.uid)
        with pytest.raises(ProgrammingError), transaction.atomic():
            grants_give(LookoutGrant, row, [cell.world.group("DOUANES")])
        assert Lookout.objects.filter(uid=lookout.uid).update(notified_group_ids=[paf.agency_group]) == 0
    with cell.acting("douanes.analyst"):
        assert Lookout.objects.count() == 0


def test_hidden_and_absent_lookouts_refuse_alike(cell: Cell):
    lookout = cell.looks()
    with cell.acting("paf.analyst") as paf:
        for uid in (lookout.uid, "00000000-0000-4000-8000-000000000000", "nonsense"):
            with pytest.raises(NotVisible):
                lookout_withdraw(acting_officer=paf, uid=uid, reason="trying my luck")


def test_a_lookout_is_never_shared_with_the_port_operator(cell: Cell):
    lookout = cell.looks()
    with cell.acting("ukba.analyst") as ukba:
        for agencies in (["CCIC"], ["PAF", "CCIC"], ["NOBODY"], []):
            with pytest.raises(ValidationError):
                lookout_share(
                    acting_officer=ukba, uid=lookout.uid, agencies=agencies, purpose="joint enquiry"
                )
        assert lookout_get(ukba, lookout.uid).shared_with == ()


def test_an_overdue_review_blocks_sharing_until_it_is_done(cell: Cell):
    lookout = cell.looks()
    cell.as_owner(lambda: Lookout.objects.filter(pk=lookout.pk).update(review_due=NOW.date() - DAY))
    with cell.acting("ukba.analyst") as ukba:
        assert lookout_get(ukba, lookout.uid).review_overdue
        with pytest.raises(ReviewOverdue):
            lookout_share(acting_officer=ukba, uid=lookout.uid, agencies=["PAF"], purpose="joint enquiry")
        lookout_extend(
            acting_officer=ukba, uid=lookout.uid, expires_at=NOW + 90 * DAY, review_due=NOW.date() + 30 * DAY,
            reason="reviewed, still needed",
        )  # fmt: skip
        lookout_share(acting_officer=ukba, uid=lookout.uid, agencies=["PAF"], purpose="joint enquiry")


def test_a_lookout_cannot_be_renewed_for_longer_than_allowed(cell: Cell):
    lookout = cell.looks()
    with cell.acting("ukba.analyst") as ukba, pytest.raises(ValidationError) as caught:
        lookout_extend(
            acting_officer=ukba, uid=lookout.uid, expires_at=NOW + 4000 * DAY, review_due=NOW.date() + DAY,
            reason="for ever",
        )  # fmt: skip
    assert list(caught.value.message_dict) == ["expires_at"]


def test_what_has_ended_cannot_be_changed_any_more(cell: Cell):
    withdrawn, expired = cell.looks(), cell.looks()
    cell.as_owner(lambda: Lookout.objects.filter(pk=expired.pk).update(expires_at=NOW - DAY))
    with cell.acting("ukba.analyst") as ukba:
        lookout_withdraw(acting_officer=ukba, uid=withdrawn.uid, reason="case closed")
        assert lookout_get(ukba, withdrawn.uid).withdrawn_reason == "case closed"
        assert lookout_get(ukba, expired.uid).state == "expired"  # also before the sweep
        with pytest.raises(LookoutNotActive):
            lookout_withdraw(acting_officer=ukba, uid=withdrawn.uid, reason="once more")
        for uid in (withdrawn.uid, expired.uid):
            with pytest.raises(LookoutNotActive):
                lookout_extend(
                    acting_officer=ukba, uid=uid, expires_at=NOW + 9 * DAY, review_due=NOW.date() + DAY,
                    reason="too late",
                )  # fmt: skip
            with pytest.raises(LookoutNotActive):
                lookout_share(acting_officer=ukba, uid=uid, agencies=["PAF"], purpose="too late")
    assert cell.as_worker(lookouts_expire) == 1
    assert cell.as_worker(lookouts_expire) == 0


def test_withdrawing_needs_a_reason(cell: Cell):
    lookout = cell.looks()
    with cell.acting("ukba.analyst") as ukba:
        for reason in ("", "  ", "x" * 301, "line\x00break"):
            with pytest.raises(ValidationError) as caught:
                lookout_withdraw(acting_officer=ukba, uid=lookout.uid, reason=reason)
            assert list(caught.value.message_dict) == ["reason"]


def test_the_list_is_searched_by_what_would_match_and_filtered_by_what_stands(cell: Cell):
    cell.looks(mark="OB 158 IZ", priority="high")
    cell.stops(mark="CC 222 CC")
    with cell.acting("ukba.officer") as ukba:
        assert [card.mark for card in lookouts_page(ukba, Turn(), mark="0815812").rows] == ["OB 158 IZ"]
        assert [card.mark for card in lookouts_page(ukba, Turn(), mode="stop").rows] == ["CC 222 CC"]
        assert [card.mark for card in lookouts_page(ukba, Turn(), priority="high").rows] == ["OB 158 IZ"]
        assert len(lookouts_page(ukba, Turn(), own=True).rows) == 2
        assert lookouts_page(ukba, Turn(), own=False).rows == ()
        assert lookouts_page(ukba, Turn(), state="expired").rows == ()


def test_hits_are_counted_for_the_owner_alone(cell: Cell):
    lookout = cell.looks()
    cell.sees()
    cell.sees()
    with cell.acting("ukba.officer") as ukba:
        assert lookout_hit_counts(ukba, [lookout.uid]) == {lookout.uid: 2}
    with cell.acting("paf.officer") as paf:
        assert lookout_hit_counts(paf, [lookout.uid]) == {}


def test_every_act_on_a_lookout_leaves_one_record_with_its_reason(cell: Cell):
    lookout = cell.looks()
    with cell.acting("ukba.analyst") as ukba:
        common = {"acting_officer": ukba, "uid": lookout.uid}
        lookout_share(**common, agencies=["PAF"], purpose="joint enquiry")
        lookout_recall(**common, agencies=["PAF"], purpose="enquiry closed")
        lookout_extend(
            **common,
            expires_at=NOW + 60 * DAY,
            review_due=NOW.date() + 50 * DAY,
            reason="reviewed, still needed",
        )
        lookout_withdraw(**common, reason="case closed")
    for action, purpose in (
        ("lookout.create", ""), ("lookout.share", "joint enquiry"), ("lookout.recall", "enquiry closed"),
        ("lookout.extend", "reviewed, still needed"), ("lookout.withdraw", "case closed"),
    ):  # fmt: skip
        (event,) = cell.audit(action)
        assert (event.object_uids, event.purpose) == ([lookout.uid], purpose)
        assert (event.actor_uid, event.agency_group_id) == (ukba.uid, ukba.agency_group)


def test_acts_on_a_compartments_lookout_are_recorded_for_the_compartment(cell: Cell):
    lantern = cell.as_owner(cell.world.agency("UKBA").compartments.get)
    lookout = cell.looks("ukba.analyst", compartment=str(lantern.uid))
    with cell.acting("ukba.analyst") as analyst:
        lookout_withdraw(acting_officer=analyst, uid=lookout.uid, reason="case closed")
    assert {
        event.agency_group_id for event in cell.audit("lookout.create") + cell.audit("lookout.withdraw")
    } == {lantern.group_id}
