"""Raising, repeating and putting out alarms for a batch; and what is known of each device's health."""

import datetime as dt

from django.db import connection

from scanning.choices import AlarmRule, Result, Severity
from scanning.facts import AlarmProposal
from scanning.rules.alarms import alarms_proposed
from scanning.rules.clocks import skew_update
from scanning.services.ingest.alarm_raise import DEVICE_RULES, alarm_raise
from scanning.services.ingest.downtime import Downtimes
from scanning.services.ingest.facts import DeviceCard, Item, Outcome

# A recovery that arrives late says nothing about a fault that came after it.
_CLEAR = """
UPDATE scanning_alarm SET cleared_at = %s
 WHERE device_id = %s AND rule = %s AND passage_id IS NOT DISTINCT FROM %s AND cleared_at IS NULL AND last_at <= %s
RETURNING uid
"""
_HEARD = """
UPDATE scanning_alarm SET cleared_at = now()
 WHERE device_id = ANY(%s) AND rule = %s AND cleared_at IS NULL
RETURNING device_id
"""
_OPEN_FAULTS = "SELECT DISTINCT device_id FROM scanning_alarm WHERE cleared_at IS NULL AND rule = ANY(%s)"
# An older event out of a backlog says nothing about how the device is now.
_STATUS = """
INSERT INTO scanning_devicestatus AS s (device_id, last_received_at, last_event_at, clock_skew_ms, fault, fault_since)
VALUES (%(device)s, %(received)s, %(event)s, %(skew)s, coalesce(%(fault)s, ''),
        CASE WHEN %(fault)s <> '' THEN %(event)s::timestamptz END)
ON CONFLICT (device_id) DO UPDATE SET
  last_received_at = greatest(s.last_received_at, excluded.last_received_at),
  last_event_at = greatest(s.last_event_at, excluded.last_event_at),
  silent_since = NULL,
  clock_skew_ms = CASE WHEN s.last_event_at > excluded.last_event_at THEN s.clock_skew_ms
                       ELSE excluded.clock_skew_ms END,
  fault = CASE WHEN %(fault)s IS NULL OR s.last_event_at > excluded.last_event_at THEN s.fault ELSE %(fault)s END,
  fault_since = CASE WHEN %(fault)s IS NULL OR s.last_event_at > excluded.last_event_at THEN s.fault_since
                     WHEN %(fault)s = '' THEN NULL
                     ELSE coalesce(s.fault_since, %(event)s::timestamptz) END
"""


def items_alarm(items: list[Item]) -> set[int]:
    """Apply what the rules propose for each new event; returns the devices whose alarms changed."""
    changed: set[int] = set()
    faulty = _devices_in_fault()
    may_fall = faulty | {item.device.id for item in items if item.observation.result == Result.FAULT}
    # Nearly every event is clear, and nothing stands that it could put out.
    telling = [
        item for item in items if item.observation.result != Result.CLEAR or item.device.id in may_fall
    ]
    downtimes = Downtimes(telling)
    for item in sorted(telling, key=lambda each: each.event_at):
        if item.observation.result == Result.CLEAR and item.device.id not in faulty:
            continue
        for proposal in alarms_proposed(item.observation, item.device.kind):
            about_device = proposal.rule in DEVICE_RULES
            passage = None if about_device or item.slot is None else item.slot.id
            if proposal.active:
                if about_device and downtimes.cover(item.device.id, item.event_at):
                    continue
                alarm_raise(
                    device=item.device,
                    passage_id=passage,
                    proposal=proposal,
                    at=item.event_at,
                    is_late=item.is_late,
                )
                changed.add(item.device.id)
                if about_device:
                    faulty.add(item.device.id)
            elif not about_device or item.device.id in faulty:
                if _clear(item, proposal, passage):
                    changed.add(item.device.id)
                if about_device:
                    faulty.discard(item.device.id)
    return changed


def _devices_in_fault() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_FAULTS, [sorted(DEVICE_RULES)])
        return {row[0] for row in cursor.fetchall()}


def _clear(item: Item, proposal: AlarmProposal, passage: int | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, [item.event_at, item.device.id, str(proposal.rule), passage, item.event_at])
        return bool(cursor.fetchall())


def conflicts_alarm(outcomes: list[Outcome], devices: dict[int, DeviceCard]) -> set[int]:
    """One alarm for each device that sent the same event id with other bytes."""
    changed = set()
    for outcome in outcomes:
        card = devices.get(outcome.delivery.device_id or 0)
        if outcome.conflicts and card is not None:
            alarm_raise(
                device=card,
                passage_id=None,
                proposal=AlarmProposal(AlarmRule.EVENT_CONFLICT.value, Severity.MEDIUM.value, True),
                at=outcome.delivery.received_at,
                is_late=False,
            )
            changed.add(card.id)
    return changed


def statuses_update(items: list[Item]) -> set[int]:
    """Note when each device was last heard, its clock and its fault; returns devices whose state changed."""
    newest: dict[int, Item] = {}
    faults: dict[int, tuple[dt.datetime, str]] = {}
    for item in items:
        known = newest.get(item.device.id)
        if known is None or item.observation.device_at > known.observation.device_at:
            newest[item.device.id] = item
        if (
            item.observation.result in {"fault", "clear"}
            and item.event_at >= faults.get(item.device.id, (item.event_at, ""))[0]
        ):
            fault = item.observation.reason[:200] or "fault" if item.observation.result == "fault" else ""
            faults[item.device.id] = (item.event_at, fault)
    changed = set()
    with connection.cursor() as cursor:
        cursor.execute(_HEARD, [sorted(newest), AlarmRule.DEVICE_SILENT.value])
        changed |= {row[0] for row in cursor.fetchall()}
        for device_id in sorted(newest):
            item = newest[device_id]
            told = faults[device_id][1] if device_id in faults else None
            skew = item.device.skew_ms
            if item.delivery.account_id is not None:  # an entry by hand tells nothing of the device's clock
                skew = skew_update(skew, item.observation.device_at, item.delivery.received_at)
            if told is not None and told != item.device.fault:
                changed.add(device_id)
            cursor.execute(
                _STATUS,
                {
                    "device": device_id, "received": item.delivery.received_at, "event": item.event_at,
                    "skew": skew, "fault": told,
                },
            )  # fmt: skip
    return changed
