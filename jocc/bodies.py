"""Bodies are read whole on the event loop before a thread is given to the request.

A thread that waits for a body is lost to everybody else: nine half-sent posts would stop the centre. And the
pages' side of the house knows only bodies of a stated length: one that comes in chunks would be taken for
none, and what a device sent would be lost with an "accepted".
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

#: Whoever needs longer for one body than this is told to come again (408).
BODY_WITHIN_S = 30.0


def whole_bodies(pages: Application, most: int, within_s: float = BODY_WITHIN_S) -> Application:
    """Give requests to `pages` with their whole body and its length.

    Of a body beyond `most` bytes only so much is read as shows that it is too large; `pages` refuses it.
    """

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        if not any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"]):
            await pages(scope, receive, send)
            return
        try:
            async with asyncio.timeout(within_s):
                body = await _read(receive, most)
        except TimeoutError:
            await _come_again(send)
            return
        if body is None:  # gone before the end: nothing was delivered, and the sender knows it
            return
        await pages(_with_length(scope, len(body)), _replayed(body, receive), send)

    return application


async def _read(receive: Receive, most: int) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while size <= most:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if not message.get("more_body", False):
            break
    return b"".join(parts)


def _with_length(scope: Message, length: int) -> Message:
    kept = [pair for pair in scope["headers"] if pair[0] not in {b"content-length", b"transfer-encoding"}]
    return {**scope, "headers": [*kept, (b"content-length", str(length).encode())]}


def _replayed(body: bytes, receive: Receive) -> Receive:
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _come_again(send: Send) -> None:
    body = json.dumps(
        {"type": "about:blank", "title": "The body did not arrive.", "status": 408, "code": "timeout"}
    )
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 408, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
