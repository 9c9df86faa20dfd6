"""How much of its time a device was fit to work: sums over intervals, held against a count second by second."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanning.rules.availability import Spell, Uptime, uptime

BEGIN = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)


def _at(hour: float) -> dt.datetime:
    return BEGIN + dt.timedelta(hours=hour)


def _day(*spells: Spell, service: tuple[tuple[dt.datetime, dt.datetime], ...] = ()) -> Uptime:
    return uptime(service or ((_at(0), _at(24)),), spells, _at(0), _at(24))


def test_a_device_that_was_never_out_was_there_all_day():
    found = _day()
    assert (found.operational, found.inherent, found.breakdowns) == (1.0, 1.0, 0)
    assert found.between_s is None
    assert found.repair_s is None


def test_planned_downtime_counts_against_what_it_did_and_not_against_what_it_is():
    found = _day(Spell(_at(0), _at(6), is_planned=True), Spell(_at(12), _at(15)))
    assert found.operational == pytest.approx(15 / 24)
    assert found.inherent == pytest.approx(15 / 18)
    assert (found.breakdowns, found.repair_s) == (1, 3 * 3600)
    assert found.between_s == 15 * 3600


def test_a_breakdown_within_planned_downtime_is_not_counted_twice():
    found = _day(Spell(_at(2), _at(6), is_planned=True), Spell(_at(4), _at(8)))
    assert (found.planned_s, found.unplanned_s) == (4 * 3600, 2 * 3600)


def test_what_goes_on_counts_until_the_end_of_the_period_and_has_no_repair_time_yet():
    found = _day(Spell(_at(20), None, taken_at=_at(21)))
    assert found.unplanned_s == 4 * 3600
    assert (found.repair_s, found.delay_s) == (None, 3600)


def test_a_device_out_of_service_is_not_missed():
    found = _day(Spell(_at(10), _at(20)), service=((_at(0), _at(12)),))
    assert (found.service_s, found.unplanned_s) == (12 * 3600, 2 * 3600)


def test_what_works_with_limits_is_not_down():
    found = _day(Spell(_at(10), _at(20), is_down=False))
    assert (found.operational, found.breakdowns) == (1.0, 0)


def test_without_time_in_service_nothing_is_claimed():
    found = uptime((), [Spell(_at(0), _at(3))], _at(0), _at(24))
    assert (found.operational, found.inherent) == (None, None)


_HOURS = st.integers(min_value=-6, max_value=30)


@st.composite
def _spans(draw: st.DrawFn) -> tuple[int, int, bool]:
    begin = draw(_HOURS)
    return begin, begin + draw(st.integers(min_value=0, max_value=12)), draw(st.booleans())


@settings(deadline=None)
@given(st.lists(_spans(), max_size=6), st.lists(_spans(), max_size=3))
def test_the_sums_are_those_of_a_count_hour_by_hour(spells, service):
    found = uptime(
        [(_at(a), _at(b)) for a, b, _ in service],
        [Spell(_at(a), _at(b), is_planned=planned) for a, b, planned in spells],
        _at(0),
        _at(24),
    )
    served = [hour for hour in range(24) if any(a <= hour < b for a, b, _ in service)]
    planned = [hour for hour in served if any(a <= hour < b and p for a, b, p in spells)]
    broken = [
        hour for hour in served if hour not in planned and any(a <= hour < b and not p for a, b, p in spells)
    ]
    assert found.service_s == len(served) * 3600
    assert found.planned_s == len(planned) * 3600
    assert found.unplanned_s == len(broken) * 3600
