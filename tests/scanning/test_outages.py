"""What officers do about outages: report, plan, repair, close; and who may."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from agencies.access import NotVisible
from agencies.paging import Turn
from agencies.rules.rights import RightMissing
from audit.models import AuditEvent
from scanning.choices_care import OutageStage
from scanning.models import Outage, OutageNote, Placement
from scanning.rules.refusals import NotYourDevice, OutageGoesOn, OutageOver, OutageStands
from scanning.selectors.care import placements_of
from scanning.selectors.outages import (
    OutageFilter,
    outage_get,
    outages_page,
    outages_unfinished,
)
from scanning.services.outages import (
    outage_cancel,
    outage_close,
    outage_comment,
    outage_end,
    outage_move,
    outage_plan,
    outage_report,
    outage_work,
)
from tests.scanning.living import PROBE, ago, ahead, only, story

pytestmark = pytest.mark.django_db


def test_whoever_sees_a_device_reports_and_comments_and_its_owner_repairs(probe, acting, do):
    made = do("paf.officer", outage_report, device=probe.uid, reason="probe bent", since=ago(hours=1))
    with pytest.raises(OutageStands):
        do("ukba.officer", outage_report, device=probe.uid, reason="probe is bent")
    for refused, given in (
        (outage_work, {"stage": "taken"}),
        (outage_end, {}),
        (outage_close, {"cause": "damage", "remedy": "new probe"}),
    ):
        with pytest.raises(NotYourDevice):
            do("paf.officer", refused, uid=made.uid, **given)
    do(
        "ukba.officer",
        outage_work,
        uid=made.uid,
        stage="waiting",
        ticket="ACME 4711",
        expected_at=ahead(days=2),
    )
    do("paf.officer", outage_comment, uid=made.uid, comment="a lorry hit it")
    do("ukba.officer", outage_end, uid=made.uid, comment="new probe")
    do("ukba.officer", outage_close, uid=made.uid, cause="damage", remedy="probe replaced")
    card = only(acting, "paf.officer")
    assert (card.stage, card.cause, card.ticket, card.remedy) == (
        "closed",
        "damage",
        "ACME 4711",
        "probe replaced",
    )
    assert (card.opened_by_agency, card.closed_by) == ("PAF", "")  # officers' names are for their own agency
    told = story(acting, "paf.officer", made.uid)
    assert [(note.act, note.agency, bool(note.officer)) for note in told] == [
        ("open", "PAF", True), ("stage", "UKBA", False), ("comment", "PAF", True), ("end", "UKBA", False),
        ("close", "UKBA", False),
    ]  # fmt: skip


def test_what_the_device_itself_says_is_not_ended_by_hand(probe, says, outage_clock, acting, do):
    says(fault="no pump", since=ago(minutes=5))
    outage_clock()
    with pytest.raises(OutageGoesOn):
        do("ukba.officer", outage_end, uid=only(acting).uid)


def test_a_case_is_closed_when_the_device_works_and_only_once(probe, do):
    made = do("ukba.officer", outage_report, device=probe.uid, reason="no batteries")
    words = {"cause": "consumable", "remedy": "new batteries"}
    with pytest.raises(OutageOver):
        do("ukba.officer", outage_close, uid=made.uid, **words)
    do("ukba.officer", outage_end, uid=made.uid)
    with pytest.raises(OutageOver):
        do("ukba.officer", outage_end, uid=made.uid)
    do("ukba.officer", outage_close, uid=made.uid, **words)
    for again in (outage_close, outage_work):
        with pytest.raises(OutageOver):
            do(
                "ukba.officer",
                again,
                uid=made.uid,
                **(words if again is outage_close else {"stage": "taken"}),
            )


def test_planned_downtime_is_moved_ended_early_and_called_off(probe, do, acting, owner):
    given = {
        "device": probe.uid,
        "reason": "calibration",
        "begins_at": ahead(hours=1),
        "ends_at": ahead(hours=3),
    }
    plan = do("ukba.supervisor", outage_plan, **given)
    with pytest.raises(ValidationError):  # the same time twice
        do("ukba.supervisor", outage_plan, **given)
    do("ukba.supervisor", outage_move, uid=plan.uid, ends_at=ahead(hours=4), comment="firm is late")
    do("ukba.supervisor", outage_cancel, uid=plan.uid, reason="firm did not come")
    assert only(acting).stage == OutageStage.CANCELLED
    again = do("ukba.supervisor", outage_plan, **given)
    with owner():
        Outage.objects.filter(pk=again.pk).update(begins_at=ago(hours=1))
    with pytest.raises(OutageOver):
        do("ukba.supervisor", outage_cancel, uid=again.uid, reason="too late")
    do("ukba.officer", outage_end, uid=again.uid, comment="done early")
    with acting("ukba.officer") as principal:
        assert not outage_get(principal, again.uid).is_under_way


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("reason", {"reason": " "}),
        ("reason", {"reason": "x" * 400}),
        ("effect", {"effect": "half"}),
        ("since", {"since": dt.timedelta(minutes=5)}),
        ("since", {"since": -dt.timedelta(days=40)}),
    ],
)
def test_a_report_that_cannot_be_says_which_field(probe, do, field, given):
    given = {name: timezone.now() + value if name == "since" else value for name, value in given.items()}
    with pytest.raises(ValidationError) as refused:
        do("ukba.officer", outage_report, **{"device": probe.uid, "reason": "it smokes"} | given)
    assert field in refused.value.message_dict


def test_who_does_not_see_the_device_finds_nothing(probe, do, acting):
    made = do("ukba.officer", outage_report, device=probe.uid, reason="it smokes")
    with pytest.raises(NotVisible):
        do("douanes.officer", outage_report, device=probe.uid, reason="it smokes")
    with acting("douanes.officer") as principal:
        assert outages_page(principal, Turn(limit=10)).rows == ()
        with pytest.raises(NotVisible):
            outage_get(principal, made.uid)
        with pytest.raises(NotVisible):
            placements_of(principal, probe.uid)
        assert list(Outage.objects.all()) == list(OutageNote.objects.all()) == []  # the second wall alone


def test_the_database_alone_keeps_others_from_writing_an_outage(probe, do, acting, world):
    made = do("ukba.officer", outage_report, device=probe.uid, reason="it smokes")
    with acting("paf.officer"):
        assert Outage.objects.filter(pk=made.pk).update(stage="closed") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Outage.objects.create(
                device_id=probe.pk,
                kind="planned",
                stage="planned",
                begins_at=ago(hours=1),
                ends_at=ahead(hours=1),
            )
        with pytest.raises(DatabaseError), transaction.atomic():  # a report says nothing of its end
            Outage.objects.create(
                device_id=probe.pk,
                kind="reported",
                stage="closed",
                begins_at=ago(hours=2),
                ends_at=ago(hours=1),
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            Placement.objects.create(
                device_id=probe.pk, site_id=probe.site_id, in_service=True, from_at=ago(hours=1)
            )


def test_rights_decide_who_plans_and_who_works(probe, do):
    given = {"device": probe.uid, "reason": "service", "begins_at": ahead(hours=1), "ends_at": ahead(hours=3)}
    with pytest.raises(RightMissing):
        do("ukba.officer", outage_plan, **given)
    with pytest.raises(RightMissing):
        do("ukba.auditor", outage_report, device=probe.uid, reason="it smokes")
    with pytest.raises(NotYourDevice):
        do("paf.supervisor", outage_plan, **given)


def test_every_step_stands_in_the_record_of_whoever_made_it(probe, do, says, outage_clock, owner, world):
    made = do("paf.officer", outage_report, device=probe.uid, reason="it smokes")
    do("ukba.officer", outage_end, uid=made.uid)
    says(fault="no pump", since=timezone.now())
    outage_clock()
    with owner():
        rows = list(
            AuditEvent.objects.filter(object_type="outage")
            .order_by("id")
            .values_list("action", "agency_group_id")
        )
    assert rows == [
        ("outage.report", world.group("PAF")), ("outage.end", world.group("UKBA")), ("outage.begin", world.group("UKBA")),
    ]  # fmt: skip


def test_the_owner_is_told_what_waits_for_somebody(probe, do, acting):
    made = do("ukba.officer", outage_report, device=probe.uid, reason="it smokes")

    def waiting(username):
        with acting(username) as principal:
            return outages_unfinished(principal)

    assert (waiting("ukba.officer"), waiting("paf.officer")) == (1, 0)
    do("ukba.officer", outage_work, uid=made.uid, stage="repair")
    assert waiting("ukba.officer") == 0
    do("ukba.officer", outage_end, uid=made.uid)
    assert waiting("ukba.officer") == 1  # to be closed


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"open": True}, 1), ({"open": False}, 0), ({"kind": "reported"}, 1), ({"kind": "planned"}, 0),
        ({"technique": "co2"}, 1), ({"technique": "xray"}, 0), ({"site": "CALAIS"}, 1), ({"site": "DOVER"}, 0),
        ({"device": PROBE}, 1), ({"device": "L1-HB"}, 0), ({"agency": "UKBA"}, 1), ({"agency": "PAF"}, 0),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(probe, do, acting, wanted, found):
    do("ukba.officer", outage_report, device=probe.uid, reason="it smokes")
    with acting("paf.officer") as principal:
        assert len(outages_page(principal, Turn(limit=10), OutageFilter(**wanted)).rows) == found
