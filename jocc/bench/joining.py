"""Part `joining`: which share of the events comes into the right passage, in hours whose truth is known.

The labelled hours (jocc/bench/labelled) are posted over HTTP, and the worker's own function takes what has come in every
two seconds of the hour, before the next is posted. A worker that has nothing else to do takes it sooner; in larger lots
joining is easier, because more is known of each lorry.
"""

import datetime as dt
import statistics
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from agencies.acting import acting_as
from agencies.facts import INGEST
from jocc.bench.equipment import BenchDevice, posts_make
from jocc.bench.ground import Ground
from jocc.bench.labelled import figures
from jocc.bench.labelled.hour import Hour, Reported, Sent, hour_made
from jocc.bench.labelled.lane import POSTS
from jocc.bench.labelled.score import Score, joined_score
from jocc.bench.posting import parcels_post
from jocc.bench.processes import web_running
from jocc.bench.report import BenchFailed, Report, Screen
from jocc.bench.traffic import parcel
from scanning.services.ingest import deliveries_process
from scanning.services.ingest.join import habits_forget

#: RESERVED for this measurement. Whoever works on the joiner uses other seeds (the tests have some): what was tuned on
#: these hours would say nothing about any other.
SEEDS = (2_009_001, 2_009_002, 2_009_003, 2_009_004, 2_009_005)
#: The worker takes what has come so often (seconds of the hour).
TURN_S = 2.0
#: The hours lie further apart than a visit lasts, and before now, latecomers included.
APART = dt.timedelta(hours=6)

_JOINED = """
SELECT event_key, passage_id FROM scanning_scanevent WHERE device_id = ANY(%s) AND event_at BETWEEN %s AND %s
"""


def joining_measure(ground: Ground, screen: Screen, report: Report, seeds: Sequence[int] = SEEDS) -> None:
    """Send each labelled hour through the inbox and the worker, and judge the passages; the worst hour counts."""
    lanes = posts_make("JOIN", figures.LANES, POSTS)
    scores: list[Score] = []
    hours: list[dict[str, float]] = []
    with web_running(ground) as port:
        for number, seed in enumerate(seeds, start=1):
            hour = hour_made(seed)
            began = dt.datetime.now(dt.UTC) - number * APART
            scores.append(_hour(port, lanes, hour, began))
            hours.append(hour.figures())
            screen.say(f"  hour {number} of {len(seeds)}: {_words(scores[-1])}")
    report.add(
        "joining",
        {"passage_join_accuracy": min(score.accuracy for score in scores)},
        _raw(scores, hours),
    )


def _words(score: Score) -> str:
    return (
        f"{score.accuracy:.2%} right (unmarked {score.unmarked:.2%}, misread {score.misread:.2%}, late {score.late:.2%});"
        f" {score.visits_split} of {score.visits} visits split, {score.passages_mixed} of {score.passages} passages mixed"
    )


def _raw(scores: Sequence[Score], hours: Sequence[dict[str, float]]) -> dict[str, Any]:
    mean = {
        f"mean_{name}": statistics.mean(getattr(score, name) for score in scores)
        for name in ("accuracy", "unmarked", "misread", "late")
    }
    each = {
        f"hours_{name}": [round(getattr(score, name), 4) for score in scores]
        for name in ("accuracy", "visits_split", "passages", "passages_mixed")
    }
    traffic = {name: statistics.mean(hour[name] for hour in hours) for name in hours[0]}
    return {**mean, **each, **{f"an_hours_{name}": value for name, value in traffic.items()}}


def _hour(port: int, lanes: Sequence[dict[str, BenchDevice]], hour: Hour, began: dt.datetime) -> Score:
    """One hour on an empty road: the worker knows nothing of the lanes when it begins."""
    habits_forget()
    for turn in _turns(hour.sent):
        parcels_post(
            port,
            [
                parcel(lanes[sent.lane][sent.post], [_as_posted(event, began) for event in sent.events])
                for sent in turn
            ],
        )
        with acting_as(INGEST):
            deliveries_process(turns=1)
    return joined_score(hour, _joined(lanes, hour, began))


def _turns(sent: Sequence[Sent]) -> Iterator[list[Sent]]:
    turn: list[Sent] = []
    for delivery in sent:
        if turn and delivery.arrives > turn[0].arrives + TURN_S:
            yield turn
            turn = []
        turn.append(delivery)
    yield turn


def _as_posted(event: Reported, began: dt.datetime) -> dict[str, Any]:
    posted: dict[str, Any] = {
        "event_id": event.key,
        "at": (began + dt.timedelta(seconds=event.at)).isoformat(timespec="milliseconds"),
        "result": "clear",
    }
    if event.marks:
        posted["marks"] = [{"kind": kind, "value": value} for kind, value in event.marks]
    return posted


def _joined(lanes: Sequence[dict[str, BenchDevice]], hour: Hour, began: dt.datetime) -> dict[str, int]:
    devices = [device.id for posts in lanes for device in posts.values()]
    with connection.cursor() as cursor:
        cursor.execute(_JOINED, [devices, began - APART / 2, began + APART / 2])
        joined: dict[str, int] = dict(cursor.fetchall())
    missing = {event.key for event in hour.events} - joined.keys()
    if missing or None in joined.values():
        raise BenchFailed(f"{len(missing)} of {len(hour.events)} events are in no passage.")
    return joined
