"""The life of a device: it breaks down, somebody takes it up, it works again, and what that cost is counted."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.paging import Turn
from agencies.rules.rights import RightMissing
from audit.models import AuditEvent
from scanning.choices_care import OutageKind, OutageStage
from scanning.models import Alarm, Care, Device, DeviceStatus, Outage, OutageNote, Placement
from scanning.rules.refusals import NotYourDevice, OutageGoesOn, OutageOver, OutageStands, WithdrawnAlready
from scanning.selectors.availability import AvailabilityFilter, availability_read
from scanning.selectors.care import care_due, care_of, firmware_of, placements_of
from scanning.selectors.outages import (
    OutageFilter,
    outage_get,
    outage_notes,
    outages_page,
    outages_unfinished,
)
from scanning.services.care import care_enter, care_withdraw
from scanning.services.equipment import device_change
from scanning.services.outage_clock import outages_keep
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
from scanning.services.silence import devices_silence_check

pytestmark = pytest.mark.django_db
#: UKBA's, and PAF sees it.
PROBE = "L1-CO2"


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


def ahead(**span):
    return timezone.now() + dt.timedelta(**span)


@pytest.fixture
def probe(owner, world):
    """UKBA’s CO₂ probe, in service for thirty days; PAF sees it, DOUANES do not."""
    with owner():
        device = world.device(PROBE)
        DeviceStatus.objects.get_or_create(device=device)
        Placement.objects.create(
            device_id=device.pk,
            site_id=device.site_id,
            lane_id=device.lane_id,
            in_service=True,
            from_at=ago(days=30),
        )
    return device


@pytest.fixture
def says(owner, probe):
    """What the device says of itself: `says(fault="no pump", since=…)`, `says(silent=…)`, `says()` that it works."""

    def tell(fault="", since=None, silent=None, heard=None):
        with owner():
            DeviceStatus.objects.filter(device=probe).update(
                fault=fault,
                fault_since=since,
                silent_since=silent,
                last_received_at=heard or timezone.now(),
                last_event_at=heard or timezone.now(),
            )

    return tell


@pytest.fixture
def clock(ingest):
    """The duty as the scheduler keeps it; returns how many outages changed."""

    def turn():
        with ingest():
            return outages_keep()

    return turn


@pytest.fixture
def acting(world):
    """`with acting("paf.officer") as principal: …`"""
    return lambda username: acting_as(world.principal(username))


@pytest.fixture
def do(acting):
    """`do("paf.officer", outage_comment, uid=…)`: one act of an officer, in a transaction of its own."""

    def act(username, service, **given):
        with acting(username) as principal, transaction.atomic():
            return service(acting_officer=principal, **given)

    return act


def only(acting, username="ukba.officer"):
    with acting(username) as principal:
        (card,) = outages_page(principal, Turn(limit=10)).rows
        return card


def story(acting, username, uid):
    with acting(username) as principal:
        return outage_notes(principal, outage_get(principal, uid))


def test_a_fault_is_a_case_from_its_begin_to_the_event_that_shows_it_over(probe, says, clock, acting):
    since = ago(minutes=40)
    says(fault="pump does not run", since=since)
    assert clock() == 1
    assert clock() == 0
    card = only(acting)
    assert (card.kind, card.stage, card.begins_at) == (OutageKind.FAULT, OutageStage.REPORTED, since)
    assert (card.reason, card.opened_by, card.ends_at) == ("pump does not run", "", None)
    well = ago(minutes=1)
    says(heard=well)
    assert clock() == 1
    card = only(acting)
    assert card.ends_at == well
    assert card.is_open  # somebody still has to say why
    assert [note.act for note in story(acting, "paf.officer", card.uid)] == ["open", "end"]


def test_a_silent_device_was_out_since_it_was_last_heard(probe, says, clock, acting):
    heard = ago(minutes=12)
    says(silent=ago(minutes=2), heard=heard)
    assert clock() == 1
    assert only(acting).begins_at == heard


def test_fault_and_silence_of_one_breakdown_are_one_case(probe, says, clock, acting):
    says(fault="no power", since=ago(minutes=30))
    clock()
    says(fault="no power", since=ago(minutes=30), silent=ago(minutes=1), heard=ago(minutes=20))
    assert clock() == 0
    says(silent=ago(minutes=1), heard=ago(minutes=20))  # the fault is over, the silence is not
    assert clock() == 0
    assert only(acting).ends_at is None


def test_a_device_that_recovers_for_moments_goes_on_with_its_case(probe, says, clock, acting, settings):
    settings.OUTAGE_REJOINS_WITHIN_S = 900
    says(fault="loose contact", since=ago(minutes=60))
    clock()
    says(heard=ago(minutes=30))
    clock()
    says(fault="loose contact", since=ago(minutes=16))
    assert clock() == 1
    card = only(acting)
    assert card.ends_at is None
    assert [note.act for note in story(acting, "ukba.officer", card.uid)] == ["open", "end", "again"]


def test_a_device_that_fails_again_later_has_a_new_case(probe, says, clock, acting, settings):
    settings.OUTAGE_REJOINS_WITHIN_S = 900
    says(fault="loose contact", since=ago(minutes=60))
    clock()
    says(heard=ago(minutes=30))
    clock()
    says(fault="loose contact", since=ago(minutes=14))
    assert clock() == 1
    with acting("ukba.officer") as principal:
        assert len(outages_page(principal, Turn(limit=10)).rows) == 2


def test_a_closed_case_is_not_opened_again_by_the_clock(probe, says, clock, acting, do):
    says(fault="loose contact", since=ago(minutes=9))
    clock()
    says(heard=ago(minutes=5))
    clock()
    do("ukba.officer", outage_close, uid=only(acting).uid, cause="power", remedy="plug put back")
    says(fault="loose contact", since=ago(minutes=4))
    assert clock() == 1
    with acting("ukba.officer") as principal:
        assert [card.stage for card in outages_page(principal, Turn(limit=10)).rows] == ["reported", "closed"]


def test_a_device_taken_out_of_service_is_no_longer_missed(probe, says, clock, acting, owner):
    says(fault="burnt out", since=ago(hours=3))
    clock()
    with owner():
        Device.objects.filter(pk=probe.pk).update(is_active=False)
    assert clock() == 1
    assert only(acting).ends_at is not None


def test_planned_downtime_is_no_breakdown_and_its_silence_no_alarm(
    probe, says, clock, acting, do, ingest, owner
):
    with owner():
        Device.objects.filter(pk=probe.pk).update(rhythm_s=60)
    plan = do(
        "ukba.supervisor", outage_plan, device=probe.uid, begins_at=timezone.now(), ends_at=ahead(hours=2),
        reason="yearly service",
    )  # fmt: skip
    with owner():  # the database's clock stands still within a test
        Outage.objects.filter(pk=plan.pk).update(begins_at=ago(hours=1))
    says(heard=ago(minutes=20))
    with ingest():
        assert devices_silence_check() == 0
    says(fault="door open", since=ago(minutes=30))
    assert clock() == 0
    assert only(acting).uid == plan.uid
    with owner():
        assert not Alarm.objects.filter(device_id=probe.pk).exists()
        Outage.objects.filter(pk=plan.pk).update(ends_at=ago(minutes=5))
    assert clock() == 2  # the plan is over, and what is still out is a breakdown since then
    with acting("ukba.officer") as principal:
        broken, planned = outages_page(principal, Turn(limit=10)).rows
    assert (planned.stage, broken.kind) == (OutageStage.CLOSED, OutageKind.FAULT)
    assert broken.begins_at == planned.ends_at


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


def test_what_the_device_itself_says_is_not_ended_by_hand(probe, says, clock, acting, do):
    says(fault="no pump", since=ago(minutes=5))
    clock()
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


def test_every_step_stands_in_the_record_of_whoever_made_it(probe, do, says, clock, owner, world):
    made = do("paf.officer", outage_report, device=probe.uid, reason="it smokes")
    do("ukba.officer", outage_end, uid=made.uid)
    says(fault="no pump", since=timezone.now())
    clock()
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


def test_what_was_done_to_a_device_what_is_due_and_which_firmware_runs(probe, do, acting):
    today = timezone.localdate()
    day = dt.timedelta(days=1)
    do(
        "ukba.supervisor",
        care_enter,
        device=probe.uid,
        kind="calibration",
        done_on=today - 200 * day,
        due_on=today - 5 * day,
    )
    fresh = do(
        "ukba.supervisor", care_enter, device=probe.uid, kind="calibration", done_on=today - day, due_on=today + 90 * day,
        certificate="NPL 77/2026",
    )  # fmt: skip
    do(
        "ukba.supervisor",
        care_enter,
        device=probe.uid,
        kind="firmware",
        done_on=today - 3 * day,
        firmware="4.1.7",
    )
    with acting("paf.officer") as principal:
        entries = care_of(principal, probe.uid)
        assert firmware_of(entries) == "4.1.7"
        assert [(due.kind, due.due_on) for due in care_due(principal)] == [("calibration", today + 90 * day)]
    do("ukba.supervisor", care_withdraw, uid=fresh.uid, reason="wrong device")
    with pytest.raises(WithdrawnAlready):
        do("ukba.supervisor", care_withdraw, uid=fresh.uid, reason="wrong device")
    with acting("ukba.officer") as principal:
        (due,) = care_due(principal)
        assert due.is_over
        assert [one.withdrawn_why for one in care_of(principal, probe.uid)] == ["wrong device", "", ""]
    with pytest.raises(RightMissing):
        do("ukba.officer", care_enter, device=probe.uid, kind="check", done_on=today)
    with pytest.raises(NotYourDevice):
        do("paf.supervisor", care_enter, device=probe.uid, kind="check", done_on=today)
    with acting("douanes.officer") as principal:
        with pytest.raises(NotVisible):
            care_of(principal, probe.uid)
        assert list(Care.objects.all()) == []  # the second wall alone


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("kind", {"kind": "wash"}),
        ("done_on", {"done_on": 1}),
        ("due_on", {"due_on": -1}),
        ("firmware", {"kind": "firmware"}),
        ("note", {"note": "x" * 400}),
    ],
)
def test_care_that_cannot_be_says_which_field(probe, do, field, given):
    today = timezone.localdate()
    given = {
        name: today + dt.timedelta(days=value) if isinstance(value, int) else value
        for name, value in given.items()
    }
    with pytest.raises(ValidationError) as refused:
        do("ukba.supervisor", care_enter, **{"device": probe.uid, "kind": "check", "done_on": today} | given)
    assert field in refused.value.message_dict


def test_where_a_device_stood_is_written_down_when_it_changes(probe, acting, world, owner):
    with acting("ukba.supervisor") as principal, transaction.atomic():
        device_change(acting_party=principal, device=probe, name_en="CO₂ probe, moved")
        device_change(acting_party=principal, device=probe, is_active=False)
    with acting("paf.officer") as principal:
        now, before = placements_of(principal, probe.uid)
    assert (now.in_service, before.in_service, before.until_at) == (False, True, now.from_at)
    assert before.site == "CALAIS"


def availability(acting, username, by="device", **more):
    with acting(username) as principal:
        rows = availability_read(principal, AvailabilityFilter(ago(days=10), timezone.now(), by, **more))
        return {row.key: row for row in rows}


def test_availability_is_the_share_of_the_time_in_service_without_downtime(probe, acting, owner):
    with owner():
        for kind, begin, end in (("fault", 5, 4), ("planned", 3, 2), ("silent", 1, None)):
            Outage.objects.create(
                device_id=probe.pk, kind=kind, begins_at=ago(days=begin), ends_at=ago(days=end) if end else None,
                stage="planned" if kind == "planned" else "reported",
            )  # fmt: skip
    row = availability(acting, "paf.officer")[PROBE]
    assert row.uptime.operational == pytest.approx(0.7, abs=1e-4)
    assert row.uptime.inherent == pytest.approx(7 / 9, abs=1e-4)
    assert (row.uptime.breakdowns, row.uptime.repair_s) == (2, pytest.approx(86400, abs=1))
    assert (row.devices, row.unwatched) == (1, 1)
    for by, key in (("kind", "co2"), ("site", "CALAIS"), ("agency", "UKBA")):
        assert availability(acting, "paf.officer", by)[key].uptime.breakdowns == 2
    assert availability(acting, "paf.officer", kind="xray") == {}
    assert PROBE not in availability(acting, "douanes.officer")
