"""Part `soak`: fifty events a second for ten minutes onto open boards, while a day that was cut off is replayed beside it."""

import datetime as dt
import threading
from typing import Any

from jocc.bench.equipment import lanes_make
from jocc.bench.ground import Ground
from jocc.bench.ledger import count, database_now, events_wait, receipts_verify
from jocc.bench.live import arrivals, boards_watch
from jocc.bench.posting import parcels_post
from jocc.bench.processes import centre_running
from jocc.bench.report import BenchFailed, Report, Screen, median, percentile
from jocc.bench.traffic import Traffic

SECONDS = 600
#: A day of the port: 18,000 lorries of four events. A device that was cut off delivers what it has collected in batches.
BACKLOG_EVENTS = 72_000
_EVENTS_OF_A_LORRY = 4
_BATCH = 100
_PATIENCE_S = 900
_EVENTS = "SELECT count(*) FROM (SELECT DISTINCT device_id, event_key FROM scanning_scanevent WHERE received_at >= %s) e"


def soak_measure(ground: Ground, screen: Screen, report: Report, *, workers: int, size: float) -> None:
    """Measure losses and the way from delivery to screen under a steady load with a backlog beside it.

    `size` is the share of the ten minutes and of the day: 1 for the record.
    """
    seconds, lorries = max(10.0, SECONDS * size), max(100, round(BACKLOG_EVENTS * size / _EVENTS_OF_A_LORRY))
    lanes, cut_off = lanes_make(per_site=2, name="SOAK"), lanes_make(per_site=2, name="BACK")
    parcels = list(
        Traffic(4711, dt.datetime.now(dt.UTC) - dt.timedelta(days=1)).parcels(cut_off, lorries, _BATCH)
    )
    since, journal = database_now(), {}
    faults: list[BenchFailed] = []
    with centre_running(ground, workers) as port:

        def replay() -> None:
            try:
                journal.update(parcels_post(port, parcels, threads=1))
            except BenchFailed as error:
                faults.append(error)

        screen.say(
            f"A backlog of {sum(parcel.events for parcel in parcels):,} events is replayed beside it …"
        )
        beside = threading.Thread(target=replay)
        beside.start()
        found = boards_watch(port, lanes, screen, seconds=seconds)
        beside.join()
        if faults:
            raise faults[0]
        sent = found["sent"] + sum(journal.values())
        lost = _lost(since, sent, screen)
    if not lost:
        receipts_verify(journal, since, beside=found["sent"])
    arrived = arrivals(found)
    p95 = percentile(arrived, 0.95)
    report.add("soak", {"soak_lost": lost, "soak_p95_ms": p95}, _raw(found, arrived, sent, size))
    screen.say(f"  {lost} of {sent:,} events lost; p50 {median(arrived):,.0f} ms, p95 {p95:,.0f} ms")


def _lost(since: dt.datetime, sent: int, screen: Screen) -> int:
    """How many of the events that were answered with a receipt never became an event."""
    try:
        events_wait(since, sent, screen, _PATIENCE_S)
    except BenchFailed:
        missing = sent - count(_EVENTS, since)
        if missing <= 0:
            raise
        return missing
    return sent - count(_EVENTS, since)


def _raw(found: dict[str, Any], arrived: list[float], sent: int, size: float) -> dict[str, Any]:
    return {
        "size": size,
        "events_sent": sent,
        "live_events_per_second": found["sent"] / found["seconds"],
        "delivery_to_content_p50_ms": median(arrived),
        "delivery_to_content_p99_ms": percentile(arrived, 0.99),
        **{
            f"p95_ms_in_fifth_{number}": delay * 1000
            for number, delay in enumerate(found["p95_by_fifth"], start=1)
        },
        "arrivals": len(arrived),
        "answer_to_delivery_p95_ms": percentile(found["answers"], 0.95) * 1000,
        "client_cpu_share": found["client_cpu_share"],
    }
