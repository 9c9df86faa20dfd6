"""One reader of the nudges' stream for each web process, and one queue for each open board.

On a fixed tick every stream gets at most one nudge: "something in lane 3 changed for you". The tick is equally
long for everybody, so that its timing tells nothing; what changed is fetched through the gate. Streams tick in
turns, lest all pages ask at one moment; those whose officers have the same rights tick together, because their
pages share answers (docs/adr/0019).
"""

import asyncio
import contextlib
import itertools
import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

from audit.choices import Topic
from dashboard.live.rights import Sight, sights_read
from dashboard.selectors.fresh import nudged_forget, rights_of_turn

logger = logging.getLogger(__name__)

#: The nudges' stream (jocc/pulse/relay.py writes it).
STREAM = "jocc:nudges"
TICK_S = 0.24
#: Turns within a tick.
TURNS = 4
RIGHTS_EVERY_S = 1.0
BEAT_TICKS = 20


class Listener:
    """One open stream."""

    def __init__(self, session: str, officer_id: int, site: str = "") -> None:
        self.session = session
        self.officer_id = officer_id
        #: The code of the site that the page shows; "" for any.
        self.site = site
        self.sight: Sight | None = None
        self.turn = 0
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
        self._pending: list[list[dict[str, Any]]] = [[] for _ in range(TURNS)]
        self._topics: list[set[str]] = [set() for _ in range(TURNS)]
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
            self._tasks = [loop.create_task(work()) for work in (self._read, self._tick, self._keep_rights)]
        sights = await loop.run_in_executor(
            self._database, sights_read, {listener.session: listener.officer_id}
        )
        listener.sight = sights.get(listener.session)
        if listener.sight is None:
            return False
        listener.turn = self._turn_for(listener.sight)
        self.listeners.add(listener)
        return True

    def _turn_for(self, sight: Sight) -> int:
        """The turn of the streams with the same rights; for the first of its kind the emptiest."""
        taken = [0] * TURNS
        for other in self.listeners:
            seen = other.sight
            if seen is not None and rights_of_turn(seen.principal) == rights_of_turn(sight.principal):
                return other.turn
            taken[other.turn] += 1
        return taken.index(min(taken))

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
                        self._take(json.loads(fields[b"changes"]))
            except (RedisError, OSError) as error:
                logger.warning("nudges: %s", type(error).__name__)
                last = "$"
                await asyncio.sleep(1)

    def _take(self, changes: list[dict[str, Any]]) -> None:
        for pending, topics in zip(self._pending, self._topics, strict=True):
            pending.extend(changes)
            topics.update(change["t"] for change in changes)

    async def _tick(self) -> None:
        due = time.monotonic()
        for number in itertools.count():
            due = max(due + TICK_S / TURNS, time.monotonic())
            await asyncio.sleep(due - time.monotonic())
            tick, turn = divmod(number, TURNS)
            self._nudge(turn, beat=tick % BEAT_TICKS == 0)

    def _nudge(self, turn: int, *, beat: bool) -> None:
        """Tell the streams of this turn what has changed for them since their last one; or that we live."""
        topics, self._topics[turn] = self._topics[turn], set()
        if topics:
            # Whoever asks because of this nudge must not get what was remembered before it. The others ask after
            # their own, and what their pages shared a moment ago they may go on sharing until then.
            later = (one.sight for one in self.listeners if one.turn != turn)
            nudged_forget(topics, {rights_of_turn(sight.principal) for sight in later if sight is not None})
        pending, self._pending[turn] = self._pending[turn], []
        for listener in [listener for listener in self.listeners if listener.turn == turn]:
            message = _for_listener(listener.sight, pending, listener.site) if pending else None
            if message:
                listener.offer(message)
            elif beat:
                listener.offer({})

    async def _keep_rights(self) -> None:
        while True:
            await asyncio.sleep(RIGHTS_EVERY_S)
            if self.listeners:
                await self._check_rights()

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


#: What a page of one site shows of that site alone; what needs somebody is told of all sites.
_OF_A_SITE = frozenset({Topic.PASSAGE.value, Topic.DEVICE.value})


def _for_listener(
    sight: Sight | None, pending: list[dict[str, Any]], site: str = ""
) -> dict[str, Any] | None:
    """What of the pending changes concerns this reader, and this site where it is one of theirs; None for nothing."""
    if sight is None:
        return None
    topics, lanes = set(), set()
    narrow = bool(site) and sight.works_at(site)
    for change in pending:
        lane, here = sight.lanes.get(change["l"], ("", ""))
        if narrow and here and here != site and change["t"] in _OF_A_SITE:
            continue
        if change["d"] is not None:
            seen = change["d"] in sight.devices
        else:
            seen = bool(change["g"]) and not sight.groups.isdisjoint(change["g"])
        if seen:
            topics.add(change["t"])
            if lane:
                lanes.add(lane)
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
