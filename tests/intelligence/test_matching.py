"""A lookout is recognised when its mark is read, once per visit, and only while it is active."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.acting import acting_as
from intelligence.choices import HitState, NoticeState, Strength
from intelligence.models import Lookout
from intelligence.services.duties import lookouts_expire
from intelligence.services.matching import sightings_match
from tests.intelligence.conftest import Cell, sighting

HOUR = dt.timedelta(hours=1)

pytestmark = pytest.mark.django_db


def test_a_mark_that_is_read_as_written_is_an_exact_match(cell: Cell):
    cell.looks(mark="AB 123 CD")
    assert cell.sees(sighting("ab-123-cd")) == 1
    (hit,) = cell.hits()
    assert (hit.strength, hit.state, hit.mark_seen, hit.mark_sought) == (
        Strength.EXACT, HitState.MATCH, "ab-123-cd", "AB 123 CD",
    )  # fmt: skip


def test_a_mark_with_confused_characters_is_a_match_that_says_so(cell: Cell):
    cell.looks(mark="B0 188 IO")
    assert cell.sees(sighting("8O I8B 10")) == 1
    assert cell.hits()[0].strength == Strength.FOLDED


def test_another_mark_is_no_match(cell: Cell):
    cell.looks(mark="AB 123 CD")
    assert cell.sees(sighting("AB 124 CD"), sighting("")) == 0
    assert cell.hits() == []


def test_the_same_vehicle_at_the_same_visit_is_one_hit_with_the_best_reading_and_the_last_place(cell: Cell):
    cell.looks(mark="AB 123 CO")
    visit, now = uuid.uuid4(), timezone.now()
    later = now + dt.timedelta(minutes=4)
    cell.sees(
        sighting("AB 123 C0", passage_uid=visit, place="CALAIS L1", lane_id=1, seen_at=now, confidence=0.99)
    )
    assert cell.sees(
        sighting("AB 123 CO", passage_uid=visit, place="CALAIS L2", lane_id=2, seen_at=later, confidence=0.6)
    ) == 0  # fmt: skip
    (hit,) = cell.hits()
    assert (hit.sightings, hit.strength, hit.mark_seen, hit.place, hit.lane_id) == (
        2,
        "exact",
        "AB 123 CO",
        "CALAIS L2",
        2,
    )
    assert (hit.seen_at, hit.last_seen_at) == (now, later)


def test_an_older_sighting_that_comes_later_does_not_move_the_vehicle_back(cell: Cell):
    cell.looks()
    visit, now = uuid.uuid4(), timezone.now()
    cell.sees(sighting(passage_uid=visit, place="CALAIS L2", seen_at=now))
    cell.sees(sighting(passage_uid=visit, place="CALAIS L1", seen_at=now - dt.timedelta(minutes=5)))
    assert cell.hits()[0].place == "CALAIS L2"
    assert cell.hits()[0].last_seen_at == now


def test_two_readings_in_one_delivery_are_one_hit(cell: Cell):
    cell.looks()
    visit = uuid.uuid4()
    assert cell.sees(sighting(passage_uid=visit), sighting(passage_uid=visit)) == 1
    assert cell.hits()[0].sightings == 2


def test_the_next_visit_is_a_hit_of_its_own(cell: Cell):
    cell.looks()
    assert cell.sees(sighting()) == 1
    assert cell.sees(sighting()) == 1


def test_two_owners_of_the_same_mark_get_a_hit_each(cell: Cell):
    cell.looks("ukba.analyst")
    cell.looks("paf.analyst")
    assert cell.sees() == 2
    assert {hit.originator_id for hit in cell.hits()} == {cell.world.group("UKBA"), cell.world.group("PAF")}


def test_a_lookout_past_its_time_does_not_match_even_before_it_is_swept(cell: Cell):
    lookout = cell.looks()
    cell.as_owner(lambda: Lookout.objects.filter(pk=lookout.pk).update(expires_at=timezone.now() - HOUR))
    assert cell.sees() == 0
    assert cell.as_worker(lookouts_expire) == 1
    assert cell.sees() == 0


def test_a_hit_found_in_a_backlog_is_late_until_the_vehicle_is_seen_now(cell: Cell):
    cell.stops()
    visit = uuid.uuid4()
    cell.sees(sighting(passage_uid=visit, is_late=True))
    assert cell.hits()[0].is_late
    assert cell.notices()[0].is_late
    cell.sees(sighting(passage_uid=visit))
    assert not cell.hits()[0].is_late
    assert not cell.notices()[0].is_late


def test_a_further_sighting_moves_the_notice_to_where_the_vehicle_is(cell: Cell):
    cell.stops()
    visit = uuid.uuid4()
    cell.sees(sighting(passage_uid=visit, place="CALAIS L1"))
    cell.sees(
        sighting(passage_uid=visit, place="CALAIS L2", seen_at=timezone.now() + dt.timedelta(minutes=1))
    )
    (notice,) = cell.notices()
    assert (notice.place, notice.sightings, notice.state) == ("CALAIS L2", 2, NoticeState.OPEN)


def test_a_batch_without_a_match_costs_one_query(cell: Cell):
    cell.looks()
    batch = [sighting(f"QX {number} YY") for number in range(500)]
    with cell.ingest(), CaptureQueriesContext(connection) as queries:
        assert sightings_match(batch) == 0
    assert len(queries) == 1
    assert sightings_match([]) == 0


def test_only_the_worker_finds_a_watch_list(cell: Cell):
    cell.looks()
    with acting_as(cell.world.principal("paf.supervisor")):
        assert sightings_match([sighting()]) == 0
