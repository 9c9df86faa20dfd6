"""Routes that take something in, and the stream: what is hidden changes nothing at these doors either."""

import contextlib
import json

import pytest
from django.db import transaction
from django.utils import timezone

from agencies.acting import acting_as
from agencies.models import Compartment, Officer, ServiceAccount
from dashboard.live.hub import _for_listener
from dashboard.live.rights import sights_read
from intelligence.models import Check, Hit
from intelligence.selectors.checks import check_get
from intelligence.services.checks import check_make, checks_answer
from scanning.models import Device, Lane
from scanning.services.ingest import deliveries_process
from tests.two_worlds.framework import Asker, Case, difference
from tests.two_worlds.names import CANARY, MARK
from tests.two_worlds.worlds import common, hidden

pytestmark = pytest.mark.django_db

EVENT = {
    "event_id": "two-worlds-1", "at": "2026-11-22T12:20:00Z", "result": "clear",
    "marks": [{"kind": "tractor", "value": MARK, "country": "FR"}],
}  # fmt: skip


@pytest.fixture
def asker(world, owner, monkeypatch):
    with owner():
        common(world)
        ServiceAccount.objects.filter(name="L1-ANPR-F").update(allowed_addresses=["127.0.0.1/32"])
    return Asker(world, monkeypatch)


@contextlib.contextmanager
def undone():
    """A transaction of which nothing remains."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("path", ["", "in/jocc_dv_test-L1-ANPR-F/"])
def test_the_answer_to_a_delivery_never_depends_on_what_is_looked_for(world, owner, ingest, asker, path):
    case = Case(route="", path=f"/api/v1/deliveries/{path}", method="post", body=EVENT)
    who = "" if path else "L1-ANPR-F"

    def hits_of_ukba() -> int:
        with undone():
            answer = asker.client(who).post(case.path, json.dumps(EVENT), content_type="application/json")
            assert answer.status_code == 202
            with ingest():
                deliveries_process()
            with owner():
                return Hit.objects.filter(originator_id=world.group("UKBA"), place__contains="L1").count()

    without, found = asker.ask(who, case), hits_of_ukba()
    with owner():
        hidden(world)
    assert difference(without, asker.ask(who, case)) == ""
    assert without.status == 202
    assert hits_of_ukba() > found + 1  # those that stand there already, and the new ones


def test_a_picture_for_a_hidden_event_is_as_one_for_an_absent_event(world, owner, asker):
    cases = [
        Case(
            route="",
            path=f"/api/v1/deliveries/images/?event_id={CANARY}",
            method="post",
            body={},
            headers=headers,
        )
        for headers in (None, {"X-JOCC-Device": "UKBA-SECRET"})
    ]
    without = [asker.ask("L1-ANPR-F", case) for case in cases]
    with owner():
        hidden(world)
    for before, case in zip(without, cases, strict=True):
        assert before.status == 404
        assert difference(before, asker.ask("L1-ANPR-F", case)) == ""


def test_entering_a_lookout_tells_nothing_of_others(world, owner, asker):
    body = {
        "mark": MARK, "action_code": "stop", "reason": "stolen trailer", "mode": "silent", "priority": "high",
        "review_due": "2026-12-01",
    }  # fmt: skip
    by_system = Case(
        route="", path="/api/v1/lookouts/", method="post", body=body | {"expires_at": "2026-12-02T00:00:00Z"}
    )
    by_hand = Case(
        route="",
        path="/lookouts/new/",
        method="post",
        body=body | {"kind": "plate", "classification": "0", "expires": "2026-12-02"},
    )
    blank = Case(route="", path="/lookouts/new/")
    asked = (("PAF", by_system, 201), ("paf.analyst", by_hand, 302), ("paf.analyst", blank, 200))
    asker.ask("paf.analyst", blank)  # whatever a process remembers for good is asked for now
    without = [asker.ask(who, case) for who, case, _ in asked]
    with owner():
        hidden(world, desk=False)
    for before, (who, case, status) in zip(without, asked, strict=True):
        after = asker.ask(who, case)
        assert difference(before, after) == ""
        assert (after.status, CANARY.encode() in after.body) == (status, False)
    # It would show: the same analyst finds the hidden lookout once it is shared.
    assert MARK.encode() in asker.ask("ukba.analyst", Case(route="", path="/lookouts/")).body


def test_proposing_an_admission_tells_nothing_of_others(world, owner, asker):
    """Whether the other agency has the officer named is not for the proposer to learn."""
    circle = Compartment.objects.get(name="LANTERN")
    with owner():
        world.officer("ukba.supervisor").groups.add(circle.group)
    form = {
        "compartment": str(circle.uid),
        "agency": "PAF",
        "badge_number": "P-7777",
        "reason": "joint enquiry",
    }
    case = Case(route="", path="/countersigns/new/", method="post", body=form)
    there = Case(route="", path="/countersigns/new/", method="post", body=form | {"badge_number": "P-8888"})
    with owner():
        agent = Officer.objects.create_user(
            "paf.agent", agency=world.agency("PAF"), role="officer", clearance=0
        )
        Officer.objects.filter(pk=agent.pk).update(badge_number="P-8888")
    absent, present = asker.ask("ukba.supervisor", case), asker.ask("ukba.supervisor", there)
    assert absent.status == 302
    assert (absent.status, absent.questions) == (present.status, present.questions)


def test_a_check_answers_the_same_whoever_else_looks_for_the_mark(world, owner, ingest, asker):
    def answers() -> dict[str, tuple[str, int]]:
        found = {}
        for username in ("paf.officer", "ukba.officer"):
            principal = world.principal(username)
            with undone():
                with acting_as(principal):
                    check = check_make(acting_officer=principal, mark=MARK, purpose="patrol")
                with ingest():
                    checks_answer()
                with owner():
                    Check.objects.filter(pk=check.pk).update(
                        asked_at=timezone.now() - timezone.timedelta(seconds=9)
                    )
                with acting_as(principal):
                    card = check_get(principal, check.uid)
                    found[username] = (str(card.outcome), len(card.notice_uids))
        return found

    pages = Case(route="", path="/check/", method="post", body={"mark": MARK, "purpose": "patrol"})
    without, page = answers(), asker.ask("paf.officer", pages)
    with owner():
        hidden(world)
    present = answers()
    assert without["paf.officer"] == present["paf.officer"] == ("notice", 1)
    assert without["ukba.officer"] != present["ukba.officer"]
    assert difference(page, asker.ask("paf.officer", pages)) == ""
    assert page.status == 302


def test_a_stream_is_not_nudged_by_what_its_officer_must_not_see(world, owner, asker):
    with owner():
        hidden(world)
        secret, portal = Device.objects.get(code="UKBA-SECRET"), Device.objects.get(code="L1-RPM")
        lane, own_lane = Lane.objects.get(code="L1"), Lane.objects.get(code="UKBA-HIDDEN")
    ukba = [world.group("UKBA")]
    unseen = [
        {"t": "passage", "d": secret.pk, "l": lane.pk, "g": None},
        {"t": "alarm", "d": secret.pk, "l": lane.pk, "g": None},
        {"t": "device", "d": secret.pk, "l": own_lane.pk, "g": None},
        {"t": "hit", "d": None, "l": None, "g": ukba},
        {"t": "notice", "d": None, "l": None, "g": [*ukba, world.group("DOUANES")]},
        {"t": "lookout", "d": None, "l": None, "g": []},
    ]
    seen = {"t": "passage", "d": portal.pk, "l": lane.pk, "g": None}
    sights = {}
    for username in ("paf.officer", "ukba.officer"):
        session = asker.client(username).session.session_key
        sights |= {username: sights_read({session: world.officer(username).pk})[session]}
    for change in unseen:
        assert _for_listener(sights["paf.officer"], [change]) is None
        assert _for_listener(sights["paf.officer"], [change, seen]) == _for_listener(
            sights["paf.officer"], [seen]
        )
    assert _for_listener(sights["paf.officer"], [seen]) == {"topics": ["passage"], "lanes": ["L1"]}
    assert all(_for_listener(sights["ukba.officer"], [change]) for change in unseen[:-1])


def test_a_stranger_gets_no_stream(world, client, asker):
    answer = client.get("/live/board")
    assert answer.status_code in {302, 401, 403}
    assert not answer.streaming
