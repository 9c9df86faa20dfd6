"""What is remembered for a moment: made once for all who ask at once, and never older than the nudge behind it."""

import threading

import pytest

from dashboard.selectors.fresh import Fresh


def test_those_who_ask_at_once_share_one_answer():
    made, gate = [], threading.Event()
    fresh = Fresh(lambda: 10.0)

    def make():
        gate.wait(5)
        made.append(1)
        return len(made)

    answers = []
    asking = [threading.Thread(target=lambda: answers.append(fresh.get("x", make))) for _ in range(5)]
    for thread in asking:
        thread.start()
    gate.set()
    for thread in asking:
        thread.join(5)
    assert (answers, made) == ([1] * 5, [1])


def test_an_answer_is_made_anew_when_it_is_too_old_or_under_another_name():
    seconds = [10.0]
    fresh = Fresh(lambda: seconds[0])
    numbers = iter(range(10))
    assert [fresh.get("x", lambda: next(numbers)) for _ in range(2)] == [0, 0]
    assert fresh.get("y", lambda: next(numbers)) == 1
    seconds[0] = 0.0
    assert fresh.get("x", lambda: next(numbers)) == 2
    assert fresh.get("x", lambda: next(numbers)) == 3


def test_what_was_being_answered_when_the_nudge_came_is_not_given_to_who_asks_because_of_it():
    fresh = Fresh(lambda: 10.0)

    def overtaken():
        fresh.forget()  # the change is committed and announced while the question is answered
        return "before the change"

    assert fresh.get("x", overtaken) == "before the change"
    assert fresh.get("x", lambda: "after the change") == "after the change"


def test_a_failure_is_not_remembered():
    fresh = Fresh(lambda: 10.0)
    with pytest.raises(ZeroDivisionError):
        fresh.get("x", lambda: 1 / 0)
    assert fresh.get("x", lambda: "well") == "well"


def test_no_more_is_kept_than_was_agreed():
    fresh = Fresh(lambda: 10.0, most=3)
    numbers = iter(range(100))
    for name in range(5):
        fresh.get(name, lambda: next(numbers))
    assert fresh.get(4, lambda: next(numbers)) == 4
    assert fresh.get(0, lambda: next(numbers)) == 5
