"""Non-interference: what a reader must not see changes nothing in what the reader gets.

Each case sends the same request in two worlds, without and with everything that tests/two_worlds/worlds.py
hides, and compares status, headers, body and the number of questions put to the database, to the last byte.
Before that it proves that the hidden things do change the answer for somebody entitled to them.

What is held still, so that only the hidden things differ: the time (`timezone.now`; PostgreSQL's now() stands
still within the test's transaction), chance (`os.urandom`, of which uids are made), the request id (sent along),
the measurements of the machine on the page of the system's health.
What is left out: CSRF tokens, the values of cookies, and Expires (the time of
the request). Nothing else. Each request is rolled back, so that both worlds
begin alike; internal numbers go on counting, and would show if an answer let them out.
"""

import contextlib
import dataclasses
import json
import random
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from dashboard.facts.devices import HealthCheck
from tests.making import at

#: What the page of the system's health measures of the machine: the same in both worlds.
_MEASURED: dict[str, Any] = {
    "_disks": lambda: (),
    "_database": lambda: HealthCheck("database", "", "quiet", "1 ms"),
    "_bells": lambda: HealthCheck("bells", "", "quiet", "0"),
    "_beats": lambda now: ((), HealthCheck("broker", "", "quiet", "")),
}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOW = at(30)
_CSRF = re.compile(rb'(name="csrfmiddlewaretoken" value="|"X-CSRFToken": ")[A-Za-z0-9]+')


def routes() -> dict[str, Any]:
    """Every route of the centre, by its pattern."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Any]]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, prefix + str(entry.pattern))
            elif isinstance(entry, URLPattern):
                yield prefix + str(entry.pattern), entry.callback

    return dict(walk(get_resolver(), ""))


@dataclasses.dataclass(frozen=True, eq=False)
class Case:
    """One request, sent by each reader in both worlds.

    `route` is the pattern it belongs to. A reader or the entitled one is an agency's code (its partner system
    asks, by token) or a username (the officer asks, in a browser). `shows` stands in the first reader's answer:
    a case must not be about an empty or refused page. A case about one hidden thing expects 404 instead, or, where
    a form is shown again, what `refused` says.
    `told` names agencies that were given the hidden thing once, and may learn of that.
    With `badge` the body also names an officer of the asking agency.
    """

    route: str
    path: str
    readers: tuple[str, ...] = ("PAF", "CCIC")
    entitled: str = "UKBA"
    method: str = "get"
    body: dict[str, Any] | None = None
    badge: bool = False
    shows: str = ""
    hidden: bool = False
    told: tuple[str, ...] = ()
    refused: int = 404
    headers: dict[str, str] | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def people(self) -> tuple[str, ...]:
        """All who ask."""
        return (*self.readers, self.entitled)

    @property
    def family(self) -> str:
        """What the route is about: its first word after api/v1 or admin."""
        words = self.route.split("/")
        return "/".join(words[: {"api": 3, "admin": 3}.get(words[0], 1)]) or "board"


@dataclasses.dataclass(frozen=True)
class Answer:
    """All that a reader gets from one request."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    body: bytes
    questions: int


def difference(one: Answer, other: Answer) -> str:
    """Where two answers differ first, in a few words; "" when they do not."""
    for name in ("status", "headers", "cookies", "questions"):
        if getattr(one, name) != getattr(other, name):
            pair = (getattr(one, name), getattr(other, name))
            return (
                f"{name}: {[set(p) - set(q) for p, q in (pair, pair[::-1])] if name == 'headers' else pair}"
            )
    if one.body == other.body:
        return ""
    place = next(i for i, (p, q) in enumerate(zip_longest(one.body, other.body)) if p != q)
    return f"body: …{one.body[max(0, place - 80) : place + 120]!r} but …{other.body[max(0, place - 80) : place + 120]!r}"


class Asker:
    """Sends requests as somebody, always in the same circumstances."""

    def __init__(self, world: Any, monkeypatch: Any) -> None:
        self._world, self._monkeypatch = world, monkeypatch
        ContentType.objects.get_for_models(*apps.get_models())  # a process reads them once
        self._clients: dict[str, Client] = {}

    def client(self, who: str) -> Client:
        """The client of an agency's partner system, a device's account, an officer, or nobody ("")."""
        if who not in self._clients:
            client = Client(headers={"X-Request-ID": "two-worlds-0001", "Accept-Language": "en"})
            if who in self._world.tokens:
                client.defaults["HTTP_AUTHORIZATION"] = f"Token {self._world.tokens[who]}"
            elif "/" in who:  # an agency's code and the one scope of its token
                client.defaults["HTTP_AUTHORIZATION"] = f"Token jocc_pa_test-{who}"
            elif who.isupper():
                client.defaults["HTTP_AUTHORIZATION"] = f"Token {self._world.partner_token(who)}"
            elif who:
                client.force_login(self._world.officer(who), backend=BACKEND)
            self._clients[who] = client
        return self._clients[who]

    def ask(self, who: str, case: Case) -> Answer:
        """Send the case's request, then undo whatever it did."""
        client = self.client(who)
        more = {}
        if case.body is not None:
            body = case.body | ({"officer": f"{who[0].upper()}-officer"} if case.badge else {})
            is_system = case.path.startswith("/api/")
            more = (
                {"data": json.dumps(body), "content_type": "application/json"}
                if is_system
                else {"data": body}
            )
        cache.clear()
        reset_queries()  # the log of a long test would overflow
        chance = random.Random(7)
        with self._monkeypatch.context() as still, contextlib.suppress(_Undo), transaction.atomic():
            still.setattr("django.utils.timezone.now", lambda: NOW)
            for name, value in _MEASURED.items():
                still.setattr(f"dashboard.selectors.health.{name}", value)
            still.setattr("os.urandom", chance.randbytes)
            with CaptureQueriesContext(connection) as questions:
                response = getattr(client, case.method)(case.path, headers=case.headers, **more)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            answer = Answer(
                status=response.status_code,
                headers=tuple(sorted(pair for pair in response.headers.items() if pair[0] != "Expires")),
                cookies=tuple(sorted(response.cookies)),
                body=_CSRF.sub(rb"\1", body),
                questions=len(questions),
            )
            raise _Undo
        return answer


class _Undo(Exception):
    """Leaves the transaction without keeping anything of it."""
