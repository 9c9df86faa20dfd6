"""Signs of life of workers, scheduler and sealer, as they stand in Redis."""

import functools
import time

from django.conf import settings
from redis import Redis

#: A worker or scheduler that has not been heard for so long is away.
AWAY_AFTER_S = 30
ALIVE = {"worker": "jocc:alive:worker", "scheduler": "jocc:alive:pulse", "sealer": "jocc:alive:sealer"}


@functools.cache
def _redis() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def heartbeats() -> dict[str, float | None]:
    """Seconds since each of them was last heard (None: not known); raises RedisError when Redis is away."""
    now = time.time()
    told = _redis().mget(list(ALIVE.values()))
    return {
        name: None if value is None else now - float(value) for name, value in zip(ALIVE, told, strict=True)
    }
