"""Counting in the database, as its owner, past all walls: a time means something only when the counts are exact."""

import datetime as dt
import time
from typing import Any

from django.db import connection

from jocc.bench.report import BenchFailed, Screen

_WAITING = "SELECT count(*) FROM scanning_delivery WHERE state = 'waiting'"
_EVENTS = "SELECT count(*) FROM scanning_scanevent WHERE received_at >= %s"
_DISTINCT = "SELECT count(*) FROM (SELECT DISTINCT device_id, event_key FROM scanning_scanevent WHERE received_at >= %s) e"
_RECEIPTS = """
SELECT count(*), coalesce(sum((result ->> 'events')::int), 0), count(*) FILTER (WHERE state <> 'done')
  FROM scanning_delivery WHERE receipt = ANY (%s::uuid[]) AND received_at >= %s
"""
_POLL_S = 0.03


def database_now() -> dt.datetime:
    """The time as the database knows it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def count(statement: str, *values: Any) -> int:
    """The single number that a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


def events_wait(since: dt.datetime, expected: int, screen: Screen, patience_s: float = 300) -> None:
    """Return when no delivery waits and exactly so many events have been received since then."""
    until, spoken = time.monotonic() + patience_s, time.monotonic()
    while True:
        waiting = count(_WAITING)
        if not waiting:
            found = count(_EVENTS, since)
            if found == expected:
                return
            if found > expected:
                raise BenchFailed(f"{found:,} events are in the database, {expected:,} were sent.")
        now = time.monotonic()
        if now > until:
            raise BenchFailed(f"After {patience_s:.0f} s {waiting} deliveries still wait.")
        if now - spoken > 5:
            spoken = now
            screen.say(f"  {waiting} deliveries wait")
        time.sleep(_POLL_S)


def receipts_verify(journal: dict[str, int], since: dt.datetime, *, beside: int = 0) -> None:
    """Every receipt is done, with the events that its delivery held, and no event stands twice.

    `beside`: so many events were sent whose receipts are not in the journal.
    """
    sent = sum(journal.values())
    with connection.cursor() as cursor:
        cursor.execute(_RECEIPTS, [list(journal), since])
        found, events, undone = cursor.fetchone()
    if (found, events, undone) != (len(journal), sent, 0):
        raise BenchFailed(
            f"Of {len(journal)} receipts {found} were found, {undone} of them not done, with {events} of {sent} events."
        )
    distinct = count(_DISTINCT, since)
    if distinct != sent + beside:
        raise BenchFailed(
            f"{sent + beside:,} events were sent, {distinct:,} different ones are in the database."
        )
