"""Devices that should have been heard and were not."""

from django.db import connection, transaction
from django.utils import timezone

from audit.choices import Topic
from audit.services import changes_announce
from scanning.choices import AlarmRule, Severity
from scanning.facts import AlarmProposal
from scanning.services.ingest.alarm_raise import alarm_raise
from scanning.services.ingest.read import Roster

_SILENT = """
UPDATE scanning_devicestatus s SET silent_since = now()
  FROM scanning_device d
 WHERE d.id = s.device_id AND d.is_active AND d.rhythm_s > 0 AND s.silent_since IS NULL
   AND s.last_received_at < now() - d.rhythm_s * interval '1 second'
   AND NOT EXISTS (SELECT 1 FROM scanning_outage p WHERE p.device_id = d.id AND p.kind = 'planned'
                      AND p.begins_at <= now() AND p.ends_at > now())
RETURNING s.device_id
"""


def devices_silence_check() -> int:
    """Raise the silence alarm of every device past its expected rhythm, but in planned downtime; returns how many.

    The next event of the device puts the alarm out (scanning/rules/alarms.py). Acts as INGEST.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_SILENT)
            silent = [row[0] for row in cursor.fetchall()]
        if not silent:
            return 0
        roster = Roster()
        proposal = AlarmProposal(AlarmRule.DEVICE_SILENT.value, Severity.MEDIUM.value, True)
        for device_id in silent:
            alarm_raise(
                device=roster.by_id[device_id],
                passage_id=None,
                proposal=proposal,
                at=timezone.now(),
                is_late=False,
            )
        changes_announce([(Topic.DEVICE, device_id, None, None) for device_id in silent])
        return len(silent)
