"""Django's WSGI handler on a bounded pool of threads, behind the event loop.

An answer that is whole crosses from its thread to the loop once, and the loop writes it at one go. (The general
bridges pass each piece through a queue, which cost more than many of our answers.) A streamed answer is sent piece
by piece from its one thread, because its database connection belongs to that thread.
"""

import asyncio
import contextvars
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environment = dict[str, Any]


class OnThreads:
    """Serves a WSGI application to ASGI; requests must come with their body whole and its length stated."""

    def __init__(self, pages: Callable[..., Iterable[bytes]], threads: int) -> None:
        self._pages = pages
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="pages")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""
        body = await _body(receive) if _has_body(scope) else b""
        loop = asyncio.get_running_loop()

        def say(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(_sent(send, message), loop).result()

        context = contextvars.copy_context()
        whole = await loop.run_in_executor(
            self._pool, context.run, self._answer, environment_of(scope, body), say
        )
        for message in whole:
            await send(message)

    def _answer(self, environ: Environment, say: Callable[[Message], None]) -> tuple[Message, ...]:
        """In a thread: what is to be sent of a whole answer; a streamed one has been sent when this returns."""
        begun: list[Message] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            begun[:] = [{"type": "http.response.start", "status": int(status[:3]), "headers": pairs}]

        pieces = self._pages(environ, start_response)
        try:
            if not getattr(pieces, "streaming", True):
                return begun[0], {"type": "http.response.body", "body": b"".join(pieces)}
            say(begun[0])
            for piece in pieces:
                say({"type": "http.response.body", "body": piece, "more_body": True})
            say({"type": "http.response.body", "body": b""})
            return ()
        finally:
            getattr(pieces, "close", lambda: None)()


async def _sent(send: Send, message: Message) -> None:
    await send(message)


def _has_body(scope: Message) -> bool:
    return any(name == b"content-length" for name, _ in scope["headers"])


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def environment_of(scope: Message, body: bytes) -> Environment:
    """The WSGI environment of a request."""
    host, port = scope.get("server") or ("localhost", 80)
    client, client_port = scope.get("client") or ("", 0)
    root = scope.get("root_path", "")
    environ: Environment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": _latin(root),
        "PATH_INFO": _latin(scope["path"].removeprefix(root)),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": client,
        "REMOTE_PORT": str(client_port),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        if (
            b"_" in raw
        ):  # `X_Forwarded_Proto` must not pass for `X-Forwarded-Proto`, which a proxy vouches for
            continue
        name = raw.decode("latin-1").upper().replace("-", "_")
        if name not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            name = f"HTTP_{name}"
        text = value.decode("latin-1")
        separator = "; " if name == "HTTP_COOKIE" else ","
        environ[name] = f"{environ[name]}{separator}{text}" if name in environ else text
    return environ


def _latin(text: str) -> str:
    """A path as WSGI carries it: its UTF-8 bytes, each as one character."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")
