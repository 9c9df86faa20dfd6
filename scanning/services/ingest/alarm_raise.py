"""One alarm for one occurrence: raised, counted once more, or taken up again where it was put out a moment ago.

docs/adr/0026-alarm-inertia-and-merging.md says why. What counts is when something happened, not when it arrived.
"""

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from agencies.facts import INGEST
from audit.actions import AuditAction
from audit.services import audit_record
from scanning.choices import AlarmAct, AlarmRule, Severity
from scanning.facts import AlarmProposal
from scanning.models import AlarmNote
from scanning.services.ingest.facts import DeviceCard

#: Rules about the device itself: their alarms have no passage, and the device puts them out by itself.
DEVICE_RULES = frozenset({AlarmRule.DEVICE_FAULT.value})
_RETURNING = DEVICE_RULES | {AlarmRule.DEVICE_SILENT.value}

_RANK = "array_position(ARRAY['low', 'medium', 'high'], {}::text)"
_GRAVER = f"{_RANK.format('%(severity)s')} > {_RANK.format('a.severity')}"
# What every repeat changes. Graver than what was acknowledged, it rings again: that was another matter. A silence is
# broken by a late event from before it, by one after its end, and by a graver one.
_REPEATED = f"""
  repeats = a.repeats + 1, last_at = greatest(a.last_at, %(at)s), detail = %(detail)s,
  severity = CASE WHEN {_GRAVER} THEN %(severity)s ELSE a.severity END,
  is_late = a.is_late AND %(late)s,
  acknowledged_at = CASE WHEN {_GRAVER} THEN NULL ELSE a.acknowledged_at END,
  acknowledged_by_id = CASE WHEN {_GRAVER} THEN NULL ELSE a.acknowledged_by_id END,
  escalated_at = CASE WHEN {_GRAVER} AND a.acknowledged_at IS NOT NULL THEN NULL ELSE a.escalated_at END,
  rung_again_at = CASE WHEN {_GRAVER} AND a.acknowledged_at IS NOT NULL THEN %(now)s ELSE a.rung_again_at END,
  silence_broken_at = CASE
    WHEN a.silenced_until IS NULL OR a.silence_broken_at IS NOT NULL THEN a.silence_broken_at
    WHEN %(at)s >= a.silenced_until OR (%(late)s AND %(at)s < a.silenced_from) OR {_GRAVER} THEN %(now)s END
"""
# A device that recovers and fails again within the hold: one alarm goes on. What is older than its end is counted and
# opens nothing, nor does what happened before a later alarm of the same kind. What an officer put out stays out.
_RETURN = f"""
UPDATE scanning_alarm a SET cleared_at = CASE WHEN near.opens THEN NULL ELSE a.cleared_at END,
       reopened = a.reopened + near.opens::int, {_REPEATED}
  FROM (SELECT c.id, %(at)s > c.cleared_at AND NOT EXISTS (
                 SELECT FROM scanning_alarm n WHERE n.device_id = c.device_id AND n.rule = c.rule
                    AND n.passage_id IS NULL AND n.cleared_at > c.cleared_at) AS opens
          FROM scanning_alarm c
         WHERE c.device_id = %(device)s AND c.rule = %(rule)s AND c.passage_id IS NULL AND c.cleared_by_id IS NULL
           AND c.cleared_at > %(at)s - %(hold)s AND c.raised_at < %(at)s + %(hold)s
         ORDER BY c.cleared_at DESC LIMIT 1) near
 WHERE a.id = near.id AND a.cleared_at IS NOT NULL AND NOT EXISTS (
         SELECT FROM scanning_alarm o WHERE o.device_id = %(device)s AND o.rule = %(rule)s AND o.passage_id IS NULL
            AND o.cleared_at IS NULL)
RETURNING a.id, a.uid, a.repeats, near.opens, coalesce(a.rung_again_at = %(now)s, false), a.reopened
"""  # noqa: S608  (our own words)
# What was silenced and put out, and comes once more about the same vehicle, is silenced as it was; when it arrives
# after the silence it was covered by, it is counted where it belongs and calls nobody.
_RAISE = f"""
WITH quiet AS (
  SELECT silenced_from, silenced_until, silenced_by_id FROM scanning_alarm
   WHERE device_id = %(device)s AND rule = %(rule)s AND passage_id = %(passage)s AND silence_broken_at IS NULL
     AND silenced_until > %(at)s AND (silenced_from <= %(at)s OR NOT %(late)s)
   ORDER BY silenced_until DESC LIMIT 1),
covered AS (
  UPDATE scanning_alarm c SET repeats = c.repeats + 1, last_at = greatest(c.last_at, %(at)s)
   WHERE c.id = (
     SELECT a.id FROM scanning_alarm a
      WHERE a.device_id = %(device)s AND a.rule = %(rule)s AND a.passage_id = %(passage)s
        AND a.cleared_at IS NOT NULL AND a.silence_broken_at IS NULL
        AND a.silenced_until > %(at)s AND a.silenced_until <= %(now)s
        AND (a.silenced_from <= %(at)s OR NOT %(late)s) AND NOT {_GRAVER}
      ORDER BY a.silenced_until DESC LIMIT 1)
     AND NOT EXISTS (
       SELECT FROM scanning_alarm o WHERE o.device_id = %(device)s AND o.rule = %(rule)s
          AND o.passage_id = %(passage)s AND o.cleared_at IS NULL)
  RETURNING c.id, c.uid, c.repeats),
raised AS (
  INSERT INTO scanning_alarm AS a (uid, device_id, lane_id, passage_id, rule, severity, raised_at, last_at, repeats,
    reopened, detail, is_late, comment, silenced_from, silenced_until, silenced_by_id)
  SELECT %(uid)s, %(device)s, %(lane)s, %(passage)s, %(rule)s, %(severity)s, %(at)s, %(at)s, 1, 0, %(detail)s, %(late)s,
         '', quiet.silenced_from, quiet.silenced_until, quiet.silenced_by_id
    FROM (SELECT) one LEFT JOIN quiet ON true
   WHERE NOT EXISTS (SELECT FROM covered)
  ON CONFLICT (device_id, rule, passage_id) WHERE cleared_at IS NULL DO UPDATE SET {_REPEATED}
  RETURNING a.id, a.uid, a.repeats, coalesce(a.rung_again_at = %(now)s, false) AS rings)
SELECT id, uid, repeats, false, rings, 0 FROM raised UNION ALL SELECT id, uid, repeats, false, false, 0 FROM covered
"""  # noqa: S608  (our own words)
# Those of this batch are written already. Nothing is received before it happened: so one or two months are looked at.
_FAULTS = """
SELECT count(*) FROM (
  SELECT FROM scanning_scanevent
   WHERE device_id = %(device)s AND result = 'fault' AND event_at > %(at)s - %(within)s AND event_at <= %(at)s
     AND received_at > %(at)s - %(within)s AND received_at < %(now)s + interval '1 minute'
   LIMIT %(times)s) few
"""


def alarm_raise(
    *,
    device: DeviceCard,
    passage_id: int | None,
    proposal: AlarmProposal,
    at: dt.datetime,
    is_late: bool,
) -> None:
    """Raise the alarm; count it once more when it stands; take it up again when its device put it out within the hold."""
    values: dict[str, Any] = {
        "uid": str(uuid.uuid4()), "device": device.id, "lane": device.lane_id, "passage": passage_id,
        "rule": str(proposal.rule), "at": at, "detail": json.dumps(dict(proposal.detail)), "late": is_late,
        "hold": dt.timedelta(seconds=settings.ALARM_HOLD_S), "now": timezone.now(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        values["severity"] = _severity(cursor, proposal, values)
        found = None
        if values["rule"] in _RETURNING:
            cursor.execute(_RETURN, values)
            found = cursor.fetchone()
        if found is None:
            cursor.execute(_RAISE, values)
            found = cursor.fetchone()
    number, uid, repeats, opens, rings, reopened = found
    if repeats == 1:
        _record(device, AuditAction.ALARM_RAISE, uid, {"rule": values["rule"]})
    if opens:
        _record(device, AuditAction.ALARM_REOPEN, uid, {"rule": values["rule"], "returned": reopened})
    if rings:
        AlarmNote.objects.create(alarm_id=number, device_id=device.id, act=AlarmAct.RING)


def _severity(cursor: Any, proposal: AlarmProposal, values: Mapping[str, Any]) -> str:
    """One test that failed is a small matter; several within a short time mean that nothing is tested there."""
    if proposal.rule == AlarmRule.DEVICE_FAULT and proposal.severity == Severity.LOW:
        dwell = {
            "times": settings.FAULTS_UNTIL_MEDIUM,
            "within": dt.timedelta(seconds=settings.FAULTS_WITHIN_S),
        }
        cursor.execute(_FAULTS, {**values, **dwell})
        if cursor.fetchone()[0] >= settings.FAULTS_UNTIL_MEDIUM:
            return Severity.MEDIUM.value
    return str(proposal.severity)


def _record(device: DeviceCard, action: AuditAction, uid: uuid.UUID, detail: dict[str, Any]) -> None:
    audit_record(
        acting_party=INGEST,
        action=action,
        object_type="alarm",
        object_uids=[uid],
        agency_group=device.agency_group,
        detail=detail,
    )
