"""Cursors: opaque, bound to their list and reader, and exact at equal times."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.paging import BadCursor, Page, Place, Turn, cursor_open, cursor_seal, page_cut

NOW = dt.datetime(2009, 9, 1, 4, 10, tzinfo=dt.UTC)
AUDIENCE = "passages|somebody"


@given(
    at=st.datetimes(
        min_value=dt.datetime(1970, 1, 1),  # noqa: DTZ001  (the strategy adds the zone)
        max_value=dt.datetime(9000, 1, 1),  # noqa: DTZ001
        timezones=st.just(dt.UTC),
    ),
    number=st.integers(0, 2**62),
    newer=st.booleans(),
)
def test_a_cursor_comes_back_as_the_place_it_was_made_of(at, number, newer):
    turn = Turn(before=Place(at, number)) if newer else Turn(after=Place(at, number))
    assert cursor_open(cursor_seal(turn, AUDIENCE), AUDIENCE) == turn


def test_the_same_place_always_gives_the_same_cursor():
    assert cursor_seal(Turn(after=Place(NOW, 7)), AUDIENCE) == cursor_seal(
        Turn(after=Place(NOW, 7)), AUDIENCE
    )


def test_a_cursor_does_not_show_the_internal_number():
    one, two = (cursor_seal(Turn(after=Place(NOW, number)), AUDIENCE) for number in (7, 8))
    assert sum(a == b for a, b in zip(one, two, strict=True)) < len(one) / 2


def test_a_cursor_of_another_list_or_reader_is_a_bad_one():
    cursor = cursor_seal(Turn(after=Place(NOW, 7)), AUDIENCE)
    for other in ("alarms|somebody", "passages|somebody else"):
        with pytest.raises(BadCursor):
            cursor_open(cursor, other)


def test_no_altered_letter_of_a_cursor_is_accepted():
    cursor = cursor_seal(Turn(after=Place(NOW, 7)), AUDIENCE)
    for index, letter in enumerate(cursor):
        with pytest.raises(BadCursor):
            cursor_open(cursor[:index] + ("A" if letter != "A" else "B") + cursor[index + 1 :], AUDIENCE)


@given(st.text(max_size=100))
def test_whatever_is_not_a_cursor_is_a_bad_cursor_and_nothing_worse(text):
    with pytest.raises(BadCursor):
        cursor_open(text, AUDIENCE)


def test_pages_forwards_and_backwards_meet_without_gap_or_repetition():
    rows = [Place(NOW - dt.timedelta(minutes=n // 3), 100 - n) for n in range(10)]  # threes at one time

    def read(turn: Turn) -> Page[Place]:
        if turn.before is not None:
            found = [r for r in reversed(rows) if (r.at, r.id) > (turn.before.at, turn.before.id)]
        elif turn.after is not None:
            found = [r for r in rows if (r.at, r.id) < (turn.after.at, turn.after.id)]
        else:
            found = rows
        return page_cut(found[: turn.limit + 1], turn, lambda row: row)

    down, turn = [], Turn(4)
    while True:
        page = read(turn)
        down.append(page)
        if page.older is None:
            break
        turn = Turn(4, after=page.older)
    assert [row for page in down for row in page.rows] == rows
    back = read(Turn(4, before=down[-1].newer))
    assert back.rows == down[-2].rows
    assert read(Turn(4, before=back.newer)).rows == tuple(rows[:4])
    assert read(Turn(4, before=back.newer)).newer is None
    assert read(Turn(4)).newer is None
