"""Alarms that nobody acknowledges call the supervisor, by their priority; an officer may do so at once, with a reason."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.rules.rights import RightMissing
from audit.models import AuditEvent, Change
from jocc.pulse.duties import duties_all
from scanning.models import Alarm
from scanning.rules.refusals import ClearedAlready, EscalatedAlready
from scanning.selectors.alarm_notes import alarm_notes
from scanning.selectors.alarms import alarm_seen, alarms_waiting
from scanning.services.alarm_escalation import alarm_escalate, alarms_escalate
from scanning.services.alarm_silence import alarm_silence
from scanning.services.alarms import alarm_acknowledge, alarm_clear
from tests.making import make_alarm

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


@pytest.fixture
def acting(world):
    """`with acting("paf.officer") as principal: …`"""
    return lambda username: acting_as(world.principal(username))


@pytest.fixture
def clock(ingest):
    """The duty as the scheduler keeps it; returns how many alarms escalated."""

    def turn():
        with ingest():
            return alarms_escalate()

    return turn


@pytest.mark.parametrize(
    ("severity", "minutes", "escalates"),
    [
        ("high", 1.9, False), ("high", 2.1, True), ("medium", 9.9, False), ("medium", 10.1, True),
        ("low", 59, False), ("low", 61, True),
    ],
)  # fmt: skip
def test_each_priority_has_its_own_time(owner, world, clock, severity, minutes, escalates):
    with owner():
        make_alarm("L1-RPM", ago(minutes=minutes), severity=severity)
    assert clock() == int(escalates)
    assert clock() == 0


def test_the_times_are_settings(owner, world, clock, settings):
    settings.ALARM_ESCALATES_AFTER_S = {"high": 30, "medium": 600, "low": 3600}
    with owner():
        make_alarm("L1-RPM", ago(seconds=31))
    assert clock() == 1


def test_what_escalates_is_noted_recorded_announced_and_stands_first(owner, world, clock, acting):
    with owner():
        old = make_alarm("L1-CO2", ago(minutes=11), rule="co2_suspect", severity="medium")
        new = make_alarm("L1-RPM", ago(minutes=1))
    clock()
    with acting("paf.officer") as paf:
        assert [alarm.uid for alarm in alarms_waiting(paf)] == [old.uid, new.uid]
        seen = alarm_seen(paf, old.uid)
        assert (seen.is_escalated, alarm_seen(paf, new.uid).is_escalated) == (True, False)
        (note,) = alarm_notes(paf, seen)
        assert (note.act, note.officer, note.agency) == ("escalate", "", "")
        alarm_acknowledge(acting_officer=paf, uid=old.uid)
        assert not alarm_seen(paf, old.uid).is_escalated
    with owner():
        record = AuditEvent.objects.get(action="alarm.escalate")
        assert (record.object_uids, record.agency_group_id) == ([old.uid], world.group("UKBA"))
        assert Change.objects.filter(topic="alarm", device_id=old.device_id).exists()


HOUR, HALF_A_MINUTE = dt.timedelta(hours=1), dt.timedelta(seconds=30)


@pytest.mark.parametrize(
    "values",
    [
        lambda now: {"acknowledged_at": now},
        lambda now: {"cleared_at": now},
        lambda now: {"is_late": True},
        lambda now: {"silenced_from": now, "silenced_until": now + HOUR},
        lambda now: {"silenced_from": now - HOUR, "silenced_until": now - HALF_A_MINUTE},
    ],
    ids=["acknowledged", "cleared", "found late", "silenced", "silenced until just now"],
)
def test_what_is_seen_to_does_not_escalate(owner, world, clock, values):
    with owner():
        alarm = make_alarm("L1-RPM", ago(minutes=30))
        Alarm.objects.filter(pk=alarm.pk).update(**values(timezone.now()))
    assert clock() == 0


def test_what_breaks_the_silence_escalates_in_its_time(owner, world, clock):
    silence = {"silenced_from": ago(minutes=20), "silenced_until": timezone.now() + dt.timedelta(hours=1)}
    with owner():
        alarm = make_alarm("L1-RPM", ago(minutes=30))
        Alarm.objects.filter(pk=alarm.pk).update(silence_broken_at=ago(minutes=1), **silence)
    assert clock() == 0
    with owner():
        Alarm.objects.filter(pk=alarm.pk).update(silence_broken_at=ago(minutes=3))
    assert clock() == 1


def test_the_scheduler_keeps_the_duty():
    assert [duty.act for duty in duties_all() if duty.name == "alarms_escalate"] == [alarms_escalate]


def test_an_officer_calls_the_supervisor_and_the_alarm_is_open_again(owner, world, acting):
    with owner():
        alarm = make_alarm("L1-RPM", timezone.now())
    with acting("paf.officer") as paf:
        alarm_acknowledge(acting_officer=paf, uid=alarm.uid)
        alarm_escalate(acting_officer=paf, uid=alarm.uid, comment="two sources, not one")
        seen = alarm_seen(paf, alarm.uid)
        assert (seen.is_escalated, seen.is_acknowledged, seen.comment) == (
            True,
            False,
            "two sources, not one",
        )
        with pytest.raises(EscalatedAlready):
            alarm_escalate(acting_officer=paf, uid=alarm.uid, comment="still")
    with acting("ukba.supervisor") as lead:
        assert [waiting.uid for waiting in alarms_waiting(lead)] == [alarm.uid]
        alarm_clear(acting_officer=lead, uid=alarm.uid, comment="lorry held, police called")
        with pytest.raises((ClearedAlready, EscalatedAlready)):
            alarm_escalate(acting_officer=lead, uid=alarm.uid, comment="still")


def test_calling_the_supervisor_ends_a_silence_and_a_silence_takes_the_call_back(owner, world, acting):
    with owner():
        alarm = make_alarm("L1-RPM", timezone.now())
    hour = timezone.now() + dt.timedelta(hours=1)
    with acting("paf.officer") as paf:
        alarm_silence(acting_officer=paf, uid=alarm.uid, until=hour, comment="K-40")
        alarm_escalate(acting_officer=paf, uid=alarm.uid, comment="not K-40 after all")
        assert not alarm_seen(paf, alarm.uid).is_silenced
    with acting("ukba.supervisor") as lead:
        alarm_silence(acting_officer=lead, uid=alarm.uid, until=hour, comment="source is known to us")
        assert not alarm_seen(lead, alarm.uid).is_escalated


def test_a_call_needs_a_reason_and_a_right_and_the_device(owner, world, acting):
    with owner():
        alarm = make_alarm("L1-RPM", timezone.now())
    with acting("paf.officer") as paf, pytest.raises(ValidationError):
        alarm_escalate(acting_officer=paf, uid=alarm.uid, comment=" ")
    with acting("ukba.auditor") as auditor, pytest.raises(RightMissing):
        alarm_escalate(acting_officer=auditor, uid=alarm.uid, comment="why")
    with acting("ccic.officer") as ccic, pytest.raises(NotVisible):
        alarm_escalate(acting_officer=ccic, uid=alarm.uid, comment="why")
