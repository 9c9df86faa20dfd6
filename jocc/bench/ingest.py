"""Part `ingest`: durable ingest from the HTTP request to the processed event, against COPY and a newcomer's way."""

import datetime as dt
from typing import Any

from jocc.bench.copying import copy_measure, events_per_second
from jocc.bench.equipment import BenchLane, lanes_make
from jocc.bench.ground import Ground
from jocc.bench.ledger import count, database_now, events_wait, receipts_verify
from jocc.bench.newcomer import newcomer_measure
from jocc.bench.posting import Stopwatch, parcels_post
from jocc.bench.processes import centre_running
from jocc.bench.report import Report, Screen, median
from jocc.bench.traffic import Traffic
from jocc.bench.watchlist import watchlist_make

DEVICES_PER_LANE = 4
LANES_PER_SITE = 2  # four sites: 32 devices
EVENTS = 60_000
ROUNDS = 3
SIZE = 500
LOOKOUTS = 100_000
NEWCOMER_EVENTS = 2_000
COPY_RUNS = 3


def ingest_measure(
    ground: Ground, screen: Screen, report: Report, *, workers: int, lookouts: list[str]
) -> None:
    """Measure rounds of ingest, each with its own COPY of the same rows, and the baseline on the same server."""
    lanes = lanes_make(LANES_PER_SITE)
    rounds = []
    with centre_running(ground, workers) as port:
        _warm_up(port, lanes, screen)
        for number in range(1, ROUNDS + 1):
            rounds.append(_round(port, lanes, lookouts, number, screen))
    screen.say(f"Baseline: one task for each event, {NEWCOMER_EVENTS:,} events …")
    newcomer_rate = _newcomer_rate(ground, lanes, lookouts, workers)
    screen.say(f"  {newcomer_rate:,.0f} events/s")
    rate = median([each["events_per_second"] for each in rounds])
    report.add(
        "ingest",
        {
            "events_per_second": rate,
            "ingest_vs_copy": median([each["ratio"] for each in rounds]),
            "ingest_vs_task_per_event": rate / newcomer_rate,
        },
        {
            "events": EVENTS,
            "events_in_a_delivery": SIZE,
            "devices": len(lanes) * DEVICES_PER_LANE,
            "lookouts": len(lookouts),
            "workers": workers,
            "rounds_events_per_second": [round(each["events_per_second"]) for each in rounds],
            "rounds_copy_events_per_second": [round(each["copy_events_per_second"]) for each in rounds],
            "rounds_post_seconds": [round(each["post_seconds"], 2) for each in rounds],
            "task_per_event_events_per_second": newcomer_rate,
            "lorries_sent": sum(each["lorries"] for each in rounds),
            "passages_made": sum(each["passages"] for each in rounds),
            "lookouts_driven_past": sum(each["looked_for"] for each in rounds),
            "hits_made": sum(each["hits"] for each in rounds),
        },
    )


def _warm_up(port: int, lanes: list[BenchLane], screen: Screen) -> None:
    """Connections, plans and caches stand before the clock starts."""
    traffic = Traffic(1, dt.datetime.now(dt.UTC) - dt.timedelta(days=9))
    since = database_now()
    journal = parcels_post(port, list(traffic.parcels(lanes, 400, 100)))
    events_wait(since, sum(journal.values()), screen)


def _round(
    port: int, lanes: list[BenchLane], lookouts: list[str], number: int, screen: Screen
) -> dict[str, Any]:
    lorries = EVENTS // DEVICES_PER_LANE
    traffic = Traffic(100 + number, dt.datetime.now(dt.UTC) - dt.timedelta(days=9 - 2 * number), lookouts)
    parcels = list(traffic.parcels(lanes, lorries, SIZE))
    before = count("SELECT count(*) FROM scanning_passage"), count("SELECT count(*) FROM intelligence_hit")
    screen.say(f"Ingest {number} of {ROUNDS}: {EVENTS:,} events in {len(parcels)} deliveries …")
    since = database_now()
    watch = Stopwatch()
    journal = parcels_post(port, parcels)
    posted = watch.seconds
    events_wait(since, EVENTS, screen)
    seconds = watch.seconds
    receipts_verify(journal, since)
    copied = events_per_second(EVENTS, copy_measure(since, EVENTS, COPY_RUNS))
    rate = EVENTS / seconds
    screen.say(f"  {rate:,.0f} events/s; COPY {copied:,.0f} events/s; ratio {rate / copied:.2f}")
    return {
        "events_per_second": rate,
        "copy_events_per_second": copied,
        "ratio": rate / copied,
        "post_seconds": posted,
        "lorries": lorries,
        "looked_for": traffic.looked_for,
        "passages": count("SELECT count(*) FROM scanning_passage") - before[0],
        "hits": count("SELECT count(*) FROM intelligence_hit") - before[1],
    }


def _newcomer_rate(ground: Ground, lanes: list[BenchLane], lookouts: list[str], workers: int) -> float:
    traffic = Traffic(900, dt.datetime.now(dt.UTC) - dt.timedelta(days=12), lookouts)
    events: list[tuple[str, dict[str, Any]]] = []
    while len(events) < NEWCOMER_EVENTS:
        for lane in lanes:
            events += [(device.code, event) for device, event in traffic.lorry(lane).items()]
    events = events[:NEWCOMER_EVENTS]
    seconds = newcomer_measure(ground, events, workers)
    return len(events) / seconds


def lookouts_make(screen: Screen) -> list[str]:
    """The watch-list that ingest and the year are matched against."""
    screen.say(f"Writing {LOOKOUTS:,} lookouts …")
    return watchlist_make(LOOKOUTS, screen)
