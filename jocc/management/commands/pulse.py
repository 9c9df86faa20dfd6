"""Run the scheduler: sweeper, relay of nudges, timed duties. A second one waits until the first is gone."""

import logging
import select
import signal
import time
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.db import InterfaceError, OperationalError, connection, connections
from redis import Redis
from redis.exceptions import RedisError

from agencies.acting import acting_as
from agencies.facts import INGEST
from audit.services import CHANNEL
from jocc.checks import refuse_unless_walls_hold
from jocc.pulse.duties import Duty, duties_all, duties_run
from jocc.pulse.relay import relay_safely
from jocc.pulse.sealer import Sealer

logger = logging.getLogger(__name__)

_LOCK = 77002
HEARTBEAT = "jocc:alive:pulse"


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Sweep the inbox, relay nudges and keep timed duties until stopped."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Turn until told to stop; a lost database or Redis is waited for."""
        self.stopping = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        refuse_unless_walls_hold()
        redis = Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)
        duties = duties_all()
        with acting_as(INGEST):
            while not self.stopping:
                try:
                    self._turns(redis, duties)
                except (OperationalError, InterfaceError) as error:
                    logger.warning("database away: %s", type(error).__name__)
                    connections.close_all()
                    time.sleep(1)

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _turns(self, redis: Redis, duties: list[Duty]) -> None:
        """Hold the lock and listen on one connection; wake for each committed change, or ten times a second."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                time.sleep(1)
                return
            cursor.execute(f"LISTEN {CHANNEL}")
        raw = connection.connection
        with Sealer():
            while not self.stopping:
                duties_run(duties)
                relay_safely(redis)
                self._heartbeat(redis)
                select.select([raw], [], [], 0.1)
                with connection.wrap_database_errors:
                    raw.poll()
                raw.notifies.clear()

    def _heartbeat(self, redis: Redis) -> None:
        now = time.monotonic()
        if now - getattr(self, "beaten", 0.0) < 1:
            return
        self.beaten = now
        try:
            redis.set(HEARTBEAT, str(time.time()), ex=30)
        except (RedisError, OSError):
            logger.warning("heartbeat not sent")
