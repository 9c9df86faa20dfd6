"""The front line takes and decides, the worker carries it to the owner, time does the rest."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from agencies.access import NotVisible
from agencies.paging import Turn
from agencies.rules.rights import RightMissing
from audit.models import Change
from intelligence.models import Hit, Notice
from intelligence.rules.refusals import DecidedAlready, NoticeTaken
from intelligence.selectors.hits import hit_get, hits_page, hits_waiting
from intelligence.selectors.notices import notice_get, notices_page, notices_waiting
from intelligence.services.duties import (
    bells_ring_again,
    decisions_reflect,
    matches_expire,
    notices_escalate,
)
from intelligence.services.hits import hit_decide
from intelligence.services.notices import notice_decide, notice_take
from intelligence.tasks import decisions_reflect as decisions_reflect_task
from tests.intelligence.conftest import Cell, sighting

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(cell: Cell) -> Notice:
    """An open stop for PAF, owned by UKBA."""
    cell.stops()
    cell.sees()
    return cell.notices()[0]


def _age(cell: Cell, seconds: float) -> None:
    """Let every hit and notice be older."""
    when = timezone.now() - dt.timedelta(seconds=seconds)
    cell.as_owner(lambda: Notice.objects.update(created_at=when, last_seen_at=when))
    cell.as_owner(lambda: Hit.objects.update(created_at=when, last_seen_at=when))
    cell.as_owner(lambda: Notice.objects.exclude(escalated_at=None).update(escalated_at=when))


def test_an_officer_takes_a_notice_and_it_falls_silent(cell: Cell, notice: Notice):
    with cell.acting("paf.officer") as paf:
        notice_take(acting_officer=paf, uid=notice.uid)
        (card,) = notices_waiting(paf)
    assert (card.state, card.sounds, card.taken_by, card.taken_agency) == (
        "taken",
        False,
        "Officer Paf",
        "PAF",
    )
    (event,) = cell.audit("notice.take")
    assert (event.object_uids, event.actor_uid, event.agency_group_id) == (
        [notice.uid],
        paf.uid,
        paf.agency_group,
    )


def test_the_second_officer_is_told_that_it_is_taken(cell: Cell, notice: Notice):
    with cell.acting("paf.officer") as paf:
        notice_take(acting_officer=paf, uid=notice.uid)
    for username in ("paf.analyst", "ukba.officer"):
        with cell.acting(username) as other, pytest.raises(NoticeTaken):
            notice_take(acting_officer=other, uid=notice.uid)


def test_colleagues_decide_on_what_one_took_but_other_agencies_do_not(cell: Cell, notice: Notice):
    with cell.acting("paf.officer") as paf:
        notice_take(acting_officer=paf, uid=notice.uid)
    with cell.acting("ukba.officer") as ukba:
        assert not notice_get(ukba, notice.uid).may_decide
        with pytest.raises(NoticeTaken):
            notice_decide(acting_officer=ukba, uid=notice.uid, confirmed=True)
    with cell.acting("paf.analyst") as colleague:
        assert notice_get(colleague, notice.uid).may_decide
        notice_decide(acting_officer=colleague, uid=notice.uid, confirmed=True, outcome="held at the booth")
        with pytest.raises(DecidedAlready):
            notice_decide(acting_officer=colleague, uid=notice.uid, confirmed=True)
        with pytest.raises(DecidedAlready):
            notice_take(acting_officer=colleague, uid=notice.uid)


def test_a_decision_flows_back_to_the_owner_with_its_outcome(cell: Cell, notice: Notice):
    with cell.acting("paf.officer") as paf:
        notice_decide(acting_officer=paf, uid=notice.uid, confirmed=True, outcome="two persons found")
    assert cell.hits()[0].state == "match"
    assert cell.as_worker(lambda: decisions_reflect_task.apply().get()) == 1
    assert cell.as_worker(decisions_reflect) == 0
    with cell.acting("ukba.officer") as ukba:
        card = hit_get(ukba, cell.hits()[0].uid)
    assert (card.state, card.outcome, card.decided_agency, card.decided_by) == (
        "confirmed", "two persons found", "PAF", "",
    )  # fmt: skip
    (event,) = cell.audit("hit.decide")
    assert event.agency_group_id == cell.world.group("UKBA")


def test_a_rejection_flows_back_with_its_reason(cell: Cell, notice: Notice):
    with cell.acting("paf.officer") as paf:
        notice_decide(acting_officer=paf, uid=notice.uid, confirmed=False, reject_reason="other_vehicle")
    cell.as_worker(decisions_reflect)
    hit = cell.hits()[0]
    assert (hit.state, hit.reject_reason) == ("rejected", "other_vehicle")


def test_the_owners_earlier_decision_stands(cell: Cell, notice: Notice):
    with cell.acting("ukba.officer") as ukba:
        hit_decide(acting_officer=ukba, uid=cell.hits()[0].uid, confirmed=True, outcome="ours")
    with cell.acting("paf.officer") as paf:
        assert notice_get(paf, notice.uid).state == "open"  # who stands at the lorry still has to act
        notice_decide(acting_officer=paf, uid=notice.uid, confirmed=False, reject_reason="left")
    assert cell.as_worker(decisions_reflect) == 1
    assert (cell.hits()[0].state, cell.hits()[0].outcome) == ("confirmed", "ours")


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("reject_reason", {"confirmed": False}),
        ("reject_reason", {"confirmed": False, "reject_reason": "did not like it"}),
        ("reject_reason", {"confirmed": True, "reject_reason": "misread"}),
        ("outcome", {"confirmed": True, "outcome": "x" * 501}),
        ("outcome", {"confirmed": True, "outcome": "a\x00b"}),
    ],
)
def test_a_decision_says_why_and_what_in_words_that_can_be_kept(
    cell: Cell, notice: Notice, field: str, more: dict
):
    with cell.acting("paf.officer") as paf, pytest.raises(ValidationError) as caught:
        notice_decide(acting_officer=paf, uid=notice.uid, **more)
    with cell.acting("ukba.officer") as ukba, pytest.raises(ValidationError):
        hit_decide(acting_officer=ukba, uid=cell.hits()[0].uid, **more)
    assert list(caught.value.message_dict) == [field]
    assert (cell.notices()[0].state, cell.hits()[0].state) == ("open", "match")


def test_who_was_not_told_can_neither_take_nor_decide(cell: Cell, notice: Notice):
    with cell.acting("douanes.officer") as customs:
        for act in (
            lambda: notice_take(acting_officer=customs, uid=notice.uid),
            lambda: notice_decide(acting_officer=customs, uid=notice.uid, confirmed=True),
            lambda: hit_decide(acting_officer=customs, uid=cell.hits()[0].uid, confirmed=True),
        ):
            with pytest.raises(NotVisible):
                act()
        assert Notice.objects.update(state="taken") == 0


@pytest.mark.parametrize("username", ["paf.auditor", "paf.administrator"])
def test_who_may_not_act_does_not_act(cell: Cell, notice: Notice, username: str):
    with cell.acting(username) as principal, pytest.raises(RightMissing):
        notice_take(acting_officer=principal, uid=notice.uid)


def test_a_reader_of_a_notice_can_change_its_decision_and_nothing_else(cell: Cell, notice: Notice):
    with cell.acting("paf.officer"):
        for column, value in (
            ("instruction", "let it go"),
            ("originator_id", 1),
            ("escalated_at", None),
            ("mode", "refer"),
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                Notice.objects.filter(pk=notice.pk).update(**{column: value})


def test_the_owner_rejects_a_match_once_and_its_notice_goes_out(cell: Cell, notice: Notice):
    with cell.acting("ukba.officer") as ukba:
        uid = cell.hits()[0].uid
        assert hits_waiting(ukba)[0].may_decide
        hit_decide(acting_officer=ukba, uid=uid, confirmed=False, reject_reason="misread")
        with pytest.raises(DecidedAlready):
            hit_decide(acting_officer=ukba, uid=uid, confirmed=True)
        assert hits_waiting(ukba) == ()
    with cell.acting("paf.officer") as paf:
        assert notices_waiting(paf) == ()
        assert notice_get(paf, notice.uid).decided_agency == "UKBA"
    assert len(cell.audit("hit.decide")) == 1
    assert len(cell.audit("notice.decide")) == 1


def test_a_stop_that_nobody_takes_escalates_again_and_again_until_it_is_taken(cell: Cell, notice: Notice):
    assert cell.as_worker(notices_escalate) == 0
    for times in (1, 2):
        _age(cell, 21)
        assert cell.as_worker(notices_escalate) == 1
        assert cell.as_worker(notices_escalate) == 0
        assert cell.notices()[0].escalations == times
    assert len(cell.audit("notice.escalate")) == 2
    changes = cell.as_owner(
        lambda: list(Change.objects.filter(topic="notice").values_list("group_ids", flat=True))
    )
    assert sorted(changes[-1]) == sorted([cell.world.group("UKBA"), cell.world.group("PAF")])
    with cell.acting("paf.officer") as paf:
        notice_take(acting_officer=paf, uid=notice.uid)
    _age(cell, 21)
    assert cell.as_worker(notices_escalate) == 0


def test_how_soon_a_stop_escalates_is_a_setting(cell: Cell, notice: Notice, settings):
    _age(cell, 21)
    settings.STOP_ESCALATES_AFTER_S = 60
    assert cell.as_worker(notices_escalate) == 0
    settings.STOP_ESCALATES_AFTER_S = 10
    assert cell.as_worker(notices_escalate) == 1


def test_neither_a_referral_nor_a_late_stop_escalates(cell: Cell):
    cell.refers(mark="AA 111 AA")
    cell.stops(mark="BB 222 BB")
    cell.sees(sighting("AA 111 AA"), sighting("BB 222 BB", is_late=True))
    _age(cell, 3600)
    assert len(cell.notices()) == 2
    assert cell.as_worker(notices_escalate) == 0


def test_a_match_that_nobody_verifies_expires_with_its_notice(cell: Cell, notice: Notice, settings):
    settings.MATCH_EXPIRES_AFTER_S = 3600
    assert cell.as_worker(matches_expire) == 0
    _age(cell, 3601)
    assert cell.as_worker(matches_expire) == 2
    assert (cell.hits()[0].state, cell.notices()[0].state) == ("expired", "expired")
    with cell.acting("paf.officer") as paf, pytest.raises(DecidedAlready):
        notice_take(acting_officer=paf, uid=notice.uid)
    with cell.acting("ukba.officer") as ukba, pytest.raises(DecidedAlready):
        hit_decide(acting_officer=ukba, uid=cell.hits()[0].uid, confirmed=True)
    assert [len(cell.audit(action)) for action in ("hit.expire", "notice.expire")] == [1, 1]


def test_what_has_been_decided_does_not_expire(cell: Cell, notice: Notice, settings):
    with cell.acting("paf.officer") as paf:
        notice_decide(acting_officer=paf, uid=notice.uid, confirmed=True)
    cell.as_worker(decisions_reflect)
    _age(cell, settings.MATCH_EXPIRES_AFTER_S + 1)
    assert cell.as_worker(matches_expire) == 0


def test_a_decision_rings_the_worker_and_the_scheduler_rings_again(
    cell: Cell, notice: Notice, django_capture_on_commit_callbacks
):
    with cell.acting("paf.officer") as paf, django_capture_on_commit_callbacks() as bells:
        notice_decide(acting_officer=paf, uid=notice.uid, confirmed=True)
    assert [bell.args[0] for bell in bells] == ["intelligence.decisions_reflect"]
    with django_capture_on_commit_callbacks() as bells:
        cell.as_worker(bells_ring_again)
    assert [bell.args[0] for bell in bells] == ["intelligence.decisions_reflect"]
    cell.as_worker(decisions_reflect)
    with django_capture_on_commit_callbacks() as bells:
        cell.as_worker(bells_ring_again)
    assert bells == []


def test_the_lists_are_filtered_by_state_lateness_passage_and_time(cell: Cell):
    lookout = cell.stops()
    now = timezone.now()
    seen, late = sighting(seen_at=now), sighting(is_late=True, seen_at=now - dt.timedelta(hours=5))
    cell.sees(seen, late)
    with cell.acting("ukba.officer") as ukba:
        for read in (hits_page, notices_page):
            for filters, passages in (
                ({}, [seen.passage_uid, late.passage_uid]),
                ({"late": True}, [late.passage_uid]),
                ({"passage_uid": seen.passage_uid}, [seen.passage_uid]),
                ({"since": now - dt.timedelta(hours=1)}, [seen.passage_uid]),
                ({"until": now - dt.timedelta(hours=1)}, [late.passage_uid]),
                ({"state": "confirmed"}, []),
                ({"priority": "high"}, []),
            ):
                assert [card.passage_uid for card in read(ukba, Turn(), **filters).rows] == passages, filters
        assert len(hits_page(ukba, Turn(), lookout_uid=lookout.uid).rows) == 2
        assert notices_page(ukba, Turn(), mode="refer").rows == ()
