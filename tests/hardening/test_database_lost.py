"""A database that goes away in the middle is an absence, not a fault: who asks is told to come again."""

import pytest
from django.db import OperationalError, connections, transaction
from rest_framework.test import APIClient

from tests.two_worlds.framework import BACKEND

pytestmark = pytest.mark.django_db


@pytest.fixture
def another(world, monkeypatch):
    """A connection of the web role beside the test's own, by the name of `another`; its session can be ended."""
    made = connections["default"].copy(alias="another")
    monkeypatch.setattr(connections._connections, "another", made, raising=False)
    made.ensure_connection()
    yield made
    made.close()


def _session_ends(another):
    killer = another.get_new_connection(another.get_connection_params())
    with killer.cursor() as cursor:
        cursor.execute("SET ROLE NONE")  # the one who has signed in may end the sessions of its own
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [another.connection.info.backend_pid])
    killer.close()


def test_a_lost_session_is_the_frameworks_own_error_and_the_next_transaction_has_a_new_one(another):
    _session_ends(another)
    with pytest.raises(OperationalError), transaction.atomic(using="another"):
        pass
    with transaction.atomic(using="another"), another.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_a_device_and_an_officer_are_told_to_come_again(world, monkeypatch, client):
    def away(*_, **__):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("scanning.api.deliveries.delivery_accept", away)
    device = APIClient(
        raise_request_exception=False, headers={"Authorization": f"Token {world.tokens['L1-ANPR-F']}"}
    )
    answer = device.post("/api/v1/deliveries/", {"event_id": "e1"}, format="json")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "unavailable", "5")
    assert "server closed" not in answer.content.decode()

    monkeypatch.setattr("dashboard.views.health.health_page", away)
    client.raise_request_exception = False
    client.force_login(world.officer("ukba.supervisor"), backend=BACKEND)
    page = client.get("/health/")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
