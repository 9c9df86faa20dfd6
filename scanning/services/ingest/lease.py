"""Taking deliveries into our hands, and putting them away; each in a short transaction of its own."""

import datetime as dt
import uuid
from typing import Any

from django.db import connection

from scanning.services.ingest.facts import Leased

#: Deliveries taken at once. Small ones are written together; large ones are split by their bytes.
BATCH = 64
BATCH_BYTES = 2_400_000
#: A worker that dies gives its deliveries back after this many seconds. A slow one loses nothing by it: whoever
#: comes later waits for the rows and finds them done.
LEASE_S = 30
#: A delivery that was taken this often without an end is set aside: it may be what kills the workers. From the
#: second time on it is taken alone, so that those that were taken with it do not count with it.
MAX_ATTEMPTS = 5

_FIND = """
SELECT id, received_at, octet_length(body) FROM scanning_delivery
 WHERE state = 'waiting' AND (lease_until IS NULL OR lease_until < now()) AND attempts {0} 0
 ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
# The attempt is counted before the work begins, so that a payload that kills the worker is counted too.
_LEASE = """
UPDATE scanning_delivery d SET attempts = d.attempts + 1, lease_until = now() + %s * interval '1 second'
 WHERE d.id = ANY(%s) AND d.received_at >= %s
RETURNING d.id, d.receipt, d.received_at, d.agency_group_id, d.account_id, d.device_id, d.site_id, d.format,
          d.content_type, d.body, d.attempts
"""
_HOLD = (
    "SELECT id FROM scanning_delivery WHERE id = ANY(%s) AND received_at >= %s AND state = 'waiting'"
    " ORDER BY id FOR UPDATE"
)
_RELEASE = "UPDATE scanning_delivery SET lease_until = NULL WHERE id = ANY(%s) AND received_at >= %s"


def deliveries_lease(limit: int = BATCH, *, again: bool = False) -> list[Leased]:
    """Lease deliveries that nobody has taken yet, oldest first; other workers skip them.

    Up to `limit` of them, and no more than a batch's bytes, so that a backlog is shared evenly. With `again` it
    is the oldest one that was taken before without an end, alone.
    """
    with connection.cursor() as cursor:
        # A crash of the database may forget a lease; the delivery is then simply taken again.
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(_FIND.format(">" if again else "="), [1 if again else limit])
        chosen = _first_bytes(cursor.fetchall())
        if not chosen:
            return []
        oldest = min(received_at for _number, received_at in chosen)
        cursor.execute(_LEASE, [LEASE_S, [number for number, _received_at in chosen], oldest])
        rows = cursor.fetchall()
    return sorted(map(_leased, rows), key=lambda delivery: delivery.id)


def _first_bytes(found: list[tuple[int, dt.datetime, int | None]]) -> list[tuple[int, dt.datetime]]:
    """The first deliveries up to a batch's bytes; one always."""
    chosen: list[tuple[int, dt.datetime]] = []
    size = 0
    for number, received_at, length in found:
        size += length or 0
        if chosen and size > BATCH_BYTES:
            break
        chosen.append((number, received_at))
    return chosen


def _leased(row: tuple[Any, ...]) -> Leased:
    number, receipt, received_at, group, account, device, site, form, content_type, body, attempts = row
    return Leased(
        id=number,
        receipt=uuid.UUID(str(receipt)),
        received_at=received_at,
        agency_group_id=group,
        account_id=account,
        device_id=device,
        site_id=site,
        format=form,
        content_type=content_type,
        body=bytes(body or b""),
        attempts=attempts,
    )


def deliveries_hold(deliveries: list[Leased]) -> list[Leased]:
    """Lock the deliveries for this transaction; returns those that nobody has finished meanwhile."""
    oldest = min(delivery.received_at for delivery in deliveries)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [[delivery.id for delivery in deliveries], oldest])
        waiting = {row[0] for row in cursor.fetchall()}
    return [delivery for delivery in deliveries if delivery.id in waiting]


def deliveries_release(deliveries: list[Leased]) -> None:
    """Give deliveries back at once (after a failure that was not theirs)."""
    if deliveries:
        oldest = min(delivery.received_at for delivery in deliveries)
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE, [[delivery.id for delivery in deliveries], oldest])


def oldest_waiting() -> tuple[int, dt.datetime | None]:
    """How many deliveries wait to be leased now, counted up to a thousand, and since when the oldest waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(received_at) FROM (SELECT received_at FROM scanning_delivery"
            " WHERE state = 'waiting' AND (lease_until IS NULL OR lease_until < now()) ORDER BY id LIMIT 1000) w"
        )
        count, oldest = cursor.fetchone()
    return count, oldest
