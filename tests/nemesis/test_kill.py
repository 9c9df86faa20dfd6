"""Accepted means done, once: whatever is killed, and whenever."""

import os
import random
import threading
import time

import pytest

from tests.launcher.started import eventually
from tests.nemesis.stage import Stage
from tests.nemesis.traffic import Convoy, Parcel, convoy_made

pytestmark = pytest.mark.engine

#: `bin/jocc nemesis kills` asks for longer storms.
STORM_S = float(os.environ.get("JOCC_STORM_S", "12"))
LORRIES = int(300 * STORM_S / 12)
POSTERS = 4
VICTIMS = ("workers", "broker", "workers", "broker", "workers", "web", "pulse") * max(1, int(STORM_S / 12))
TABLES = {
    "deliveries": "scanning_delivery",
    "accepted": "audit_auditevent WHERE action = 'delivery.accept'",
    "events": "scanning_scanevent",
    "passages": "scanning_passage",
    "parts": "scanning_passagepart",
    "alarms": "scanning_alarm",
    "hits": "intelligence_hit",
    "notices": "intelligence_notice",
}
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


def counted(stage: Stage) -> dict[str, int]:
    """How many there are of everything that a delivery may bring about."""
    return {name: stage.number(f"SELECT count(*) FROM {table}") for name, table in TABLES.items()}  # noqa: S608  (names from this file)


def test_kill_9_of_workers_broker_web_and_scheduler_loses_and_doubles_nothing(
    stage: Stage, tokens: dict
) -> None:
    rng = random.Random()
    sought = stage.rows("SELECT mark_raw, mode FROM intelligence_lookout WHERE state = 'active'")
    convoy = convoy_made(tokens, LORRIES, rng, [mark for mark, _ in sought])
    before = counted(stage)

    journal = storm(stage, convoy, rng)

    assert not journal.wrong
    assert set(journal.receipts) == set(convoy.parcels)
    assert journal.unanswered, "the web process died, so somebody must have waited for an answer in vain"
    stage.heal()
    assert stage.eventually_done(set(journal.receipts.values())), stage.words()
    receipts = list(journal.receipts.values())
    states = "SELECT state, count(*) FROM scanning_delivery WHERE receipt = ANY (%s::uuid[]) GROUP BY state"
    assert stage.rows(states, receipts) == [("done", len(convoy.parcels))]
    again = "SELECT count(*) FROM scanning_delivery WHERE receipt = ANY (%s::uuid[]) AND attempts > 1"
    assert stage.number(again, receipts), "no worker died at its work"
    assert counted(stage) == {
        "deliveries": before["deliveries"] + len(convoy.parcels),
        "accepted": before["accepted"] + len(convoy.parcels),
        "events": before["events"] + len(convoy.events),
        "passages": before["passages"] + convoy.lorries,
        "parts": before["parts"] + convoy.lorries * 3,
        "alarms": before["alarms"] + convoy.suspects,
        "hits": before["hits"] + len(sought),
        "notices": before["notices"] + sum(mode != "silent" for _, mode in sought),
    }
    stored = stage.rows(
        "SELECT d.code, e.event_key FROM scanning_scanevent e JOIN scanning_device d ON d.id = e.device_id"
        " WHERE e.event_key = ANY (%s)",
        [key for _, key in convoy.events],
    )
    assert sorted(stored) == convoy.events  # lists: what stood twice would show
    assert stage.number("SELECT max(repeats) FROM scanning_alarm WHERE rule = 'co2_suspect'") == 1
    assert eventually(lambda: stage.number("SELECT count(*) FROM audit_change") == 0, 10), (
        "nudges are not relayed"
    )
