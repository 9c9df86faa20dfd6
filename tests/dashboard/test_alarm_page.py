"""An alarm's own page: what raised it, who did what with which words, and acting with a comment."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from scanning.models import Alarm, AlarmNote
from tests.making import make_alarm, make_note, make_passage

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


@pytest.fixture
def alarm(world, owner):
    """A gamma alarm of a lorry at a portal that UKBA, PAF and customs see."""
    with owner():
        passage = make_passage(("L1-RPM", ago(minutes=3)), marks=["AB-123-CD"])
        return make_alarm("L1-RPM", ago(minutes=3), passage=passage)


def page(client, alarm):
    answer = client.get(reverse("alarm-detail", args=[alarm.uid]))
    assert answer.status_code == 200
    return answer.context["page"]


def act(client, alarm, name, **more):
    return client.post(reverse("alarm-detail", args=[alarm.uid]), {"act": name, **more})


def story(found):
    return [(entry.what, entry.who, entry.reason) for entry in found.history]


def test_the_page_leads_to_the_passage_and_the_device_and_tells_what_was_measured(signed_in, alarm, owner):
    with owner():
        Alarm.objects.filter(pk=alarm.pk).update(
            detail={"gamma_counts": 12500, "nuclides": ["Cs-137", "Co-60"], "reason": "driver afraid"}
        )
    answer = signed_in("ukba.officer").get(reverse("alarm-detail", args=[alarm.uid]))
    found = answer.context["page"]
    assert found.row.passage_url in answer.content.decode()
    assert found.row.device_url in answer.content.decode()
    assert [cell.value for cell in found.row.marks] == ["AB-123-CD"]
    told = {detail.value for detail in found.details}
    assert {"12,500", "Cs-137, Co-60", "driver afraid"} <= told


def test_every_act_joins_the_history_with_the_words_of_its_officer(signed_in, alarm):
    mine = signed_in("ukba.officer")
    assert act(mine, alarm, "comment", comment="driver asked").status_code == 302
    act(mine, alarm, "acknowledge", comment="team sent")
    act(mine, alarm, "undo")
    act(mine, alarm, "acknowledge")
    act(mine, alarm, "clear", comment="bananas: K-40")
    assert story(page(mine, alarm)) == [
        ("Raised", "L1-RPM", ""),
        ("Comment", "Officer Ukba", "driver asked"),
        ("Acknowledged", "Officer Ukba", "team sent"),
        ("Acknowledgement undone", "Officer Ukba", ""),
        ("Acknowledged", "Officer Ukba", ""),
        ("Cleared by hand", "Officer Ukba", "bananas: K-40"),
    ]
    # The list shows what was said last; nothing that was said before is lost.
    row = mine.get(reverse("alarm-list"), {"state": "all"}).context["page"].rows[0]
    assert "bananas: K-40" in row.text


def test_another_agency_reads_the_words_and_the_agency_but_not_the_name(signed_in, alarm):
    act(signed_in("paf.officer"), alarm, "acknowledge", comment="team sent")
    assert ("Acknowledged", "PAF", "team sent") in story(page(signed_in("ukba.officer"), alarm))


def test_whoever_is_second_reads_that_somebody_was_faster_and_keeps_the_words_typed(signed_in, alarm):
    act(signed_in("paf.officer"), alarm, "acknowledge")
    late = act(signed_in("ukba.officer"), alarm, "acknowledge", comment="two lines\nof words")
    assert late.status_code == 422
    assert "Another officer has already acknowledged this alarm." in late.content.decode()
    assert "two lines\nof words" in late.content.decode()


@pytest.mark.parametrize("comment", ["", "   ", "x" * 501, "a\x00b"])
def test_a_comment_without_words_or_with_too_many_is_refused(signed_in, alarm, owner, comment):
    assert act(signed_in("ukba.officer"), alarm, "comment", comment=comment).status_code == 422
    with owner():
        assert not AlarmNote.objects.exists()


def test_repeats_and_an_end_without_an_officer_are_told_as_the_devices_doing(signed_in, alarm, owner):
    with owner():
        Alarm.objects.filter(pk=alarm.pk).update(repeats=3, last_at=ago(minutes=2), cleared_at=ago(minutes=1))
    assert story(page(signed_in("ukba.officer"), alarm))[1:] == [
        ("Last repeated", "L1-RPM", "repeated 2 times"),
        ("Cleared: what caused it is over", "L1-RPM", ""),
    ]


def test_who_may_not_act_reads_and_is_offered_nothing(signed_in, alarm, owner):
    client = signed_in("ukba.auditor")
    assert "data-shortcut" not in client.get(reverse("alarm-detail", args=[alarm.uid])).content.decode()
    assert act(client, alarm, "comment", comment="seen").status_code == 403
    with owner():
        assert not AlarmNote.objects.exists()


def test_an_alarm_of_a_device_that_is_not_seen_is_not_there(signed_in, alarm):
    client = signed_in("ccic.officer")
    assert client.get(reverse("alarm-detail", args=[alarm.uid])).status_code == 404
    assert act(client, alarm, "comment", comment="seen").status_code == 404


def test_reading_the_page_is_recorded(signed_in, alarm, cell):
    page(signed_in("paf.officer"), alarm)
    (record,) = cell.audit("alarm.read")
    assert record.object_uids == [alarm.uid]


def test_notes_are_for_ever(world, owner, alarm):
    with owner():
        note = make_note(alarm, world.officer("ukba.officer"), timezone.now(), text="seen")
        with pytest.raises(Exception, match="append-only"):
            AlarmNote.objects.filter(pk=note.pk).update(text="never seen")
