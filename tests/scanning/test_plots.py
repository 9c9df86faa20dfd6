"""The day's hours: what the reader's devices saw, in the port's own time, against the ten days before."""

import datetime as dt

import pytest
from django.core.cache import cache

from agencies.acting import acting_as
from scanning.models import Device
from scanning.selectors.plots import day_plots
from tests.making import make_alarm, make_part, make_passage

pytestmark = pytest.mark.django_db
PARIS = dt.timezone(dt.timedelta(hours=1))
NOW = dt.datetime(2026, 11, 22, 12, 30, tzinfo=PARIS)


def local(hour: int, minute: int = 0, days: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, 22, hour, minute, tzinfo=PARIS) + dt.timedelta(days=days)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """The counts of days past are kept by audience, and tests share their audiences."""
    cache.clear()


def plots(world, username: str, **more):
    principal = world.principal(username)
    with acting_as(principal):
        return {
            (one.code, one.kind): one for one in day_plots(principal, now=NOW, zone="Europe/Paris", **more)
        }


def test_a_passage_counts_once_in_the_hour_in_which_the_reader_last_saw_it(world, owner):
    with owner():
        passage = make_passage(("L1-ANPR-F", local(9, 58)), ("L1-ANPR-R", local(10, 1)))
        make_part(passage, "L1-HB", local(11, 5))
        make_passage(("L1-ANPR-F", local(0, 5)))
        make_passage(("L1-ANPR-F", local(23, 55, -1)))
    ccic, ukba = plots(world, "ccic.officer"), plots(world, "ukba.officer")
    assert [hour.value for hour in ccic["passages", ""].hours[:13]] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert [hour.value for hour in ukba["passages", ""].hours[9:12]] == [0, 0, 1]
    assert ccic["passages", ""].total == ukba["passages", ""].total == 2
    assert [hour.value for hour in ccic["passages", ""].hours[13:]] == [None] * 11
    assert [hour.hour for hour in ccic["passages", ""].hours if hour.running] == [12]


def test_usual_is_the_same_hour_of_the_ten_days_before_without_the_best_and_the_worst(world, owner):
    with owner():
        for day in range(1, 11):
            for number in range(day):
                make_passage(("L1-ANPR-F", local(8, number, -day)))
    hour = plots(world, "ccic.officer")["passages", ""].hours[8]
    assert (hour.value, hour.usual, hour.low, hour.high) == (0, 5.5, 2, 9)
    assert plots(world, "ccic.officer")["passages", ""].hours[8] == hour  # from memory


def test_searches_findings_and_alarms_by_kind_are_counted_apart(world, owner):
    with owner():
        Device.objects.filter(code="L2-DOG").update(kind="search")
        make_passage(("L2-DOG", local(7, 1)))
        make_passage(("L2-DOG", local(7, 2), "suspect"))
        make_alarm("L1-RPM", local(6))
        make_alarm("L1-HB", local(6), rule="heartbeat_suspect")
    ukba, paf = plots(world, "ukba.officer"), plots(world, "paf.officer")
    assert (ukba["searches", ""].hours[7].value, ukba["findings", ""].hours[7].value) == (2, 1)
    assert {kind for code, kind in ukba if code == "alarms"} == {"radiation", "heartbeat"}
    assert {kind for code, kind in paf if code == "alarms"} == {"radiation"}
    assert paf["alarms", "radiation"].hours[6].value == 1
    assert plots(world, "ccic.officer")["searches", ""].total == 0
    assert plots(world, "ukba.officer", site="DOVER")["passages", ""].total == 0


def test_the_memory_of_days_past_belongs_to_one_audience(world, owner):
    with owner():
        make_passage(("L1-HB", local(8, 0, -1)))
    assert plots(world, "ukba.officer")["passages", ""].hours[8].usual == 0.1
    assert plots(world, "paf.officer")["passages", ""].hours[8].usual == 0
