"""Redis away altogether, a payload that kills its reader, a second scheduler."""

import json
import random
import time
from datetime import UTC, datetime

import pytest

from jocc.demo.people import PASSWORD
from tests.launcher.started import eventually
from tests.live.browser import Browser
from tests.nemesis.stage import Stage
from tests.nemesis.traffic import BOMB, convoy_made

pytestmark = pytest.mark.engine

_KEEPERS = (
    "SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objid = 77002 AND l.granted"
)


@pytest.fixture
def without_redis(stage: Stage):
    """Redis dies and stays away until the test is over."""
    stage.broker.kill()
    yield stage
    if not stage.broker.is_alive:
        stage.broker.start()


def test_without_redis_deliveries_are_accepted_and_done_once_it_is_back(
    without_redis: Stage, tokens: dict
) -> None:
    stage = without_redis
    convoy = convoy_made(tokens, 8, random.Random())
    began = time.monotonic()
    receipts = set()
    for parcel in convoy.parcels:
        status, answer = stage.post(parcel.token, parcel.body)
        assert status == 202
        receipts.add(answer["receipt"])
    assert (time.monotonic() - began) / len(receipts) < 1, "devices wait for an absent broker"
    waiting = "SELECT count(*) FROM scanning_delivery WHERE state = 'waiting' AND receipt = ANY (%s::uuid[])"
    assert stage.number(waiting, list(receipts)) == len(receipts)
    assert stage.get("/healthz")[0] == 200
    assert stage.get("/readyz")[0] == 503

    stage.broker.start()
    assert stage.eventually_done(receipts), stage.words()


def test_without_redis_officers_sign_in_and_work(without_redis: Stage) -> None:
    browser = Browser(without_redis.port)
    status, path, _ = browser.sign_in("ukba.officer", PASSWORD)
    assert (status, path) == (200, "/")
    assert browser.get("/board/passages/")[0] == 200
    assert browser.get("/passages/")[0] == 200


def test_a_payload_that_kills_its_reader_is_set_aside_and_costs_no_other(stage: Stage, tokens: dict) -> None:
    convoy = convoy_made(tokens, 6, random.Random())
    event = {"event_id": BOMB.decode(), "at": datetime.now(UTC).isoformat(), "result": "clear"}
    status, bomb = stage.post(convoy.parcels[0].token, json.dumps(event).encode())
    assert status == 202
    others = {stage.post(parcel.token, parcel.body)[1]["receipt"] for parcel in convoy.parcels}

    assert stage.eventually_done(others), stage.words()
    assert stage.eventually_done({bomb["receipt"]}, 40), stage.words()
    kept = stage.rows(
        "SELECT state, error_code, attempts > 5, body FROM scanning_delivery WHERE receipt = %s",
        bomb["receipt"],
    )
    assert kept[0][:3] == ("quarantined", "processing_failed", True)
    assert BOMB in bytes(kept[0][3])
    wrong = "SELECT count(*) FROM scanning_delivery WHERE receipt = ANY (%s::uuid[]) AND state <> 'done'"
    assert stage.number(wrong, list(others)) == 0


def test_a_second_scheduler_stands_by_and_takes_over(stage: Stage, tokens: dict) -> None:
    assert eventually(lambda: len(stage.rows(_KEEPERS)) == 1)
    first = stage.rows(_KEEPERS)
    try:
        stage.start("pulse-2")
        connected = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE %s"
        )
        assert eventually(lambda: stage.number(connected, "%pg_try_advisory_lock%")), (
            "the second one never asked"
        )
        assert stage.rows(_KEEPERS) == first
        assert stage.is_alive("pulse-2")

        stage.kill("pulse")
        assert eventually(lambda: len(stage.rows(_KEEPERS)) == 1 and stage.rows(_KEEPERS) != first, 10), (
            stage.words()
        )
        parcel = convoy_made(tokens, 1, random.Random()).parcels[0]
        receipt = stage.post(parcel.token, parcel.body)[1]["receipt"]
        assert stage.eventually_done({receipt})
        assert eventually(lambda: stage.number("SELECT count(*) FROM audit_change") == 0, 10), "nobody relays"
    finally:
        stage.kill("pulse-2")
