"""What hostile or broken senders try: nothing good is lost by it, and no delivery holds up the others for ever."""

import pytest
from django.db import OperationalError, connection, transaction
from psycopg2.errors import DeadlockDetected

from agencies.access import NotVisible
from agencies.acting import acting_as
from scanning.models import Delivery, ScanEvent
from scanning.selectors.deliveries import deliveries_visible_to
from scanning.services.deliveries import delivery_replay
from scanning.services.ingest import run
from scanning.services.ingest.lease import MAX_ATTEMPTS, deliveries_lease

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["b\x00d", "b\ud800d", "b\x01d"])
def test_a_forbidden_character_in_one_event_id_does_not_cost_the_rest_of_the_batch(
    post, work, event, owner, name
):
    answer = post(
        "L1-ANPR-F", {"events": [event("a", "AB-123-CD"), event(name, "EF-456-GH"), event("c", "GH-789-JK")]}
    )
    assert answer.status_code == 202
    work()
    with owner():
        assert set(ScanEvent.objects.values_list("event_key", flat=True)) == {"a", "c"}
        delivery = Delivery.objects.get(receipt=answer.json()["receipt"])
    assert (delivery.state, delivery.result["events"], delivery.result["problems"]) == ("done", 2, 1)


def _lease_ends() -> None:
    """As if half a minute had passed since the worker died."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scanning_delivery SET lease_until = now() - interval '1 second' WHERE state = 'waiting'"
        )


@pytest.mark.parametrize("times", [1, 3, 4])
def test_whoever_gives_way_in_a_deadlock_begins_again_at_once(post, work, event, owner, monkeypatch, times):
    """Up to three times in a row; beyond that the lease ends by itself, as when the database is away."""
    post("L1-ANPR-F", event("late", "AB-123-CD"))
    write, lost = run._chunk_write, []

    def chosen(decoded, *, patient):
        """The whole writing is done, and then undone: nothing of it may be counted twice."""
        if len(lost) < times:
            lost.append(decoded)
            with transaction.atomic():
                write(decoded, patient=patient)
                raise OperationalError from DeadlockDetected()
        return write(decoded, patient=patient)

    monkeypatch.setattr(run, "_chunk_write", chosen)
    if times == run.DEADLOCK_TRIES:
        with pytest.raises(OperationalError):
            work()
    else:
        work()
        with owner():
            delivery = Delivery.objects.get()
            assert (delivery.state, delivery.attempts, ScanEvent.objects.count()) == ("done", 1, 1)
            assert delivery.result["events"] == 1
    assert len(lost) == times


def test_a_delivery_that_kills_every_worker_is_set_aside_and_the_others_are_processed(
    post, work, event, owner, monkeypatch
):
    good = [post("L1-ANPR-F", event(f"g{number}", "AB-123-CD")).json()["receipt"] for number in range(3)]
    deadly = post("L1-ANPR-R", event("deadly", "EF-456-GH")).json()["receipt"]
    good += [post("L1-ANPR-F", event(f"h{number}", "AB-123-CD")).json()["receipt"] for number in range(3)]
    read = run._chunk_decode

    def killed_by_the_deadly_one(chunk):
        if any(str(delivery.receipt) == deadly for delivery in chunk):
            raise SystemExit("killed")
        return read(chunk)

    monkeypatch.setattr(run, "_chunk_decode", killed_by_the_deadly_one)
    for _ in range(MAX_ATTEMPTS + 2):
        try:
            work()
        except SystemExit:
            _with_owner(owner, _lease_ends)
    with owner():
        states = {str(receipt): state for receipt, state in Delivery.objects.values_list("receipt", "state")}
        kept = Delivery.objects.get(receipt=deadly)
    assert {states[receipt] for receipt in good} == {"done"}
    assert (kept.state, kept.error_code) == ("quarantined", "processing_failed")
    assert b"EF-456-GH" in bytes(kept.body)


def _with_owner(owner, act) -> None:
    with owner():
        act()


def test_what_was_taken_before_without_an_end_is_taken_alone(post, event, owner, ingest):
    for number in range(4):
        post("L1-ANPR-F", event(f"e{number}", "AB-123-CD"))
    with ingest():
        assert len(deliveries_lease()) == 4
    _with_owner(owner, _lease_ends)
    post("L1-ANPR-F", event("fresh", "AB-123-CD"))
    with ingest():
        assert [delivery.attempts for delivery in deliveries_lease()] == [1]
        assert [delivery.attempts for delivery in deliveries_lease(again=True)] == [2]


def test_a_supervisor_cannot_replay_the_delivery_of_a_device_that_is_hidden_from_them(post, world, owner):
    receipt = post("L1-HB", b"{").json()["quarantine"]
    supervisor = world.principal("ukba.supervisor")
    with owner():
        hidden = world.device("L1-HB")
        hidden.classification = supervisor.clearance + 10
        hidden.save(update_fields=["classification"])
    with acting_as(supervisor):
        assert not deliveries_visible_to(supervisor).filter(receipt=receipt).exists()
        with pytest.raises(NotVisible), transaction.atomic():
            delivery_replay(acting_party=supervisor, receipt=receipt)
    with owner():
        assert Delivery.objects.get(receipt=receipt).state == "quarantined"


def test_what_a_hidden_gateway_could_not_name_a_device_for_stays_hidden_in_quarantine_too(post, world, owner):
    supervisor = world.principal("ukba.supervisor")
    with owner():
        gateway = world.device("L1-HB").account
        gateway.clearance = supervisor.clearance + 10
        gateway.save(update_fields=["clearance"])
    named = {"X-JOCC-Device": "NO-SUCH-DEVICE"}
    receipt = post("L1-HB", b'{"events": [', **named).json()["quarantine"]
    seen = post("L1-RPM", b'{"events": [', **named).json()["quarantine"]
    with acting_as(supervisor):
        shown = {str(each) for each in deliveries_visible_to(supervisor).values_list("receipt", flat=True)}
    assert shown == {seen}
    with owner():
        assert Delivery.objects.filter(receipt=receipt, device_id=None, state="quarantined").exists()
