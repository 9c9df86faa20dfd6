"""A cache that may vanish: when Valkey or Redis is away, nothing is remembered and nothing breaks."""

import functools
import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _tolerant(name: str, fallback: Callable[[tuple[Any, ...], dict[str, Any]], Any]) -> Any:
    original = getattr(RedisCache, name)

    @functools.wraps(original)
    def method(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("cache away: %s", type(error).__name__)
            return fallback(args, kwargs)

    return method


class TolerantRedisCache(RedisCache):
    """Django's Redis cache; every failure of the server reads as an empty cache.

    Only rate limits and other forgettable things live here, so an absent server never refuses an officer
    or a device.
    """

    get = _tolerant("get", lambda a, k: a[1] if len(a) > 1 else k.get("default"))
    set = _tolerant("set", lambda a, k: None)
    add = _tolerant("add", lambda a, k: True)
    touch = _tolerant("touch", lambda a, k: False)
    delete = _tolerant("delete", lambda a, k: False)
    get_many = _tolerant("get_many", lambda a, k: {})
    set_many = _tolerant("set_many", lambda a, k: [])
    delete_many = _tolerant("delete_many", lambda a, k: None)
    has_key = _tolerant("has_key", lambda a, k: False)
    incr = _tolerant("incr", lambda a, k: 1)
    clear = _tolerant("clear", lambda a, k: False)
