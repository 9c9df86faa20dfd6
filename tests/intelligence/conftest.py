"""Short words for the tests of intelligence: look for a mark, see it, and what everybody is shown then."""

import dataclasses
import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from agencies.acting import acting_as
from audit.models import AuditEvent
from intelligence.facts import LookoutDraft, Sighting
from intelligence.models import Hit, Lookout, Notice
from intelligence.rules.marks import fold, normalise
from intelligence.services.lookouts import lookout_create
from intelligence.services.matching import sightings_match

#: Stands in every reason and in every outcome that the owner keeps; it must never come out anywhere else.
CANARY = "canary-7f3a-the-informant-is-the-cousin"


def draft(mark: str = "AB 123 CD", **more: Any) -> LookoutDraft:
    """A lookout that may be entered, for thirty days."""
    now = timezone.now()
    values: dict[str, Any] = {
        "mark": mark,
        "action_code": "search",
        "reason": CANARY,
        "expires_at": now + dt.timedelta(days=30),
        "review_due": (now + dt.timedelta(days=28)).date(),
    }
    return LookoutDraft(**values | more)


def sighting(mark: str = "AB-123-CD", **more: Any) -> Sighting:
    """One reading of a mark, on a passage of its own unless one is given."""
    norm = normalise(mark)
    values: dict[str, Any] = {
        "mark_raw": mark,
        "mark_norm": norm,
        "mark_folded": fold(norm),
        "passage_uid": uuid.uuid4(),
        "place": "CALAIS L1",
        "seen_at": timezone.now(),
        "confidence": 0.9,
    }
    return Sighting(**values | more)


@dataclasses.dataclass
class Cell:
    """The joint intelligence cell of a test: everything by name of the officer who does it."""

    world: Any
    ingest: Any
    owner: Any

    def looks(self, username: str = "ukba.analyst", mark: str = "AB 123 CD", **more: Any) -> Lookout:
        """An officer enters a lookout."""
        principal = self.world.principal(username)
        with acting_as(principal):
            return lookout_create(acting_officer=principal, draft=draft(mark, **more))

    def refers(self, username: str = "ukba.analyst", mark: str = "AB 123 CD", **more: Any) -> Lookout:
        """… one that refers PAF's front line to the desk of UKBA."""
        return self.looks(
            username, mark, **{"mode": "refer", "notified_agencies": ("PAF",), "desk": "UKBA-DESK"} | more
        )

    def stops(self, username: str = "ukba.analyst", mark: str = "AB 123 CD", **more: Any) -> Lookout:
        """… one that has PAF's front line stop the vehicle."""
        told = {"mode": "stop", "notified_agencies": ("PAF",), "instruction": "Hold it at the booth."}
        return self.looks(username, mark, **told | more)

    def sees(self, *sightings: Sighting) -> int:
        """The worker sees marks; the number of new hits."""
        with self.ingest():
            return sightings_match(sightings or (sighting(),))

    def as_worker(self, duty: Callable[[], Any]) -> Any:
        """Something that the worker does by the clock or by a bell."""
        with self.ingest():
            return duty()

    def hits(self) -> list[Hit]:
        """All hits, past the walls."""
        with self.owner():
            return list(Hit.objects.order_by("id"))

    def notices(self) -> list[Notice]:
        """All notices, past the walls."""
        with self.owner():
            return list(Notice.objects.order_by("id"))

    def acting(self, username: str) -> Any:
        """`with cell.acting("paf.officer") as principal: …`"""
        return acting_as(self.world.principal(username))

    def audit(self, action: str) -> list[AuditEvent]:
        """The audit records of one act, past the walls."""
        with self.owner():
            return list(AuditEvent.objects.filter(action=action).order_by("id"))

    def as_owner(self, act: Callable[[], Any]) -> Any:
        """Something done past the walls, to prepare a test."""
        with self.owner():
            return act()


@pytest.fixture
def cell(world: Any, ingest: Any, owner: Any) -> Cell:
    """The cell, in the small world of tests/world.py."""
    return Cell(world, ingest, owner)


@dataclasses.dataclass
class Partner:
    """An agency's own system, with its token."""

    token: str

    def get(self, path: str, **headers: str) -> HttpResponse:
        """GET below /api/v1/."""
        return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Token {self.token}", **headers})

    def post(self, path: str, body: object = None) -> HttpResponse:
        """POST JSON below /api/v1/."""
        return Client().post(
            f"/api/v1/{path}", body or {}, content_type="application/json",
            headers={"Authorization": f"Token {self.token}"},
        )  # fmt: skip


@pytest.fixture
def partner(world: Any) -> Callable[[str], Partner]:
    """`partner("PAF").get("notices/")`."""
    return lambda agency: Partner(world.partner_token(agency))


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b")
_MOMENT = re.compile(r"datetime\.datetime\([^()]*(\([^()]*\))?[^()]*\)")
_INTERNAL_ID = re.compile(r"\('(id|hit_id|lookout_id)', (\d+)\)")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?")


def scrubbed(texts: Iterable[str]) -> list[str]:
    """The texts without what chance and the clock put there: uids by order of appearance."""
    names: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        return names.setdefault(found[0], f"<name {len(names)}>")

    return [
        _INTERNAL_ID.sub("<id>", _TIME.sub("<time>", _MOMENT.sub("<time>", _UUID.sub(named, text))))
        for text in texts
    ]


@pytest.fixture
def signed_in(world: Any) -> Callable[[str], Client]:
    """`signed_in("paf.officer")`: a browser in which this officer has signed in."""

    def browser(username: str) -> Client:
        client = Client()
        client.force_login(world.officer(username), "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return browser
