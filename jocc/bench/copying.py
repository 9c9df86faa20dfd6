"""The limit: plain COPY of the very rows that were ingested into an identical table.

The same partitions, the same indexes, one connection, committed on the same server. Only row-level security
is left out, because PostgreSQL refuses COPY under it.
"""

import datetime as dt
import io

from django.db import connection

from jocc.bench.posting import Stopwatch
from jocc.bench.report import BenchFailed, median

# A schema of its own: the start-up check of the centre refuses tables that nobody has declared.
_MAKE = """
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
CREATE TABLE bench.event (LIKE scanning_scanevent INCLUDING ALL) PARTITION BY RANGE (received_at);
"""
_PARTITIONS = """
SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
 WHERE i.inhparent = 'scanning_scanevent'::regclass
"""


def copy_measure(since: dt.datetime, events: int, runs: int) -> list[float]:
    """Copy the events received since then so many times; returns the seconds of each run."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTITIONS)
        partitions = cursor.fetchall()
        rows = io.StringIO()
        query = cursor.mogrify(
            "SELECT * FROM scanning_scanevent WHERE received_at >= %s ORDER BY id", [since]
        )
        cursor.cursor.copy_expert(f"COPY ({query.decode()}) TO STDOUT", rows)
        seconds = []
        for _ in range(runs):
            cursor.execute(_MAKE)
            for name, bound in partitions:
                cursor.execute(
                    f'CREATE TABLE bench."{name}" PARTITION OF bench.event {bound}'
                )  # from the catalogue
            rows.seek(0)
            watch = Stopwatch()
            cursor.cursor.copy_expert("COPY bench.event FROM STDIN", rows)  # commits: no transaction is open
            seconds.append(watch.seconds)
            cursor.execute("SELECT count(*) FROM bench.event")
            if cursor.fetchone()[0] != events:
                raise BenchFailed("COPY did not bring all events.")
        cursor.execute("DROP SCHEMA bench CASCADE")
    return seconds


def events_per_second(events: int, seconds: list[float]) -> float:
    """The rate of the median run."""
    return events / median(seconds)
