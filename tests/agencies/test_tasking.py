"""Bells: one stands for many rows, none may cost the act that rings, and the task acts as the worker."""

import time

import pytest
from django.db import connection

from agencies import tasking
from agencies.acting import acting
from agencies.facts import NOBODY, Actor
from agencies.tasking import bells, doorbell_ring, ingest_task


@ingest_task(name="tests.tasking.look")
def look() -> tuple[str, str, bool]:
    """Tell who acts, on both sides of the connection, and whether a transaction is open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jocc_actor()")
        (known_as,) = cursor.fetchone()
    return str(acting.get().actor), known_as, connection.in_atomic_block


@ingest_task(name="tests.tasking.loose", atomic=False)
def loose() -> str:
    """Open transactions of its own."""
    return str(acting.get().actor)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What would have been sent to the broker; the bells of earlier tests are silent."""
    for bell in tasking._redis().scan_iter("jocc:bell:*"):
        tasking._redis().delete(bell)
    monkeypatch.setattr(bells, "resting_until", 0.0)
    messages: list[dict[str, str]] = []
    monkeypatch.setattr(
        tasking.current_app,
        "send_task",
        lambda name, **options: messages.append(options["kwargs"]),
        raising=False,
    )
    return messages


@pytest.mark.django_db
def test_a_task_acts_as_the_worker_in_one_transaction_and_nobody_acts_afterwards():
    assert look.apply().get() == (Actor.INGEST, "ingest", True)
    assert loose.apply().get() == Actor.INGEST
    assert acting.get() is NOBODY


def test_one_pending_bell_stands_for_all_until_the_worker_begins(sent):
    for _ in range(3):
        tasking._ring(look.name, "jocc:bell:a")
    assert sent == [{"bell": "jocc:bell:a"}]
    tasking._silence("jocc:bell:a")
    tasking._ring(look.name, "jocc:bell:a")
    assert len(sent) == 2


def test_bells_with_different_keys_ring_beside_each_other(sent):
    tasking._ring(look.name, "jocc:bell:a")
    tasking._ring(look.name, "jocc:bell:b")
    assert len(sent) == 2


@pytest.mark.django_db
def test_a_bell_rings_only_once_the_act_is_committed(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        doorbell_ring(look.name)
        assert sent == []
    assert len(callbacks) == 1
    assert sent == [{"bell": "jocc:bell:tests.tasking.look"}]


def test_an_absent_broker_costs_one_try_and_never_an_error(sent, monkeypatch, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    absent = tasking._redis.__wrapped__()
    monkeypatch.setattr(tasking, "_redis", lambda: absent)
    failed, began = bells.failed, time.monotonic()
    tasking._ring(look.name, "jocc:bell:a")
    tasking._silence("jocc:bell:a")
    assert time.monotonic() - began < 1  # the client does not try again and again
    resting_until = bells.resting_until
    tasking._ring(look.name, "jocc:bell:a")
    assert bells.failed == failed + 2
    assert bells.resting_until == resting_until  # the second ring did not even try
    assert sent == []
