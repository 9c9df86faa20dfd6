"""Celery as doorbells: a message says "there is work", the work itself is a row in PostgreSQL.

A bell that is lost costs nothing but time, because the sweeper rings again; so ringing never fails the act
that rings, and one pending bell stands for any number of rows (docs/adr/0003).
"""

import dataclasses
import functools
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from celery import Task, current_app, shared_task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import KombuError
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from agencies.acting import acting_as
from agencies.facts import INGEST

logger = logging.getLogger(__name__)

#: How long one bell stands for all others. Short: if the ringer dies in between, the next second rings anew.
BELL_LASTS_MS = 1_000
#: After a failure nobody waits for an absent broker again for so long.
BROKER_REST_S = 2.0


@dataclasses.dataclass(slots=True)
class Bells:
    """What became of this process's bells since it started."""

    rung: int = 0
    pending: int = 0  # one that nobody had answered yet stood for it
    failed: int = 0
    resting_until: float = 0.0


bells = Bells()
_lock = threading.Lock()


@functools.cache
def _redis() -> Redis:
    # No second try: the client's own retries would hold up the request for seconds.
    never = Retry(NoBackoff(), 0)
    return Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=never)


def _bell(task_name: str, key: str) -> str:
    return f"jocc:bell:{task_name}:{key}" if key else f"jocc:bell:{task_name}"


def ingest_task(*, name: str, atomic: bool = True) -> Callable[[Callable[..., Any]], Task]:
    """Decorate the body of a task that does the workers' own work: it acts as INGEST, in one transaction.

    Its bell is silenced before the body begins, so that a row committed from here on rings a new one.
    `atomic=False` is for a body that opens several transactions of its own (leases, then the work).
    """

    def decorate(body: Callable[..., Any]) -> Task:
        @functools.wraps(body)
        def run(task: Task, *args: Any, **kwargs: Any) -> Any:
            _silence(kwargs.pop("bell", _bell(name, "")))
            who = dataclasses.replace(INGEST, request_id=str(task.request.id or ""))
            with acting_as(who):
                if not atomic:
                    return body(*args, **kwargs)
                with transaction.atomic():
                    return body(*args, **kwargs)

        return shared_task(bind=True, name=name, ignore_result=True)(run)

    return decorate


def doorbell_ring(task_name: str, key: str = "") -> None:
    """Ring for a task, by its name (services stand below tasks), once the current transaction has committed (at once outside of one). Never raises.

    While a bell with the same key is unanswered no second one is sent. Failures are counted in `bells`.
    """
    transaction.on_commit(functools.partial(_ring, task_name, _bell(task_name, key)), robust=True)


def _ring(task_name: str, bell: str) -> None:
    if time.monotonic() < bells.resting_until:
        _count("failed")
        return
    try:
        if not _redis().set(bell, b"1", nx=True, px=BELL_LASTS_MS):
            _count("pending")
            return
        current_app.send_task(task_name, kwargs={"bell": bell}, retry=False)
    except (RedisError, KombuError, OSError) as error:
        _count("failed")
        bells.resting_until = time.monotonic() + BROKER_REST_S
        logger.warning("bell not sent: %s", type(error).__name__)
    else:
        _count("rung")


def _silence(bell: str) -> None:
    try:
        _redis().delete(bell)
    except (RedisError, OSError) as error:  # it falls silent by itself in a second
        logger.warning("bell not silenced: %s", type(error).__name__)


def _count(what: str) -> None:
    with _lock:
        setattr(bells, what, getattr(bells, what) + 1)
