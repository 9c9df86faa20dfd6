"""Posting as a device, and letting the worker work, in one transaction."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from scanning.services.ingest import deliveries_process


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
