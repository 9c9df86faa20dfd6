"""Which passage an event belongs to."""

import datetime as dt

from intelligence.rules.marks import fold
from scanning.facts import MarkRead
from scanning.rules.joining import VISIT_S, Joiner

T0 = dt.datetime(2026, 11, 22, 4, 10, tzinfo=dt.UTC).timestamp()
FRONT, REAR, RADIATION, DOG = 1, 2, 3, 4
LANE, OTHER = 10, 11


def at(seconds: float) -> float:
    return T0 + seconds


def mark(norm: str, kind: str = "tractor") -> MarkRead:
    return MarkRead(kind, norm, norm, fold(norm), "FR", 0.9)


def place(joiner, device, seconds, *marks, lane=LANE):
    return joiner.place(device_id=device, lane_id=lane, at=at(seconds), marks=tuple(marks))


def test_the_same_mark_in_two_lanes_is_one_passage():
    joiner = Joiner(site_id=1)
    assert place(joiner, FRONT, 0, mark("AB123CD")) is place(joiner, DOG, 600, mark("AB123CD"), lane=OTHER)


def test_a_misread_zero_is_still_the_same_lorry():
    joiner = Joiner(site_id=1)
    assert place(joiner, FRONT, 0, mark("AO123CD")) is place(joiner, DOG, 60, mark("A0I23CD"))


def test_the_same_lorry_on_another_day_is_another_passage():
    joiner = Joiner(site_id=1)
    first = place(joiner, FRONT, 0, mark("AB123CD"))
    assert place(joiner, FRONT, VISIT_S + 1, mark("AB123CD")) is not first


def test_front_and_rear_readers_join_tractor_and_trailer():
    joiner = Joiner(site_id=1)
    lorry = place(joiner, FRONT, 0, mark("AB123CD"))
    assert place(joiner, REAR, 4, mark("QQ777ZZ", "trailer")) is lorry
    assert place(joiner, DOG, 900, mark("QQ777ZZ", "trailer"), lane=OTHER) is lorry


def test_the_next_lorry_at_the_same_reader_is_not_joined_to_the_one_before():
    joiner = Joiner(site_id=1)
    first = place(joiner, FRONT, 0, mark("AB123CD"))
    assert place(joiner, FRONT, 8, mark("EF456GH")) is not first


def test_an_unmarked_measurement_belongs_to_the_lorry_that_lacks_it():
    joiner = Joiner(site_id=1)
    first = place(joiner, FRONT, 0, mark("AB123CD"))
    assert place(joiner, RADIATION, 10) is first
    second = place(joiner, FRONT, 20, mark("EF456GH"))
    assert place(joiner, RADIATION, 30) is second


def test_an_unmarked_measurement_long_after_the_last_lorry_is_a_passage_of_its_own():
    joiner = Joiner(site_id=1)
    first = place(joiner, FRONT, 0, mark("AB123CD"))
    assert place(joiner, RADIATION, 200) is not first


def test_an_event_that_arrives_late_finds_its_passage():
    joiner = Joiner(site_id=1)
    place(joiner, FRONT, 600, mark("EF456GH"))
    lorry = place(joiner, FRONT, 620, mark("AB123CD"))
    assert place(joiner, DOG, 30, mark("AB123CD"), lane=OTHER) is lorry
    assert (lorry.first_at, lorry.last_at) == (at(30), at(620))
