"""Telling new events from repeated and contradicting ones, by device and event key."""

import io

from django.db import connection

from scanning.services.ingest.facts import Item, Outcome
from scanning.services.ingest.write import copy_text, stages_ready

_COPY = "COPY stage_key (device_id, event_key, sha256, receipt) FROM STDIN"
# One order for all workers, so that two of them never wait for each other's keys.
_TAKE = """
INSERT INTO scanning_deliverykey (device_id, event_key, sha256, receipt)
SELECT device_id, event_key, sha256, receipt FROM stage_key ORDER BY device_id, event_key
ON CONFLICT (device_id, event_key) DO NOTHING
"""
_KNOWN = """
SELECT s.device_id, s.event_key, k.sha256, k.receipt FROM stage_key s
  JOIN scanning_deliverykey k ON k.device_id = s.device_id AND k.event_key = s.event_key
 WHERE k.sha256 <> s.sha256 OR k.receipt <> s.receipt
"""


def new_items(items: list[Item], outcomes: dict[int, Outcome]) -> list[Item]:
    """The items whose events are new; repeated and contradicting ones are noted in their outcome.

    A key that the door took for this very receipt (a single event) counts as new.
    """
    firsts: dict[tuple[int, str], Item] = {}
    again: list[Item] = []
    for item in items:
        if firsts.setdefault((item.device.id, item.observation.event_key), item) is not item:
            again.append(item)
    if not firsts:
        return []
    known = _known(firsts)
    for key, digest in known.items():
        _note(firsts[key], digest, outcomes)
    for item in again:
        _note(item, firsts[item.device.id, item.observation.event_key].observation.sha256, outcomes)
    return [item for key, item in firsts.items() if key not in known] if known else list(firsts.values())


def _known(firsts: dict[tuple[int, str], Item]) -> dict[tuple[int, str], bytes]:
    """Take the keys; returns those that were taken before by another receipt, with their digest."""
    stages_ready()
    lines = [
        f"{device}\t{copy_text(event)}\t\\\\x{item.observation.sha256.hex()}\t{item.delivery.receipt_text}\n"
        for (device, event), item in firsts.items()
    ]
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(_COPY, io.StringIO("".join(lines)))
        cursor.execute(_TAKE)
        if cursor.rowcount == len(firsts):
            return {}
        cursor.execute(_KNOWN)
        return {(row[0], row[1]): bytes(row[2]) for row in cursor.fetchall()}


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
