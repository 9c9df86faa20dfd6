"""The sealer: a thread of the scheduler with a database connection of its own, so that nudges never wait for it.

Its sign of life is given only when a turn has gone through, publication included. Whatever stops it (no key, a
folder that cannot be written to, a database that was set back) shows within half a minute on the health page and
in /readyz.
"""

import logging
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections, transaction
from redis import Redis
from redis.exceptions import RedisError

from agencies.acting import acting_as
from agencies.facts import INGEST
from agencies.heartbeats import ALIVE
from agencies.selectors import agencies_all, is_demonstration
from audit.services.keys import SealingRefused, key_read
from audit.services.publication import blocks_publish
from audit.services.sealing import block_seal

logger = logging.getLogger(__name__)


def sealer_turn() -> int:
    """Seal what waits and publish it; returns how many rows were sealed. SealingRefused says what is wrong."""
    key, rows = key_read(), 0
    while (sealed := block_seal(key)) is not None:
        rows += sealed.rows
        if not sealed.more:
            break
    if not settings.AUDIT_PUBLISH_DIR:
        raise SealingRefused("JOCC_AUDIT_PUBLISH_DIR names no folder: blocks are sealed but not published.")
    with transaction.atomic():
        agencies = {agency.code: agency.group_id for agency in agencies_all()}
        anew = is_demonstration()
    blocks_publish(Path(settings.AUDIT_PUBLISH_DIR), agencies, anew=anew)
    return rows


class Sealer(threading.Thread):
    """Turns every few seconds until the block that started it ends."""

    def __init__(self) -> None:
        super().__init__(name="sealer", daemon=True)
        self._stopping = threading.Event()
        self._said = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self.join(10)

    def run(self) -> None:
        """Seal, publish, give a sign of life; a fault is said once, and tried again."""
        redis = Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)
        with acting_as(INGEST):
            while not self._stopping.is_set():
                if self._turn():
                    _beat(redis)
                self._stopping.wait(settings.AUDIT_SEAL_EVERY_S)
        connections.close_all()

    def _turn(self) -> bool:
        said = ""
        try:
            sealer_turn()
        except SealingRefused as refusal:
            said = str(refusal)
        except (OperationalError, InterfaceError) as error:
            said = f"database away: {type(error).__name__}"
            connections.close_all()
        except Exception:
            logger.exception("the sealer failed")
            return False
        if said and said != self._said:
            logger.error("the record is not sealed: %s", said)
        self._said = said
        return not said


def _beat(redis: Redis) -> None:
    try:
        redis.set(ALIVE["sealer"], str(time.time()), ex=60)
    except (RedisError, OSError):
        logger.warning("the sealer's heartbeat was not sent")
