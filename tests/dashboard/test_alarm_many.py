"""The list of alarms: those of one vehicle together, several acted on at once, and asked for again as they change."""

import datetime as dt
import uuid

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from scanning.models import Alarm, AlarmNote, AlarmReview
from tests.making import make_alarm, make_passage

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


@pytest.fixture
def lorry(world, owner):
    """Three alarms of one lorry, of which CCIC see one (carbon dioxide), and a fault of the portal."""
    with owner():
        passage = make_passage(("L1-RPM", ago(minutes=5)), ("L1-CO2", ago(minutes=4)), marks=["AB-123-CD"])
        return [
            make_alarm("L1-RPM", ago(minutes=5), severity="medium", passage=passage),
            make_alarm("L1-CO2", ago(minutes=4), rule="co2_suspect", severity="medium", passage=passage),
            make_alarm("L1-RPM", ago(minutes=3), rule="radiation_neutron", severity="high", passage=passage),
            make_alarm("L1-RPM", ago(minutes=2), rule="device_fault", severity="low"),
        ]


def groups(client, **query):
    answer = client.get(reverse("alarm-list"), query)
    assert answer.status_code == 200
    return [[row.id for row in group.rows] for group in answer.context["page"].groups]


def many(client, act, *alarms, **more):
    answer = client.post(reverse("alarms-act"), {"act": act, "alarm": [one.uid for one in alarms], **more})
    return answer, [str(message) for message in get_messages(answer.wsgi_request)]


def test_the_alarms_of_one_vehicle_stand_together_the_gravest_first(signed_in, lorry):
    gamma, co2, neutron, fault = (str(one.uid) for one in lorry)
    client = signed_in("ukba.officer")
    assert groups(client) == [[fault], [neutron, co2, gamma]]
    assert "3 alarms of this vehicle" in client.get(reverse("alarm-list")).content.decode()
    assert groups(client, severity="medium") == [[co2, gamma]]


def test_only_what_the_reader_may_see_is_grouped_and_counted(signed_in, lorry, owner):
    client = signed_in("ccic.officer")
    seen = [row for group in groups(client) for row in group]
    with owner():
        hidden = {str(one.uid) for one in lorry} - set(seen)
    page = client.get(reverse("alarm-list")).content.decode()
    assert hidden
    assert "alarms of this vehicle" not in page
    assert not [uid for uid in hidden if uid in page]


def test_what_has_escalated_stands_above_and_is_grouped_there(signed_in, lorry, owner):
    with owner():
        Alarm.objects.filter(pk__in=[lorry[0].pk, lorry[2].pk]).update(escalated_at=timezone.now())
    gamma, co2, neutron, fault = (str(one.uid) for one in lorry)
    assert groups(signed_in("ukba.officer")) == [[neutron, gamma], [fault], [co2]]


def test_several_are_acknowledged_in_one_act_with_one_comment(signed_in, lorry, owner):
    answer, said = many(signed_in("ukba.officer"), "acknowledge", *lorry[:3], comment="team sent")
    assert (answer.status_code, said) == (302, ["Done: 3 alarms."])
    with owner():
        assert Alarm.objects.filter(acknowledged_at__isnull=False).count() == 3
        assert list(AlarmNote.objects.values_list("act", "text")) == [("acknowledge", "team sent")] * 3


def test_the_answer_says_which_were_not_done_and_why(signed_in, lorry):
    many(signed_in("paf.officer"), "acknowledge", lorry[0])
    gone = Alarm(uid=uuid.uuid4())
    _, said = many(signed_in("ukba.officer"), "acknowledge", lorry[0], lorry[1], gone)
    assert said[0] == "Done: 1 alarm."
    assert set(said[1:]) == {
        "Not done: 1 alarm. Another officer has already acknowledged this alarm. Gamma radiation alarm L1-RPM.",
        "Not done: 1 alarm. It is not there, or no longer.",
    }


def test_when_none_of_them_is_there_it_is_as_for_one(signed_in, lorry):
    client = signed_in("ccic.officer")
    for one in (lorry[0], Alarm(uid=uuid.uuid4())):
        assert many(client, "acknowledge", one)[0].status_code == 404


def test_several_are_taken_assigned_silenced_and_reviewed(signed_in, lorry, world, owner):
    client, colleague = signed_in("ukba.officer"), world.officer("ukba.analyst")
    many(client, "take", lorry[0])
    many(client, "assign", *lorry[:2], to=str(colleague.uid))
    many(client, "silence", *lorry[:2], reason="60", comment="K-40")
    many(client, "review", lorry[3])
    with owner():
        assert {one.assigned_to_id for one in Alarm.objects.filter(pk__in=[lorry[0].pk, lorry[1].pk])} == {
            colleague.pk
        }
        assert Alarm.objects.filter(silenced_until__gt=timezone.now()).count() == 2
        mine = AlarmReview.objects.filter(officer_uid=world.officer("ukba.officer").uid)
        assert lorry[3].pk in mine.values_list("alarm_id", flat=True)


def test_what_is_missing_is_said_once(signed_in, lorry):
    client = signed_in("ukba.officer")
    (said,) = many(client, "silence", *lorry[:2], reason="60")[1]
    assert said.startswith("Not done: 2 alarms. Say it in a few words.")
    assert all(name in said for name in ("Gamma radiation alarm L1-RPM", "CO₂ above threshold L1-CO2"))
    assert many(client, "silence", lorry[0], reason="shift", comment="K-40")[1][-1].startswith(
        "You are on no shift"
    )
    assert many(client, "acknowledge")[1][-1:] == ["Choose alarms first: x chooses the one in hand."]
    assert client.post(reverse("alarms-act"), {"act": "clear", "alarm": lorry[0].uid}).status_code == 400


def test_who_may_not_act_marks_as_reviewed_and_nothing_else(signed_in, lorry, owner):
    client = signed_in("ukba.auditor")
    assert many(client, "acknowledge", lorry[0])[0].status_code == 403
    assert many(client, "review", lorry[0])[1] == ["Done: 1 alarm."]
    with owner():
        assert not AlarmNote.objects.exists()


def test_an_open_list_is_told_what_changed_and_otherwise_nothing(signed_in, lorry, cell):
    client = signed_in("ukba.officer")
    page = client.get(reverse("alarm-list"), {"severity": "medium"})
    as_of = page.context["page"].as_of
    path = reverse("alarm-list-part")
    assert f'hx-get="{path}?severity=medium"' in page.content.decode()
    still = client.get(path, {"severity": "medium", "as_of": as_of})
    assert (still.status_code, still.content) == (204, b"")
    read = len(cell.audit("alarm.read"))
    many(signed_in("paf.officer"), "acknowledge", lorry[0])
    changed = client.get(path, {"severity": "medium", "as_of": as_of})
    assert str(lorry[1].uid) in changed.content.decode()
    assert str(lorry[0].uid) not in changed.content.decode()
    assert "data-keyed" in changed.content.decode()
    assert len(cell.audit("alarm.read")) == read + 1


def test_older_pages_stand_still(signed_in, lorry, owner):
    with owner():
        for minute in range(60):
            make_alarm("L1-CO2", ago(hours=2, minutes=minute), passage=make_passage(("L1-CO2", ago(hours=2))))
    client = signed_in("ukba.officer")
    first = client.get(reverse("alarm-list"))
    older = client.get(reverse("alarm-list") + first.context["page"].older)
    assert (first.context["page"].live, older.context["page"].live) == (True, False)
    assert "data-live-part" not in older.content.decode()


def test_the_figures_come_with_the_list_for_whom_they_are(signed_in, lorry):
    path = reverse("alarm-list-part")
    assert 'id="alarm-load" hx-swap-oob="true"' in signed_in("ukba.supervisor").get(path).content.decode()
    assert "alarm-load" not in signed_in("ukba.officer").get(path).content.decode()
