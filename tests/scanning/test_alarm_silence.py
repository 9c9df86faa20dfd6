"""Silencing one alarm: by when something happened, not by when it arrived; nothing else is silenced with it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.paging import Turn
from agencies.rules.rights import RightMissing
from audit.models import AuditEvent
from scanning.choices import AlarmRule, Severity
from scanning.facts import AlarmProposal
from scanning.models import Alarm
from scanning.rules.refusals import ClearedAlready, NotSilenced
from scanning.selectors.alarm_notes import alarm_notes
from scanning.selectors.alarms import AlarmFilter, alarm_seen, alarms_page, alarms_waiting
from scanning.services.alarm_silence import alarm_silence, alarm_unsilence
from scanning.services.alarms import alarm_clear
from scanning.services.ingest.alarms import alarm_raise
from scanning.services.ingest.read import Roster
from tests.making import make_passage

pytestmark = pytest.mark.django_db

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


@pytest.fixture
def acting(world):
    """`with acting("paf.officer") as principal: …`"""
    return lambda username: acting_as(world.principal(username))


@pytest.fixture
def lorry(world, owner):
    """A lorry before the radiation portal."""
    with owner():
        return make_passage(("L1-RPM", timezone.now()), marks=["AB-123-CD"])


@pytest.fixture
def told(world, ingest):
    """`told(lorry, at)`: the worker hears of an alarm of that moment, as it does of an event."""

    def hear(passage, at, *, late=False, severity=Severity.MEDIUM, rule=AlarmRule.RADIATION_GAMMA):
        with ingest():
            device = next(card for card in Roster().by_id.values() if card.code == "L1-RPM")
            alarm_raise(
                device=device,
                passage_id=passage.pk if passage else None,
                proposal=AlarmProposal(rule.value, severity.value, True),
                at=at,
                is_late=late,
            )

    return hear


@pytest.fixture
def silenced(told, lorry, acting, owner):
    """The alarm of the lorry, silenced for an hour."""
    told(lorry, timezone.now() - 2 * MINUTE)
    with owner():
        alarm = Alarm.objects.get()
    with acting("paf.officer") as paf:
        alarm_silence(acting_officer=paf, uid=alarm.uid, until=timezone.now() + HOUR, comment="source known")
    return alarm


@pytest.fixture
def waits(acting):
    """The alarms that UKBA is called for."""

    def called():
        with acting("ukba.officer") as ukba:
            return [alarm.uid for alarm in alarms_waiting(ukba)]

    return called


def test_repeats_within_the_silence_are_counted_and_not_called_out(silenced, told, lorry, waits, acting):
    assert waits() == []
    told(lorry, timezone.now() + MINUTE)
    # What happened a moment before the silence and was on its way is no late event.
    told(lorry, timezone.now() - MINUTE)
    assert waits() == []
    with acting("ukba.officer") as ukba:
        seen = alarm_seen(ukba, silenced.uid)
        assert (seen.repeats, seen.is_silenced, seen.silenced_by, seen.silenced_by_agency) == (
            3,
            True,
            "",
            "PAF",
        )
        listed = alarms_page(ukba, Turn(), AlarmFilter(active=True)).rows
        assert [alarm.uid for alarm in listed] == [silenced.uid]


def test_a_late_event_from_before_the_silence_is_called_out(silenced, told, lorry, waits):
    told(lorry, timezone.now() - 20 * MINUTE, late=True)
    assert waits() == [silenced.uid]


def test_a_late_event_from_within_the_silence_is_not(silenced, told, lorry, waits, owner):
    with owner():
        Alarm.objects.update(silenced_from=timezone.now() - 30 * MINUTE)
    told(lorry, timezone.now() - 20 * MINUTE, late=True)
    assert waits() == []


def test_what_happened_after_the_silence_is_called_out_though_the_clock_has_not_reached_its_end(
    silenced, told, lorry, waits
):
    told(lorry, timezone.now() + HOUR + MINUTE)
    assert waits() == [silenced.uid]


def test_a_repeat_of_higher_priority_ends_the_silence(silenced, told, lorry, waits):
    told(lorry, timezone.now(), severity=Severity.HIGH)
    assert waits() == [silenced.uid]


def test_when_the_time_is_over_the_alarm_is_called_out_again(silenced, waits, owner):
    with owner():
        Alarm.objects.update(silenced_until=timezone.now())
    assert waits() == [silenced.uid]


def test_another_vehicle_is_not_silenced_nor_another_alarm_of_the_same(
    silenced, told, lorry, waits, owner, world
):
    with owner():
        other = make_passage(("L1-RPM", timezone.now()), marks=["EF-456-GH"])
    told(other, timezone.now())
    told(lorry, timezone.now(), rule=AlarmRule.RADIATION_NEUTRON)
    with owner():
        loud = set(Alarm.objects.exclude(pk=silenced.pk).values_list("uid", flat=True))
    assert set(waits()) == loud
    assert len(loud) == 2


def test_the_same_vehicle_is_still_silenced_when_the_alarm_was_put_out_and_comes_again(
    silenced, told, lorry, waits, acting, owner
):
    with acting("paf.officer") as paf:
        alarm_clear(acting_officer=paf, uid=silenced.uid, comment="bananas")
    with owner():
        Alarm.objects.update(acknowledged_at=timezone.now())
    told(lorry, timezone.now() + MINUTE)
    with owner():
        assert Alarm.objects.count() == 2
    assert waits() == []
    with acting("paf.officer") as paf:
        assert alarms_waiting(paf) == ()
    # Once more, late and from before: that is another matter.
    with owner():
        Alarm.objects.filter(cleared_at=None).update(
            cleared_at=timezone.now(), acknowledged_at=timezone.now()
        )
    told(lorry, timezone.now() - 30 * MINUTE, late=True)
    assert len(waits()) == 1


def test_a_devices_own_alarm_is_silenced_as_long_as_it_stands_and_anew_it_is_not(told, acting, waits, owner):
    told(None, timezone.now(), rule=AlarmRule.DEVICE_FAULT)
    with owner():
        fault = Alarm.objects.get()
    with acting("paf.officer") as paf:
        alarm_silence(
            acting_officer=paf, uid=fault.uid, until=timezone.now() + HOUR, comment="fitter is there"
        )
    told(None, timezone.now() + MINUTE, rule=AlarmRule.DEVICE_FAULT)
    assert waits() == []
    with owner():
        Alarm.objects.update(cleared_at=timezone.now(), acknowledged_at=timezone.now())
    told(None, timezone.now() + 2 * MINUTE, rule=AlarmRule.DEVICE_FAULT)
    assert len(waits()) == 1


def test_an_officer_ends_the_silence_and_all_of_it_is_told(silenced, acting, waits, owner):
    with acting("ukba.officer") as ukba:
        alarm_unsilence(acting_officer=ukba, uid=silenced.uid)
        with pytest.raises(NotSilenced):
            alarm_unsilence(acting_officer=ukba, uid=silenced.uid)
        notes = alarm_notes(ukba, alarm_seen(ukba, silenced.uid))
        assert [(note.act, note.agency, note.text) for note in notes] == [
            ("silence", "PAF", "source known"),
            ("unsilence", "UKBA", ""),
        ]
        assert notes[0].until is not None
    assert waits() == [silenced.uid]
    with owner():
        actions = (
            AuditEvent.objects.filter(object_type="alarm").order_by("id").values_list("action", flat=True)
        )
        assert list(actions) == ["alarm.raise", "alarm.silence", "alarm.unsilence"]
        assert "until" in AuditEvent.objects.get(action="alarm.silence").detail


def test_another_end_keeps_the_beginning(silenced, acting, told, lorry, waits, owner):
    with owner():
        Alarm.objects.update(silenced_from=timezone.now() - 30 * MINUTE)
    with acting("paf.officer") as paf:
        alarm_silence(acting_officer=paf, uid=silenced.uid, until=timezone.now() + 2 * HOUR, comment="longer")
    told(lorry, timezone.now() - 20 * MINUTE, late=True)
    assert waits() == []
    # After it was broken, a new silence begins now.
    told(lorry, timezone.now() - 40 * MINUTE, late=True)
    assert waits() == [silenced.uid]
    with acting("paf.officer") as paf:
        alarm_silence(acting_officer=paf, uid=silenced.uid, until=timezone.now() + HOUR, comment="again")
    assert waits() == []
    told(lorry, timezone.now() - 20 * MINUTE, late=True)
    assert waits() == [silenced.uid]


@pytest.mark.parametrize(
    ("until", "comment", "wrong"),
    [
        (HOUR, "", "comment"),
        (-MINUTE, "why", "until"),
        (25 * HOUR, "why", "until"),
        (HOUR, "x" * 501, "comment"),
    ],
)
def test_a_silence_needs_a_reason_and_an_end_within_a_day(silenced, acting, until, comment, wrong):
    with acting("paf.officer") as paf, pytest.raises(ValidationError) as refused:
        alarm_silence(acting_officer=paf, uid=silenced.uid, until=timezone.now() + until, comment=comment)
    assert set(refused.value.error_dict) == {wrong}


def test_what_is_out_is_not_silenced_and_who_may_not_act_silences_nothing(silenced, acting):
    asked = {"uid": silenced.uid, "until": timezone.now() + HOUR, "comment": "why"}
    with acting("ccic.officer") as ccic, pytest.raises(NotVisible):
        alarm_silence(acting_officer=ccic, **asked)
    with acting("ukba.auditor") as auditor, pytest.raises(RightMissing):
        alarm_silence(acting_officer=auditor, **asked)
    with acting("ukba.auditor") as auditor, pytest.raises(RightMissing):
        alarm_unsilence(acting_officer=auditor, uid=silenced.uid)
    with acting("paf.officer") as paf:
        alarm_clear(acting_officer=paf, uid=silenced.uid)
        with pytest.raises(ClearedAlready):
            alarm_silence(acting_officer=paf, **asked)
