"""What belongs to a reading goes with it when its passage is corrected, and comes back when that is undone."""

import datetime as dt

import pytest
from django.utils import timezone

from intelligence.models import Hit, Notice
from scanning.choices import AlarmRule
from scanning.models import (
    Adjudication,
    Alarm,
    AlarmNote,
    LaterFind,
    Passage,
    ScanEvent,
    ScanRequest,
)
from scanning.services.corrections import correction_undo, passage_merge, passage_split
from scanning.services.findings import alarm_adjudicate, find_report
from scanning.services.requests import scan_ask
from tests.making import make_alarm, make_lookout, make_passage
from tests.scanning.correcting import WHY, ago, events_by_key

pytestmark = pytest.mark.django_db


def test_an_alarm_and_what_was_said_of_it_go_with_the_reading_that_raised_it(do, carry_out, owner):
    with owner():
        kept = make_passage(("L1-ANPR-F", ago(30)), ("L1-RPM", ago(29), "suspect"))
        alarm = make_alarm("L1-RPM", ago(29), passage=kept)
        moving = [str(ScanEvent.objects.get(result="suspect").uid)]
    do("ukba.officer", alarm_adjudicate, uid=alarm.uid, code="innocent_declared")
    do("ukba.officer", passage_split, uid=kept.uid, events=moving, reason=WHY)
    carry_out()
    with owner():
        target = Passage.objects.exclude(pk=kept.pk).get()
        assert Alarm.objects.get().passage_id == target.pk
        assert Adjudication.objects.get().passage_id == target.pk


def test_two_alarms_of_one_rule_that_meet_are_counted_as_one_which_is_acknowledged_only_if_both_were(
    do, carry_out, owner, world
):
    with owner():
        kept = make_passage(("L1-RPM", ago(30), "suspect"))
        other = make_passage(("L1-RPM", ago(29), "suspect"))
        first = make_alarm("L1-RPM", ago(30), passage=kept, severity="medium")
        second = make_alarm("L1-RPM", ago(29), passage=other, severity="high")
        Alarm.objects.filter(pk=first.pk).update(
            acknowledged_at=ago(20), acknowledged_by=world.officer("ukba.officer")
        )
    do("ukba.officer", passage_merge, uid=kept.uid, other=other.uid, reason=WHY)
    carry_out()
    with owner():
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.repeats, first.severity, first.acknowledged_at) == (2, "high", None)
        assert second.cleared_at is not None
        assert second.passage_id == kept.pk
        assert AlarmNote.objects.get(alarm_id=second.pk).act == "join"


def test_alarms_of_the_device_itself_stay_out_of_it(do, carry_out, owner):
    with owner():
        kept = make_passage(("L1-ANPR-F", ago(30)), ("L1-RPM", ago(29)))
        fault = make_alarm("L1-RPM", ago(29), rule=AlarmRule.DEVICE_FAULT)
        moving = [str(ScanEvent.objects.get(device_id=fault.device_id).uid)]
    do("ukba.officer", passage_split, uid=kept.uid, events=moving, reason=WHY)
    carry_out()
    with owner():
        assert Alarm.objects.get().passage_id is None


def test_a_hit_and_its_notice_go_with_the_reading_and_come_back_when_it_is_undone(
    post, work, event, do, carry_out, owner, world
):
    with owner():
        lookout = make_lookout(world.group("UKBA"), mark="EF-456-GH")
    start = ago(20)
    post("L1-ANPR-F", event("a", "AB-123-CD", at=start.isoformat()))
    marks = [{"kind": "trailer", "value": "AB-123-CD"}, {"kind": "tractor", "value": "EF-456-GH"}]
    post("L1-ANPR-R", event("b", at=(start + dt.timedelta(seconds=4)).isoformat(), marks=marks))
    work()
    with owner():
        passage = Passage.objects.get()
        assert Hit.objects.get(lookout=lookout).passage_uid == passage.uid
    split = do("paf.officer", passage_split, uid=passage.uid, events=events_by_key(owner, "b"), reason=WHY)
    carry_out()
    with owner():
        target = Passage.objects.exclude(pk=passage.pk).get()
        assert Hit.objects.get().passage_uid == target.uid
        assert set(Notice.objects.values_list("passage_uid", flat=True)) <= {target.uid}
    do("paf.officer", correction_undo, uid=split, reason="one lorry after all")
    carry_out()
    with owner():
        assert Hit.objects.get().passage_uid == passage.uid


def test_two_hits_of_one_lookout_that_would_meet_are_both_kept(do, carry_out, owner, world):
    with owner():
        kept = make_passage(("L1-ANPR-F", ago(30)), marks=["EF-456-GH"])
        other = make_passage(("L1-ANPR-R", ago(29)), marks=["EF-456-GH"])
        lookout = make_lookout(world.group("UKBA"), mark="EF-456-GH")
        for passage in (kept, other):
            Hit.objects.create(
                originator_id=world.group("UKBA"), reference=f"H-{passage.pk}", lookout=lookout,
                passage_uid=passage.uid, mark_seen="EF-456-GH", mark_sought="EF-456-GH", strength="exact",
                seen_at=passage.first_at, last_seen_at=passage.last_at, priority="high",
            )  # fmt: skip
    do("ukba.officer", passage_merge, uid=kept.uid, other=other.uid, reason=WHY)
    carry_out()
    with owner():
        assert set(Hit.objects.values_list("passage_uid", flat=True)) == {kept.uid, other.uid}


def test_a_scan_request_follows_its_mark_and_a_later_find_a_merge(do, carry_out, owner):
    with owner():
        kept = make_passage(("L1-ANPR-F", ago(30)), marks=["AB-123-CD"])
        other = make_passage(("L1-ANPR-R", ago(29)), marks=["EF-456-GH"])
    do(
        "paf.officer", scan_ask, passage=other.uid, technique="co2", agency="UKBA", purpose="persons",
        note="behind the pallets", needed_by=timezone.now() + dt.timedelta(hours=1), justification="seen moving",
    )  # fmt: skip
    do(
        "ukba.officer", find_report, passage=other.uid, found_at=ago(1), place="Dover", finds=["persons"],
        note="behind a false wall", persons=2,
    )  # fmt: skip
    merge = do("ukba.officer", passage_merge, uid=kept.uid, other=other.uid, reason=WHY)
    carry_out()
    with owner():
        assert ScanRequest.objects.get().passage_uid == LaterFind.objects.get().passage_uid == kept.uid
    do("ukba.officer", correction_undo, uid=merge, reason="two lorries")
    carry_out()
    with owner():
        assert ScanRequest.objects.get().passage_uid == LaterFind.objects.get().passage_uid == other.uid
