"""Scan requests between agencies: ask, accept, refuse, schedule, result; and what the law says about it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.paging import Turn
from audit.models import AuditEvent
from scanning.models import LawfulUse, ScanRequest
from scanning.rules.refusals import NotYourSide, RequestClosed, RequestStands, UseRefused
from scanning.selectors.requests import (
    request_evidence,
    request_get,
    requests_of_passage,
    requests_page,
    requests_to_answer,
)
from scanning.services.requests import (
    requests_lapse,
    scan_accept,
    scan_ask,
    scan_cancel,
    scan_done,
    scan_refuse,
)
from tests.making import make_part, make_passage

pytestmark = pytest.mark.django_db


@pytest.fixture
def lawful(world, owner):
    """Customs may X-ray for contraband and not for people."""
    with owner():
        for purpose, verdict in (("contraband", "permitted"), ("persons", "refused")):
            LawfulUse.objects.create(
                agency_group_id=world.group("DOUANES"), technique="xray", purpose=purpose, verdict=verdict,
                condition_en="Goods only.", condition_fr="Marchandises seulement.", basis="note 1",
                valid_from=dt.date(2009, 1, 1),
            )  # fmt: skip


@pytest.fixture
def passage(owner):
    """A lorry that UKBA sees and customs do not: its heartbeat detector looked at it."""
    with owner():
        return make_passage(("L1-HB", timezone.now() - dt.timedelta(minutes=2)), marks=["AB-123-CD"])


def acting(world, who, act, **values):
    principal = world.principal(who)
    with acting_as(principal):
        return act(acting_officer=principal, **values)


def read(world, who, selector, *args, **more):
    principal = world.principal(who)
    with acting_as(principal):
        return selector(principal, *args, **more)


def ask(world, passage, who="ukba.officer", **more):
    values = {
        "passage": passage.uid, "technique": "xray", "agency": "DOUANES", "purpose": "contraband",
        "note": "behind the front pallet", "needed_by": timezone.now() + dt.timedelta(minutes=30),
    }  # fmt: skip
    return acting(world, who, scan_ask, **(values | more))


def test_from_the_question_to_the_result_both_agencies_read_the_same_record(world, owner, lawful, passage):
    made = ask(world, passage)
    card = read(world, "douanes.officer", request_get, made.uid)
    assert (card.asker, card.asked, card.mark, card.note) == (
        "UKBA",
        "DOUANES",
        "AB-123-CD",
        "behind the front pallet",
    )
    assert card.verdict == "permitted"
    assert read(world, "douanes.officer", requests_to_answer) == 1
    later = timezone.now() + dt.timedelta(minutes=15)
    acting(
        world, "douanes.officer", scan_accept, uid=made.uid, scheduled_at=later, answer="bring it to hall 8"
    )
    assert read(world, "ukba.officer", request_get, made.uid).scheduled_at == later
    acting(
        world,
        "douanes.officer",
        scan_done,
        uid=made.uid,
        result="suspect",
        finding="cavity behind the bulkhead",
    )
    told = read(world, "ukba.officer", request_get, made.uid)
    assert (told.state, told.result, told.finding) == ("done", "suspect", "cavity behind the bulkhead")
    assert read(world, "douanes.officer", requests_to_answer) == 0
    with owner():
        acts = set(
            AuditEvent.objects.filter(object_uids__contains=[made.uid]).values_list("action", flat=True)
        )
    assert acts == {"scan_request.ask", "scan_request.accept", "scan_request.done"}


def test_a_request_tells_of_the_vehicle_and_opens_no_passage(world, lawful, passage):
    made = ask(world, passage)
    assert read(world, "ukba.officer", request_get, made.uid).passage == passage.uid
    assert read(world, "douanes.officer", request_get, made.uid).passage is None
    assert read(world, "douanes.officer", request_get, made.uid).asked_by == ""
    assert read(world, "ukba.officer", request_get, made.uid).asked_by


def test_nobody_else_learns_that_a_scan_was_asked_for(world, lawful, passage):
    made = ask(world, passage)
    for who in ("paf.supervisor", "ccic.officer"):
        with pytest.raises(NotVisible):
            read(world, who, request_get, made.uid)
        assert read(world, who, requests_page, Turn()).rows == ()
        assert read(world, who, requests_of_passage, passage.uid) == ()
        for act, more in ((scan_accept, {}), (scan_refuse, {"reason": "no time"})):
            with pytest.raises(NotVisible):
                acting(world, who, act, uid=made.uid, **more)


def test_what_the_law_refuses_is_refused_and_stands_in_the_record(world, owner, lawful, passage):
    with pytest.raises(UseRefused) as refused:
        ask(world, passage, purpose="persons")
    assert refused.value.condition == "Goods only."
    assert refused.value.basis == "note 1"
    with owner():
        assert not ScanRequest.objects.exists()
        event = AuditEvent.objects.get(action="scan_request.unlawful")
    assert event.object_uids == [passage.uid]
    assert event.detail["purpose"] == "persons"


def test_where_no_rule_stands_the_officer_says_why_and_the_other_side_reads_it(world, owner, lawful, passage):
    with pytest.raises(ValidationError) as missing:
        ask(world, passage, purpose="weapons")
    assert set(missing.value.error_dict) == {"justification"}
    made = ask(world, passage, purpose="weapons", justification="order of the prefect, 22 November")
    card = read(world, "douanes.officer", request_get, made.uid)
    assert (card.verdict, card.justification) == ("unstated", "order of the prefect, 22 November")


def test_one_asks_only_for_what_one_sees_and_of_whom_has_it(world, lawful, passage):
    with pytest.raises(NotVisible):
        ask(world, passage, who="paf.officer")  # the heartbeat detector is UKBA's alone
    for technique, agency in (
        ("gamma", "DOUANES"),
        ("xray", "PAF"),
        ("heartbeat", "UKBA"),
        ("xray", "NOBODY"),
    ):
        with pytest.raises(ValidationError) as refused:
            ask(world, passage, technique=technique, agency=agency)
        assert set(refused.value.error_dict) == {"technique"}


def test_the_same_scan_is_asked_once_until_it_is_answered(world, lawful, passage):
    made = ask(world, passage)
    with pytest.raises(RequestStands):
        ask(world, passage)
    acting(world, "douanes.supervisor", scan_refuse, uid=made.uid, reason="the hall is closed")
    assert ask(world, passage).reference != made.reference


def test_each_side_has_its_own_acts_and_a_closed_request_takes_none(world, lawful, passage):
    made = ask(world, passage)
    with pytest.raises(NotYourSide):
        acting(world, "ukba.officer", scan_accept, uid=made.uid)
    with pytest.raises(NotYourSide):
        acting(world, "douanes.officer", scan_cancel, uid=made.uid, reason="not ours")
    acting(world, "ukba.officer", scan_cancel, uid=made.uid, reason="opened already")
    assert read(world, "douanes.officer", request_get, made.uid).closing == "opened already"
    for who, act, more in (
        ("douanes.officer", scan_accept, {}),
        ("douanes.officer", scan_refuse, {"reason": "no time"}),
        ("douanes.officer", scan_done, {"result": "clear", "finding": "nothing"}),
        ("ukba.officer", scan_cancel, {"reason": "again"}),
    ):
        with pytest.raises(RequestClosed):
            acting(world, who, act, uid=made.uid, **more)


def test_what_nobody_answers_in_time_lapses_at_once_and_is_written_down_by_the_clock(
    world, owner, ingest, lawful, passage, monkeypatch
):
    made = ask(world, passage)
    real = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: real() + dt.timedelta(minutes=31))
    assert read(world, "ukba.officer", request_get, made.uid).state == "lapsed"
    with pytest.raises(RequestClosed):
        acting(world, "douanes.officer", scan_accept, uid=made.uid)
    with ingest():
        assert requests_lapse() == 1
        assert requests_lapse() == 0
    with owner():
        assert ScanRequest.objects.get().state == "lapsed"


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("purpose", {"purpose": "curiosity"}),
        ("body", {"body": "hovercraft"}),
        ("note", {"note": " "}),
        ("needed_by", {"needed_by": dt.datetime(2009, 1, 1, tzinfo=dt.UTC)}),
    ],
)
def test_a_question_that_cannot_be_one_is_refused_at_its_field(world, lawful, passage, field, more):
    with pytest.raises(ValidationError) as refused:
        ask(world, passage, **more)
    assert set(refused.value.error_dict) == {field}


def test_a_result_is_a_result_and_says_what_was_seen(world, lawful, passage):
    made = ask(world, passage)
    for field, more in (("result", {"result": "fault"}), ("finding", {"finding": ""})):
        with pytest.raises(ValidationError) as refused:
            acting(
                world,
                "douanes.officer",
                scan_done,
                uid=made.uid,
                **({"result": "clear", "finding": "x y z"} | more),
            )
        assert set(refused.value.error_dict) == {field}


def test_what_the_asked_device_says_meanwhile_is_proposed_as_the_result(world, owner, lawful, passage):
    made = ask(world, passage)
    card = read(world, "douanes.officer", request_get, made.uid)
    assert read(world, "douanes.officer", request_evidence, card) is None
    with owner():
        make_part(passage, "L2-XRAY", timezone.now() + dt.timedelta(seconds=1), result="suspect")
    card = read(world, "douanes.officer", request_get, made.uid)
    assert card.passage == passage.uid  # its own device has seen the vehicle now
    assert read(world, "douanes.officer", request_evidence, card).result == "suspect"
