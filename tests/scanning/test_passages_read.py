"""The list of passages: exactly what a simple rule says, whichever way it is read, for every reader."""

import dataclasses
import datetime as dt
import random

import pytest

from agencies.access import NotVisible, visible_devices
from agencies.acting import acting_as
from agencies.paging import Turn
from intelligence.rules.marks import fold, normalise
from scanning.models import Device, PassageMark, PassagePart
from scanning.selectors import newest
from scanning.selectors.passages import (
    MarkTooShort,
    PassageFilter,
    passage_events,
    passage_seen,
    passages_by_uid,
    passages_page,
)
from scanning.selectors.visible import device_ids_visible_to, devices_of_account
from tests.making import NOON, at, make_part, make_passage
from tests.world import DEVICES

pytestmark = pytest.mark.django_db
READERS = ("ukba.officer", "paf.officer", "douanes.officer", "ccic.officer")
FILTERS = (
    PassageFilter(),
    PassageFilter(result="suspect"),
    PassageFilter(result="clear"),
    PassageFilter(kind="anpr"),
    PassageFilter(lane="L2"),
    PassageFilter(device="L1-CO2"),
    PassageFilter(site="CALAIS", kind="co2", result="suspect"),
    PassageFilter(mark="AB-1"),
    PassageFilter(mark="ab1o", whole_mark=True),
    PassageFilter(mark="AB1", kind="heartbeat"),
    PassageFilter(since=at(-40), until=at(-10)),
    PassageFilter(mark="AB1", since=at(-50), until=at(-5)),
)


@pytest.fixture
def traffic(world, owner):
    """Forty passages of chance, several at the same moment, some seen by hidden devices only."""
    chance = random.Random(2009)
    with owner():
        for _ in range(40):
            codes = chance.sample(sorted(DEVICES), chance.randint(1, 5))
            start = -chance.randint(0, 60)
            make_passage(
                *(
                    (
                        code,
                        at(start + chance.randint(0, 6)),
                        chance.choice(["clear", "clear", "suspect", "fault"]),
                    )
                    for code in codes
                ),
                marks=[f"AB-1{chance.choice('0OQ7')}{chance.choice('XYZ')[: chance.randint(0, 1)]}"],
            )


def expected(principal, wanted: PassageFilter) -> list[int]:
    """The list by the plain rule: every visible part looked at, one by one."""
    devices = {
        device.pk: device
        for device in Device.objects.filter(pk__in=visible_devices(principal)).select_related("lane")
    }
    parts = [part for part in PassagePart.objects.all() if part.device_id in devices]

    def fits(part):
        device = devices[part.device_id]
        return (
            (not wanted.kind or device.kind == wanted.kind)
            and (not wanted.lane or (device.lane is not None and device.lane.code == wanted.lane))
            and (not wanted.device or device.code == wanted.device)
            and (not wanted.result or part.result == wanted.result)
        )

    chosen = [part for part in parts if fits(part)]
    if wanted.mark:
        narrowed = wanted.kind or wanted.lane or wanted.device or wanted.result or wanted.site
        sought, fitting = fold(normalise(wanted.mark)), {part.passage_id for part in chosen}
        chosen = [
            mark
            for mark in PassageMark.objects.all()
            if mark.device_id in devices
            and (mark.folded == sought if wanted.whole_mark else mark.folded.startswith(sought))
            and (not narrowed or mark.passage_id in fitting)
        ]
    newest_at: dict[int, dt.datetime] = {}
    for row in chosen:
        newest_at[row.passage_id] = max(row.last_at, newest_at.get(row.passage_id, row.last_at))
    order = sorted(((when, number) for number, when in newest_at.items()), reverse=True)
    return [
        number
        for when, number in order
        if (wanted.since is None or when >= wanted.since) and (wanted.until is None or when < wanted.until)
    ]


def pages(principal, wanted: PassageFilter, limit: int) -> list[list[int]]:
    """Every page from the first to the last; on the way, each page is also found again backwards."""
    found, turn, before = [], Turn(limit), None
    while True:
        page = passages_page(principal, turn, wanted)
        ids = [passage.id for passage in page.rows]
        if before is not None:
            back = passages_page(principal, Turn(limit, before=page.newer), wanted)
            assert [passage.id for passage in back.rows] == before
        found.append(ids)
        if page.older is None:
            return found
        before, turn = ids, Turn(limit, after=page.older)


@pytest.mark.parametrize("way", ["merge", "walk"])
@pytest.mark.parametrize("reader", READERS)
def test_each_reader_gets_exactly_the_passages_of_visible_parts_in_their_order(
    world, traffic, monkeypatch, reader, way
):
    monkeypatch.setattr(newest, "_FEW", 100 if way == "merge" else 0)
    monkeypatch.setattr(newest, "_is_busy", lambda chosen, turn: True)
    principal = world.principal(reader)
    with acting_as(principal):
        for wanted in FILTERS:
            right = expected(principal, wanted)
            for limit in (1, 7, 200) if wanted == PassageFilter() else (7,):
                found = [number for page in pages(principal, wanted, limit) for number in page]
                assert found == right, (wanted, limit)


def test_the_traffic_of_these_tests_tells_the_filters_apart(world, traffic):
    principal = world.principal("ukba.officer")
    with acting_as(principal):
        lists = [tuple(expected(principal, wanted)) for wanted in FILTERS]
    assert all(lists)
    assert len(set(lists)) == len(FILTERS)


def test_the_sample_never_changes_the_answer(world, traffic, monkeypatch):
    monkeypatch.setattr(newest, "_FEW", 0)
    principal, answers = world.principal("ukba.officer"), []
    for threshold in (0, 10**9):
        monkeypatch.setattr(newest, "_WALK_PASSAGES", threshold)
        newest._hints.clear()
        with acting_as(principal):
            answers.append(pages(principal, PassageFilter(), 10))
    assert answers[0] == answers[1]


def test_a_hidden_device_neither_lifts_a_passage_nor_shows_on_it(world, owner):
    with owner():
        first = make_passage(("L1-ANPR-F", at(0)), marks=["AB-123-CD"])
        second = make_passage(("L1-ANPR-F", at(5)), marks=["EF-456-GH"])
        make_part(first, "L1-HB", at(10), result="suspect", marks=["ZZ-999-ZZ"])
    ccic, ukba = world.principal("ccic.officer"), world.principal("ukba.officer")
    with acting_as(ccic):
        rows = passages_page(ccic, Turn()).rows
        assert [row.uid for row in rows] == [second.uid, first.uid]
        assert [len(row.parts) for row in rows] == [1, 1]
        assert {mark.raw for row in rows for mark in row.marks} == {"AB-123-CD", "EF-456-GH"}
        assert rows[1].last_at == at(0)
        assert passages_page(ccic, Turn(), PassageFilter(mark="ZZ-999")).rows == ()
        assert passages_page(ccic, Turn(), PassageFilter(result="suspect")).rows == ()
    with acting_as(ukba):
        assert [row.uid for row in passages_page(ukba, Turn()).rows] == [first.uid, second.uid]


def test_absent_and_hidden_passages_are_the_same_to_whoever_asks(world, owner):
    with owner():
        hidden = make_passage(("L1-HB", at(0)))
    ccic = world.principal("ccic.officer")
    with acting_as(ccic):
        for uid in (hidden.uid, "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "nonsense"):
            with pytest.raises(NotVisible):
                passage_seen(ccic, uid)
        assert passages_by_uid(ccic, [hidden.uid]) == {}


def test_the_story_of_a_passage_has_the_visible_events_in_the_order_of_time(world, owner):
    with owner():
        passage = make_passage(("L1-RPM", at(1)), ("L1-ANPR-F", at(0)), ("L1-HB", at(2), "suspect"))
    for reader, codes in (
        ("ccic.officer", ["L1-ANPR-F"]),
        ("ukba.officer", ["L1-ANPR-F", "L1-RPM", "L1-HB"]),
    ):
        principal = world.principal(reader)
        with acting_as(principal):
            seen = passage_seen(principal, passage.uid)
            names = dict(Device.objects.values_list("id", "code"))
            assert [names[event.device_id] for event in passage_events(principal, seen)] == codes


def test_a_mark_of_fewer_than_three_letters_is_not_looked_for(world):
    principal = world.principal("ukba.officer")
    with acting_as(principal), pytest.raises(MarkTooShort):
        passages_page(principal, Turn(), PassageFilter(mark="A-B"))


@pytest.mark.parametrize("reader", READERS)
def test_the_short_way_to_the_visible_devices_is_the_gates_rule(world, owner, reader):
    with owner():
        Device.objects.filter(code="L1-ANPR-F").update(expires_at=NOON - dt.timedelta(days=1))
        Device.objects.filter(code="L1-ANPR-R").update(classification=10)
    for clearance in (0, 10):
        principal = dataclasses.replace(world.principal(reader), clearance=clearance)
        with acting_as(principal):
            by_gate = list(Device.objects.visible_to(principal).order_by("id").values_list("id", flat=True))
            assert device_ids_visible_to(principal) == by_gate
            assert by_gate


@pytest.mark.parametrize("reader", READERS)
def test_the_devices_that_an_account_speaks_for_are_the_gates_too(world, owner, reader):
    with owner():
        Device.objects.filter(code="L1-ANPR-R").update(is_active=False)
        accounts = set(Device.objects.exclude(account=None).values_list("account_id", flat=True))
    principal = world.principal(reader)
    found = 0
    with acting_as(principal):
        for account in accounts:
            ours = Device.objects.visible_to(principal).filter(account=account, is_active=True).order_by("id")
            spoken_for = devices_of_account(principal, account)
            assert list(spoken_for) == list(ours)
            assert [vars(one) | {"_state": 0} for one in spoken_for] == [
                vars(one) | {"_state": 0} for one in ours
            ]
            found += len(spoken_for)
    assert found
