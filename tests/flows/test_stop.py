"""The main job on real input: an agency looks for a lorry, a device reads it, the right officers act, nobody else knows."""

import datetime as dt
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from audit.models import AuditEvent
from intelligence.services.duties import decisions_reflect
from scanning.services.ingest import deliveries_process

pytestmark = pytest.mark.django_db

REASON = "canary-91c2 the informant is the dispatcher of the carrier"
OUTCOME = "Held at booth 3, four persons found, handed to the duty officer."


@pytest.fixture
def browser(world):
    """`browser("paf.officer")`: a browser in which this officer has signed in with name and password."""

    def sign_in(username):
        client = Client()
        answer = client.post(reverse("account_login"), {"login": username, "password": world.password})
        assert answer.status_code == 302
        return client

    return sign_in


@pytest.fixture
def camera(world):
    """`camera("AB-123-CD")`: the plate reader of lane 1 posts a read over the API, as it does at the port."""

    def read(mark):
        event = {
            "event_id": f"read-{mark}",
            "at": timezone.now().isoformat(),
            "result": "clear",
            "marks": [{"kind": "tractor", "value": mark, "country": "FR", "confidence": 0.94}],
        }
        client = APIClient(headers={"Authorization": f"Token {world.tokens['L1-ANPR-F']}"})
        return client.generic(
            "POST", "/api/v1/deliveries/", json.dumps(event), content_type="application/json"
        )

    return read


def enter_stop(analyst):
    today = timezone.localdate()
    return analyst.post(
        reverse("lookout-new"),
        {
            "kind": "plate",
            "mark": "AB 123 CD",
            "country": "FR",
            "action_code": "stop",
            "priority": "high",
            "mode": "stop",
            "notified": ["PAF"],
            "instruction": "Hold the vehicle at the booth.",
            "reason": REASON,
            "classification": "0",
            "expires": (today + dt.timedelta(days=30)).isoformat(),
            "review_due": (today + dt.timedelta(days=28)).isoformat(),
        },
    )


def test_a_stop_reaches_the_right_officers_and_their_decision_comes_back(browser, camera, ingest, owner):
    analyst, front_line, customs = browser("ukba.analyst"), browser("paf.officer"), browser("douanes.officer")
    entered = enter_stop(analyst)
    assert entered.status_code == 302

    # A lorry nobody looks for, then the one that is looked for: the device gets the same answer.
    answers = [camera("XY-987-ZZ"), camera("AB-123-CD")]
    assert {(answer.status_code, answer.json()["state"]) for answer in answers} == {(202, "accepted")}
    with ingest():
        assert deliveries_process() == 2

    # The front line sees the stop on its board, with what to do and without the reason.
    (card,) = front_line.get(reverse("board")).context["board"].needs.cards
    assert (card.kind, card.tone, card.sounds) == ("notice", "stop", True)
    notice = front_line.get(card.url)
    text = notice.content.decode()
    assert "Hold the vehicle at the booth." in text
    assert REASON not in text
    assert "canary" not in text

    # It takes the notice, which falls silent, and confirms the vehicle with what was done.
    take = reverse("need-act", args=["notice", card.id])
    taken = front_line.post(take, {"act": "take"}, headers={"HX-Request": "true"})
    assert taken.status_code == 200
    assert "data-sounds" not in taken.content.decode()
    done = front_line.post(card.url, {"decision": "confirm", "outcome": OUTCOME})
    assert done.status_code == 302
    with ingest():
        decisions_reflect()

    # The owner's record is a confirmed hit now, and says what was done.
    lookout = analyst.get(entered["Location"])
    (row,) = lookout.context["page"].hits
    hit = analyst.get(row.url)
    assert hit.context["page"].card.settled
    assert "Hit confirmed" in hit.content.decode()
    assert OUTCOME in hit.content.decode()

    # Customs was not told: no card, no row, no flag on the passage, and no page under any of the addresses.
    assert customs.get(reverse("board")).context["board"].needs.cards == ()
    assert customs.get(reverse("hit-list")).context["page"].rows == ()
    lines = customs.get(reverse("passage-list")).context["page"].lines
    assert len(lines) == 2
    assert {(line.flag, line.tone) for line in lines} == {("", "quiet")}
    for address in (entered["Location"], card.url, row.url):
        assert customs.get(address).status_code == 404

    # Each consultation and each act is in the record of whoever did it.
    with owner():
        acts = list(AuditEvent.objects.values_list("actor_label", "action"))
    assert ("Analyst Ukba", "lookout.create") in acts
    assert ("Officer Paf", "notice.read") in acts
    assert ("Officer Paf", "notice.take") in acts
    assert ("Officer Paf", "notice.decide") in acts
    assert ("Analyst Ukba", "hit.read") in acts
    assert not [
        act for who, act in acts if who == "Officer Douanes" and act.startswith(("hit", "notice", "lookout"))
    ]


@pytest.fixture
def silent_lookout(browser):
    """A silent lookout of UKBA for the same mark."""
    today = timezone.localdate()
    answer = browser("ukba.analyst").post(
        reverse("lookout-new"),
        {
            "kind": "plate", "mark": "AB 123 CD", "action_code": "observe", "priority": "low", "mode": "silent",
            "reason": REASON, "classification": "0", "expires": (today + dt.timedelta(days=30)).isoformat(),
            "review_due": (today + dt.timedelta(days=28)).isoformat(),
        },
    )  # fmt: skip
    assert answer.status_code == 302


def test_the_same_lorry_looked_for_in_silence_is_the_owners_alone(browser, camera, ingest, silent_lookout):
    camera("AB-123-CD")
    with ingest():
        deliveries_process()
    (card,) = browser("ukba.analyst").get(reverse("board")).context["board"].needs.cards
    assert card.kind == "hit"
    for other in ("paf.officer", "douanes.officer", "ccic.officer"):
        assert browser(other).get(reverse("board")).context["board"].needs.cards == ()
