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
