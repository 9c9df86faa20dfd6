"""Telling new events from repeated and contradicting ones, by device and event key."""

from django.db import connection

from scanning.services.ingest.columns import digests, numbers, texts
from scanning.services.ingest.facts import Item, Outcome

_NEW = "unnest(%s::bigint[], %s::text[], %s::bytea[], %s::uuid[]) s(device_id, event_key, sha256, receipt)"
# One order for all workers, so that two of them never wait for each other's keys.
_TAKE = f"""
INSERT INTO scanning_deliverykey (device_id, event_key, sha256, receipt)
SELECT device_id, event_key, sha256, receipt FROM {_NEW} ORDER BY device_id, event_key
ON CONFLICT (device_id, event_key) DO NOTHING
"""  # noqa: S608  (the columns above)
_KNOWN = f"""
SELECT s.device_id, s.event_key, k.sha256, k.receipt FROM {_NEW}
  JOIN scanning_deliverykey k ON k.device_id = s.device_id AND k.event_key = s.event_key
 WHERE k.sha256 <> s.sha256 OR k.receipt <> s.receipt
"""  # noqa: S608  (the columns above)


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
    columns = [
        numbers([device for device, _event in firsts]),
        texts([event for _device, event in firsts]),
        digests([item.observation.sha256 for item in firsts.values()]),
        texts([item.delivery.receipt_text for item in firsts.values()]),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, columns)
        if cursor.rowcount == len(firsts):
            return {}
        cursor.execute(_KNOWN, columns)
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
