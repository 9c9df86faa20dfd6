"""A device that recovers and fails again makes one alarm, in whatever order its events arrive."""

import datetime as dt
import itertools

import pytest
from django.utils import timezone

from agencies.acting import acting_as
from audit.models import AuditEvent
from scanning.choices import AlarmRule, Severity
from scanning.facts import AlarmProposal
from scanning.models import Alarm, Device, DeviceStatus
from scanning.selectors.alarm_notes import alarm_notes
from scanning.selectors.alarms import alarm_seen, alarms_waiting
from scanning.services.alarm_escalation import alarms_escalate
from scanning.services.alarm_silence import alarm_silence
from scanning.services.alarm_work import alarm_take
from scanning.services.alarms import alarm_acknowledge, alarm_clear
from scanning.services.ingest.alarms import alarm_raise
from scanning.services.ingest.read import Roster
from scanning.services.silence import devices_silence_check
from tests.making import make_passage

pytestmark = pytest.mark.django_db

SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)


@pytest.fixture
def acting(world):
    """`with acting("paf.officer") as principal: …`"""
    return lambda username: acting_as(world.principal(username))


@pytest.fixture
def noon():
    """A moment an hour ago, to the second."""
    return timezone.now().replace(microsecond=0) - dt.timedelta(hours=1)


@pytest.fixture
def says(post, work, event, noon):
    """`says("fault", 30)`: the portal tells of a fault, half a minute after noon; `test=True`: one test fails."""
    numbers = itertools.count()

    def tell(*, result, second, test=False):
        at = (noon + second * SECOND).isoformat()
        kind = {} if test else {"type": "status"}
        reason = {"reason": "high voltage"} if result == "fault" else {}
        post("L1-RPM", event(f"e{next(numbers)}", at=at, result=result, **kind, **reason))
        work()

    return lambda result, second, **more: tell(result=result, second=second, **more)


def alarms(owner):
    with owner():
        return list(Alarm.objects.order_by("raised_at"))


def test_a_device_that_fails_again_within_the_hold_goes_on_with_its_alarm(says, owner, noon, acting):
    says("fault", 0)
    (first,) = alarms(owner)
    with acting("paf.officer") as paf:
        alarm_acknowledge(acting_officer=paf, uid=first.uid, comment="fitter called")
        alarm_take(acting_officer=paf, uid=first.uid)
    says("clear", 30)
    assert alarms(owner)[0].cleared_at == noon + 30 * SECOND
    says("fault", 60)
    (alarm,) = alarms(owner)
    assert (alarm.uid, alarm.repeats, alarm.reopened, alarm.cleared_at) == (first.uid, 2, 1, None)
    assert (alarm.raised_at, alarm.last_at) == (noon, noon + MINUTE)
    # It was acknowledged, and stays so: that is what the hold is for.
    assert (alarm.acknowledged_at is None, alarm.assigned_to is None) == (False, False)
    with acting("ukba.officer") as ukba:
        assert alarms_waiting(ukba) == ()
        assert [note.act for note in alarm_notes(ukba, alarm_seen(ukba, alarm.uid))] == [
            "acknowledge",
            "assign",
        ]
    with owner():
        told = AuditEvent.objects.filter(action="alarm.reopen", object_uids=[alarm.uid]).get()
        assert told.detail == {"rule": "device_fault", "returned": 1}
        assert AuditEvent.objects.filter(action="alarm.raise").count() == 1


def test_after_the_hold_it_is_a_new_occurrence(says, owner):
    says("fault", 0)
    says("clear", 30)
    says("fault", 150)
    assert [(one.repeats, one.reopened) for one in alarms(owner)] == [(1, 0), (1, 0)]


def test_how_long_the_hold_is_stands_in_the_settings(says, owner, settings):
    settings.ALARM_HOLD_S = 20
    says("fault", 0)
    says("clear", 30)
    says("fault", 60)
    assert len(alarms(owner)) == 2


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_fault_a_recovery_and_a_fault_are_one_standing_alarm_in_whatever_order_they_arrive(
    says, owner, order
):
    for number in order:
        says(*[("fault", 0), ("clear", 30), ("fault", 60)][number])
    (alarm,) = alarms(owner)
    assert (alarm.repeats, alarm.cleared_at) == (2, None)


@pytest.mark.parametrize(
    "order", [(0, 1, 2, 3), (0, 2, 3, 1), (2, 3, 0, 1), (2, 0, 3, 1), (0, 2, 1, 3), (1, 2, 0, 3)]
)
def test_what_ended_well_stays_ended_though_older_news_come_late(says, owner, noon, order):
    for number in order:
        says(*[("fault", 0), ("clear", 30), ("fault", 60), ("clear", 90)][number])
    (alarm,) = alarms(owner)
    assert (alarm.repeats, alarm.cleared_at) == (2, noon + 90 * SECOND)


def test_a_recovery_from_before_the_last_fault_does_not_put_it_out(says, owner):
    says("fault", 0)
    says("fault", 300)
    says("clear", 200)
    (alarm,) = alarms(owner)
    assert alarm.cleared_at is None


def test_what_is_older_than_a_later_alarm_opens_nothing(says, owner):
    says("fault", 0)
    says("clear", 30)
    says("fault", 400)
    says("clear", 430)
    says("fault", 60)
    assert [(one.repeats, one.cleared_at is None) for one in alarms(owner)] == [(2, False), (1, False)]


def test_what_an_officer_put_out_is_not_taken_up_again(says, owner, acting):
    says("fault", 0)
    with acting("paf.officer") as paf:
        alarm_clear(acting_officer=paf, uid=alarms(owner)[0].uid)
    says("fault", 20)
    old, new = alarms(owner)
    assert (old.cleared_at is None, old.cleared_by is None, new.cleared_at, new.reopened) == (
        False,
        False,
        None,
        0,
    )
    with acting("ukba.officer") as ukba:
        assert new.uid in [alarm.uid for alarm in alarms_waiting(ukba)]


def test_the_silence_goes_on_with_the_alarm(says, owner, acting):
    says("fault", 0)
    with acting("paf.officer") as paf:
        alarm_silence(
            acting_officer=paf,
            uid=alarms(owner)[0].uid,
            until=timezone.now() + MINUTE,
            comment="fitter is there",
        )
    with owner():
        Alarm.objects.update(silenced_from=Alarm.objects.get().raised_at)
    says("clear", 30)
    says("fault", 60)
    with acting("ukba.officer") as ukba:
        assert alarms_waiting(ukba) == ()


def test_a_graver_fault_rings_again_and_the_history_says_why(says, owner, acting, ingest, settings):
    says("fault", 0, test=True)
    (alarm,) = alarms(owner)
    assert alarm.severity == "low"
    with acting("paf.officer") as paf:
        alarm_acknowledge(acting_officer=paf, uid=alarm.uid)
    says("clear", 30)
    says("fault", 60)
    (alarm,) = alarms(owner)
    assert (alarm.severity, alarm.acknowledged_at, alarm.acknowledged_by) == ("medium", None, None)
    with acting("ukba.officer") as ukba:
        assert [one.uid for one in alarms_waiting(ukba)] == [alarm.uid]
        assert [note.act for note in alarm_notes(ukba, alarm_seen(ukba, alarm.uid))] == [
            "acknowledge",
            "ring",
        ]
    # It was raised an hour ago, but rings since now: the supervisor is not called at once.
    with ingest():
        assert alarms_escalate() == 0


def test_one_test_that_fails_is_a_small_matter_and_three_within_ten_minutes_are_not(says, owner):
    says("fault", 0, test=True)
    says("clear", 200, test=True)
    says("fault", 400, test=True)
    assert [one.severity for one in alarms(owner)] == ["low", "low"]
    says("fault", 590, test=True)
    assert [one.severity for one in alarms(owner)] == ["low", "medium"]


def test_tests_that_fail_now_and_then_stay_a_small_matter(says, owner):
    for second in (0, 700, 1400, 2100):
        says("fault", second, test=True)
    (alarm,) = alarms(owner)
    assert (alarm.severity, alarm.repeats) == ("low", 4)


def test_a_silent_device_that_is_heard_for_a_moment_goes_on_with_its_alarm(says, owner, ingest, settings):
    settings.ALARM_HOLD_S = 600
    says("clear", 0)
    with owner():
        Device.objects.filter(code="L1-RPM").update(rhythm_s=60)

    def an_hour_passes():
        with owner():
            DeviceStatus.objects.update(last_received_at=timezone.now() - 2 * MINUTE)
        with ingest():
            devices_silence_check()

    an_hour_passes()
    says("clear", 10)
    an_hour_passes()
    (alarm,) = alarms(owner)
    assert (alarm.rule, alarm.repeats, alarm.reopened) == ("device_silent", 2, 1)


@pytest.fixture
def told(world, ingest):
    """`told(lorry, at)`: the worker hears of a gamma alarm of that moment."""

    def hear(passage, at, severity=Severity.MEDIUM):
        with ingest():
            device = next(card for card in Roster().by_id.values() if card.code == "L1-RPM")
            alarm_raise(
                device=device, passage_id=passage.pk, at=at, is_late=False,
                proposal=AlarmProposal(AlarmRule.RADIATION_GAMMA.value, severity.value, True),
            )  # fmt: skip

    return hear


@pytest.fixture
def put_out(owner, acting, told, noon):
    """A gamma alarm of a lorry, silenced for half an hour, and put out by hand after ten minutes."""
    with owner():
        lorry = make_passage(("L1-RPM", noon), marks=["AB-123-CD"])
    told(lorry, noon)
    with acting("paf.officer") as paf:
        uid = alarms(owner)[0].uid
        alarm_silence(acting_officer=paf, uid=uid, until=timezone.now() + MINUTE, comment="K-40")
        alarm_clear(acting_officer=paf, uid=uid, comment="bananas")
    with owner():
        Alarm.objects.update(
            silenced_from=noon, silenced_until=noon + 30 * MINUTE, cleared_at=noon + 10 * MINUTE,
            acknowledged_at=noon,
        )  # fmt: skip
    return lorry


def test_what_happened_within_a_silence_and_arrives_after_it_calls_nobody(put_out, told, owner, noon):
    told(put_out, noon + 20 * MINUTE)
    (alarm,) = alarms(owner)
    assert (alarm.repeats, alarm.cleared_at is None) == (2, False)


@pytest.mark.parametrize(("minute", "severity"), [(20, Severity.HIGH), (31, Severity.MEDIUM)])
def test_what_is_graver_or_happened_after_the_silence_does(put_out, told, owner, noon, minute, severity):
    told(put_out, noon + minute * MINUTE, severity)
    assert [one.cleared_at is None for one in alarms(owner)] == [False, True]


def test_a_graver_reading_of_a_lorry_that_was_acknowledged_rings_again(put_out, told, owner, noon, acting):
    told(put_out, noon + 31 * MINUTE)
    with acting("paf.officer") as paf:
        alarm_acknowledge(acting_officer=paf, uid=alarms(owner)[1].uid)
    told(put_out, noon + 32 * MINUTE)
    assert alarms(owner)[1].acknowledged_at is not None
    told(put_out, noon + 33 * MINUTE, Severity.HIGH)
    assert (alarms(owner)[1].acknowledged_at, alarms(owner)[1].severity) == (None, "high")
