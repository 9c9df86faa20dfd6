"""Part `year`: a part of 2009 through the whole way in large deliveries, and what the whole year would take."""

import datetime as dt

from jocc.bench.equipment import lanes_make
from jocc.bench.ground import Ground
from jocc.bench.ledger import count, database_now, events_wait, receipts_verify
from jocc.bench.posting import Stopwatch, parcels_post
from jocc.bench.processes import centre_running
from jocc.bench.report import Report, Screen
from jocc.bench.traffic import Traffic

LORRIES = 100_000
WHOLE_YEAR = 1_000_000
SIZE = 1000  # the most that one delivery may hold
LANES_PER_SITE = 2
_EVENTS_PER_LORRY = 4


def year_measure(
    ground: Ground, screen: Screen, report: Report, *, workers: int, lookouts: list[str]
) -> None:
    """Replay so many lorries of four events each, verify every receipt, and extrapolate."""
    lanes = lanes_make(LANES_PER_SITE, name="YEAR")
    screen.say(f"Making {LORRIES:,} lorries …")
    traffic = Traffic(2009, dt.datetime.now(dt.UTC) - dt.timedelta(days=30), lookouts)
    parcels = list(traffic.parcels(lanes, LORRIES, SIZE))
    before = count("SELECT count(*) FROM scanning_passage")
    with centre_running(ground, workers) as port:
        screen.say(f"Posting {LORRIES * _EVENTS_PER_LORRY:,} events in {len(parcels)} deliveries …")
        since = database_now()
        watch = Stopwatch()
        journal = parcels_post(port, parcels)
        events_wait(since, LORRIES * _EVENTS_PER_LORRY, screen, patience_s=900)
        seconds = watch.seconds
    receipts_verify(journal, since)
    minutes = seconds * (WHOLE_YEAR / LORRIES) / 60
    screen.say(f"  {seconds:,.0f} s; the whole year would take {minutes:,.0f} minutes")
    report.add(
        "year",
        {"year_2009_minutes": minutes},
        {
            "lorries": LORRIES,
            "events": LORRIES * _EVENTS_PER_LORRY,
            "events_in_a_delivery": SIZE,
            "lookouts": len(lookouts),
            "workers": workers,
            "seconds": seconds,
            "events_per_second": LORRIES * _EVENTS_PER_LORRY / seconds,
            "passages_made": count("SELECT count(*) FROM scanning_passage") - before,
        },
    )
