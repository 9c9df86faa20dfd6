"""The end of planned downtime: a fault that still stands then has called nobody yet, and does so now. Acts as INGEST."""

from django.db import connection, transaction

from audit.choices import Topic
from audit.services import changes_announce
from scanning.choices import AlarmRule, Severity
from scanning.facts import AlarmProposal
from scanning.services.ingest.alarm_raise import alarm_raise
from scanning.services.ingest.read import Roster

# Once for each end: an alarm that stands, or was raised or repeated since, has told of it. The device's own line is
# locked, so that no event that arrives at the same moment is overtaken.
_STANDING = """
SELECT s.device_id, s.fault, ended.at
  FROM scanning_devicestatus s JOIN scanning_device d ON d.id = s.device_id
  JOIN LATERAL (SELECT max(p.ends_at) AS at FROM scanning_outage p
                 WHERE p.device_id = s.device_id AND p.kind = 'planned' AND p.effect = 'out' AND p.stage <> 'cancelled'
                   AND p.ends_at <= now()) ended ON ended.at IS NOT NULL
 WHERE d.is_active AND s.fault <> '' AND s.fault_since < ended.at
   AND NOT EXISTS (SELECT FROM scanning_outage p WHERE p.device_id = s.device_id AND p.kind = 'planned'
                      AND p.effect = 'out' AND p.stage <> 'cancelled' AND p.begins_at <= now() AND p.ends_at > now())
   AND NOT EXISTS (SELECT FROM scanning_alarm a WHERE a.device_id = s.device_id AND a.rule = %s
                      AND (a.cleared_at IS NULL OR a.last_at >= ended.at))
 ORDER BY s.device_id FOR UPDATE OF s
"""


def downtime_faults_ring() -> int:
    """Raise the alarm of every device whose fault outlasts its planned downtime; returns how many.

    The alarm is of the moment at which the downtime ended, whenever this looks.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_STANDING, [AlarmRule.DEVICE_FAULT.value])
            standing = cursor.fetchall()
        if not standing:
            return 0
        roster = Roster()
        for device_id, fault, ended_at in standing:
            reason = {"reason": fault} if fault != "fault" else {}
            alarm_raise(
                device=roster.by_id[device_id],
                passage_id=None,
                proposal=AlarmProposal(AlarmRule.DEVICE_FAULT.value, Severity.MEDIUM.value, True, reason),
                at=ended_at,
                is_late=False,
            )
        changes_announce([(Topic.ALARM, device_id, None, None) for device_id, _fault, _at in standing])
        return len(standing)
