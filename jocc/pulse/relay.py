"""From the outbox in PostgreSQL to the stream that web processes read: nudges without content."""

import json
import logging

from django.db import connection, transaction
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

#: The Redis stream of nudges; a reader that was away replays from the id it saw last.
STREAM = "jocc:nudges"
KEPT = 5_000

# Nudges have no positions: a row that commits late is simply taken by the next turn, so nothing is skipped.
_TAKE = """
DELETE FROM audit_change WHERE id IN (SELECT id FROM audit_change ORDER BY id LIMIT 2000)
RETURNING topic, device_id, lane_id, group_ids
"""


def changes_relay(redis: Redis) -> int:
    """Move committed changes to the stream, coalesced into one message; returns how many rows.

    The rows go only when the message has been taken: with Redis away they stay, and the open pages fall back
    to asking every few seconds.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE)
        rows = cursor.fetchall()
        if not rows:
            return 0
        distinct = sorted(
            {(t, d, lane, tuple(g) if g is not None else None) for t, d, lane, g in rows}, key=repr
        )
        message = json.dumps([{"t": t, "d": d, "l": lane, "g": g} for t, d, lane, g in distinct])
        redis.xadd(STREAM, {"changes": message}, maxlen=KEPT, approximate=True)
    return len(rows)


def changes_drop_stale() -> None:
    """Forget changes older than ten minutes: a page that has not heard for so long asks anew anyway."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_change WHERE created_at < now() - interval '10 minutes'")


def relay_safely(redis: Redis) -> int:
    """Relay; an absent Redis is logged and costs nothing but speed."""
    try:
        return changes_relay(redis)
    except (RedisError, OSError) as error:
        logger.warning("relay: %s", type(error).__name__)
        return 0
