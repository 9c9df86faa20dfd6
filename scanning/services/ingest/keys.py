"""Telling new events from repeated and contradicting ones, by device and event key."""

import uuid

from django.db import connection

from scanning.services.ingest.facts import Item, Outcome

_TAKE = """
INSERT INTO scanning_deliverykey (device_id, event_key, sha256, receipt)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bytea[], %s::uuid[])
ON CONFLICT ON CONSTRAINT event_key_per_device DO NOTHING
RETURNING device_id, event_key
"""
_KNOWN = """
SELECT k.device_id, k.event_key, k.sha256, k.receipt FROM scanning_deliverykey k
  JOIN unnest(%s::bigint[], %s::text[]) w(device_id, event_key)
    ON k.device_id = w.device_id AND k.event_key = w.event_key
"""


def new_items(items: list[Item], outcomes: dict[int, Outcome]) -> list[Item]:
    """The items whose events are new; repeated and contradicting ones are noted in their outcome.

    A key that the door took for this very receipt (a single event) counts as new.
    """
    firsts: dict[tuple[int, str], Item] = {}
    again: list[Item] = []
    for item in items:
        key = (item.device.id, item.observation.event_key)
        if key in firsts:
            again.append(item)
        else:
            firsts[key] = item
    if not firsts:
        return []
    # One order for all workers, so that two of them never wait for each other's keys.
    keys = sorted(firsts)
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            [
                [device for device, _ in keys],
                [event for _, event in keys],
                [firsts[key].observation.sha256 for key in keys],
                [str(firsts[key].delivery.receipt) for key in keys],
            ],
        )
        taken = set(cursor.fetchall()) if cursor.rowcount < len(keys) else None
        if taken is None:
            missing: list[tuple[int, str]] = []
        else:
            missing = [key for key in keys if key not in taken]
        known = {}
        if missing:
            cursor.execute(_KNOWN, [[device for device, _ in missing], [event for _, event in missing]])
            known = {(row[0], row[1]): (bytes(row[2]), uuid.UUID(str(row[3]))) for row in cursor.fetchall()}
    fresh = []
    for key in keys if known else ():
        item = firsts[key]
        if key not in known:
            fresh.append(item)
            continue
        digest, receipt = known[key]
        if digest == item.observation.sha256 and receipt == item.delivery.receipt:
            fresh.append(item)
        else:
            _note(item, digest, outcomes)
    if not known:
        fresh = list(firsts.values())
    for item in again:
        _note(item, firsts[item.device.id, item.observation.event_key].observation.sha256, outcomes)
    return fresh


def _note(item: Item, digest: bytes, outcomes: dict[int, Outcome]) -> None:
    outcome = outcomes[item.delivery.id]
    kind = "repeated" if digest == item.observation.sha256 else "conflict"
    if kind == "repeated":
        outcome.repeated += 1
    else:
        outcome.conflicts += 1
        outcome.error_code = "event_conflict"
        outcome.error_detail = item.observation.event_key
    outcome.items.append(
        {"index": item.observation.index, "event_id": item.observation.event_key, "outcome": kind}
    )
