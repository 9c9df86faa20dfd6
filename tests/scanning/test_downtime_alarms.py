"""A device in planned downtime calls nobody for its own faults; one that still stands when the downtime ends does."""

import datetime as dt
import itertools

import pytest
from django.utils import timezone

from scanning.choices_care import OutageEffect, OutageKind, OutageStage
from scanning.models import Alarm, Device, DeviceStatus, Outage, ScanEvent
from scanning.services.alarms import alarm_clear
from scanning.services.downtime_ends import downtime_faults_ring
from scanning.services.outages import outage_end

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def noon():
    """A moment two hours ago, to the second."""
    return timezone.now().replace(microsecond=0) - dt.timedelta(hours=2)


@pytest.fixture
def says(post, work, event, noon):
    """`says("fault", 30)`: the portal tells of a fault, half an hour after noon; `test=True`: one test fails."""
    numbers = itertools.count()

    def tell(result, minute, *, test=False, device="L1-RPM", reason="high voltage"):
        kind = {} if test else {"type": "status"}
        why = {"reason": reason} if result == "fault" else {}
        at = (noon + minute * MINUTE).isoformat()
        post(device, event(f"e{next(numbers)}", at=at, result=result, **kind, **why))
        work()

    return tell


@pytest.fixture
def planned(owner, world, noon):
    """`planned(10, 60)`: downtime from ten minutes after noon until an hour after it."""

    def plan(begins, ends, *, effect=OutageEffect.OUT, stage=OutageStage.PLANNED):
        with owner():
            return Outage.objects.create(
                device_id=world.device("L1-RPM").pk, kind=OutageKind.PLANNED, effect=effect, stage=stage,
                begins_at=noon + begins * MINUTE, ends_at=noon + ends * MINUTE,
            )  # fmt: skip

    return plan


@pytest.fixture
def alarms(owner):
    def stored():
        with owner():
            return list(Alarm.objects.filter(rule="device_fault").order_by("raised_at"))

    return stored


@pytest.fixture
def ring(ingest):
    """The duty as the scheduler keeps it; returns how many alarms it raised."""

    def turn():
        with ingest():
            return downtime_faults_ring()

    return turn


def test_a_fault_within_planned_downtime_is_noted_and_calls_nobody(says, planned, alarms, owner, world, noon):
    planned(10, 60)
    says("fault", 20, reason="cover open")
    assert alarms() == []
    with owner():
        status = DeviceStatus.objects.get(device=world.device("L1-RPM"))
        assert (status.fault, status.fault_since) == ("cover open", noon + 20 * MINUTE)
        assert ScanEvent.objects.filter(device_id=status.device_id, result="fault").count() == 1


@pytest.mark.parametrize(("minute", "rings"), [(9, True), (10, False), (59, False), (60, True), (61, True)])
def test_the_downtime_begins_and_ends_to_the_minute(says, planned, alarms, noon, minute, rings):
    planned(10, 60)
    says("fault", minute)
    assert [alarm.raised_at for alarm in alarms()] == ([noon + minute * MINUTE] if rings else [])


def test_what_counts_is_when_it_happened_not_when_it_arrived(says, planned, alarms, noon):
    planned(10, 60)
    says("clear", 70)
    says("fault", 30)  # arrives long after the downtime, and lay within it
    assert alarms() == []
    says("fault", 5)  # arrives last of all, and was a breakdown before anybody unscrewed anything
    assert [alarm.raised_at for alarm in alarms()] == [noon + 5 * MINUTE]


def test_faults_of_one_batch_are_told_apart_by_their_times(post, work, event, planned, alarms, noon):
    planned(10, 60)
    for minute in (20, 65, 30):
        at = (noon + minute * MINUTE).isoformat()
        post("L1-RPM", event(f"b{minute}", at=at, result="fault", type="status", reason="high voltage"))
    work()
    assert [(alarm.raised_at, alarm.repeats) for alarm in alarms()] == [(noon + 65 * MINUTE, 1)]


def test_failed_tests_within_the_downtime_call_nobody_either(says, planned, alarms):
    planned(10, 60)
    for minute in (20, 21, 22, 23):
        says("fault", minute, test=True)
    assert alarms() == []


def test_a_device_that_only_works_with_limits_calls_for_its_faults(says, planned, alarms):
    planned(10, 60, effect=OutageEffect.LIMITED)
    says("fault", 20)
    assert len(alarms()) == 1


def test_downtime_that_was_called_off_holds_nothing_back(says, planned, alarms):
    planned(10, 60, stage=OutageStage.CANCELLED)
    says("fault", 20)
    assert len(alarms()) == 1


def test_another_device_calls_as_ever(says, planned, alarms):
    planned(10, 60)
    says("fault", 20, device="L1-HB")
    assert len(alarms()) == 1


def test_an_alarm_from_before_the_downtime_stands_as_it_was(says, planned, alarms, noon):
    planned(10, 60)
    says("fault", 5)
    says("fault", 20)
    (alarm,) = alarms()
    assert (alarm.repeats, alarm.last_at, alarm.cleared_at) == (1, noon + 5 * MINUTE, None)
    says("clear", 40)
    assert alarms()[0].cleared_at == noon + 40 * MINUTE


def test_what_people_or_goods_are_about_rings_within_the_downtime_too(
    post, work, event, planned, owner, noon
):
    planned(10, 60)
    post("L1-RPM", event("s1", "AB-123-CD", at=(noon + 20 * MINUTE).isoformat(), result="suspect"))
    work()
    with owner():
        assert Alarm.objects.filter(rule="radiation_gamma").count() == 1


def test_a_fault_that_outlasts_the_downtime_rings_once_at_its_end(says, planned, alarms, ring, noon):
    planned(10, 60)
    says("fault", 20, reason="cover open")
    assert ring() == 1
    assert ring() == 0
    (alarm,) = alarms()
    assert (alarm.raised_at, alarm.severity, alarm.detail) == (
        noon + 60 * MINUTE, "medium", {"reason": "cover open"},
    )  # fmt: skip


def test_a_device_that_was_mended_within_its_downtime_never_rings(says, planned, alarms, ring):
    planned(10, 60)
    says("fault", 20)
    says("clear", 50)
    assert ring() == 0
    assert alarms() == []


def test_while_the_downtime_goes_on_nothing_rings(says, planned, alarms, ring):
    planned(10, 60)
    planned(60, 180)  # the fitters stay on: it ends in an hour from now
    says("fault", 20)
    assert ring() == 0
    assert alarms() == []


def test_a_fault_after_the_downtime_rings_by_itself_and_the_end_adds_nothing(says, planned, alarms, ring):
    planned(10, 60)
    says("fault", 20)
    says("fault", 61)
    assert ring() == 0
    assert len(alarms()) == 1


def test_an_alarm_that_still_stands_from_before_needs_no_second_one(says, planned, alarms, ring):
    planned(10, 60)
    says("fault", 5)
    assert ring() == 0
    assert len(alarms()) == 1


def test_what_an_officer_put_out_after_the_downtime_is_not_raised_again(says, planned, alarms, ring, acting):
    planned(10, 60)
    says("fault", 20)
    assert ring() == 1
    with acting("ukba.officer") as principal:
        alarm_clear(acting_officer=principal, uid=alarms()[0].uid, comment="fitter comes back tomorrow")
    assert ring() == 0
    assert len(alarms()) == 1


def test_a_downtime_that_ends_early_rings_for_what_came_after_its_new_end(
    says, planned, alarms, ring, do, noon
):
    plan = planned(10, 180)
    says("fault", 100)
    assert ring() == 0
    do("ukba.officer", outage_end, uid=plan.uid, at=noon + 110 * MINUTE, comment="fitters have left")
    assert ring() == 1
    assert alarms()[0].raised_at == noon + 110 * MINUTE


def test_a_device_out_of_service_does_not_ring_when_its_downtime_ends(
    says, planned, alarms, ring, owner, world
):
    planned(10, 60)
    says("fault", 20)
    with owner():
        Device.objects.filter(pk=world.device("L1-RPM").pk).update(is_active=False)
    assert ring() == 0
    assert alarms() == []
