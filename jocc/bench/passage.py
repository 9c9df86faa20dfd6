"""Part `passage`: the page of one passage, over HTTP, among a million passages and a million events (ten millions with `--size 10`).

Four officers, one of each agency, who see half of the lanes or more, each open passages of the last three months that
nobody has opened before. The page shows parts, marks, events and alarms, asks the gate, and records that it was read.
"""

import http.client
import time
from typing import Any

from django.db import connection, transaction

from agencies.acting import acting_as
from agencies.facts import OWNER
from jocc.bench.ground import Ground
from jocc.bench.ledger import count
from jocc.bench.live import session_begin
from jocc.bench.million import PASSAGES, Audience
from jocc.bench.processes import web_running
from jocc.bench.report import BenchFailed, Report, Screen, median, percentile

#: The newest passages, about three months of them, have their events: one for each part. More events than all parts
#: together are several of each part.
EVENTS = 1_000_000
PARTS = 4
PAGES, WARM_UP = 100, 10

_EVENTS = """
INSERT INTO scanning_scanevent (uid, received_at, device_id, lane_id, passage_id, delivery_id, event_key, type, result, event_at,
                                device_at, is_late, confidence, mark_raw, detail)
SELECT gen_random_uuid(), p.last_at + interval '1 second', p.device_id, p.lane_id, p.passage_id, 0, p.passage_id || '-' || p.device_id || '-' || n,
       'detection', p.result, p.last_at, p.last_at, false, 0.9, coalesce(m.raw, ''), '{}'
  FROM scanning_passagepart p
  LEFT JOIN scanning_passagemark m ON m.passage_id = p.passage_id AND m.device_id = p.device_id
 CROSS JOIN LATERAL generate_series(1, floor(%s + p.passage_id %% 2 * 0.5)::int) n
 WHERE p.passage_id > %s ORDER BY p.passage_id, p.last_at
"""
_CHOSEN = """
SELECT w.uid::text FROM scanning_passage w WHERE w.id > %s AND EXISTS
  (SELECT 1 FROM scanning_passagepart p JOIN scanning_device d ON d.id = p.device_id WHERE p.passage_id = w.id AND %s = ANY(d.viewers))
 ORDER BY md5(w.id::text) LIMIT %s
"""


def passage_measure(
    ground: Ground, screen: Screen, report: Report, *, audiences: list[Audience], size: float = 1.0
) -> None:
    """Time the page for each agency's officer; the slowest officer's 95th percentile counts. `size`: millions of events."""
    passages = min(PASSAGES, round(EVENTS * size / PARTS))
    edge = count("SELECT max(id) FROM scanning_passage") - passages
    screen.say(f"Writing the events of the newest {passages:,} passages …")
    with acting_as(OWNER), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_EVENTS, [max(1.0, EVENTS * size / PARTS / passages), edge])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) scanning_scanevent")
    times: dict[str, list[float]] = {}
    with web_running(ground) as port:
        for reader in (audience for audience in audiences if audience.is_dense):
            times[reader.agency] = _times(port, reader, edge)
            screen.say(
                f"  {reader.agency:<8} p95 {percentile(times[reader.agency], 0.95):6.1f} ms, median {median(times[reader.agency]):6.1f} ms"
            )
    raw: dict[str, Any] = {
        "events": count("SELECT count(*) FROM scanning_scanevent"),
        "passages": count("SELECT count(*) FROM scanning_passage"),
    }
    raw |= {f"{agency} p50 ms": median(taken) for agency, taken in times.items()}
    raw |= {f"{agency} p95 ms": percentile(taken, 0.95) for agency, taken in times.items()}
    worst = max(percentile(taken, 0.95) for taken in times.values())
    report.add("passage", {"passage_page_p95_ms": worst}, raw)


def _times(port: int, reader: Audience, edge: int) -> list[float]:
    """Milliseconds of each page, the first few left out."""
    cookie = session_begin(port, f"{reader.agency.lower()}.officer")
    with connection.cursor() as cursor:
        cursor.execute(_CHOSEN, [edge, reader.group_id, PAGES + WARM_UP])
        chosen = [row[0] for row in cursor.fetchall()]
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times = []
    for uid in chosen:
        began = time.perf_counter()
        talk.request("GET", f"/passages/{uid}/", headers={"Cookie": cookie})
        answer = talk.getresponse()
        body = answer.read()
        times.append((time.perf_counter() - began) * 1000)
        if answer.status != 200 or b"PAGES-" not in body:
            raise BenchFailed(f"{reader.agency}: the page of a passage was answered with {answer.status}.")
    talk.close()
    return times[WARM_UP:]
