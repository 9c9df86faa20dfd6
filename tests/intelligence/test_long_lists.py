"""First pages stay fast at any length: the newest-first index for whoever sees much, the audience's for the others."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.paging import Page, Turn
from intelligence.rules.marks import fold
from intelligence.selectors.hits import hits_page, hits_waiting
from intelligence.selectors.lookouts import lookouts_page
from intelligence.selectors.notices import notices_page, notices_waiting
from intelligence.selectors.watchlist import lookouts_wanted
from tests.intelligence.conftest import Cell

pytestmark = pytest.mark.django_db

ROWS = 20_000
_LOOKOUTS = """
INSERT INTO intelligence_lookout (id, uid, originator_id, viewers, classification, created_at, reference, kind,
       mark_raw, mark_norm, mark_folded, country, action_code, mode, notified_group_ids, priority, reason,
       instruction, state, review_due, withdrawn_reason, expires_at)
SELECT 1000000 + i, gen_random_uuid(), o, ARRAY[o], 0, now() - i * interval '1 second', 'X-' || i, 'plate',
       'M' || i, 'M' || i, 'M' || i, '', 'search', 'stop', '{}', 'low', 'r', '', 'active', current_date + 10, '',
       now() + interval '10 days'
  FROM (SELECT i, CASE WHEN mod(i, 2000) = 0 THEN %s ELSE %s END o FROM generate_series(1, %s) i) x
"""
_SEEN = """uid, originator_id, viewers, classification, created_at, reference, priority, mark_seen, mark_sought,
       country_seen, strength, passage_uid, place, seen_at, last_seen_at, sightings, is_late, by_check, state,
       reject_reason, outcome"""
_HITS = f"""
INSERT INTO intelligence_hit (id, lookout_id, {_SEEN})
SELECT id, id, gen_random_uuid(), originator_id, viewers, 0, created_at, 'H' || id, 'low', 'X', 'X', '', 'exact',
       gen_random_uuid(), 'L1', created_at, created_at, 1, false, false,
       CASE WHEN mod(id, 1000) = 0 THEN 'match' ELSE 'confirmed' END, '', ''
  FROM intelligence_lookout
"""  # noqa: S608  (a constant)
_NOTICES = f"""
INSERT INTO intelligence_notice (id, hit_id, mode, action_code, instruction, escalations, {_SEEN})
SELECT id, id, 'stop', 'stop', '', 0, gen_random_uuid(), originator_id, viewers, 0, created_at, 'N' || id, 'low',
       'X', 'X', '', 'exact', passage_uid, 'L1', created_at, created_at, 1, false, false,
       CASE WHEN mod(id, 1000) = 0 THEN 'open' ELSE 'confirmed' END, '', ''
  FROM intelligence_hit
"""  # noqa: S608  (a constant)


@pytest.fixture
def years(cell: Cell) -> Cell:
    """A long history: nearly all of it UKBA's, ten records PAF's, nothing of customs."""
    with cell.owner(), connection.cursor() as cursor:
        tables = [f"intelligence_{name}" for name in ("lookout", "hit", "notice")]
        for table in tables:  # the birth triggers would take minutes; the audience is written here
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(_LOOKOUTS, [cell.world.group("PAF"), cell.world.group("UKBA"), ROWS])
        cursor.execute(_HITS)
        cursor.execute(_NOTICES)
        for table in tables:
            cursor.execute(f"ANALYZE {table}")
    return cell


def _plan(read: Callable[[], Any], table: str) -> tuple[str, int]:
    """The plan of the first query of `read` on the table, and how many rows it gave."""
    with CaptureQueriesContext(connection) as queries:
        found = read()
    query = next(q["sql"] for q in queries if f'FROM "{table}"' in q["sql"])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + query)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    return plan, len(found.rows if isinstance(found, Page) else found)


READERS = (
    ("ukba.officer", 50, 10, "newest"),
    ("paf.officer", 10, 10, "viewers_gin"),
    ("douanes.officer", 0, 0, "viewers_gin"),
)


def test_first_pages_are_read_by_an_index_for_dense_and_sparse_readers(years: Cell):
    for username, rows, waiting, index in READERS:
        with years.acting(username) as reader:
            for read, name in ((lookouts_page, "lookout"), (hits_page, "hit"), (notices_page, "notice")):
                plan, found = _plan(lambda read=read: read(reader, Turn()), f"intelligence_{name}")
                assert found == rows
                assert f"{name}_{index}" in plan, plan
                assert "Seq Scan" not in plan
            for read, table, small in (
                (hits_waiting, "intelligence_hit", "hit_waiting"),
                (notices_waiting, "intelligence_notice", "notice_open"),
            ):
                plan, found = _plan(lambda read=read: read(reader), table)
                assert found == waiting
                # A sparse reader's few rows are found as fast by the audience.
                assert small in plan or (index == "viewers_gin" and f"{table}_{index}" in plan), plan
                assert "Seq Scan" not in plan


def test_a_page_far_back_starts_at_its_place(years: Cell):
    with years.acting("ukba.officer") as reader:
        first = hits_page(reader, Turn(limit=200))
        turn = Turn(limit=200, after=first.older)
        plan, found = _plan(lambda: hits_page(reader, turn), "intelligence_hit")
        assert found == 200
        assert "Index Cond: (seen_at <=" in plan
        second = hits_page(reader, turn)
        assert {card.uid for card in first.rows}.isdisjoint(card.uid for card in second.rows)
        back = hits_page(reader, Turn(limit=200, before=second.newer))
        assert [card.uid for card in back.rows] == [card.uid for card in first.rows]


def test_the_watch_list_is_asked_once_for_thousands_of_marks_by_its_index(years: Cell):
    marks = [fold(f"Q{number}Q") for number in range(4_000)] + ["M77"]
    with years.ingest():
        with CaptureQueriesContext(connection) as queries:
            (found,) = lookouts_wanted(marks)
        assert found.mark_norm == "M77"
        assert len(queries) == 1
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + queries[0]["sql"])
            plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "lookout_mark" in plan
    assert "Seq Scan" not in plan
