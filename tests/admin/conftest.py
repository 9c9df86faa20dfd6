"""Officers at the admin site, and a delivery and a lookout of each agency."""

import hashlib
import uuid
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from agencies.grants import grants_give
from intelligence.models import Lookout, LookoutGrant
from scanning.models import Delivery, Device


@pytest.fixture
def sign_in(world):
    """`sign_in("ukba.supervisor")` is a browser in which that officer is signed in."""

    def browser(username):
        client = Client()
        client.force_login(
            world.officer(username), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return browser


def delivery_of(world, agency, device=None, body=b"{broken", state="quarantined", **more):
    return Delivery.objects.create(
        received_at=timezone.now(),
        agency_group_id=world.group(agency),
        device_id=Device.objects.get(code=device).pk if device else None,
        format="native",
        content_type="application/json",
        body=body,
        body_sha256=hashlib.sha256(body or b"").digest(),
        state=state,
        error_code="malformed_json" if state == "quarantined" else "",
        **more,
    )


def lookout_of(world, agency, mark, **more):
    number = uuid.uuid4().hex[:6]
    return Lookout.objects.create(
        **{
            "originator_id": world.group(agency),
            "reference": f"{agency}-L-2026-{number}",
            "mark_raw": mark,
            "mark_norm": mark.replace(" ", ""),
            "mark_folded": mark.replace(" ", ""),
            "action_code": "stop",
            "reason": f"reason of {mark}",
            "expires_at": timezone.now() + timezone.timedelta(days=30),
            "review_due": (timezone.now() + timezone.timedelta(days=20)).date(),
            **more,
        }
    )


@pytest.fixture
def records(world, owner):
    """A delivery and a lookout of UKBA and of PAF, and a PAF lookout that is shared with UKBA."""
    with owner():
        shared = lookout_of(world, "PAF", "SHARED 1")
        grants_give(LookoutGrant, shared, [world.group("UKBA")])
        return SimpleNamespace(
            ukba_delivery=delivery_of(world, "UKBA", "L1-RPM"),
            paf_delivery=delivery_of(world, "PAF", "L2-DOG"),
            ukba_lookout=lookout_of(world, "UKBA", "OURS 1"),
            paf_lookout=lookout_of(world, "PAF", "THEIRS 1"),
            shared_lookout=shared,
        )
