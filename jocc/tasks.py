"""The workers' sign of life: only a worker that takes work from the broker gives it."""

import time

from django.conf import settings
from redis import Redis

from agencies.tasking import ingest_task

BEAT_TASK = "jocc.worker_beat"


@ingest_task(name=BEAT_TASK, atomic=False)
def worker_beat() -> None:
    """Write down that a worker took this message."""
    redis = Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        redis.set("jocc:alive:worker", str(time.time()), ex=60)
    finally:
        redis.close()
