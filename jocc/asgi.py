"""One port, two worlds: live streams on the event loop, everything else on a bounded pool of threads.

Django's own ASGI handler would give every request a fresh thread and so a fresh database connection
(docs/adr/0005 has the measurement).
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from jocc.bodies import WholeBodies
from jocc.threads import OnThreads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jocc.settings")
_streams: Any = get_asgi_application()
_live: Any = WholeBodies(_streams, most=0)  # a stream is asked for without a body

from jocc.checks import refuse_unless_walls_hold  # noqa: E402  (Django must be set up first)
from jocc.wsgi import application as _wsgi  # noqa: E402

# A delivery waits for the disk. Those that officers wait for must not stand behind a flood of them.
_on_threads: Any = OnThreads(_wsgi, threads=int(os.environ.get("WEB_THREADS", "8")))
_from_devices: Any = OnThreads(_wsgi, threads=int(os.environ.get("WEB_DELIVERY_THREADS", "4")))


async def _pooled(scope: Any, receive: Any, send: Any) -> None:
    pool = _from_devices if scope["path"].startswith(settings.DELIVERIES_PATH) else _on_threads
    await pool(scope, receive, send)


_pages: Any = WholeBodies(
    _pooled,
    most=settings.FORM_MAX_BYTES,
    elsewhere=(
        (settings.DELIVERIES_PATH, settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
        (settings.IMAGE_FORM_PATH, settings.IMAGE_FORM_MAX_BYTES),
    ),
)

Message = MutableMapping[str, Any]


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Route one connection."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/live/"):
        await _live(scope, receive, send)
    elif scope["type"] == "http":
        await _pages(scope, receive, send)


async def _lifespan(
    receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                await sync_to_async(refuse_unless_walls_hold)()
            except (ImproperlyConfigured, DatabaseError) as refusal:
                await send({"type": "lifespan.startup.failed", "message": str(refusal)})
                return
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return
