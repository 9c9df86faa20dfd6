"""Bodies are read whole on the event loop before a thread is given to the request.

A thread that waits for a body is lost to everybody else: nine half-sent posts would stop the centre. And the
pages' side of the house knows only bodies of a stated length: one that comes in chunks would be taken for
none, and what a device sent would be lost with an "accepted".
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

#: Whoever needs longer for one body than this is told to come again (408).
WITHIN_S = 30.0
#: All bodies of this process together, in bytes; who would go beyond it is told to come again (503).
TOGETHER = 256 * 1024 * 1024

_ANNOUNCE = frozenset({b"content-length", b"transfer-encoding"})


class WholeBodies:
    """Gives requests to `pages` with their whole body and its length.

    Of a body beyond `most` bytes only so much is read as shows that it is too large; `pages` refuses it.
    `elsewhere` names paths below which other limits hold.
    """

    def __init__(
        self,
        pages: Application,
        most: int,
        *,
        elsewhere: Sequence[tuple[str, int]] = (),
        within_s: float = WITHIN_S,
        together: int = TOGETHER,
    ) -> None:
        self._pages, self._most, self._within_s, self._room = pages, most, within_s, together
        self._elsewhere = tuple(elsewhere)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""
        if not any(name in _ANNOUNCE for name, _ in scope["headers"]):
            await self._pages(scope, receive, send)
            return
        parts: list[bytes] = []
        most = next((most for path, most in self._elsewhere if scope["path"].startswith(path)), self._most)
        try:
            refusal = await self._read(parts, receive, most)
            if refusal:
                await _come_again(send, refusal)
            elif refusal is not None:
                body = b"".join(parts)
                await self._pages(_with_length(scope, len(body)), _replayed(body, receive), send)
        finally:
            self._room += sum(map(len, parts))

    async def _read(self, parts: list[bytes], receive: Receive, most: int) -> int | None:
        """Fill `parts`: 0 when all is there, None when the sender is gone, else the status of the refusal."""
        size = 0
        try:
            async with asyncio.timeout(self._within_s):
                while size <= most:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    self._room -= len(parts[-1])
                    if self._room < 0:
                        return 503
                    if not message.get("more_body", False):
                        break
        except TimeoutError:
            return 408
        return 0


def _with_length(scope: Message, length: int) -> Message:
    kept = [pair for pair in scope["headers"] if pair[0] not in _ANNOUNCE]
    return {**scope, "headers": [*kept, (b"content-length", str(length).encode())]}


def _replayed(body: bytes, receive: Receive) -> Receive:
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _come_again(send: Send, status: int) -> None:
    title = {408: "The body did not arrive in time.", 503: "Too much arrives at once."}[status]
    code = {408: "timeout", 503: "busy"}[status]
    body = json.dumps({"type": "about:blank", "title": title, "status": status, "code": code}).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"retry-after", b"5"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
