"""Posting as a device, letting the worker work, and the life of one device, in one transaction."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from agencies.acting import acting_as
from scanning.models import DeviceStatus, Placement
from scanning.services.ingest import deliveries_process
from scanning.services.outage_clock import outages_keep
from tests.scanning.living import PROBE, ago


@pytest.fixture
def post(world: Any) -> Callable[..., Any]:
    """`post("L1-ANPR-F", event_or_bytes)` posts one delivery over the API as that device."""

    def send(device: str, body: Any, content_type: str = "application/json", **headers: str) -> Any:
        client = APIClient(headers={"Authorization": f"Token {world.tokens[device]}", **headers})
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.generic("POST", "/api/v1/deliveries/", data, content_type=content_type)

    return send


@pytest.fixture
def work(ingest: Any) -> Callable[[], int]:
    """`work()` lets the worker process what waits, with its own database role."""

    def turn() -> int:
        with ingest():
            return deliveries_process()

    return turn


@pytest.fixture
def event() -> Callable[..., dict[str, Any]]:
    """`event("e1", "AB-123-CD")` is one native event; keywords add or change fields."""

    def make(
        event_id: str, *marks: str, at: str = "2026-11-22T04:10:03+01:00", **fields: Any
    ) -> dict[str, Any]:
        read = [{"kind": "tractor", "value": mark, "country": "FR", "confidence": 0.9} for mark in marks]
        return (
            {"event_id": event_id, "at": at, "result": "clear"} | ({"marks": read} if read else {}) | fields
        )

    return make


@pytest.fixture
def probe(owner, world):
    """UKBA’s CO₂ probe, in service for thirty days; PAF sees it, DOUANES do not."""
    with owner():
        device = world.device(PROBE)
        DeviceStatus.objects.get_or_create(device=device)
        Placement.objects.create(
            device_id=device.pk,
            site_id=device.site_id,
            lane_id=device.lane_id,
            in_service=True,
            from_at=ago(days=30),
        )
    return device


@pytest.fixture
def says(owner, probe):
    """What the device says of itself: `says(fault="no pump", since=…)`, `says(silent=…)`, `says()` that it works."""

    def tell(fault="", since=None, silent=None, heard=None):
        with owner():
            DeviceStatus.objects.filter(device=probe).update(
                fault=fault,
                fault_since=since,
                silent_since=silent,
                last_received_at=heard or timezone.now(),
                last_event_at=heard or timezone.now(),
            )

    return tell


@pytest.fixture
def outage_clock(ingest):
    """The duty as the scheduler keeps it; returns how many outages changed."""

    def turn():
        with ingest():
            return outages_keep()

    return turn


@pytest.fixture
def acting(world):
    """`with acting("paf.officer") as principal: …`"""
    return lambda username: acting_as(world.principal(username))


@pytest.fixture
def do(acting):
    """`do("paf.officer", outage_comment, uid=…)`: one act of an officer, in a transaction of its own."""

    def act(username, service, **given):
        with acting(username) as principal, transaction.atomic():
            return service(acting_officer=principal, **given)

    return act
