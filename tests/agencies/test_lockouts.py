"""Failures at the door lock it: for a name at one address, for a name, for an address; counted in the database."""

import datetime as dt
import threading
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connections, transaction
from django.test import Client

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.choices import LockOutKind
from agencies.models import LockOut
from agencies.rules.lockouts import LIMITS, Tally, address_plain, failed, name_plain
from agencies.selectors.lockouts import lockouts_of_agency
from agencies.services.lockouts import lockout_count, lockout_holds, lockout_lift, lockouts_forget_old
from audit.models import AuditEvent
from tests.world import PASSWORD

NOW = dt.datetime(2026, 5, 4, 3, 12, tzinfo=dt.UTC)
PAIR = LIMITS[LockOutKind.PAIR]


@pytest.fixture(autouse=True)
def _no_bursts() -> None:
    """What other tests did at this address does not count as a burst of requests."""
    cache.clear()


def _try(name: str, given: str = "wrong", address: str = "192.0.2.7") -> Any:
    client = Client(headers={"Accept-Language": "en"}, REMOTE_ADDR=address)
    answer = client.post("/accounts/login/", {"login": name, "password": given})
    return client, answer


def _errors(answer: Any) -> list[str]:
    return [str(error) for errors in answer.context["form"].errors.values() for error in errors]


def _is_in(name: str, address: str = "192.0.2.7") -> bool:
    client, _answer = _try(name, PASSWORD, address)
    return client.get("/preferences/").status_code == 200


# The rule.


def test_the_failure_that_reaches_the_limit_locks_and_a_lock_is_not_prolonged():
    tally = Tally()
    for number in range(1, PAIR.failures + 1):
        tally = failed(tally, PAIR, NOW)
        assert tally.holds(NOW) == (number == PAIR.failures)
    later = NOW + dt.timedelta(minutes=14)
    assert failed(tally, PAIR, later) == tally
    assert tally.holds(later)
    assert not tally.holds(NOW + PAIR.lasts)


def test_after_a_lock_and_after_the_window_counting_begins_anew():
    locked = Tally(PAIR.failures, NOW, NOW + PAIR.lasts)
    assert failed(locked, PAIR, NOW + PAIR.lasts) == Tally(1, NOW + PAIR.lasts, None)
    slow = Tally(PAIR.failures - 1, NOW, None)
    assert failed(slow, PAIR, NOW + PAIR.within) == Tally(1, NOW + PAIR.within, None)


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("no address", ""),
    ],
)
def test_one_holder_of_a_network_is_one_address(address, counts_as):
    assert address_plain(address) == counts_as


def test_a_name_counts_as_it_is_found_whatever_its_letters():
    assert name_plain(" PAF.Officer ") == name_plain("paf.officer")


# At the door.


@pytest.mark.django_db
def test_five_failures_lock_the_right_password_out_at_that_address_alone_for_a_quarter_of_an_hour(world):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(PAIR.failures):
            _try("paf.officer")
        assert not _is_in("PAF.Officer"), "the same account in other letters"
        assert _is_in("paf.officer", "198.51.100.1"), "the officer's own screen stays open"
        assert _is_in("paf.analyst"), "a colleague at the same screen"
        clock.shift(PAIR.lasts)
        assert _is_in("paf.officer")


@pytest.mark.django_db
def test_the_lock_outlives_the_broker(world):
    for _ in range(PAIR.failures):
        _try("paf.officer")
    cache.clear()
    assert not _is_in("paf.officer")


@pytest.mark.django_db
def test_unknown_name_wrong_password_and_locked_door_are_one_answer(world):
    wrong = _errors(_try("paf.officer")[1])
    unknown = _errors(_try("nobody.here")[1])
    for _ in range(PAIR.failures):
        _try("paf.officer")
        _try("nobody.here")
    locked = _errors(_try("paf.officer", PASSWORD)[1])
    assert wrong == unknown == locked == _errors(_try("nobody.here", PASSWORD)[1])
    assert "fifteen minutes" in wrong[0]


@pytest.mark.django_db
def test_a_name_is_locked_by_guesses_from_many_addresses_and_an_address_by_guesses_at_many_names(world):
    for number in range(LIMITS[LockOutKind.NAME].failures):
        _try("paf.officer", address=f"198.51.100.{number}")
    assert not _is_in("paf.officer")
    for number in range(LIMITS[LockOutKind.ADDRESS].failures):
        _try(f"guess{number}", address="203.0.113.9")
        cache.clear()
    assert not _is_in("ukba.officer", "203.0.113.9")
    assert _is_in("ukba.officer")


@pytest.mark.django_db
def test_who_goes_on_guessing_behind_a_lock_does_not_lock_the_officer_out_elsewhere(world):
    for _ in range(2 * LIMITS[LockOutKind.NAME].failures):
        _try("paf.officer")
        cache.clear()
    assert not _is_in("paf.officer")
    assert _is_in("paf.officer", "198.51.100.1")


@pytest.mark.django_db
def test_what_is_not_tried_counts_for_the_address_that_goes_on(world, owner):
    for _ in range(PAIR.failures + 3):
        _try("paf.officer")
    with owner():
        counted = dict(LockOut.objects.values_list("kind", "failures"))
    assert counted == {"pair": PAIR.failures, "name": PAIR.failures, "address": PAIR.failures + 3}


@pytest.mark.django_db
def test_who_signs_in_begins_anew_and_a_guesser_does_not_hide_behind_an_account_of_its_own(world, owner):
    for _ in range(PAIR.failures - 1):
        _try("paf.officer")
    assert _is_in("paf.officer")
    for _ in range(PAIR.failures - 1):
        _try("paf.officer")
    assert _is_in("paf.officer")
    with owner():
        rows = {row.kind: row.failures for row in LockOut.objects.all()}
    assert rows == {
        LockOutKind.PAIR: 0,
        LockOutKind.NAME: 2 * (PAIR.failures - 1),
        LockOutKind.ADDRESS: 2 * (PAIR.failures - 1),
    }


@pytest.mark.django_db
def test_a_lock_is_recorded_once_for_the_agency_whose_officer_it_is(world, owner):
    for _ in range(PAIR.failures + 2):
        _try("paf.officer")
    with owner():
        rows = AuditEvent.objects.filter(object_uids=[world.officer("paf.officer").uid]).order_by("id")
        actions = [row.action for row in rows]
        assert {row.agency_group_id for row in rows} == {world.group("PAF")}
    assert actions == ["officer.sign_in_fail"] * 4 + ["officer.lock"] + ["officer.sign_in_fail"] * 2


@pytest.mark.django_db
def test_what_was_typed_for_a_name_is_kept_nowhere(world, owner):
    _try("my secret password")
    with owner():
        row = LockOut.objects.get(kind=LockOutKind.NAME)
    assert (row.officer, row.agency_group_id) == (None, None)
    assert "secret" not in str(row.__dict__)


# Lifting.


@pytest.mark.django_db
def test_the_own_agencys_administrator_lifts_it_and_nobody_else(world, owner):
    for _ in range(PAIR.failures):
        _try("paf.officer")
    with owner():
        row = LockOut.objects.get(kind=LockOutKind.PAIR)
    for username in ("ukba.administrator", "douanes.supervisor"):
        stranger = world.principal(username)
        with acting_as(stranger), pytest.raises(NotVisible):
            lockout_lift(acting_officer=stranger, uid=row.uid)
    administrator = world.principal("paf.administrator")
    with acting_as(administrator):
        assert row.uid in {each.uid for each in lockouts_of_agency(administrator)}
        lockout_lift(acting_officer=administrator, uid=row.uid)
        with pytest.raises(NotVisible):
            lockout_lift(acting_officer=administrator, uid=row.uid)
    assert _is_in("paf.officer")
    with owner():
        record = AuditEvent.objects.get(action="officer.unlock")
    assert record.object_uids == [world.officer("paf.officer").uid]


@pytest.mark.django_db
def test_a_lock_of_an_address_belongs_to_nobody(world, owner):
    for number in range(LIMITS[LockOutKind.ADDRESS].failures):
        _try(f"guess{number}", address="203.0.113.9")
        cache.clear()
    for username in ("paf.administrator", "ukba.supervisor"):
        principal = world.principal(username)
        with acting_as(principal):
            assert not LockOut.objects.exists()


@pytest.mark.django_db
def test_counts_that_say_nothing_any_more_are_dropped(world, owner, ingest):
    with time_machine.travel(NOW, tick=False) as clock:
        _try("paf.officer")
        clock.shift(dt.timedelta(hours=25))
        _try("paf.analyst")
        with ingest():
            # The name, and the name at its address; the address has failed again since.
            assert lockouts_forget_old() == 2
    with owner():
        assert set(LockOut.objects.values_list("officer__username", flat=True)) == {"paf.analyst", None}


# Many at once.


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_sent_at_once_no_more_are_tried_than_the_limit_allows(world):
    tried: list[bool] = []

    def guess() -> None:
        try:
            with transaction.atomic():
                if lockout_holds(name="paf.officer", address="192.0.2.7"):
                    return
                tried.append(True)
                lockout_count(name="paf.officer", address="192.0.2.7", officer=None)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tried) == PAIR.failures
