"""Fifty open boards and a port at work, in a process of their own: `python -m jocc.bench.browsers` (a JSON plan on
standard input, the measured times on standard output).

It speaks HTTP itself on plain sockets: fifty boards ask hundreds of times a second, and a full client would
take the processor's time from the centre that is measured.
"""

import asyncio
import contextlib
import json
import sys
import time
from typing import Any

_HOST = "127.0.0.1"


class Connection:
    """One kept connection, one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, head: str, body: bytes = b"") -> asyncio.StreamReader:
        """Send one request; returns what to read the answer from."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(_HOST, self._port, limit=2**20)
        reader, writer = self._streams
        writer.write(f"{head}Host: {_HOST}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        return reader

    async def ask(self, head: str, body: bytes = b"") -> tuple[int, bytes]:
        """Send one request and read its answer; a connection that was closed meanwhile is opened again."""
        try:
            return await _answer(await self.send(head, body))
        except (ConnectionError, asyncio.IncompleteReadError):
            self._streams = None
            return await _answer(await self.send(head, body))


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines[1:] if line)
    return int(lines[0].split()[1]), {name.lower(): value.strip() for name, _, value in pairs}


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    status, headers = await _head(reader)
    if headers.get("transfer-encoding") == "chunked":
        return status, b"".join([chunk async for chunk in _chunks(reader)])
    return status, await reader.readexactly(int(headers.get("content-length", "0")))


async def _chunks(reader: asyncio.StreamReader) -> Any:
    while size := int(await reader.readline(), 16):
        yield (await reader.readexactly(size + 2))[:-2]
    await reader.readline()


class Board:
    """One open board: it is nudged, fetches the passages that have changed, and notes when each mark arrived.

    Like the page, it has one request under way at most, fetches at most so often, and less often when answers
    take long.
    """

    def __init__(self, stream: dict[str, Any], plan: dict[str, Any]) -> None:
        port, self._at_most_s, self._calm = plan["port"], plan["at_most_s"], plan["calm"]
        self._stream = stream
        self.site: str = stream["site"]
        #: When each mark that has not arrived yet was sent: those of the own site alone are looked for.
        self.awaited: dict[str, float] = {}
        self._nudged = asyncio.Event()
        self._nudged_at = 0.0
        self._connection, self._stream_connection = Connection(port), Connection(port)
        self._as_of = ""
        self.delays: list[float] = []
        self.arrived_at: list[float] = []
        self.fetches: list[float] = []
        self.waited: list[float] = []
        self.nudges = 0
        self.unchanged = 0

    async def listen(self) -> None:
        """Follow the stream until cancelled."""
        request = f"GET /live/board?site={self._stream['site']} HTTP/1.1\r\nCookie: {self._stream['cookie']}\r\nAccept: text/event-stream\r\n"
        reader = await self._stream_connection.send(request)
        status, _headers = await _head(reader)
        if status != 200:
            raise RuntimeError(f"the stream was answered with {status}")
        async for chunk in _chunks(reader):
            if b"event: nudge" in chunk and (b'"passage"' in chunk or b'"all"' in chunk):
                self.nudges += 1
                if not self._nudged.is_set():
                    self._nudged_at = time.monotonic()
                    self._nudged.set()
            elif b"event: closed" in chunk:
                raise RuntimeError("the stream was closed")

    async def follow(self) -> None:
        """Fetch after nudges until cancelled."""
        while True:
            await self._nudged.wait()
            self._nudged.clear()
            began = time.monotonic()
            self.waited.append(began - self._nudged_at)
            await self._fetch()
            taken = time.monotonic() - began
            self.fetches.append(taken)
            await asyncio.sleep(max(0.0, max(self._at_most_s, self._calm * taken) - taken))

    async def _fetch(self) -> None:
        path = f"/board/passages/?site={self._stream['site']}&as_of={self._as_of}"
        request = f"GET {path} HTTP/1.1\r\nCookie: {self._stream['cookie']}\r\nHX-Request: true\r\n"
        status, body = await self._connection.ask(request)
        if status == 204:
            self.unchanged += 1
            return
        if status != 200:
            raise RuntimeError(f"the passages were answered with {status}")
        now, text = time.monotonic(), body.decode()
        self._as_of = text.partition('data-as-of="')[2].partition('"')[0]
        for mark in [mark for mark in self.awaited if mark in text]:
            self.delays.append(now - self.awaited.pop(mark))
            self.arrived_at.append(now)


class Port:
    """Devices that post one event at a time, at a steady rate."""

    def __init__(self, plan: dict[str, Any], boards: list[Board]) -> None:
        self._plan, self._boards = plan, boards
        self._idle = [Connection(plan["port"]) for _ in range(8)]
        self._free = asyncio.Semaphore(len(self._idle))
        self.answers: list[float] = []

    async def work(self) -> None:
        """Post everything at its time; the boards of its site learn when a mark was sent."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number, posting in enumerate(self._plan["postings"]):
                await asyncio.sleep(max(0.0, began + number / self._plan["rate"] - time.monotonic()))
                group.create_task(self._post(posting))

    async def _post(self, posting: dict[str, Any]) -> None:
        head = (
            f"POST /api/v1/deliveries/ HTTP/1.1\r\nAuthorization: Token {posting['token']}\r\n"
            "Content-Type: application/json\r\n"
        )
        async with self._free:
            connection = self._idle.pop()
            sent = time.monotonic()
            if posting["mark"]:
                for board in self._boards:
                    if board.site == posting["site"]:
                        board.awaited[posting["mark"]] = sent
            status, answer = await connection.ask(head, posting["body"].encode())
            self._idle.append(connection)
        if status != 202:
            raise RuntimeError(f"a delivery was answered with {status}: {answer[:300]!r}")
        self.answers.append(time.monotonic() - sent)


def _by_fifth(boards: list[Board], began: float, seconds: float) -> list[float]:
    """The 95th percentile of the delays in each fifth of the time: whether the centre grows slower as it fills."""
    fifths: list[list[float]] = [[] for _ in range(5)]
    for board in boards:
        for at, delay in zip(board.arrived_at, board.delays, strict=True):
            fifths[min(4, max(0, int(5 * (at - began) / seconds)))].append(delay)
    return [sorted(delays)[int(0.95 * len(delays))] if delays else 0.0 for delays in fifths]


async def measure(plan: dict[str, Any]) -> dict[str, Any]:
    """Open the boards, let the port work, and give the last marks time to arrive."""
    boards = [Board(stream, plan) for stream in plan["streams"]]
    async with asyncio.TaskGroup() as group:
        opened = [group.create_task(task) for board in boards for task in (board.listen(), board.follow())]
        await asyncio.sleep(plan["settle_s"])
        for board in boards:
            board.fetches.clear()
            board.waited.clear()
        port, began, busy = Port(plan, boards), time.monotonic(), time.process_time()
        await port.work()
        seconds, busy = time.monotonic() - began, time.process_time() - busy
        await asyncio.sleep(3)
        for task in opened:
            task.cancel()
    return {
        "seconds": seconds,
        "client_cpu_share": busy / seconds,
        "answers": port.answers,
        "p95_by_fifth": _by_fifth(boards, began, seconds),
        "delays": [delay for board in boards for delay in board.delays],
        "missing": sum(len(board.awaited) for board in boards),
        "fetches": [taken for board in boards for taken in board.fetches],
        "waited": [waited for board in boards for waited in board.waited],
        "unchanged": sum(board.unchanged for board in boards),
        "nudges": sum(board.nudges for board in boards),
    }


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        json.dump(asyncio.run(measure(json.load(sys.stdin))), sys.stdout)
