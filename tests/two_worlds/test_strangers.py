"""Whoever is not signed in learns nothing at any route; and no route takes a method that it does not declare."""

import re
import uuid

import pytest
from django.test import Client

from tests.two_worlds.framework import BACKEND, routes
from tests.two_worlds.names import HIDDEN
from tests.two_worlds.worlds import common, hidden

pytestmark = pytest.mark.django_db

#: What a stranger may see: nothing of it is about a record.
PUBLIC = {"healthz", "readyz", "accounts/login/", "accounts/logout/", "language/",
          "accounts/factors/sign-in/", "accounts/factors/sign-in/key/", "accounts/factors/enrol/",
          "accounts/factors/enrol/key/", "accounts/factors/lost/", "accounts/factors/told/"}  # fmt: skip
ABSENT = uuid.UUID("00000000-0000-4000-8000-000000000000")
# PUT and HEAD need no turn of their own: what no page declares is closed to everybody, and HEAD is GET.
METHODS = ("get", "post", "options")
_NAMES = {"passages": "passage", "alarms": "alarm", "devices": "device", "lanes": "lane", "deliveries": "delivery",
          "lookouts": "lookout", "hits": "hit", "notices": "notice", "checks": "check", "check": "typed",
          "entry": "typed_delivery", "needs": "alarm", "delivery": "delivery", "device": "device", "lane": "lane",
          "lookout": "lookout", "serviceaccount": "account", "servicetoken": "token", "desk": "desk", "shift": "shift",
          "signin": "signin", "lockout": "lockout", "sessions": "signin",
          "officer": "officer", "compartment": "compartment", "agency": "desk",
          "countersigns": "countersign", "countersign": "countersign",
          "scan-requests": "scan",
          "outages": "outage", "care": "care", "images": "image",
          "corrections": "correction"}  # fmt: skip


def address(pattern: str, uid: uuid.UUID | None = None) -> str:
    """An address of the route, about the hidden record of its kind or about `uid`."""
    kind = next((word for word in pattern.split("/") if word in _NAMES), "")
    chosen = str(uid or HIDDEN[_NAMES.get(kind, "device")])
    path = (
        pattern.replace("<str:kind>", "alarm")
        .replace("<str:secret>", f"jocc_dv_{chosen}")
        .replace("<slug:name>", "revoke")
    )
    path = re.sub(r"<(uuid|str):\w+>", chosen, path)
    path = re.sub(r"\^\(\?P<app_label>[^)]*\)/\$", "scanning/", path).replace("^.*$", "nothing/")
    assert not re.search(r"[<>^$()]", path), f"teach address() the pattern {pattern}"
    return f"/{path}"


@pytest.fixture
def everything(world, owner):
    with owner():
        common(world)
        hidden(world)


@pytest.mark.parametrize("method", METHODS)
def test_a_stranger_gets_the_same_answer_about_every_record(everything, method):
    for pattern in sorted(set(routes()) - PUBLIC):
        answers = []
        for uid in (None, ABSENT):
            path = address(pattern, uid)
            answer = getattr(Client(headers={"X-Request-ID": "stranger-1"}), method)(path)
            body, headers = answer.content.decode(), dict(answer.headers)
            for value in (*map(str, HIDDEN.values()), str(ABSENT)):
                body = body.replace(value, "UID")
                headers = {
                    name: text.replace(value, "UID") for name, text in headers.items() if name != "Expires"
                }
            answers.append((answer.status_code, headers, body))
            assert answer.status_code in {302, 401, 403, 404, 405}, (pattern, answer.status_code)
            if answer.status_code == 302:
                assert answer["Location"].startswith("/accounts/login/?next="), pattern
        assert answers[0] == answers[1], pattern


def test_the_public_routes_are_these_and_no_more(everything):
    found = set()
    for pattern in routes():
        answer = Client().get(address(pattern))
        if answer.status_code == 200 or (answer.status_code == 302 and "login" not in answer["Location"]):
            found.add(pattern)
    assert found <= PUBLIC


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_a_method_that_no_page_declares_is_closed_to_everybody(world, everything, method):
    for pattern in sorted(routes()):
        if pattern.startswith("api/"):
            client = Client(headers={"Authorization": f"Token {world.partner_token('UKBA')}"})
        else:
            client = Client()
            client.force_login(world.officer("ukba.supervisor"), backend=BACKEND)
        answer = getattr(client, method)(address(pattern))
        closed = {401, 403, 404, 405} | ({302} if pattern in PUBLIC else set())
        assert answer.status_code in closed, (pattern, answer.status_code)


def test_no_error_shows_a_traceback_or_a_path(world, everything):
    client = Client(headers={"Authorization": f"Token {world.partner_token('UKBA')}"})
    for pattern in sorted(routes()):
        for method in ("get", "post", "delete"):
            answer = getattr(client, method)(address(pattern, ABSENT))
            body = b"" if answer.streaming else answer.content
            assert answer.status_code != 500, (pattern, method)
            assert b"Traceback" not in body
            assert b"/site-packages/" not in body
