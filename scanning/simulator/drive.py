"""Driving the simulated port in real time against a server."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import httpx

from scanning.simulator.port import Port
from scanning.simulator.poster import Tally, post_until_taken, require_demonstration
from scanning.simulator.world import Posting, postings

_AT_ONCE = 64
_REPORT_SECONDS = 10.0
_LAST_WORDS_SECONDS = 10.0


async def drive(
    port: Port,
    *,
    url: str,
    seed: int,
    rate: float,
    minutes: float,
    report: Callable[[Tally], None],
    stop: asyncio.Event,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Tally:
    """Post what the port's devices see, each at its time, until `minutes` are over (0: until `stop`).

    When the server does not keep up or is away, the port waits with it: nothing is dropped, and what was
    seen meanwhile arrives late, as it does from real devices.
    """
    tally = Tally()
    async with httpx.AsyncClient(base_url=url, timeout=15.0, transport=transport) as client:
        await require_demonstration(client)
        begun = asyncio.get_running_loop().time()
        reporter = asyncio.create_task(_report(tally, report))
        gate = asyncio.Semaphore(_AT_ONCE)
        tasks: set[asyncio.Task[None]] = set()
        for posting in postings(port, seed=seed, start=datetime.now(UTC), rate=rate):
            if minutes and posting.due > minutes * 60:
                break
            ahead = begun + posting.due - asyncio.get_running_loop().time()
            if await _stopped_within(stop, ahead):
                break
            await gate.acquire()
            task = asyncio.create_task(_post(client, posting, tally, gate))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        if tasks:
            _, unfinished = await asyncio.wait(tasks, timeout=_LAST_WORDS_SECONDS)
            for task in unfinished:
                task.cancel()
        reporter.cancel()
    report(tally)
    return tally


async def _post(client: httpx.AsyncClient, posting: Posting, tally: Tally, gate: asyncio.Semaphore) -> None:
    try:
        await post_until_taken(client, posting, tally)
        tally.events += posting.events
        tally.lorries = max(tally.lorries, posting.lorry or 0)
    finally:
        gate.release()


async def _stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    if seconds > 0 and not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), seconds)
        except TimeoutError:
            return False
    return stop.is_set()


async def _report(tally: Tally, report: Callable[[Tally], None]) -> None:
    while True:
        await asyncio.sleep(_REPORT_SECONDS)
        report(tally)
