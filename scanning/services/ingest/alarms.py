"""Raising, repeating and putting out alarms for a batch; and what is known of each device's health."""

import datetime as dt
import json
import uuid

from django.db import connection

from agencies.facts import INGEST
from audit.actions import AuditAction
from audit.services import audit_record
from scanning.choices import AlarmRule, Result, Severity
from scanning.facts import AlarmProposal
from scanning.rules.alarms import alarms_proposed
from scanning.rules.clocks import skew_update
from scanning.services.ingest.facts import DeviceCard, Item, Outcome

# What was silenced and put out, and comes once more about the same vehicle, is silenced as it was. A repeat is not
# covered when it is a late event from before the silence, when it happened after its end, or when it is graver.
_RAISE = """
WITH quiet AS (
  SELECT silenced_from, silenced_until, silenced_by_id FROM scanning_alarm
   WHERE device_id = %(device)s AND rule = %(rule)s AND passage_id = %(passage)s AND silence_broken_at IS NULL
     AND silenced_until > %(at)s AND (silenced_from <= %(at)s OR NOT %(late)s)
   ORDER BY silenced_until DESC LIMIT 1)
INSERT INTO scanning_alarm (uid, device_id, lane_id, passage_id, rule, severity, raised_at, last_at, repeats, detail,
                            is_late, comment, silenced_from, silenced_until, silenced_by_id)
SELECT %(uid)s, %(device)s, %(lane)s, %(passage)s, %(rule)s, %(severity)s, %(at)s, %(at)s, 1, %(detail)s, %(late)s, '',
       quiet.silenced_from, quiet.silenced_until, quiet.silenced_by_id
  FROM (SELECT) one LEFT JOIN quiet ON true
ON CONFLICT (device_id, rule, passage_id) WHERE cleared_at IS NULL DO UPDATE SET
  repeats = scanning_alarm.repeats + 1, last_at = greatest(scanning_alarm.last_at, excluded.last_at),
  detail = excluded.detail,
  severity = CASE WHEN excluded.severity = 'high' OR scanning_alarm.severity = 'low' THEN excluded.severity
                  ELSE scanning_alarm.severity END,
  is_late = scanning_alarm.is_late AND excluded.is_late,
  silence_broken_at = CASE
    WHEN scanning_alarm.silenced_until IS NULL OR scanning_alarm.silence_broken_at IS NOT NULL
      THEN scanning_alarm.silence_broken_at
    WHEN excluded.raised_at >= scanning_alarm.silenced_until
      OR (excluded.is_late AND excluded.raised_at < scanning_alarm.silenced_from)
      OR (excluded.severity = 'high' AND scanning_alarm.severity <> 'high')
      OR (excluded.severity = 'medium' AND scanning_alarm.severity = 'low')
      THEN now() END
RETURNING uid, repeats
"""
_CLEAR = """
UPDATE scanning_alarm SET cleared_at = %s
 WHERE device_id = %s AND rule = %s AND passage_id IS NOT DISTINCT FROM %s AND cleared_at IS NULL AND raised_at <= %s
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
#: Rules about the device itself: their alarms have no passage.
_DEVICE_RULES = frozenset({AlarmRule.DEVICE_FAULT.value})


def alarm_raise(
    *,
    device: DeviceCard,
    passage_id: int | None,
    proposal: AlarmProposal,
    at: dt.datetime,
    is_late: bool,
) -> None:
    """Raise the alarm, or count it once more when it already stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            _RAISE,
            {
                "uid": str(uuid.uuid4()), "device": device.id, "lane": device.lane_id, "passage": passage_id,
                "rule": str(proposal.rule), "severity": str(proposal.severity), "at": at,
                "detail": json.dumps(dict(proposal.detail)), "late": is_late,
            },
        )  # fmt: skip
        uid, repeats = cursor.fetchone()
    if repeats == 1:
        audit_record(
            acting_party=INGEST,
            action=AuditAction.ALARM_RAISE,
            object_type="alarm",
            object_uids=[uid],
            agency_group=device.agency_group,
            detail={"rule": str(proposal.rule)},
        )


def items_alarm(items: list[Item]) -> set[int]:
    """Apply what the rules propose for each new event; returns the devices whose alarms changed."""
    changed: set[int] = set()
    faulty = _devices_in_fault()
    may_fall = faulty | {item.device.id for item in items if item.observation.result == Result.FAULT}
    # Nearly every event is clear, and nothing stands that it could put out.
    telling = [
        item for item in items if item.observation.result != Result.CLEAR or item.device.id in may_fall
    ]
    for item in sorted(telling, key=lambda each: each.event_at):
        if item.observation.result == Result.CLEAR and item.device.id not in faulty:
            continue
        for proposal in alarms_proposed(item.observation, item.device.kind):
            about_device = proposal.rule in _DEVICE_RULES
            passage = None if about_device or item.slot is None else item.slot.id
            if proposal.active:
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
        cursor.execute(_OPEN_FAULTS, [sorted(_DEVICE_RULES)])
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
