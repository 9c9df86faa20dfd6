"""What an officer has looked at: the officer's own state, which nobody else sees."""

import uuid

from django.db import transaction

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from audit.actions import AuditAction
from audit.services import audit_record
from scanning.models import Alarm, AlarmReview
from scanning.services.alarm_notes import reviewed


@transaction.atomic
def alarm_opened(*, acting_officer: Principal, uid: uuid.UUID | str) -> None:
    """The officer opens the alarm, and so has looked at it; raises RightMissing or NotVisible.

    The consultation has a record of its own (agencies/services/readings.py).
    """
    require(acting_officer, Right.ALARM_VIEW)
    reviewed(acting_officer, Alarm.objects.get_visible(acting_officer, uid))


@transaction.atomic
def alarm_review(*, acting_officer: Principal, uid: uuid.UUID | str, is_reviewed: bool = True) -> None:
    """Mark an alarm as looked at, or as not looked at; raises RightMissing or NotVisible."""
    require(acting_officer, Right.ALARM_VIEW)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    if is_reviewed:
        reviewed(acting_officer, alarm)
    else:
        AlarmReview.objects.visible_to(acting_officer).filter(alarm_id=alarm.pk).delete()
    audit_record(
        acting_party=acting_officer,
        action=AuditAction.ALARM_REVIEW,
        object_type="alarm",
        object_uids=[alarm.uid],
        detail={"reviewed": is_reviewed},
    )
