"""What is revealed on purpose: each declared disclosure shows exactly what the register says, to the last field."""

import json
from typing import Any

import pytest
from django.db import transaction

from agencies.grants import grants_give
from intelligence.models import (
    Dissemination,
    Lookout,
    LookoutGrant,
    Notice,
    NoticeGrant,
    RecallReceipt,
    RecallReceiptGrant,
)
from scanning.models import Delivery, Passage
from tests.making import at
from tests.two_worlds.disclosures import DISCLOSURES, Disclosure
from tests.two_worlds.framework import Asker, Case
from tests.two_worlds.names import FAR, MARK, SEEN, uid
from tests.two_worlds.records import hit_made, lookout_made
from tests.two_worlds.worlds import common

pytestmark = pytest.mark.django_db
EVENT = {"event_id": "disclosed-1", "at": "2026-11-22T12:20:00Z", "result": "clear"}


@pytest.fixture
def asker(world, owner, monkeypatch):
    with owner():
        common(world)
    return Asker(world, monkeypatch)


def _notice_of(world: Any, mode: str, **more: Any) -> Notice:
    seen = Passage.objects.get(uid=SEEN["passage"])
    lookout = lookout_made(world, "UKBA", uid(700), mark=MARK, mode="stop")
    Lookout.objects.filter(pk=lookout.pk).update(desk=world.desk("UKBA"), mode=mode)
    hit = hit_made(world, "UKBA", lookout, uid(701), passage=seen)
    notice = Notice.objects.create(
        uid=uid(702), originator_id=world.group("UKBA"), reference="UKBA-N-2026-000077", hit=hit, mode=mode,
        mark_seen=MARK, mark_sought=MARK, strength="exact", priority="high", passage_uid=seen.uid, place="CALAIS L1",
        seen_at=at(6), last_seen_at=at(6), expires_at=FAR, **more,
    )  # fmt: skip
    Notice.objects.filter(pk=notice.pk).update(created_at=at(6))
    grants_give(NoticeGrant, notice, [world.group("PAF")])
    return notice


def refer(world: Any) -> None:
    _notice_of(world, "refer", action_code="refer", instruction="", desk=world.desk("UKBA"))


def stop(world: Any) -> None:
    _notice_of(world, "stop", action_code="stop", instruction="Hold it.", desk=world.desk("UKBA"))


def taken(world: Any) -> None:
    notice = _notice_of(world, "stop", action_code="stop", instruction="Hold it.", desk=world.desk("UKBA"))
    grants_give(NoticeGrant, notice, [world.group("DOUANES")])
    officer = world.officer("douanes.officer")
    Notice.objects.filter(pk=notice.pk).update(state="taken", taken_by=officer, taken_at=at(7))


def shared(world: Any) -> None:
    lookout = lookout_made(world, "UKBA", uid(700), mark=MARK, mode="silent")
    grants_give(LookoutGrant, lookout, [world.group("PAF"), world.group("DOUANES")])


def recalled(world: Any) -> None:
    lookout = lookout_made(world, "UKBA", uid(700), mark=MARK, mode="silent")
    facts = {"originator_id": lookout.originator_id, "subject_kind": "lookout", "subject_uid": lookout.uid,
             "subject_reference": lookout.reference, "recipient_group_id": world.group("PAF")}  # fmt: skip
    ended = Dissemination.objects.create(
        purpose="p", ended_at=at(9), ending="recalled", ended_reason="why", **facts
    )
    receipt = RecallReceipt.objects.create(
        uid=uid(704), dissemination=ended, readings=3, first_read_at=at(5), last_read_at=at(6), **facts
    )
    RecallReceipt.objects.filter(pk=receipt.pk).update(created_at=at(9))
    grants_give(RecallReceiptGrant, receipt, [world.group("PAF")])


MAKERS = {"refer": refer, "stop": stop, "taken": taken, "shared": shared, "recalled": recalled}


@pytest.mark.parametrize("declared", DISCLOSURES, ids=lambda declared: declared.name)
def test_a_declared_disclosure_shows_exactly_what_is_declared(world, owner, asker, declared: Disclosure):
    case = Case(route="", path=declared.path)
    before = {who: asker.ask(who, case) for who in (declared.to, *declared.not_to)}
    with owner():
        MAKERS[declared.name](world)
    after = json.loads(asker.ask(declared.to, case).body)
    known = json.loads(before[declared.to].body)
    added = [row for row in after["results"] if row not in known["results"]]
    assert [row for row in known["results"] if row not in after["results"]] == []
    assert added == [declared.shows]
    for who in declared.not_to:
        assert asker.ask(who, case).body == before[who].body, who


def test_whoever_sends_a_known_key_with_other_bytes_learns_that_and_no_more(world, owner, asker):
    """The one conflict that is told: a device about its own earlier event."""
    path = "/api/v1/deliveries/"
    with transaction.atomic():
        client = asker.client("L1-ANPR-F")
        first = client.post(path, json.dumps(EVENT), content_type="application/json")
        other = client.post(path, json.dumps(EVENT | {"result": "suspect"}), content_type="application/json")
        stranger = asker.client("L1-RPM").post(path, json.dumps(EVENT), content_type="application/json")
        with owner():
            receipts = {str(r) for r in Delivery.objects.values_list("receipt", flat=True)}
        transaction.set_rollback(True)
    assert (first.status_code, other.status_code, stranger.status_code) == (202, 409, 202)
    told = other.json()
    assert {name for name, value in told.items() if str(value) in receipts} == {"receipt", "first_receipt"}
    assert told["first_receipt"] == first.json()["receipt"] != told["receipt"]
    assert set(told) == {"type", "title", "status", "code", "detail", "receipt", "first_receipt"}
    assert stranger.json().keys() == first.json().keys()


def test_the_register_names_each_disclosure_once_and_says_why():
    assert sorted(MAKERS) == sorted(declared.name for declared in DISCLOSURES)
    assert all(len(declared.why.split()) > 5 for declared in DISCLOSURES)
