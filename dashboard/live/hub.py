"""One reader of the nudges' stream for each web process, and one queue for each open board.

On a fixed tick every stream gets at most one nudge: "something in lane 3 changed for you". The tick is the
same for everybody, so that its timing tells nothing; what changed is fetched through the gate.
"""

import asyncio
import contextlib
import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dashboard.live.rights import Sight, sights_read
from dashboard.selectors.fresh import nudged_forget

logger = logging.getLogger(__name__)

#: The nudges' stream (jocc/pulse/relay.py writes it).
STREAM = "jocc:nudges"
TICK_S = 0.2
RIGHTS_EVERY_S = 1.0
BEAT_S = 5.0


class Listener:
    """One open stream."""

    def __init__(self, session: str, officer_id: int) -> None:
        self.session = session
        self.officer_id = officer_id
        self.sight: Sight | None = None
        self.queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(maxsize=100)

    def offer(self, message: dict[str, Any] | None) -> None:
        """Queue a message; a reader that has fallen behind by a hundred is told to fetch everything."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            message = {"topics": ["all"], "lanes": []} if message is not None else None
        self.queue.put_nowait(message)


class Hub:
    """All open streams of this process."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self._pending: list[dict[str, Any]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._database = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live-rights")

    async def join(self, listener: Listener) -> bool:
        """Take the listener in when its officer may have a stream; starts the hub with the first one."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop or any(task.done() for task in self._tasks):
            for task in self._tasks:
                task.cancel()
            self._loop = loop
            self._tasks = [loop.create_task(self._read()), loop.create_task(self._tick())]
        sights = await loop.run_in_executor(
            self._database, sights_read, {listener.session: listener.officer_id}
        )
        listener.sight = sights.get(listener.session)
        if listener.sight is None:
            return False
        self.listeners.add(listener)
        return True

    def leave(self, listener: Listener) -> None:
        """Forget the listener."""
        self.listeners.discard(listener)

    async def _read(self) -> None:
        """Collect changes from the stream; with Redis away, open pages ask by themselves."""
        redis = Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=1)
        last = "$"
        while True:
            try:
                answer: Any = await redis.xread({STREAM: last}, count=200, block=1000)
                for _, messages in answer or ():
                    for number, fields in messages:
                        last = number.decode()
                        self._pending.extend(json.loads(fields[b"changes"]))
            except (RedisError, OSError) as error:
                logger.warning("nudges: %s", type(error).__name__)
                last = "$"
                await asyncio.sleep(1)

    async def _tick(self) -> None:
        checked = beaten = time.monotonic()
        while True:
            await asyncio.sleep(TICK_S)
            now = time.monotonic()
            if now - checked >= RIGHTS_EVERY_S and self.listeners:
                checked = now
                await self._check_rights()
            pending, self._pending = self._pending, []
            if pending:
                # Whoever asks because of this nudge must not get what was remembered before it.
                nudged_forget()
            for listener in list(self.listeners):
                message = _for_listener(listener.sight, pending) if pending else None
                if message:
                    listener.offer(message)
                elif now - beaten >= BEAT_S:
                    listener.offer({})
            if now - beaten >= BEAT_S:
                beaten = now

    async def _check_rights(self) -> None:
        """Streams whose officer or session is gone end now; the others see with today's rights."""
        # Who joins while the database answers has just been checked, and is not in the answer.
        asked = list(self.listeners)
        wanted = {listener.session: listener.officer_id for listener in asked}
        try:
            sights = await asyncio.get_running_loop().run_in_executor(self._database, sights_read, wanted)
        except Exception:
            # Rights that cannot be read are no rights.
            logger.exception("rights of streams cannot be read")
            sights = {}
        for listener in asked:
            sight = sights.get(listener.session)
            # Who has become somebody else (agency, compartments, role) must open the page anew.
            if sight is None or (listener.sight is not None and _rights(sight) != _rights(listener.sight)):
                listener.offer(None)
                self.leave(listener)
                continue
            if listener.sight is not None and sight.devices != listener.sight.devices:
                listener.offer({"topics": ["all"], "lanes": []})
            listener.sight = sight


def _rights(sight: Sight) -> tuple[object, ...]:
    who = sight.principal
    return who.agency_group, who.groups, who.clearance, who.role


def _for_listener(sight: Sight | None, pending: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What of the pending changes concerns this reader; None when nothing does."""
    if sight is None:
        return None
    topics, lanes = set(), set()
    for change in pending:
        if change["d"] is not None:
            seen = change["d"] in sight.devices
        else:
            seen = bool(change["g"]) and not sight.groups.isdisjoint(change["g"])
        if seen:
            topics.add(change["t"])
            if change["l"] in sight.lanes:
                lanes.add(sight.lanes[change["l"]])
    return {"topics": sorted(topics), "lanes": sorted(lanes)} if topics else None


hub = Hub()


async def frames(listener: Listener) -> Any:
    """The stream's frames until the officer leaves or may no longer see."""
    try:
        if not await hub.join(listener):
            yield "event: closed\ndata: {}\n\n"
            return
        # Whatever was missed while away is fetched once, through the gate.
        yield 'retry: 2000\nevent: nudge\ndata: {"topics": ["all"], "lanes": []}\n\n'
        while True:
            message = await listener.queue.get()
            if message is None:
                yield "event: closed\ndata: {}\n\n"
                return
            kind = "nudge" if message else "beat"
            yield f"event: {kind}\ndata: {json.dumps(message)}\n\n"
    finally:
        with contextlib.suppress(Exception):
            hub.leave(listener)
