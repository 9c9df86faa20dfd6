"""Access by reference: the owner decides, and whoever asks never learns whether there is such a record."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.access import NotVisible
from agencies.paging import Turn
from agencies.rules.rights import RightMissing
from intelligence.choices import AccessState, CaseState
from intelligence.models import AccessCase, AccessRequest, Lookout
from intelligence.rules.access import STANDS_FOR, is_probing, reference_read
from intelligence.rules.refusals import AccessBudgetSpent, CaseAnswered
from intelligence.selectors.access import (
    access_case_get,
    access_cases_page,
    access_request_get,
    access_requests_page,
)
from intelligence.selectors.hits import hit_get
from intelligence.selectors.lookouts import lookout_get
from intelligence.services.access import access_answers_carry, access_ask, access_case_answer
from intelligence.services.audiences import lookout_share
from intelligence.services.hits import hit_decide
from intelligence.tasks import access_answers_carry as carry_task
from intelligence.tasks import access_requests_route as route_task

pytestmark = pytest.mark.django_db

WHY = "same trailer in our enquiry"


@pytest.fixture
def asks(cell):
    """`asks("UKBA-L-2026-000001")`: PAF's analyst asks, the worker routes; the request."""

    def asked(reference: str, by: str = "paf.analyst") -> AccessRequest:
        with cell.acting(by) as principal:
            request = access_ask(acting_officer=principal, reference=reference, purpose=WHY)
        cell.as_worker(lambda: route_task.apply().get())
        return request

    return asked


@pytest.fixture
def answers(cell):
    """UKBA's analyst answers the newest case; the worker carries the answer."""

    def answered(answer: str, message: str = "", by: str = "ukba.analyst") -> None:
        with cell.acting(by) as principal:
            (card, *_) = access_cases_page(principal, Turn()).rows
            access_case_answer(acting_officer=principal, uid=card.uid, answer=answer, message=message)
        cell.as_worker(lambda: carry_task.apply().get())

    return answered


def shown(cell, request, by="paf.analyst"):
    with cell.acting(by) as principal:
        return access_request_get(principal, request.uid)


def cases(cell, by="ukba.analyst"):
    with cell.acting(by) as principal:
        return access_cases_page(principal, Turn()).rows


def test_a_granted_request_opens_the_lookout_to_the_asker(cell, asks, answers):
    lookout = cell.looks("ukba.analyst")
    request = asks(lookout.reference)
    (case,) = cases(cell)
    assert (case.asked_by, case.purpose, case.reference, case.is_open) == (
        "PAF",
        WHY,
        lookout.reference,
        True,
    )
    answers("granted", "call the desk first")
    card = shown(cell, request)
    assert (card.state, card.message) == (AccessState.GRANTED, "call the desk first")
    with cell.acting("paf.officer") as reader:
        assert lookout_get(reader, lookout.uid).reference == lookout.reference
    (share,) = cell.audit("lookout.share")
    assert share.purpose == WHY


@pytest.mark.parametrize(
    ("answer", "message", "state"),
    [
        ("declined", "not at present", AccessState.CLOSED),
        ("declined", "", AccessState.CLOSED),
        ("answered", "ring our desk", AccessState.CLOSED),
        ("silent", "", AccessState.SENT),
    ],
)
def test_the_owner_may_decline_tell_or_keep_silent(cell, asks, answers, answer, message, state):
    lookout = cell.looks("ukba.analyst")
    request = asks(lookout.reference)
    answers(answer, message)
    card = shown(cell, request)
    assert (card.state, card.message) == (state, message)
    with cell.acting("paf.officer") as reader, pytest.raises(NotVisible):
        lookout_get(reader, lookout.uid)
    assert [case.is_open for case in cases(cell)] == [False]


def test_absent_hidden_unanswered_and_silently_declined_are_the_same_row(cell, asks, answers):
    lookout = cell.looks("ukba.analyst")
    withdrawn = cell.looks("ukba.analyst", mark="EF 456 GH")
    cell.as_owner(lambda: Lookout.objects.filter(pk=withdrawn.pk).update(state="withdrawn"))
    silent = asks(lookout.reference)
    answers("silent")
    unanswered = asks(lookout.reference, by="douanes.analyst")
    absent, gone = asks("UKBA-L-2026-000999"), asks(withdrawn.reference)
    told = set()
    for request, by in (
        (silent, "paf.analyst"),
        (unanswered, "douanes.analyst"),
        (absent, "paf.analyst"),
        (gone, "paf.analyst"),
    ):
        card = shown(cell, request, by)
        told.add(
            (
                card.state,
                card.message,
                card.answered_at,
                card.closes_at - card.asked_at > STANDS_FOR - dt.timedelta(minutes=1),
            )
        )
        with cell.acting(by):
            row = AccessRequest.objects.get(pk=request.pk)
            told.add((row.outcome, row.message, row.answered_at, row.routed_at is not None))
    assert told == {(AccessState.SENT, "", None, True), ("", "", None, True)}
    cell.as_owner(lambda: AccessRequest.objects.update(closes_at=timezone.now()))
    assert {shown(cell, request).state for request in (silent, absent, gone)} == {AccessState.CLOSED}


def test_asking_does_the_same_queries_whether_there_is_such_a_record_or_not(cell):
    lookout = cell.looks("ukba.analyst")
    counts = []
    for reference in ("UKBA-L-2026-000999", lookout.reference):
        with cell.acting("paf.analyst") as principal, CaptureQueriesContext(connection) as queries:
            access_ask(acting_officer=principal, reference=reference, purpose=WHY)
        counts.append([query["sql"].split(" ")[0] for query in queries])
    assert counts[0] == counts[1]


def test_what_the_asker_sees_already_makes_no_case(cell, asks):
    lookout = cell.looks("ukba.analyst")
    with cell.acting("ukba.analyst") as analyst:
        lookout_share(acting_officer=analyst, uid=lookout.uid, agencies=["PAF"], purpose="joint enquiry")
    asks(lookout.reference)
    asks(lookout.reference, by="ukba.officer")
    assert cases(cell) == ()


def test_a_caveated_record_makes_no_case_for_the_other_side(cell, asks):
    lookout = cell.looks("ukba.analyst")
    cell.as_owner(lambda: Lookout.objects.filter(pk=lookout.pk).update(caveat="uk_eyes_only"))
    request = asks(lookout.reference)
    assert cases(cell) == ()
    assert shown(cell, request).state == AccessState.SENT


def test_a_case_is_its_owners_alone(cell, asks):
    asks(cell.looks("ukba.analyst").reference)
    (case,) = cases(cell)
    for by in ("paf.analyst", "douanes.supervisor"):
        assert cases(cell, by) == ()
        with cell.acting(by) as other:
            with pytest.raises(NotVisible):
                access_case_get(other, case.uid)
            with pytest.raises(NotVisible):
                access_case_answer(acting_officer=other, uid=case.uid, answer="granted")
    with cell.acting("ukba.officer") as officer, pytest.raises(RightMissing):
        access_cases_page(officer, Turn())


def test_a_compartments_case_is_its_members_alone(cell, asks, world):
    with cell.acting("ukba.analyst") as member:
        (circle,) = [group for group in member.groups if group != member.agency_group]
    lookout = cell.looks("ukba.analyst")
    cell.as_owner(lambda: Lookout.objects.filter(pk=lookout.pk).update(originator_id=circle))
    asks(lookout.reference)
    assert len(cases(cell, "ukba.analyst")) == 1
    assert cases(cell, "ukba.supervisor") == ()


def test_requests_are_read_by_whoever_made_them_and_by_the_agencys_supervisor(cell, asks):
    request = asks("UKBA-L-2026-000999")
    assert shown(cell, request, "paf.supervisor").reference == "UKBA-L-2026-000999"
    for other in ("paf.officer", "ukba.supervisor"):
        with pytest.raises(NotVisible):
            shown(cell, request, other)
    with cell.acting("ccic.officer") as port, pytest.raises(RightMissing):
        access_requests_page(port, Turn())


@pytest.mark.parametrize("answer", ["", "open", "maybe", "\x00"])
def test_an_answer_is_one_of_four(cell, asks, answers, answer):
    asks(cell.looks("ukba.analyst").reference)
    with pytest.raises(ValidationError):
        answers(answer)


def test_an_answer_is_given_once(cell, asks, answers):
    asks(cell.looks("ukba.analyst").reference)
    answers("declined")
    with pytest.raises(CaseAnswered):
        answers("granted")
    assert cell.as_worker(access_answers_carry) == 0


def test_a_closed_case_is_answered_no_more(cell, asks, answers):
    asks(cell.looks("ukba.analyst").reference)
    cell.as_owner(lambda: AccessCase.objects.update(expires_at=timezone.now()))
    with pytest.raises(CaseAnswered):
        answers("granted")


def test_silence_and_a_message_do_not_go_together_and_a_message_needs_words(cell, asks, answers):
    asks(cell.looks("ukba.analyst").reference)
    for answer, message in (("silent", "no"), ("silent", "never ever"), ("answered", "")):
        with pytest.raises(ValidationError):
            answers(answer, message)


@pytest.mark.parametrize("limit", ["OFFICER", "AGENCY"])
def test_requests_have_a_budget(cell, asks, settings, limit):
    setattr(settings, f"ACCESS_BUDGET_{limit}_PER_HOUR", 2)
    asks("UKBA-L-2026-000100")
    asks("UKBA-L-2026-000300")
    with pytest.raises(AccessBudgetSpent) as spent:
        asks("UKBA-L-2026-000500")
    assert 3000 < spent.value.retry_after_s <= 3601
    assert cell.audit("access.ask")[-1].detail == {"refused": "budget"}


def test_the_same_request_is_not_made_twice_while_it_stands(cell, asks):
    asks("UKBA-L-2026-000999")
    with pytest.raises(ValidationError):
        asks(" ukba-l-2026-999 ")


@pytest.mark.parametrize(
    "reference",
    ["", "x", "UKBA-2026-000123-", "UKBA-L-2026-", "\x00", "UKBA-L-2026-" + "1" * 40, "UKBA-L-2026-٣"],
)
def test_what_is_no_reference_is_refused_at_its_field(cell, asks, reference):
    with pytest.raises(ValidationError) as refused:
        asks(reference)
    assert set(refused.value.error_dict) == {"reference"}


def test_a_reference_is_read_as_people_write_it():
    assert reference_read(" ukba-l-2026-123 ") == "UKBA-L-2026-000123"
    assert reference_read("UKBA - L - 2026 - 000123") == "UKBA-L-2026-000123"


def test_many_neighbouring_references_raise_an_alarm_with_both_sides_whether_they_exist_or_not(
    cell, asks, world
):
    for number in (101, 103, 102):
        asks(f"UKBA-L-2026-000{number}")
    assert cell.audit("access.probe") == []
    asks("UKBA-L-2026-000104")
    alarms = cell.audit("access.probe")
    assert {row.agency_group_id for row in alarms} == {world.group("UKBA"), world.group("PAF")}
    assert all(row.detail == {"agency": "PAF"} for row in alarms)
    lookout = cell.looks("ukba.analyst")
    cell.as_owner(lambda: Lookout.objects.filter(pk=lookout.pk).update(reference="UKBA-L-2026-000105"))
    asks("UKBA-L-2026-000105")
    (case,) = cases(cell)
    assert case.probing


def test_probing_is_about_neighbours_of_one_series():
    near = [f"UKBA-L-2026-{number:06d}" for number in (1, 2, 3)]
    assert is_probing("UKBA-L-2026-000004", near)
    assert not is_probing("UKBA-L-2026-000400", near)
    assert not is_probing("PAF-L-2026-000004", near)
    assert not is_probing(near[0], near)


def test_over_rest(cell, partner):
    lookout = cell.looks("ukba.analyst")
    paf, ukba = partner("PAF"), partner("UKBA")
    there, nowhere = (
        paf.post("access-requests/", {"reference": reference, "purpose": WHY})
        for reference in (lookout.reference, "UKBA-L-2026-000999")
    )
    assert (there.status_code, nowhere.status_code) == (202, 202)
    assert {key for key, value in there.json().items() if value != nowhere.json()[key]} <= {
        "uid",
        "reference",
        "asked_at",
        "closes_at",
    }
    cell.as_worker(lambda: route_task.apply().get())
    (case,) = ukba.get("access-cases/?open=true").json()["results"]
    assert paf.get(f"access-cases/{case['uid']}/").status_code == 404
    wrong = ukba.post(f"access-cases/{case['uid']}/answer/", {"answer": "open"})
    assert wrong.status_code == 422
    done = ukba.post(f"access-cases/{case['uid']}/answer/", {"answer": "granted"})
    assert (done.status_code, done.json()["state"]) == (200, CaseState.GRANTED)
    assert (
        ukba.post(f"access-cases/{case['uid']}/answer/", {"answer": "granted"}).json()["code"]
        == "case_answered"
    )
    cell.as_worker(lambda: carry_task.apply().get())
    assert paf.get(f"access-requests/{there.json()['uid']}/").json()["state"] == "granted"
    assert paf.get(f"lookouts/{lookout.uid}/").status_code == 200


def test_a_confirmed_hit_is_asked_for_by_its_reference_too_and_an_unverified_match_is_not(
    cell, asks, answers
):
    cell.looks()
    cell.sees()
    (hit,) = cell.hits()
    early = asks(hit.reference)
    assert cases(cell) == (), "an unverified match is no knowledge about anybody"
    with cell.acting("ukba.analyst") as ukba:
        hit_decide(acting_officer=ukba, uid=hit.uid, confirmed=True, outcome="two persons in the cab")
    cell.as_owner(lambda: AccessRequest.objects.filter(pk=early.pk).update(closes_at=timezone.now()))
    request = asks(hit.reference)
    (card,) = cases(cell)
    assert (card.kind, card.record_uid, card.reference, card.asked_by) == (
        "hit",
        hit.uid,
        hit.reference,
        "PAF",
    )
    answers("granted")
    assert shown(cell, request).state == AccessState.GRANTED
    with cell.acting("paf.analyst") as reader:
        assert hit_get(reader, hit.uid).outcome == "", "shared without its outcome"
    assert len(cell.audit("hit.share")) == 1
