"""What the schema allows, sent to every operation: an answer that the schema declares, and never a fault."""

import json
import os
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.test import APIClient
from schemathesis.generation import GenerationMode

pytestmark = pytest.mark.django_db

#: For each operation; more in `bin/jocc nemesis fuzz`.
EXAMPLES = 5 * int(os.environ.get("JOCC_FUZZ", "1"))
#: What any route may answer before it is reached: not this type of content, not now.
ALWAYS = {415, 429}


@pytest.fixture
def operations(world: Any) -> list[Any]:
    """Every operation of the API, by its schema as it is served."""
    answer = _client(world.partner_token("UKBA")).get(
        "/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}
    )
    schema = schemathesis.openapi.from_dict(json.loads(answer.content))
    found = [each.ok() for each in schema.get_all_operations()]
    assert len(found) > 50
    return found


def _client(token: str) -> APIClient:
    return APIClient(raise_request_exception=False, headers={"Authorization": f"Token {token}"})


def _answer(client: APIClient, case: Any) -> Any:
    """Send it, and undo what it did."""
    sent = case.as_transport_kwargs(base_url="http://testserver")
    body = json.dumps(sent["json"]) if "json" in sent else sent.get("data") or ""
    if not isinstance(body, str | bytes):
        body = json.dumps(body, default=repr)
    with transaction.atomic():
        answer = client.generic(
            sent["method"],
            sent["url"].removeprefix("http://testserver"),
            body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body,
            content_type=sent["headers"].get("Content-Type", "application/json"),
            query_params=sent["params"],
        )
        b"".join(answer.streaming_content) if answer.streaming else None
        transaction.set_rollback(True)
    return answer


def _statuses(operation: Any, client: APIClient) -> list[int]:
    """What is answered to cases that Schemathesis draws."""
    found: list[int] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def ask(case: Any) -> None:
        found.append(_answer(client, case).status_code)

    ask()
    return found


def test_every_operation_answers_what_it_declares_and_nothing_is_a_fault(world, operations, monkeypatch):
    for throttle in ("TokenRateThrottle", "DeviceRateThrottle"):
        monkeypatch.setattr(f"agencies.api.throttles.{throttle}.get_rate", lambda throttle: "10000000/min")
    partner, device = _client(world.partner_token("UKBA")), _client(world.tokens["L1-ANPR-F"])
    wrong: set[tuple[str, int]] = set()
    asked = 0
    for operation in operations:
        client = device if operation.label.startswith("POST /api/v1/deliveries/") else partner
        statuses = _statuses(operation, client)
        asked += len(statuses)
        declared = {int(status) for status in operation.definition.raw["responses"]} | ALWAYS
        wrong |= {(operation.label, status) for status in statuses if status not in declared or status >= 500}
    assert not wrong
    assert asked >= 2 * len(operations)
