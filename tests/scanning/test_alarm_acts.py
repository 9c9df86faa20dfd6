"""Acts on an alarm: by right, once, on the record, announced; and what alarms weigh."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.paging import Turn
from agencies.rules.rights import RightMissing
from audit.models import AuditEvent, Change
from scanning.models import Alarm, AlarmNote
from scanning.rules.refusals import AcknowledgedAlready, ClearedAlready, NotToBeUndone
from scanning.selectors.alarm_notes import alarm_notes
from scanning.selectors.alarms import (
    AlarmFilter,
    alarm_load,
    alarm_seen,
    alarms_of_passages,
    alarms_page,
    alarms_waiting,
)
from scanning.services.alarms import alarm_acknowledge, alarm_clear, alarm_comment, alarm_unacknowledge
from tests.making import NOON, at, make_alarm, make_passage

pytestmark = pytest.mark.django_db


@pytest.fixture
def alarm(world, owner):
    """A radiation alarm of UKBA's portal, which PAF and DOUANES see and CCIC does not."""
    with owner():
        return make_alarm("L1-RPM", NOON)


@pytest.fixture
def acting(world):
    """`with acting("paf.officer") as principal: …`"""
    return lambda username: acting_as(world.principal(username))


ACTS = {
    "acknowledge": lambda principal, uid: alarm_acknowledge(acting_officer=principal, uid=uid),
    "clear": lambda principal, uid: alarm_clear(acting_officer=principal, uid=uid, comment="seen"),
    "comment": lambda principal, uid: alarm_comment(acting_officer=principal, uid=uid, comment="seen"),
    "undo": lambda principal, uid: alarm_unacknowledge(acting_officer=principal, uid=uid),
}


@pytest.mark.parametrize("act", ACTS)
def test_who_does_not_see_the_device_does_not_learn_of_its_alarm_by_acting(acting, alarm, act):
    for uid in (alarm.uid, "00000000-0000-4000-8000-000000000000", "nonsense"):
        with acting("ccic.officer") as ccic, pytest.raises(NotVisible):
            ACTS[act](ccic, uid)


@pytest.mark.parametrize("act", ACTS)
def test_who_has_no_right_to_act_does_not_act(acting, alarm, owner, act):
    for username in ("ukba.auditor", "ukba.administrator"):
        with acting(username) as principal, pytest.raises(RightMissing):
            ACTS[act](principal, alarm.uid)
    with owner():
        assert Alarm.objects.get(pk=alarm.pk, acknowledged_at=None, cleared_at=None, comment="")


@pytest.mark.parametrize(
    ("act", "action"),
    [("acknowledge", "alarm.acknowledge"), ("clear", "alarm.clear"), ("comment", "alarm.comment")],
)
def test_each_act_is_recorded_and_announced(acting, alarm, owner, act, action):
    with acting("paf.officer") as paf:
        ACTS[act](paf, alarm.uid)
    with owner():
        record = AuditEvent.objects.get(action=action)
        assert (record.object_uids, record.actor_uid) == ([alarm.uid], paf.uid)
        change = Change.objects.latest("id")
        assert (change.topic, change.device_id, change.group_ids) == ("alarm", alarm.device_id, None)


def test_of_two_officers_one_acknowledges_and_the_other_is_told_so(acting, alarm):
    with acting("paf.officer") as paf:
        alarm_acknowledge(acting_officer=paf, uid=alarm.uid, comment="team sent")
        alarm_acknowledge(acting_officer=paf, uid=alarm.uid)  # a second press of the key
    with acting("ukba.officer") as ukba:
        with pytest.raises(AcknowledgedAlready):
            alarm_acknowledge(acting_officer=ukba, uid=alarm.uid, comment="mine")
        seen = alarm_seen(ukba, alarm.uid)
        assert (seen.is_active, seen.comment, seen.acknowledged_by_agency) == (True, "team sent", "PAF")
        assert seen.acknowledged_by == ""


def test_an_acknowledgement_is_undone_by_its_officer_and_for_half_a_minute_only(acting, alarm, owner):
    with acting("paf.officer") as paf:
        alarm_acknowledge(acting_officer=paf, uid=alarm.uid)
    with acting("ukba.officer") as ukba, pytest.raises(NotToBeUndone):
        alarm_unacknowledge(acting_officer=ukba, uid=alarm.uid)
    with acting("paf.officer") as paf:
        alarm_unacknowledge(acting_officer=paf, uid=alarm.uid)
        assert not alarm_seen(paf, alarm.uid).is_acknowledged
        with pytest.raises(NotToBeUndone):
            alarm_unacknowledge(acting_officer=paf, uid=alarm.uid)
        alarm_acknowledge(acting_officer=paf, uid=alarm.uid)
    with owner():
        assert AuditEvent.objects.filter(action="alarm.reopen").count() == 1
        earlier = Alarm.objects.get(pk=alarm.pk).acknowledged_at - dt.timedelta(seconds=31)
        Alarm.objects.filter(pk=alarm.pk).update(acknowledged_at=earlier)
    with acting("paf.officer") as paf, pytest.raises(NotToBeUndone):
        alarm_unacknowledge(acting_officer=paf, uid=alarm.uid)


def test_what_is_out_cannot_be_put_out_again_but_still_wants_somebody(acting, alarm):
    with acting("paf.officer") as paf:
        with pytest.raises(ValidationError):  # what is of high priority wants a word
            alarm_clear(acting_officer=paf, uid=alarm.uid)
        alarm_clear(acting_officer=paf, uid=alarm.uid, comment="searched")
        with pytest.raises(ClearedAlready):
            alarm_clear(acting_officer=paf, uid=alarm.uid, comment="searched")
        assert [waiting.uid for waiting in alarms_waiting(paf)] == [alarm.uid]
        alarm_acknowledge(acting_officer=paf, uid=alarm.uid)
        assert alarms_waiting(paf) == ()


@pytest.mark.parametrize("comment", ["x" * 501, "a\x00b", "\ud800"])
def test_a_comment_that_cannot_be_kept_is_refused_before_anything_changes(acting, alarm, owner, comment):
    with acting("paf.officer") as paf, pytest.raises(ValidationError):
        alarm_acknowledge(acting_officer=paf, uid=alarm.uid, comment=comment)
    with owner():
        assert Alarm.objects.get(pk=alarm.pk).acknowledged_at is None


def test_what_waits_stands_by_priority_then_by_age(world, owner, acting):
    with owner():
        for minute, rule, severity in (
            (0, "dog_indication", "low"),
            (1, "co2_suspect", "high"),
            (2, "device_fault", "medium"),
            (3, "xray_suspect", "high"),
        ):
            make_alarm("L1-ANPR-F", at(minute), rule=rule, severity=severity)
    with acting("ccic.officer") as ccic:
        assert [alarm.rule for alarm in alarms_waiting(ccic)] == [
            "xray_suspect", "co2_suspect", "device_fault", "dog_indication"
        ]  # fmt: skip
        assert len(alarms_waiting(ccic, limit=2)) == 2
        assert alarms_waiting(ccic, site="DOVER") == ()


def test_every_filter_narrows_the_list_to_what_it_says(world, owner, acting):
    with owner():
        passage = make_passage(("L1-RPM", at(0)), ("L2-DOG", at(1)))
        one = make_alarm("L1-RPM", at(0), passage=passage)
        two = make_alarm("L2-DOG", at(1), rule="dog_indication", severity="low", passage=passage)
        three = make_alarm("L1-CO2", at(2), rule="co2_suspect", severity="medium")
        Alarm.objects.filter(pk=two.pk).update(cleared_at=at(3))
        Alarm.objects.filter(pk=three.pk).update(acknowledged_at=at(4))
    with acting("paf.officer") as paf:
        for wanted, right in (
            (AlarmFilter(), [three, two, one]),
            (AlarmFilter(active=True), [three, one]),
            (AlarmFilter(active=False), [two]),
            (AlarmFilter(acknowledged=True), [three]),
            (AlarmFilter(active=True, acknowledged=False), [one]),
            (AlarmFilter(severity="low"), [two]),
            (AlarmFilter(rule="co2_suspect"), [three]),
            (AlarmFilter(kind="radiation"), [one]),
            (AlarmFilter(lane="L2"), [two]),
            (AlarmFilter(device="L1-CO2", site="CALAIS"), [three]),
            (AlarmFilter(passage=passage.uid), [two, one]),
            (AlarmFilter(site="DOVER"), []),
        ):
            assert [alarm.uid for alarm in alarms_page(paf, Turn(), wanted).rows] == [
                alarm.uid for alarm in right
            ]
        assert [alarm.uid for alarm in alarms_of_passages(paf, [passage.pk])[passage.pk]] == [
            one.uid,
            two.uid,
        ]
    with acting("ccic.officer") as ccic:
        assert alarms_page(ccic, Turn(), AlarmFilter(passage=passage.uid)).rows == ()
        assert alarms_of_passages(ccic, [passage.pk]) == {}


def test_the_load_of_alarms_is_counted_over_what_the_officer_sees(world, owner, acting):
    with owner():
        for minute in range(12):
            make_alarm(
                "L1-HB", at(minute / 2), rule="heartbeat_suspect", passage=make_passage(("L1-HB", at(minute)))
            )
        make_alarm("L1-RPM", at(-30), severity="low")
        make_alarm("L1-RPM", at(-26 * 60), rule="device_fault")
    with acting("ukba.officer") as ukba:
        load = alarm_load(ukba, now=at(10), officers=2)
        assert (load.peak, load.standing, load.within) == (12, 14, False)
        assert load.per_ten_minutes == pytest.approx(13 / 6 / 2)
        assert load.shares == {"low": 8, "medium": 0, "high": 92}
    with acting("paf.officer") as paf:
        load = alarm_load(paf, now=at(10))
        assert (load.peak, load.standing, load.within) == (1, 2, True)


def test_nobody_writes_a_note_in_another_agencys_name_or_at_another_devices_alarm(
    world, acting, alarm, owner
):
    with owner():
        other = make_alarm("L1-CO2", NOON, rule="co2_suspect")
        ours = {"act": "comment", "officer": world.officer("paf.officer"), "agency": world.agency("PAF")}
    for wrong in (
        {"alarm_id": alarm.pk, "device_id": alarm.device_id, "agency": world.agency("UKBA")},
        {"alarm_id": other.pk, "device_id": alarm.device_id},
        {"alarm_id": alarm.pk, "device_id": alarm.device_id, "agency": None},
    ):
        refused = pytest.raises(ProgrammingError, match="row-level security")
        with acting("paf.officer"), refused, transaction.atomic():
            AlarmNote.objects.create(**(ours | wrong))
    with acting("paf.officer"):
        AlarmNote.objects.create(**ours, alarm_id=alarm.pk, device_id=alarm.device_id)


def test_words_that_come_with_a_second_press_are_kept_as_a_comment(acting, alarm):
    with acting("paf.officer") as paf:
        alarm_acknowledge(acting_officer=paf, uid=alarm.uid)
        alarm_acknowledge(acting_officer=paf, uid=alarm.uid, comment="team sent")
        notes = alarm_notes(paf, alarm_seen(paf, alarm.uid))
        assert [(note.act, note.text) for note in notes] == [("acknowledge", ""), ("comment", "team sent")]
