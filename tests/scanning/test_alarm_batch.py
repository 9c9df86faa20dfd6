"""One act on several alarms: each on its own; one that is refused does not stop the others."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from agencies.acting import acting_as
from agencies.rules.rights import RightMissing
from audit.models import AuditEvent
from scanning.models import Alarm
from scanning.services.alarm_batch import alarms_each
from scanning.services.alarms import alarm_acknowledge
from tests.making import NOON, at, make_alarm

pytestmark = pytest.mark.django_db


@pytest.fixture
def alarms(world, owner):
    """Three alarms of a plate reader, which CCIC see, and one of the portal, which they do not."""
    with owner():
        return [
            make_alarm("L1-ANPR-F", NOON),
            make_alarm("L1-ANPR-F", at(1), rule="radiation_neutron"),
            make_alarm("L1-ANPR-F", at(2), rule="device_fault", severity="low"),
            make_alarm("L1-RPM", at(3)),
        ]


@pytest.fixture
def posted(world):
    """`posted("CCIC", act="acknowledge", …)`: what the route answers CCIC's system."""

    def post(agency, **body):
        client = APIClient(headers={"Authorization": f"Token {world.partner_token(agency)}"})
        return client.post("/api/v1/alarms/batch/", {"officer": f"{agency[0]}-officer"} | body, format="json")

    return post


def acknowledged(owner):
    with owner():
        return set(Alarm.objects.filter(acknowledged_at__isnull=False).values_list("uid", flat=True))


def test_each_is_done_and_recorded_on_its_own(world, owner, alarms):
    uids = [alarm.uid for alarm in alarms[:3]]
    with acting_as(world.principal("ccic.officer")) as ccic:
        answers = alarms_each(
            uids=[*uids, *uids],
            act=lambda uid: alarm_acknowledge(acting_officer=ccic, uid=uid, comment="seen"),
        )
    assert [answer.code for answer in answers] == ["", "", ""]
    assert acknowledged(owner) == set(uids)
    with owner():
        records = AuditEvent.objects.filter(action="alarm.acknowledge")
        assert sorted(tuple(record.object_uids) for record in records) == sorted((uid,) for uid in uids)


def test_a_vanished_and_a_hidden_one_look_the_same_and_do_not_stop_the_others(world, owner, alarms, posted):
    with acting_as(world.principal("ukba.officer")) as ukba:
        alarm_acknowledge(acting_officer=ukba, uid=alarms[1].uid)
    gone = uuid.uuid4()
    answer = posted("CCIC", act="acknowledge", alarms=[str(one.uid) for one in alarms] + [str(gone)])
    assert answer.status_code == 207
    by_uid = {each["alarm"]: each for each in answer.json()["results"]}
    assert by_uid[str(alarms[0].uid)] == {"alarm": str(alarms[0].uid), "done": True, "code": "", "detail": ""}
    assert by_uid[str(alarms[2].uid)]["done"]
    assert by_uid[str(alarms[1].uid)]["code"] == "already_acknowledged"
    hidden, absent = by_uid[str(alarms[3].uid)], by_uid[str(gone)]
    assert (hidden["code"], hidden["detail"]) == (absent["code"], absent["detail"])
    assert hidden["code"] == "not_found"
    assert acknowledged(owner) == {one.uid for one in alarms[:3]}


def test_all_done_is_200_and_acts_take_what_they_need(owner, alarms, posted, world):
    uids = [str(one.uid) for one in alarms[:2]]
    assert posted("CCIC", act="assign", alarms=uids, to="C-officer").status_code == 200
    until = (timezone.now() + dt.timedelta(hours=1)).isoformat()
    assert posted("CCIC", act="silence", alarms=uids, until=until, comment="K-40").status_code == 200
    with owner():
        assert Alarm.objects.filter(assigned_to__isnull=False, silenced_until__isnull=False).count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"act": "clear"}, {"act": "silence"}, {"act": "assign"}, {"act": "acknowledge", "to": "C-officer"},
        {"alarms": []}, {"alarms": ["nonsense"]}, {"alarms": [str(uuid.uuid4())] * 201}, {"officer": "U-officer"},
        {"alarms": "all"}, {"more": 1},
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_meant_is_refused_as_a_whole(owner, alarms, posted, wrong):
    answer = posted("CCIC", **{"act": "acknowledge", "alarms": [str(alarms[0].uid)]} | wrong)
    assert answer.status_code == 422
    assert acknowledged(owner) == set()


def test_who_may_not_act_does_nothing_at_all(world, owner, alarms):
    with acting_as(world.principal("ukba.auditor")) as auditor, pytest.raises(RightMissing):
        alarms_each(uids=[alarms[0].uid], act=lambda uid: alarm_acknowledge(acting_officer=auditor, uid=uid))
    assert acknowledged(owner) == set()
