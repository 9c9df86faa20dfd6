"""Accepted means done, once: whatever is killed, and whenever."""

import contextlib
import itertools
import os
import queue
import random
import threading
import time
from collections.abc import Iterator

import pytest

from tests.launcher.started import eventually
from tests.nemesis import failpoints
from tests.nemesis.stage import Stage
from tests.nemesis.traffic import Convoy, Parcel, convoy_made

pytestmark = pytest.mark.engine

#: `bin/jocc nemesis kills` asks for longer storms: one round of faults for each so many seconds.
ROUNDS = max(1, round(float(os.environ.get("JOCC_STORM_S", "40")) / 40))
POSTERS = 4
LORRIES = 300 * ROUNDS
#: One round beside the failpoints.
VICTIMS = (
    "workers", "workers", "broker", "broker", "broker emptied", "web", "pulse",
    "sessions", "backend", "postgres",
)  # fmt: skip
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
        self.abandoned = False

    def post_until_taken(self, parcel: Parcel) -> None:
        """The same bytes again and again until the centre has taken them, as a device does."""
        while not self.abandoned:
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


def faults_drawn(rng: random.Random) -> list[str]:
    """The faults of the storm in random order: in one round each failpoint once at least, in four every pair."""
    pairs = [f"{web}+{worker}" for web, worker in itertools.product(failpoints.WEB, failpoints.WORKER)]
    faults: list[str] = []
    for number in range(ROUNDS):
        diagonal = [
            f"{failpoints.WEB[(step + number) % len(failpoints.WEB)]}+{worker}"
            for step, worker in enumerate(failpoints.WORKER)
        ]
        faults += [*VICTIMS, *diagonal]
    if len(faults) > len(pairs) * 3:
        assert set(pairs) <= set(faults)
    rng.shuffle(faults)
    return faults


@contextlib.contextmanager
def posting(
    stage: Stage, parcels: list[Parcel]
) -> Iterator[tuple[Journal, "queue.SimpleQueue[Parcel | None]"]]:
    """Devices that post what is put into the queue; in the end all of it has been taken."""
    journal = Journal(stage)
    waiting: queue.SimpleQueue[Parcel | None] = queue.SimpleQueue()

    def post() -> None:
        while (parcel := waiting.get()) is not None:
            journal.post_until_taken(parcel)

    posters = [threading.Thread(target=post) for _ in range(POSTERS)]
    for poster in posters:
        poster.start()
    try:
        yield journal, waiting
    except BaseException:
        journal.abandoned = True
        raise
    finally:
        for _ in posters:
            waiting.put(None)
        for poster in posters:
            poster.join()


def storm(stage: Stage, convoy: Convoy, rng: random.Random) -> tuple[Journal, list[str]]:
    """Post the convoy while processes are shot; one in six deliveries is sent a second time.

    Returns what the devices were told, and what was killed. Each fault comes while its share of the deliveries is
    on the way, however slow the machine is.
    """
    parcels = list(convoy.parcels) + rng.sample(convoy.parcels, len(convoy.parcels) // 6)
    faults = faults_drawn(rng)
    killed: list[str] = []
    with posting(stage, parcels) as (journal, waiting):
        for number, fault in enumerate(faults):
            for parcel in parcels[number :: len(faults)]:
                waiting.put(parcel)
            killed += shoot(stage, fault, rng)
    return journal, killed


def shoot(stage: Stage, fault: str, rng: random.Random) -> list[str]:
    """One fault at a random moment; what was killed is started again at once. Returns what was killed."""
    assert stage.cluster is not None
    if "+" in fault:
        return failpoints_fire(stage, fault.split("+"))
    time.sleep(rng.uniform(0.1, 0.6))
    if fault == "broker emptied":
        stage.broker.empty()
        return []
    if fault == "broker":
        stage.broker.kill()
        time.sleep(rng.uniform(0.0, 0.4))
        stage.broker.start()
    elif fault == "sessions":
        assert stage.cluster.backends_terminate()
    elif fault == "backend":
        stage.cluster.backend_kill()
    elif fault == "postgres":
        stage.cluster.crash()
        time.sleep(rng.uniform(0.0, 0.4))
        stage.cluster.start()
    elif fault == "workers":  # they die with deliveries in their hands
        eventually(lambda: stage.number(_IN_HAND), 4)
        stage.kill("worker-1", "worker-2")
        stage.start("worker-1", "worker-2")
        return ["worker-1", "worker-2"]
    else:
        stage.kill(fault)
        stage.start(fault)
    return [fault]


def failpoints_fire(stage: Stage, points: list[str]) -> list[str]:
    """Arm the points together, wait until a process has died at each, and start those again."""
    died = stage.deaths
    for point in points:
        (stage.armed / point).touch()

    def gone() -> bool:
        stage.start(
            "web", "worker-1", "worker-2"
        )  # the web process ends when it finds no database at its start
        return not any(stage.armed.iterdir()) and stage.deaths == died + len(points)

    assert eventually(gone, 30), f"left: {[path.name for path in stage.armed.iterdir()]}\n{stage.words()}"
    return points


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

    journal, killed = storm(stage, convoy, rng)

    assert len(killed) >= 20 * ROUNDS
    assert {*failpoints.WEB, *failpoints.WORKER} <= set(killed)
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
    verified = stage.manage("audit_verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
