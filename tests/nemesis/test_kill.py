"""Accepted means done, once: whatever is killed, and whenever."""

import random
import threading
import time

import pytest

from tests.launcher.started import eventually
from tests.nemesis.stage import Stage
from tests.nemesis.traffic import Convoy, Parcel, convoy_made

pytestmark = pytest.mark.engine

STORM_S = 12.0
LORRIES = 300
POSTERS = 4
VICTIMS = ("workers", "broker", "workers", "broker", "workers", "web", "pulse")
_IN_HAND = "SELECT count(*) FROM scanning_delivery WHERE state = 'waiting' AND lease_until > now()"


class Journal:
    """What the devices were told: the receipt of each delivery that was answered with 2xx."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._lock = threading.Lock()
        self.receipts: dict[Parcel, str] = {}
        self.unanswered = 0
        self.wrong: list[str] = []

    def post_until_taken(self, parcel: Parcel) -> None:
        """The same bytes again and again until the centre has taken them, as a device does."""
        while True:
            status, answer = self._stage.post(parcel.token, parcel.body)
            if 200 <= status < 300:
                self._note(parcel, answer["receipt"])
                return
            with self._lock:
                self.unanswered += 1
                if status not in (0, 503):
                    self.wrong.append(f"{status} {answer}")
                    return
            time.sleep(0.2)

    def _note(self, parcel: Parcel, receipt: str) -> None:
        with self._lock:
            known = self.receipts.setdefault(parcel, receipt)
            if known != receipt:
                self.wrong.append(f"two receipts for the same bytes: {known} and {receipt}")


def storm(stage: Stage, convoy: Convoy, rng: random.Random) -> Journal:
    """Post the convoy while processes are shot; one in six deliveries is sent a second time."""
    journal = Journal(stage)
    waiting = list(convoy.parcels) + rng.sample(convoy.parcels, len(convoy.parcels) // 6)
    shooting = threading.Event()
    shooting.set()
    pause = STORM_S / (len(waiting) / POSTERS)

    def post() -> None:
        while waiting:
            try:
                parcel = waiting.pop(0)
            except IndexError:  # another poster took the last one
                return
            journal.post_until_taken(parcel)
            if shooting.is_set():
                time.sleep(pause)

    posters = [threading.Thread(target=post) for _ in range(POSTERS)]
    for poster in posters:
        poster.start()
    try:
        shoot(stage, rng)
    finally:
        shooting.clear()
        for poster in posters:
            poster.join()
    return journal


def shoot(stage: Stage, rng: random.Random) -> None:
    """kill -9 at random moments, in random order; what was killed is started again at once.

    Workers die with deliveries in their hands.
    """
    victims = list(VICTIMS)
    rng.shuffle(victims)
    for victim in victims:
        time.sleep(rng.uniform(0.3, 1.2))
        if victim == "broker":
            stage.broker.kill()
            time.sleep(rng.uniform(0.0, 0.4))
            stage.broker.start()
        elif victim == "workers":
            eventually(lambda: stage.number(_IN_HAND), 8)
            stage.kill("worker-1", "worker-2")
            stage.start("worker-1", "worker-2")
        else:
            stage.kill(victim)
            stage.start(victim)


def test_kill_9_of_workers_broker_web_and_scheduler_loses_and_doubles_nothing(
    stage: Stage, tokens: dict
) -> None:
    rng = random.Random()
    sought = [row[0] for row in stage.rows("SELECT DISTINCT mark_raw FROM intelligence_lookout ORDER BY 1")]
    convoy = convoy_made(tokens, LORRIES, rng, sought)

    journal = storm(stage, convoy, rng)

    assert not journal.wrong
    assert set(journal.receipts) == set(convoy.parcels)
    assert journal.unanswered, "the web process died, so somebody must have waited for an answer in vain"
    stage.heal()
    assert stage.eventually_done(set(journal.receipts.values())), stage.words()
    states = dict(stage.rows("SELECT state, count(*) FROM scanning_delivery GROUP BY state"))
    assert states == {"done": len(convoy.parcels)}
    assert stage.number("SELECT count(*) FROM scanning_delivery WHERE attempts > 1"), (
        "no worker died at its work"
    )

    sent = sorted(event for parcel in convoy.parcels for event in parcel.events)
    stored = stage.rows(
        "SELECT d.code, e.event_key FROM scanning_scanevent e JOIN scanning_device d ON d.id = e.device_id"
    )
    assert sorted(stored) == sent  # a list: one that stood twice would show
    counts_are_exact(stage, convoy, len(sent))
    assert eventually(lambda: stage.number("SELECT count(*) FROM audit_change") == 0, 10), (
        "nudges are not relayed"
    )


def counts_are_exact(stage: Stage, convoy: Convoy, events: int) -> None:
    """One passage for each lorry, one alarm for each suspect one, one hit for each lookout that was met."""
    assert stage.number("SELECT count(*) FROM scanning_passage") == convoy.lorries
    assert stage.rows("SELECT count(*), sum(events) FROM scanning_passagepart") == [
        (convoy.lorries * 3, events)
    ]
    assert stage.rows("SELECT count(*), max(repeats) FROM scanning_alarm WHERE rule = 'co2_suspect'") == [
        (convoy.suspects, 1)
    ]
    met = stage.number("SELECT count(*) FROM intelligence_lookout WHERE state = 'active'")
    assert stage.number("SELECT count(*) FROM intelligence_hit") == met
    told = stage.number(
        "SELECT count(*) FROM intelligence_lookout WHERE state = 'active' AND mode <> 'silent'"
    )
    assert stage.number("SELECT count(*) FROM intelligence_notice") == told
    accepted = stage.number("SELECT count(*) FROM audit_auditevent WHERE action = 'delivery.accept'")
    assert accepted == len(convoy.parcels)
