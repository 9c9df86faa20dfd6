"""How long lorries take between two devices: learned, doubted, and told to lanes that have seen none."""

import pytest

from scanning.rules.habits import Habits, Post

FRONT, PROBE, OTHER_FRONT, OTHER_PROBE = 1, 2, 11, 12
POSTS = {
    FRONT: Post(1, 1, "anpr1"),
    PROBE: Post(1, 2, "co21"),
    OTHER_FRONT: Post(2, 1, "anpr1"),
    OTHER_PROBE: Post(2, 2, "co21"),
}


def taught(*seconds: float) -> Habits:
    habits = Habits(POSTS)
    for each in seconds:
        habits.learn(PROBE, 1000.0 + each, {FRONT: 1000.0})
    return habits


@pytest.fixture
def busy() -> Habits:
    """A lane in which forty lorries took 28 to 32 seconds from the front to the probe."""
    return taught(*(28 + number % 5 for number in range(40)))


def test_what_is_usual_is_far_likelier_than_what_is_not(busy):
    assert busy.density(FRONT, PROBE, 30) > 100 * busy.density(FRONT, PROBE, 5)
    assert busy.density(FRONT, PROBE, 30) > 100 * busy.density(FRONT, PROBE, 90)


def test_it_is_the_same_seen_from_the_other_device(busy):
    assert busy.density(PROBE, FRONT, -30) == pytest.approx(busy.density(FRONT, PROBE, 30), rel=0.2)


def test_a_lorry_may_be_slower_than_all_before_but_hardly_quicker(busy):
    assert busy.density(FRONT, PROBE, 35) > 2 * busy.density(FRONT, PROBE, 25)


def test_a_lane_that_has_seen_nobody_is_told_by_the_others(busy):
    assert busy.density(OTHER_FRONT, OTHER_PROBE, 30) > 20 * busy.density(OTHER_FRONT, OTHER_PROBE, 5)


def test_its_own_lorries_count_for_more_in_the_end(busy):
    for _ in range(40):
        busy.learn(OTHER_PROBE, 1060.0, {OTHER_FRONT: 1000.0})
    assert busy.density(OTHER_FRONT, OTHER_PROBE, 60) > busy.density(OTHER_FRONT, OTHER_PROBE, 30)


def test_a_few_wrong_lessons_change_nothing():
    right = [28 + number % 5 for number in range(40)]
    wrong = taught(*right, 3, 4)
    assert wrong.density(FRONT, PROBE, 30) > 50 * wrong.density(FRONT, PROBE, 4)


def test_what_lies_minutes_apart_is_not_learned():
    assert taught(2000).density(FRONT, PROBE, 2000) < 0.001


def test_before_anything_is_learned_the_order_as_entered_counts():
    habits = Habits(POSTS)
    assert habits.density(FRONT, PROBE, 10) > 10 * habits.density(FRONT, PROBE, -10)
    assert habits.between(None, PROBE, [FRONT, PROBE]) == (FRONT,)


def test_lorries_are_believed_more_than_the_order_as_entered():
    habits = taught(*[-20.0] * 210)  # the approach camera was entered last
    assert habits.between(None, FRONT, [FRONT, PROBE]) == (PROBE,)
    assert habits.between(None, PROBE, [FRONT, PROBE]) == ()


def test_a_device_that_nobody_has_described_is_taken_as_near_in_time():
    habits = Habits()
    assert habits.density(77, 78, 5) > habits.density(77, 78, 90)


def test_which_share_of_the_lorries_a_device_sees():
    habits = Habits(POSTS)
    for number in range(8):
        habits.saw(FRONT)
        if number % 4 == 0:
            habits.saw(PROBE)
    assert habits.share(PROBE, [FRONT, PROBE]) == 0.25
    assert habits.share(FRONT, [FRONT, PROBE]) == 1.0
    assert habits.share(OTHER_PROBE, [OTHER_FRONT, OTHER_PROBE]) == 0.0
