"""An alarm's own page: what raised it, who did what with which words, and acting with a comment."""

import datetime as dt
import re
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Shift
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
    shown = client.get(reverse("alarm-detail", args=[alarm.uid])).context["page"]
    assert [each.code for each in shown.acts] == ["unreview"]
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


def test_an_alarm_is_taken_given_to_a_colleague_on_duty_and_given_back(signed_in, alarm, world, owner):
    with owner():
        shift = Shift.objects.create(
            desk=world.desk("UKBA"), lead=world.officer("ukba.supervisor"), purpose="watch",
            starts_at=ago(hours=1), ends_at=timezone.now() + dt.timedelta(hours=1),
        )  # fmt: skip
        shift.officers.set([world.officer("ukba.officer")])
    mine = signed_in("ukba.officer")
    act(mine, alarm, "take")
    found = page(mine, alarm)
    assert (found.row.mine, [each.code for each in found.row.acts]) == (
        True,
        ["acknowledge", "release", "silence", "unreview"],
    )
    assert mine.get(reverse("alarm-list"), {"whose": "mine"}).context["page"].rows[0].mine
    assert mine.get(reverse("alarm-list"), {"whose": "nobody"}).context["page"].rows == ()
    lead = signed_in("ukba.supervisor")
    offered = lead.get(reverse("alarm-detail", args=[alarm.uid])).context["assign_form"].fields["to"].choices
    on_duty = {str(world.officer(name).uid) for name in ("ukba.supervisor", "ukba.officer")}
    assert (offered[1][0], {uid for uid, _ in offered[1][1]}) == ("on duty", on_duty)
    analyst = world.officer("ukba.analyst")
    assert str(analyst.uid) in {uid for uid, _ in offered[2][1]}
    act(lead, alarm, "assign", to=str(analyst.uid), comment="you know isotopes")
    assert not page(mine, alarm).row.mine
    act(signed_in("ukba.analyst"), alarm, "release")
    assert [(what, why) for what, _, why in story(page(mine, alarm))[1:]] == [
        ("Taken", ""),
        (f"Given to {analyst}", "you know isotopes"),
        ("Given back", ""),
    ]


def test_who_is_no_colleague_cannot_be_chosen(signed_in, alarm, world):
    stranger = str(world.officer("paf.officer").uid)
    assert act(signed_in("ukba.officer"), alarm, "assign", to=stranger).status_code == 422


def test_the_board_says_who_has_it_and_takes_it_by_one_key(signed_in, alarm):
    path = reverse("need-act", args=["alarm", alarm.uid])
    card = (
        signed_in("ukba.officer").post(path, {"act": "take"}, headers={"HX-Request": "true"}).context["card"]
    )
    assert (card.mine, card.owner, card.settled) == (True, "Officer Ukba", "")
    other = signed_in("paf.officer").post(path, {"act": "take"}, headers={"HX-Request": "true"})
    assert other.context["error"]
    assert (other.context["card"].mine, other.context["card"].owner) == (False, "UKBA")


def test_an_alarm_is_silenced_from_the_list_leaves_the_board_and_stays_in_the_list_marked(
    signed_in, alarm, world
):
    client = signed_in("ukba.officer")
    path, live = reverse("alarm-act", args=[alarm.uid]), {"HX-Request": "true"}
    refused = client.post(path, {"act": "silence", "reason": "60"}, headers=live)
    assert (bool(refused.context["error"]), refused.context["row"].silenced) == (True, None)
    row = client.post(path, {"act": "silence", "reason": "60", "comment": "K-40"}, headers=live).context[
        "row"
    ]
    assert 59 < (row.silenced - timezone.now()).total_seconds() / 60 <= 60
    counts = {
        item.url_name: item.waiting for item in client.get(reverse("passage-list")).context["shell"].nav
    }
    assert counts["alarm-list"] == 0
    for who in ("ukba.officer", "paf.officer"):
        needs = signed_in(who).get(reverse("board-needs")).context["part"]
        assert [card.id for card in needs.cards if card.kind == "alarm"] == []
    (listed,) = client.get(reverse("alarm-list")).context["page"].rows
    assert [each.code for each in listed.acts] == ["acknowledge", "take", "unsilence", "unreview"]
    (only,) = client.get(reverse("alarm-list"), {"state": "silenced"}).context["page"].rows
    assert only.id == str(alarm.uid)
    client.post(path, {"act": "unsilence"}, headers=live)
    assert client.get(reverse("alarm-list"), {"state": "silenced"}).context["page"].rows == ()


def test_the_silence_ends_with_the_shift_or_when_the_officer_says(signed_in, alarm, world, owner):
    client = signed_in("ukba.officer")
    refused = act(client, alarm, "silence", reason="shift", comment="K-40")
    assert (refused.status_code, "You are on no shift" in refused.content.decode()) == (422, True)
    ends = timezone.now() + dt.timedelta(hours=3)
    with owner():
        shift = Shift.objects.create(
            desk=world.desk("UKBA"), lead=world.officer("ukba.supervisor"), purpose="watch",
            starts_at=ago(hours=1), ends_at=ends,
        )  # fmt: skip
        shift.officers.set([world.officer("ukba.officer")])
    act(client, alarm, "silence", reason="shift", comment="K-40")
    assert page(client, alarm).row.silenced == ends
    # The browser's control writes a time in the officer's own zone.
    zone = zoneinfo.ZoneInfo("Europe/Paris")
    chosen = (timezone.localtime(timezone=zone) + dt.timedelta(minutes=90)).replace(second=0, microsecond=0)
    act(client, alarm, "silence", reason="chosen", until=chosen.strftime("%Y-%m-%dT%H:%M"), comment="K-40")
    assert page(client, alarm).row.silenced == chosen
    for nonsense in ("", "tomorrow", "2026-13-45T99:99", "9999-12-31T23:59"):
        assert act(client, alarm, "silence", reason="chosen", until=nonsense, comment="K").status_code == 422


def test_an_alarm_of_high_priority_is_put_out_with_a_comment_only(signed_in, alarm):
    client = signed_in("ukba.officer")
    act(client, alarm, "acknowledge")
    assert act(client, alarm, "clear").status_code == 422
    assert page(client, alarm).row.active
    act(client, alarm, "clear", comment="searched, nothing found")
    assert not page(client, alarm).row.active


def test_the_duty_supervisor_is_called_from_the_page_with_a_reason(signed_in, alarm):
    client = signed_in("ukba.officer")
    assert "escalate" in [each.code for each in page(client, alarm).acts]
    assert act(client, alarm, "escalate").status_code == 422
    act(client, alarm, "escalate", comment="two sources")
    found = page(client, alarm)
    assert found.row.escalated
    assert "escalate" not in [each.code for each in found.acts]
    assert story(found)[-1] == ("Escalated", "Officer Ukba", "two sources")


def test_opening_reviews_and_the_officer_may_take_that_back(signed_in, alarm):
    client = signed_in("ukba.auditor")  # also who may not act looks at alarms
    (row,) = client.get(reverse("alarm-list")).context["page"].rows
    assert (row.reviewed, [each.code for each in row.acts]) == (False, ["review"])
    assert page(client, alarm).row.reviewed
    assert client.get(reverse("alarm-list"), {"reviewed": "no"}).context["page"].rows == ()
    assert act(client, alarm, "unreview").url == reverse("alarm-list")
    (row,) = client.get(reverse("alarm-list"), {"reviewed": "no"}).context["page"].rows
    assert not row.reviewed
    path, live = reverse("alarm-act", args=[alarm.uid]), {"HX-Request": "true"}
    assert client.post(path, {"act": "review"}, headers=live).context["row"].reviewed
    assert not signed_in("ukba.officer").get(reverse("alarm-list")).context["page"].rows[0].reviewed


def test_an_alarm_that_comes_back_again_and_again_is_shown_as_unsteady(signed_in, alarm, owner):
    with owner():
        Alarm.objects.filter(pk=alarm.pk).update(repeats=3, reopened=2)
    client = signed_in("ukba.officer")
    assert not page(client, alarm).row.unsteady
    with owner():
        Alarm.objects.filter(pk=alarm.pk).update(repeats=4, reopened=3)
    assert page(client, alarm).row.unsteady
    assert ("came back", "3 times") in {(one.label, one.value) for one in page(client, alarm).details}
    assert "unsteady" in client.get(reverse("alarm-list")).content.decode()


def test_who_put_an_alarm_out_is_told_and_its_device_where_it_did_so_itself(signed_in, alarm, owner):
    client = signed_in("ukba.officer")
    act(client, alarm, "clear", comment="searched, nothing found")
    assert [what for what, _, _ in story(page(client, alarm))] == ["Raised", "Cleared by hand"]
    with owner():
        Alarm.objects.filter(pk=alarm.pk).update(cleared_by=None, cleared_at=timezone.now())
    assert story(page(client, alarm))[-1] == ("Cleared: what caused it is over", "L1-RPM", "")


def at_the_box(answer):
    """What stands at the box of words."""
    return " ".join(answer.context["act_form"].errors.get("comment", []))


def test_an_act_that_needs_words_says_so_at_the_box_and_in_its_own_terms(signed_in, alarm):
    client = signed_in("ukba.officer")
    assert "Calling the duty supervisor needs words" in at_the_box(
        act(client, alarm, "escalate", comment=" ")
    )
    assert "Clearing an alarm of high priority needs words" in at_the_box(act(client, alarm, "clear"))
    silence = act(client, alarm, "silence", reason="60")
    assert "A silence needs words" in at_the_box(silence)
    assert 'id="id_comment_error"' in silence.content.decode()
    text = client.get(reverse("alarm-detail", args=[alarm.uid])).content.decode()
    assert "(optional)" not in text[text.index("id_comment") - 200 : text.index("id_comment") + 200]


def test_one_box_of_words_goes_with_whichever_button_is_pressed(signed_in, alarm, world):
    client = signed_in("ukba.officer")
    text = client.get(reverse("alarm-detail", args=[alarm.uid])).content.decode()
    acts = text[text.index("act-title") : text.index("about-title")]
    assert (acts.count("<form"), acts.count('name="comment"')) == (1, 1)
    for name in ("acknowledge", "escalate", "comment", "silence", "assign"):
        assert f'value="{name}"' in acts
    # Without a colleague chosen nothing is done, and nothing typed or chosen is lost.
    refused = act(client, alarm, "assign", comment="seal is broken", to="", reason="240")
    assert refused.status_code == 422
    assert "seal is broken" in refused.content.decode()
    assert refused.context["silence_form"]["reason"].value() == "240"
    colleague = world.officer("ukba.analyst")
    act(client, alarm, "assign", comment="seal is broken", to=str(colleague.uid), reason="60", until="")
    assert story(page(client, alarm))[-1] == (f"Given to {colleague}", "Officer Ukba", "seal is broken")


def test_an_end_of_a_silence_that_cannot_be_stands_at_its_field(signed_in, alarm):
    refused = act(signed_in("ukba.officer"), alarm, "silence", reason="chosen", until="", comment="K-40")
    assert refused.context["silence_form"].errors["until"]
    assert "K-40" in refused.content.decode()


def test_in_french_an_alarm_is_feminine(signed_in, alarm):
    client = signed_in("paf.officer")
    act(client, alarm, "escalate", comment="deux sources")
    for where in (reverse("alarm-detail", args=[alarm.uid]), reverse("alarm-list"), reverse("board")):
        text = client.get(where).content.decode()
        assert re.search(r"\bremontée\b", text), where
        assert not re.search(r"\bremonté\b", text), where
