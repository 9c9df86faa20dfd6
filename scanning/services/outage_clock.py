"""Outages by the clock: begun and ended by what devices say of themselves, or by their silence. Acts as INGEST."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from agencies.facts import INGEST
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import audit_record, changes_announce
from scanning.choices_care import OutageAct, OutageStage
from scanning.models import OutageNote
from scanning.services.ingest.read import Roster

# What is planned is no breakdown; what goes on after the plan's end began there.
_OUT_NOW = """
SELECT s.device_id, CASE WHEN s.fault <> '' THEN 'fault' ELSE 'silent' END AS kind, s.fault,
       greatest(CASE WHEN s.fault <> '' THEN s.fault_since ELSE s.last_received_at END,
                (SELECT max(p.ends_at) FROM scanning_outage p
                  WHERE p.device_id = s.device_id AND p.kind = 'planned' AND p.ends_at <= now())) AS since
  FROM scanning_devicestatus s JOIN scanning_device d ON d.id = s.device_id
 WHERE d.is_active AND (s.fault <> '' OR s.silent_since IS NOT NULL)
   AND NOT EXISTS (SELECT 1 FROM scanning_outage o WHERE o.device_id = s.device_id AND o.ends_at IS NULL)
   AND NOT EXISTS (SELECT 1 FROM scanning_outage p WHERE p.device_id = s.device_id AND p.kind = 'planned'
                      AND p.begins_at <= now() AND p.ends_at > now())
"""
# A device that recovers for moments is not repaired: the case goes on, and so does the downtime.
_AGAIN = f"""
UPDATE scanning_outage o SET ends_at = NULL
  FROM (SELECT DISTINCT ON (e.device_id) e.id, e.ends_at FROM scanning_outage e JOIN ({_OUT_NOW}) n USING (device_id)
         WHERE e.kind IN ('fault', 'silent', 'reported') AND e.stage <> 'closed' AND e.ends_at IS NOT NULL
           AND n.since < e.ends_at + %(hold)s * interval '1 second'
         ORDER BY e.device_id, e.begins_at DESC, e.id DESC) last
 WHERE o.id = last.id AND NOT EXISTS (
   SELECT 1 FROM scanning_outage p WHERE p.device_id = o.device_id AND p.kind = 'planned' AND p.ends_at > last.ends_at
      AND p.begins_at <= now())
RETURNING o.id, o.uid, o.device_id, ''
"""  # noqa: S608  (our own words)
_BEGIN = f"""
INSERT INTO scanning_outage (uid, device_id, kind, effect, begins_at, stage, reason, cause, remedy, ticket, opened_at)
SELECT gen_random_uuid(), n.device_id, n.kind, 'out', coalesce(n.since, now()), 'reported', left(n.fault, 300), '', '',
       '', now()
  FROM ({_OUT_NOW}) n
ON CONFLICT DO NOTHING
RETURNING id, uid, device_id, reason
"""  # noqa: S608  (our own words)
# The newest event is the witness that the device works; one that is taken out of service is no longer missed.
_END = """
UPDATE scanning_outage o SET ends_at = greatest(o.begins_at, least(now(),
         CASE WHEN d.is_active THEN coalesce(s.last_event_at, now()) ELSE now() END))
  FROM scanning_devicestatus s JOIN scanning_device d ON d.id = s.device_id
 WHERE s.device_id = o.device_id AND o.ends_at IS NULL AND o.kind IN ('fault', 'silent')
   AND (NOT d.is_active OR (s.fault = '' AND s.silent_since IS NULL))
RETURNING o.id, o.uid, o.device_id, ''
"""
_OVER = """
UPDATE scanning_outage SET stage = 'closed', closed_at = now()
 WHERE kind = 'planned' AND stage = 'planned' AND ends_at <= now() AND closed_at IS NULL
RETURNING id, uid, device_id, ''
"""


class _Changed(NamedTuple):
    id: int
    uid: uuid.UUID
    device_id: int
    text: str


def outages_keep() -> int:
    """Begin, go on with and end outages as devices fail and recover; returns how many changed.

    A failure that is over before the next look is an alarm and no outage.
    """
    with transaction.atomic():
        ended = _run(_END)
        over = _run(_OVER)
        again = _run(_AGAIN, {"hold": settings.OUTAGE_REJOINS_WITHIN_S})
        begun = _run(_BEGIN)
        if not (ended or over or again or begun):
            return 0
        roster = Roster()
        for rows, act, action, stage in (
            (ended, OutageAct.END, AuditAction.OUTAGE_END, ""),
            (over, OutageAct.CLOSE, AuditAction.OUTAGE_CLOSE, OutageStage.CLOSED),
            (again, OutageAct.AGAIN, AuditAction.OUTAGE_BEGIN, ""),
            (begun, OutageAct.OPEN, AuditAction.OUTAGE_BEGIN, OutageStage.REPORTED),
        ):
            _witness(rows, act, action, stage, roster)
        return len(ended) + len(over) + len(again) + len(begun)


def _run(sql: str, values: dict[str, int] | None = None) -> list[_Changed]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [_Changed(*row) for row in cursor.fetchall()]


def _witness(
    rows: Iterable[_Changed], act: OutageAct, action: AuditAction, stage: str, roster: Roster
) -> None:
    rows = list(rows)
    now = timezone.now()
    OutageNote.objects.bulk_create(
        OutageNote(outage_id=row.id, device_id=row.device_id, at=now, act=act, stage=stage, text=row.text)
        for row in rows
    )
    by_owner: dict[int | None, list[uuid.UUID]] = defaultdict(list)
    for row in rows:
        by_owner[roster.by_id[row.device_id].agency_group].append(row.uid)
    for owner, uids in by_owner.items():
        audit_record(
            acting_party=INGEST, action=action, object_type="outage", object_uids=uids, agency_group=owner
        )
    changes_announce([(Topic.DEVICE, row.device_id, None, None) for row in rows])
