"""At once: real threads, real transactions, one outcome."""

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from agencies.acting import acting_as
from intelligence.models import Check, Hit, Notice
from intelligence.rules.refusals import CheckBudgetSpent, DecidedAlready, NoticeTaken
from intelligence.services.checks import check_make
from intelligence.services.duties import decisions_reflect
from intelligence.services.hits import hit_decide
from intelligence.services.matching import sightings_match
from intelligence.services.notices import notice_decide, notice_take
from tests.intelligence.conftest import Cell, sighting

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all acts at the same moment, each in a thread and a transaction of its own; results or errors."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index: int, act: Callable[[], Any]) -> None:
        try:
            with transaction.atomic():
                barrier.wait(timeout=20)
                results[index] = act()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def _as(cell: Cell, username: str, act: Callable[[Any], Any]) -> Callable[[], Any]:
    principal = cell.world.principal(username)

    def run() -> Any:
        with acting_as(principal):
            return act(principal)

    return run


@pytest.fixture
def stop(cell: Cell) -> Iterator[Notice]:
    """An open stop, committed."""
    cell.stops(notified_agencies=("PAF", "DOUANES"))
    with transaction.atomic():
        cell.sees()
        (notice,) = cell.notices()
    return notice


def _state(cell: Cell) -> tuple[Notice, Hit]:
    with transaction.atomic():
        return cell.notices()[0], cell.hits()[0]


def test_of_many_officers_at_once_exactly_one_takes_the_notice(cell: Cell, stop: Notice):
    names = (
        "paf.officer",
        "paf.analyst",
        "paf.supervisor",
        "douanes.officer",
        "douanes.analyst",
        "ukba.officer",
    )
    results = _at_once(
        *(_as(cell, n, lambda who: notice_take(acting_officer=who, uid=stop.uid)) for n in names)
    )
    winners = [name for name, result in zip(names, results, strict=True) if isinstance(result, Notice)]
    assert len(winners) == 1
    assert sum(isinstance(result, NoticeTaken) for result in results) == len(names) - 1
    notice, _ = _state(cell)
    assert notice.taken_by_id == cell.world.officer(winners[0]).pk
    with transaction.atomic():
        assert len(cell.audit("notice.take")) == 1


def test_of_two_opposite_decisions_at_once_one_stands_whole(cell: Cell, stop: Notice):
    results = _at_once(
        _as(
            cell,
            "paf.officer",
            lambda who: notice_decide(acting_officer=who, uid=stop.uid, confirmed=True, outcome="held"),
        ),
        _as(
            cell,
            "douanes.officer",
            lambda who: notice_decide(
                acting_officer=who, uid=stop.uid, confirmed=False, reject_reason="left"
            ),
        ),
    )
    assert sum(isinstance(result, DecidedAlready) for result in results) == 1
    notice, _ = _state(cell)
    assert (notice.state, notice.outcome, notice.reject_reason) in {
        ("confirmed", "held", ""),
        ("rejected", "", "left"),
    }


def test_the_owners_rejection_and_the_workers_reflection_do_not_stop_each_other(cell: Cell, stop: Notice):
    _, hit = _state(cell)
    paf = cell.world.principal("paf.officer")
    with acting_as(paf), transaction.atomic():
        notice_decide(acting_officer=paf, uid=stop.uid, confirmed=True, outcome="held")

    def reflect() -> Any:
        with cell.ingest():
            return decisions_reflect()

    owner_rejects = _as(
        cell,
        "ukba.officer",
        lambda who: hit_decide(acting_officer=who, uid=hit.uid, confirmed=False, reject_reason="misread"),
    )
    results = _at_once(owner_rejects, reflect)
    assert isinstance(results[0], Hit | DecidedAlready)
    assert isinstance(results[1], int)
    with transaction.atomic():
        cell.as_worker(decisions_reflect)
    notice, hit = _state(cell)
    assert notice.state == "confirmed"  # the front line was first
    assert notice.reflected_at is not None
    assert hit.state == ("rejected" if isinstance(results[0], Hit) else "confirmed")


def test_two_workers_with_the_same_passage_make_one_hit(cell: Cell):
    cell.stops()
    visit = uuid.uuid4()

    def work() -> int:
        with cell.ingest():
            return sightings_match([sighting(passage_uid=visit)])

    results = _at_once(work, work, work)
    assert sorted(results) == [0, 0, 1]
    notice, hit = _state(cell)
    assert (hit.sightings, notice.sightings) == (3, 3)


def test_checks_at_once_do_not_overdraw_the_budget(cell: Cell, settings):
    settings.CHECK_BUDGET_OFFICER_PER_HOUR = 3
    acts = [
        _as(
            cell,
            "paf.officer",
            lambda who, n=n: check_make(acting_officer=who, mark=f"AB {n}23 CD", purpose="a stop"),
        )
        for n in range(6)
    ]
    results = _at_once(*acts)
    assert sum(isinstance(result, Check) for result in results) == 3
    assert sum(isinstance(result, CheckBudgetSpent) for result in results) == 3
