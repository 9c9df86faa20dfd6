"""A check by hand: recorded whatever the answer, budgeted, and deaf to what others keep silent."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.access import NotVisible
from agencies.paging import Turn
from agencies.rules.rights import RightMissing
from intelligence.choices import CheckOutcome
from intelligence.facts import CheckCard
from intelligence.models import Check, Lookout
from intelligence.rules.refusals import CheckBudgetSpent
from intelligence.selectors.checks import check_budget, check_get, checks_page
from intelligence.selectors.notices import notice_get
from intelligence.services.checks import check_make, checks_answer
from intelligence.services.notices import notice_decide
from intelligence.tasks import checks_answer as checks_answer_task
from tests.intelligence.conftest import Cell

pytestmark = pytest.mark.django_db

WHY = "driver cannot name the load"


def _checked(cell: Cell, username: str, mark: str = "AB 123 CD") -> CheckCard:
    """Ask, let the worker answer, and read the answer once it may be read."""
    with cell.acting(username) as officer:
        check = check_make(acting_officer=officer, mark=mark, purpose=WHY, place="L2")
    cell.as_worker(lambda: checks_answer_task.apply().get())
    _let_pass(cell, check)
    with cell.acting(username) as officer:
        return check_get(officer, check.uid)


def _let_pass(cell: Cell, check: Check) -> None:
    asked = timezone.now() - dt.timedelta(seconds=2)
    cell.as_owner(lambda: Check.objects.filter(pk=check.pk).update(asked_at=asked))


def test_nothing_known_is_an_answer_too(cell: Cell):
    assert _checked(cell, "paf.officer").outcome == CheckOutcome.NOTHING
    assert cell.hits() == []


def test_an_own_lookout_answers_with_it(cell: Cell):
    cell.looks("paf.analyst")
    assert _checked(cell, "paf.officer", "A8 l23 CD".replace("l", "1")).outcome == CheckOutcome.OWN
    assert (cell.hits()[0].strength, cell.hits()[0].checked_by_group_id) == (
        "folded",
        cell.world.group("PAF"),
    )


def test_an_own_lookout_above_the_askers_clearance_tells_nothing(cell: Cell):
    cell.looks("paf.analyst", classification=10)

    def lower() -> None:
        officer = cell.world.officer("paf.officer")
        officer.clearance = 0
        officer.save()

    cell.as_owner(lower)
    assert _checked(cell, "paf.officer").outcome == CheckOutcome.NOTHING
    assert _checked(cell, "paf.analyst").outcome == CheckOutcome.OWN


def test_a_stop_for_the_asking_agency_answers_with_a_notice_for_it_alone(cell: Cell):
    cell.stops("ukba.analyst", notified_agencies=("PAF", "DOUANES"))
    card = _checked(cell, "paf.officer")
    assert card.outcome == CheckOutcome.NOTICE
    (uid,) = card.notice_uids
    with cell.acting("paf.officer") as paf:
        notice = notice_get(paf, uid)
        assert (notice.by_check, notice.place, notice.action_code, notice.passage_uid) == (
            True,
            "L2",
            "search",
            None,
        )
        notice_decide(acting_officer=paf, uid=uid, confirmed=True, outcome="held")
    with cell.acting("douanes.officer") as customs, pytest.raises(NotVisible):
        notice_get(customs, uid)


def test_a_stop_for_others_tells_the_asker_nothing_and_its_owner_who_asked(cell: Cell):
    cell.stops("ukba.analyst", notified_agencies=("PAF",))
    assert _checked(cell, "douanes.officer").outcome == CheckOutcome.NOTHING
    assert cell.hits()[0].checked_by_group_id == cell.world.group("DOUANES")
    assert cell.notices() == []


def test_a_silent_lookout_of_another_agency_does_not_change_an_answer_that_has_a_notice(cell: Cell):
    cell.stops("ukba.analyst", notified_agencies=("PAF",))
    before = _checked(cell, "paf.officer")
    cell.looks("douanes.analyst")
    after = _checked(cell, "paf.officer")
    assert len(cell.hits()) == 3
    assert (
        (before.outcome, len(before.notice_uids)) == (after.outcome, len(after.notice_uids)) == ("notice", 1)
    )


def test_each_check_is_a_sighting_of_its_own(cell: Cell):
    cell.looks("ukba.analyst")
    _checked(cell, "paf.officer")
    _checked(cell, "douanes.officer")
    assert len(cell.hits()) == 2


def test_an_ended_lookout_answers_nothing(cell: Cell):
    lookout = cell.looks("paf.analyst")
    cell.as_owner(lambda: Lookout.objects.filter(pk=lookout.pk).update(state="withdrawn"))
    assert _checked(cell, "paf.officer").outcome == CheckOutcome.NOTHING


def test_the_answer_takes_the_same_time_whatever_it_is(cell: Cell):
    cell.looks("paf.analyst")
    with cell.acting("paf.officer") as paf:
        checks = [
            check_make(acting_officer=paf, mark=mark, purpose=WHY) for mark in ("AB 123 CD", "QQ 999 QQ")
        ]
    cell.as_worker(checks_answer)
    with cell.acting("paf.officer") as paf:
        for check in checks:
            card = check_get(paf, check.uid)
            assert (card.outcome, card.answered_at) == (None, None)  # answered in the table, not yet shown
            assert cell.as_owner(lambda check=check: Check.objects.get(pk=check.pk).answered_at) is not None
    for check in checks:
        _let_pass(cell, check)
    with cell.acting("paf.officer") as paf:
        first, second = (check_get(paf, check.uid) for check in checks)
    assert (first.outcome, second.outcome) == ("own", "nothing")


def test_asking_does_the_same_queries_whatever_is_looked_for(cell: Cell):
    cell.looks("ukba.analyst")
    cell.looks("paf.analyst")
    counted = []
    with cell.acting("paf.officer") as paf:
        check_make(
            acting_officer=paf, mark="QQ 000 QQ", purpose=WHY
        )  # agencies and such are remembered from here
        for mark in ("AB 123 CD", "QQ 999 QQ"):
            with CaptureQueriesContext(connection) as queries:
                check_make(acting_officer=paf, mark=mark, purpose=WHY)
            counted.append([query["sql"].split()[0] for query in queries])
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    ("field", "more"),
    [("mark", {"mark": "!"}), ("mark", {"mark": "A" * 41}), ("purpose", {"purpose": " "}), ("purpose", {"purpose": "y" * 301})],
)  # fmt: skip
def test_a_check_needs_a_mark_and_a_purpose(cell: Cell, field: str, more: dict):
    with cell.acting("paf.officer") as paf, pytest.raises(ValidationError) as caught:
        check_make(**{"acting_officer": paf, "mark": "AB 123 CD", "purpose": WHY} | more)
    assert list(caught.value.message_dict) == [field]
    assert cell.as_owner(Check.objects.count) == 0


def test_who_may_not_check_does_not(cell: Cell):
    with cell.acting("paf.auditor") as auditor, pytest.raises(RightMissing):
        check_make(acting_officer=auditor, mark="AB 123 CD", purpose=WHY)


def test_every_check_is_recorded_with_its_purpose_and_without_its_mark(cell: Cell):
    _checked(cell, "paf.officer")
    (event,) = cell.audit("check.make")
    assert (event.purpose, event.agency_group_id) == (WHY, cell.world.group("PAF"))
    assert "AB" not in str(event.detail)


@pytest.mark.parametrize("limit", ["OFFICER", "MARK"])
def test_checks_are_budgeted_and_the_refusal_is_recorded(cell: Cell, settings, limit: str):
    setattr(settings, f"CHECK_BUDGET_{limit}_PER_HOUR", 2)
    with cell.acting("paf.officer") as paf:
        for _ in range(2):
            check_make(acting_officer=paf, mark="AB 123 CD", purpose=WHY)
        with pytest.raises(CheckBudgetSpent) as caught:
            check_make(acting_officer=paf, mark="AB-123-CD", purpose=WHY)
    assert 0 < caught.value.retry_after_s <= 3601
    assert cell.as_owner(Check.objects.count) == 2
    assert [event.detail.get("refused") for event in cell.audit("check.make")] == [None, None, "budget"]


def test_an_officers_budget_is_the_officers_own_and_comes_back_with_time(cell: Cell, settings):
    settings.CHECK_BUDGET_OFFICER_PER_HOUR = 1
    with cell.acting("paf.officer") as paf:
        first = check_make(acting_officer=paf, mark="AA 111 AA", purpose=WHY)
        assert check_budget(paf).used == 1
    with cell.acting("paf.analyst") as colleague:
        check_make(acting_officer=colleague, mark="BB 222 BB", purpose=WHY)
    hour_ago = timezone.now() - dt.timedelta(minutes=61)
    cell.as_owner(lambda: Check.objects.filter(pk=first.pk).update(asked_at=hour_ago))
    with cell.acting("paf.officer") as paf:
        check_make(acting_officer=paf, mark="CC 333 CC", purpose=WHY)


def test_an_agencys_budget_counts_all_its_officers_and_no_other_agency(cell: Cell, settings):
    settings.CHECK_BUDGET_AGENCY_PER_HOUR = 2
    for username in ("paf.officer", "paf.analyst"):
        with cell.acting(username) as officer:
            check_make(acting_officer=officer, mark="AA 111 AA", purpose=WHY)
    with cell.acting("paf.supervisor") as officer, pytest.raises(CheckBudgetSpent):
        check_make(acting_officer=officer, mark="BB 222 BB", purpose=WHY)
    with cell.acting("ukba.officer") as officer:
        check_make(acting_officer=officer, mark="BB 222 BB", purpose=WHY)


def test_an_officer_reads_the_own_checks_and_the_supervisor_the_agencys(cell: Cell):
    card = _checked(cell, "paf.officer")
    for username, count in (
        ("paf.officer", 1),
        ("paf.analyst", 0),
        ("paf.supervisor", 1),
        ("ukba.supervisor", 0),
    ):
        with cell.acting(username) as reader:
            assert len(checks_page(reader, Turn()).rows) == count, username
            if not count:
                with pytest.raises(NotVisible):
                    check_get(reader, card.uid)
