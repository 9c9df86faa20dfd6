"""Corrections of passages over REST: asked for in the name of an officer, carried out by a worker."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from scanning.models import ScanEvent
from tests.making import make_passage

pytestmark = pytest.mark.django_db
WHY = {"reason": "two lorries", "officer": "P-officer"}


@pytest.fixture
def ask(world):
    """`ask("PAF", "post", path, body)` as the agency's partner system."""

    def send(agency, method, path, body=None):
        client = APIClient(headers={"Authorization": f"Token {world.partner_token(agency)}"})
        return getattr(client, method)(f"/api/v1/{path}", body)

    return send


@pytest.fixture
def passage(owner):
    with owner():
        when = timezone.now() - dt.timedelta(minutes=9)
        return make_passage(("L1-ANPR-F", when), ("L1-RPM", when), marks=["AB-123-CD"])


def test_a_split_is_asked_for_carried_out_read_and_undone(ask, carry_out, owner, passage):
    with owner():
        event = str(ScanEvent.objects.filter(passage_id=passage.pk).last().uid)
    asked = ask("PAF", "post", f"passages/{passage.uid}/split/", {"events": [event], **WHY})
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    again = ask("PAF", "post", f"passages/{passage.uid}/split/", {"events": [event], **WHY})
    assert (again.status_code, again.json()["code"]) == (409, "correction_stands")
    carry_out()
    uid, target = asked.json()["uid"], asked.json()["target"]
    assert ask("PAF", "get", f"corrections/{uid}/").json()["state"] == "done"
    assert [event["uid"] for event in ask("PAF", "get", f"passages/{target}/").json()["events"]] == [event]
    listed = ask("DOUANES", "get", f"passages/{passage.uid}/corrections/").json()["results"]
    assert [(one["uid"], one["agency"], one["events"]) for one in listed] == [(uid, "PAF", 1)]
    undone = ask("PAF", "post", f"corrections/{uid}/undo/", WHY)
    assert (undone.status_code, undone.json()["undoes"]) == (202, uid)
    carry_out()
    assert ask("PAF", "get", f"passages/{target}/").status_code == 404
    assert len(ask("PAF", "get", f"passages/{passage.uid}/").json()["events"]) == 2


def test_a_merge_takes_the_other_passage_in(ask, carry_out, owner, passage):
    with owner():
        other = make_passage(("L1-CO2", timezone.now() - dt.timedelta(minutes=8)))
    asked = ask("PAF", "post", f"passages/{passage.uid}/merge/", {"other": str(other.uid), **WHY})
    assert asked.status_code == 202
    carry_out()
    assert len(ask("PAF", "get", f"passages/{passage.uid}/").json()["events"]) == 3


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("split", {"events": ["no id"], **WHY}),
        ("split", {"events": [], **WHY}),
        ("split", {"events": [str(uuid.uuid4())], "reason": "two lorries"}),
        ("merge", {"other": "no id", **WHY}),
        ("merge", {"other": str(uuid.uuid4()), "reason": "", "officer": "P-officer"}),
    ],
)
def test_bad_input_is_told_by_its_field(ask, passage, route, body):
    answer = ask("PAF", "post", f"passages/{passage.uid}/{route}/", body)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_the_ports_system_may_not_correct(ask, passage):
    answer = ask("CCIC", "post", f"passages/{passage.uid}/merge/", {"other": str(uuid.uuid4()), **WHY})
    assert answer.status_code == 403
