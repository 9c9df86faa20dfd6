"""A cache that may vanish: when Valkey or Redis is away, nothing is remembered and nothing breaks."""

import functools
import json
import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _tolerant(name: str, fallback: Callable[[tuple[Any, ...], dict[str, Any]], Any]) -> Any:
    original = getattr(RedisCache, name)

    @functools.wraps(original)
    def method(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(self, *args, **kwargs)
        except (RedisError, OSError, ValueError) as error:  # ValueError: something that is not ours
            logger.warning("cache away: %s", type(error).__name__)
            return fallback(args, kwargs)

    return method


class PlainSerializer:
    """Values as JSON. Django's own unpickles, so whoever can write to the server could run code here."""

    def dumps(self, value: Any) -> Any:
        """Whole numbers stay as they are, so that the server can count with them."""
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: Any) -> Any:
        """The value; ValueError for anything that is no JSON."""
        return json.loads(data)


@functools.cache
def _client(servers: tuple[str, ...], options: tuple[tuple[str, Any], ...]) -> RedisCacheClient:
    """The one client of this process for these servers; it may be used by all threads."""
    return RedisCacheClient(list(servers), **dict(options))


class TolerantRedisCache(RedisCache):
    """Django's Redis cache; every failure of the server reads as an empty cache.

    Only rate limits and other forgettable things live here, so an absent server never refuses an officer
    or a device.
    """

    @functools.cached_property
    def _cache(self: Any) -> RedisCacheClient:
        # Django makes a cache for each context, and each request on our threads has a context of its own:
        # with a client in each, every request would connect to the server anew.
        return _client(tuple(self._servers), tuple(sorted(self._options.items())))

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
