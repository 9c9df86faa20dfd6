"""Whether this process lives, and whether the centre is ready to work."""

import functools
import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError

from agencies.selectors import is_demonstration

#: A worker or scheduler that has not been heard for so long is away.
AWAY_AFTER_S = 30
ALIVE = {"worker": "jocc:alive:worker", "scheduler": "jocc:alive:pulse"}


@functools.cache
def _marked() -> bool:
    with transaction.atomic():
        return is_demonstration()


def _demonstration() -> bool:
    try:
        return _marked()
    except DatabaseError:  # not cached: asked again next time
        return False


@login_not_required
@require_safe
@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> JsonResponse:
    """This process answers. The simulator asks here whether the centre is a demonstration one."""
    return JsonResponse({"status": "ok", "demonstration": _demonstration()})


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


@functools.cache
def _redis() -> "Redis[bytes]":
    return Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def heartbeats() -> dict[str, float | None]:
    """Seconds since worker and scheduler were last heard (None: not known); raises RedisError when Redis is away."""
    now = time.time()
    told = _redis().mget(list(ALIVE.values()))
    return {
        name: None if value is None else now - float(value) for name, value in zip(ALIVE, told, strict=True)
    }


@login_not_required
@require_safe
@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker, worker and scheduler answer; else 503 and which of them does not."""
    state = {"database": _database(), "broker": True}
    try:
        for name, age in heartbeats().items():
            state[name] = age is not None and age < AWAY_AFTER_S
    except (RedisError, OSError):
        state |= {"broker": False, "worker": False, "scheduler": False}
    answer = {name: "ok" if fine else "away" for name, fine in state.items()}
    return JsonResponse(answer, status=200 if all(state.values()) else 503)
