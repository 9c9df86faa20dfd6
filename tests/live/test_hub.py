"""The hub by itself: joining during a check of rights, falling behind."""

import asyncio
import threading

import pytest

from agencies.facts import Actor, Principal
from dashboard.live import hub as hub_module
from dashboard.live.hub import Hub, Listener
from dashboard.live.rights import Sight


def sight(*groups: int, devices: tuple[int, ...] = (1,)) -> Sight:
    """What an officer of these groups may be nudged about."""
    principal = Principal(
        actor=Actor.OFFICER, agency_group=groups[0], groups=groups, clearance=0, role="officer"
    )
    return Sight(principal, frozenset(groups), frozenset(devices), {})


async def test_a_stream_that_joins_during_a_check_of_rights_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answer = threading.Event(), threading.Event()

    def slow(streams: dict[str, int]) -> dict[str, Sight]:
        asked.set()
        answer.wait(5)
        return {session: sight(1) for session in streams if session == "stays"}

    monkeypatch.setattr(hub_module, "sights_read", slow)
    hub = Hub()
    stays, goes, joins = Listener("stays", 1), Listener("goes", 2), Listener("joins", 3)
    for listener in (stays, goes, joins):
        listener.sight = sight(1)
    hub.listeners |= {stays, goes}
    check = asyncio.create_task(hub._check_rights())
    await asyncio.to_thread(asked.wait, 5)
    hub.listeners.add(joins)
    answer.set()
    await check
    assert hub.listeners == {stays, joins}
    assert goes.queue.get_nowait() is None
    assert joins.queue.empty()


async def test_rights_that_cannot_be_read_are_no_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(streams: dict[str, int]) -> dict[str, Sight]:
        raise OSError("the database is away")

    monkeypatch.setattr(hub_module, "sights_read", fails)
    hub, listener = Hub(), Listener("session", 1)
    listener.sight = sight(1)
    hub.listeners.add(listener)
    await hub._check_rights()
    assert listener.queue.get_nowait() is None
    assert not hub.listeners


async def test_a_changed_audience_of_devices_tells_the_page_to_fetch_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub_module, "sights_read", lambda streams: {"session": sight(1, devices=(1, 2))})
    hub, listener = Hub(), Listener("session", 1)
    listener.sight = sight(1)
    hub.listeners.add(listener)
    await hub._check_rights()
    assert listener.queue.get_nowait() == {"topics": ["all"], "lanes": []}
    assert listener in hub.listeners


async def test_an_officer_with_other_groups_must_open_the_page_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "sights_read", lambda streams: {"session": sight(2)})
    hub, listener = Hub(), Listener("session", 1)
    listener.sight = sight(1)
    hub.listeners.add(listener)
    await hub._check_rights()
    assert listener.queue.get_nowait() is None
    assert not hub.listeners


def test_a_reader_who_has_fallen_behind_is_told_to_fetch_everything() -> None:
    listener = Listener("session", 1)
    for _ in range(100):
        listener.offer({"topics": ["passage"], "lanes": ["L1"]})
    listener.offer({"topics": ["alarm"], "lanes": []})
    assert listener.queue.qsize() == 1
    assert listener.queue.get_nowait() == {"topics": ["all"], "lanes": []}


def test_the_end_reaches_a_reader_who_has_fallen_behind() -> None:
    listener = Listener("session", 1)
    for _ in range(100):
        listener.offer({"topics": ["passage"], "lanes": ["L1"]})
    listener.offer(None)
    assert listener.queue.get_nowait() is None


async def joined(
    monkeypatch: pytest.MonkeyPatch, *sights: Sight, site: str = ""
) -> tuple[Hub, list[Listener]]:
    """A hub whose own work stands still, and a listener for each sight."""
    listeners = [Listener(f"s{number}", number, site=site) for number in range(len(sights))]
    by_session = {listener.session: known for listener, known in zip(listeners, sights, strict=True)}
    monkeypatch.setattr(hub_module, "sights_read", lambda streams: {one: by_session[one] for one in streams})
    hub = Hub()

    async def rest() -> None:
        await asyncio.Event().wait()

    for work in ("_read", "_tick", "_keep_rights"):
        monkeypatch.setattr(hub, work, rest)
    for listener in listeners:
        assert await hub.join(listener)
    return hub, listeners


def passage(lane: int | None, device: int = 1) -> dict[str, object]:
    return {"t": "passage", "d": device, "l": lane, "g": None}


async def test_streams_of_equal_rights_tick_together_and_others_at_another_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, streams = await joined(monkeypatch, sight(1), sight(2), sight(1), sight(3), sight(1, 9))
    turns = [stream.turn for stream in streams]
    assert turns[0] == turns[2]
    assert len({turns[0], turns[1], turns[3], turns[4]}) == 4


async def test_every_stream_hears_of_each_change_once_whenever_it_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub, streams = await joined(monkeypatch, *(sight(group) for group in range(1, 6)))
    for moment in range(hub_module.TURNS):
        hub._take([passage(None)])
        hub._nudge(moment, beat=False)
    for moment in range(hub_module.TURNS):
        hub._nudge(moment, beat=False)
    told = [[stream.queue.get_nowait() for _ in range(stream.queue.qsize())] for stream in streams]
    # A change that comes after a stream's turn is told at its next one; more than one are told at once.
    assert all(1 <= len(messages) <= 2 for messages in told)
    assert all(message == {"topics": ["passage"], "lanes": []} for messages in told for message in messages)
    for moment in range(hub_module.TURNS):
        hub._nudge(moment, beat=False)
    assert all(stream.queue.empty() for stream in streams)


async def test_a_page_of_one_site_is_not_nudged_about_passages_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = sight(1)
    known.lanes.update({7: ("CAL-L1", "CALAIS"), 8: ("DOV-L1", "DOVER")})
    hub, (stream,) = await joined(monkeypatch, known, site="CALAIS")
    hub._take([passage(8)])
    hub._nudge(stream.turn, beat=False)
    assert stream.queue.empty()
    # What needs somebody is told of all sites, and so is what stands in no lane.
    hub._take([passage(8) | {"t": "alarm"}])
    hub._nudge(stream.turn, beat=False)
    assert stream.queue.get_nowait() == {"topics": ["alarm"], "lanes": ["DOV-L1"]}
    hub._take([passage(None)])
    hub._nudge(stream.turn, beat=False)
    assert stream.queue.get_nowait() == {"topics": ["passage"], "lanes": []}
    hub._take([passage(7), passage(8)])
    hub._nudge(stream.turn, beat=False)
    assert stream.queue.get_nowait() == {"topics": ["passage"], "lanes": ["CAL-L1"]}


@pytest.mark.parametrize("site", ["", "NOWHERE"])
async def test_a_page_of_no_site_that_its_officer_works_at_is_nudged_about_all(
    monkeypatch: pytest.MonkeyPatch, site: str
) -> None:
    known = sight(1)
    known.lanes[8] = ("DOV-L1", "DOVER")
    hub, (stream,) = await joined(monkeypatch, known, site=site)
    hub._take([passage(8)])
    hub._nudge(stream.turn, beat=False)
    assert stream.queue.get_nowait() == {"topics": ["passage"], "lanes": ["DOV-L1"]}
