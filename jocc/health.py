"""Whether this process lives, and whether the centre is ready to work."""

import functools

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from agencies.heartbeats import AWAY_AFTER_S, heartbeats
from agencies.selectors import is_demonstration


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


@login_not_required
@require_safe
@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker, worker, scheduler and sealer answer; else 503 and which of them does not."""
    state = {"database": _database(), "broker": True}
    try:
        for name, age in heartbeats().items():
            state[name] = age is not None and age < AWAY_AFTER_S
    except (RedisError, OSError):
        state |= {"broker": False, "worker": False, "scheduler": False, "sealer": False}
    answer = {name: "ok" if fine else "away" for name, fine in state.items()}
    return JsonResponse(answer, status=200 if all(state.values()) else 503)
