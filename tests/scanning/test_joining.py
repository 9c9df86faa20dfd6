"""Which passage an event belongs to."""

import datetime as dt

import pytest

from intelligence.rules.marks import fold
from scanning.facts import MarkRead
from scanning.rules.habits import Habits, Post
from scanning.rules.joining import VISIT_S, Joiner, edits

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


def test_a_lorry_whose_plate_the_second_reader_misreads_is_not_split():
    joiner = Joiner(site_id=1)
    lorry = place(joiner, FRONT, 0, mark("AB123CD"))
    assert place(joiner, REAR, 5, mark("AK123CO")) is lorry
    assert place(joiner, DOG, 40, mark("AB13CD")) is lorry


def test_two_lorries_of_one_haulier_with_nearly_the_same_plate_are_two():
    joiner = Joiner(site_id=1)
    first = place(joiner, FRONT, 0, mark("AB123CD"))
    assert place(joiner, FRONT, 9, mark("AB124CD")) is not first


def test_quite_another_plate_of_the_same_part_is_another_lorry():
    joiner = Joiner(site_id=1)
    first = place(joiner, FRONT, 0, mark("AB123CD"))
    assert place(joiner, DOG, 10, mark("XY987ZZ")) is not first


def busy_lane() -> Joiner:
    """A lane that has seen fifty lorries: front, portal 8 s later, probe (kept as the dog here) 30 s later."""
    posts = {
        FRONT: Post(LANE, 1, "anpr1"), RADIATION: Post(LANE, 2, "radiation1"), DOG: Post(LANE, 3, "dog1"),
    }  # fmt: skip
    joiner = Joiner(1, {LANE: [FRONT, RADIATION, DOG]}, Habits(posts))
    for number in range(50):
        plate, begin = mark(f"QX{number:03}YW"), number * 60 - 4000
        for device, seconds in ((FRONT, 0), (RADIATION, 8 + number % 3), (DOG, 30 + number % 7)):
            place(joiner, device, begin + seconds, plate)
    return joiner


def test_of_two_lorries_close_together_each_gets_its_own_measurements():
    joiner = busy_lane()
    first, second = (
        place(joiner, FRONT, 0, mark("AB123CD")),
        place(joiner, FRONT, 10, mark("EF456GH")),
    )
    assert place(joiner, RADIATION, 8) is first
    assert place(joiner, RADIATION, 19) is second
    assert place(joiner, DOG, 32) is first
    assert place(joiner, DOG, 43) is second


def test_a_lorry_that_the_device_missed_does_not_take_the_next_ones_measurement():
    joiner = busy_lane()
    place(joiner, FRONT, 0, mark("AB123CD"))
    second = place(joiner, FRONT, 15, mark("EF456GH"))
    assert place(joiner, RADIATION, 24) is second


def test_measurements_that_come_an_hour_late_find_their_lorries_in_any_order():
    joiner = busy_lane()
    plates = [mark(f"ZR{number}11KL") for number in range(6)]
    lorries = [place(joiner, FRONT, number * 12, plate) for number, plate in enumerate(plates)]
    place(joiner, FRONT, 3600, mark("EF456GH"))
    for number in (3, 0, 5, 1, 4, 2):
        assert place(joiner, RADIATION, number * 12 + 9) is lorries[number]


def test_a_measurement_that_comes_before_its_lorry_was_read_is_found_by_it():
    joiner = busy_lane()
    place(joiner, FRONT, 0, mark("AB123CD"))
    place(joiner, RADIATION, 9)
    unread = place(joiner, RADIATION, 25)
    assert place(joiner, FRONT, 17, mark("EF456GH")) is unread
    assert place(joiner, DOG, 48, mark("EF456GH")) is unread


def test_an_event_of_a_device_without_a_lane_is_joined_by_its_mark_alone():
    joiner = Joiner(site_id=1)
    lorry = place(joiner, FRONT, 0, mark("AB123CD"))
    assert place(joiner, DOG, 5, mark("AB123CD"), lane=None) is lorry
    assert place(joiner, DOG, 6, lane=None) is not lorry


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("", "", 0),
        ("AB", "AB", 0),
        ("AB123", "AB124", 1),
        ("AB123", "B123", 1),
        ("AB123", "BA123", 2),
        ("", "AB", 2),
    ],
)
def test_edits_between_two_marks(one, other, count):
    assert edits(one, other) == edits(other, one) == count
