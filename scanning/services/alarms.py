"""The officer's acts on an alarm. Of two officers at once, one succeeds and the other is told so."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.models import Officer
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import audit_record, change_announce
from intelligence.rules.drafts import is_storable
from intelligence.services.deciders import decider_of
from scanning.models import Alarm
from scanning.rules.refusals import AcknowledgedAlready, ClearedAlready, NotToBeUndone

#: For so long an acknowledgement can be undone by who gave it.
UNDO_WITHIN = dt.timedelta(seconds=30)
COMMENT_LENGTH = 500


@transaction.atomic
def alarm_acknowledge(
    *, acting_officer: Principal, uid: uuid.UUID | str, comment: str | None = None, officer: str = ""
) -> None:
    """Take note of an alarm; it stays active until its cause is gone or an officer clears it.

    `officer` is a badge number, for service accounts. Raises RightMissing, NotVisible, AcknowledgedAlready
    (unless by the same officer: then nothing happens), or ValidationError.
    """
    acting = decider_of(acting_officer, Right.ALARM_ACT, officer)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    values = {"acknowledged_at": timezone.now(), "acknowledged_by": acting} | _commented(comment)
    if not _change(acting_officer, alarm, values, acknowledged_at__isnull=True):
        alarm = Alarm.objects.get_visible(acting_officer, uid)
        if alarm.acknowledged_by_id == acting.pk:
            return
        raise AcknowledgedAlready
    _record(acting_officer, AuditAction.ALARM_ACKNOWLEDGE, alarm, acting)


@transaction.atomic
def alarm_unacknowledge(*, acting_officer: Principal, uid: uuid.UUID | str) -> None:
    """Undo one's own acknowledgement within 30 seconds; raises RightMissing, NotVisible or NotToBeUndone."""
    acting = decider_of(acting_officer, Right.ALARM_ACT)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    values = {"acknowledged_at": None, "acknowledged_by": None}
    if not _change(
        acting_officer,
        alarm,
        values,
        acknowledged_by=acting,
        acknowledged_at__gt=timezone.now() - UNDO_WITHIN,
    ):
        raise NotToBeUndone
    _record(acting_officer, AuditAction.ALARM_REOPEN, alarm, acting)


@transaction.atomic
def alarm_clear(
    *, acting_officer: Principal, uid: uuid.UUID | str, comment: str | None = None, officer: str = ""
) -> None:
    """Put an alarm out by hand; should its cause still stand, the device raises another.

    Raises as alarm_acknowledge does, with ClearedAlready instead of AcknowledgedAlready.
    """
    acting = decider_of(acting_officer, Right.ALARM_ACT, officer)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    values = {"cleared_at": timezone.now()} | _commented(comment)
    if not _change(acting_officer, alarm, values, cleared_at__isnull=True):
        raise ClearedAlready
    _record(acting_officer, AuditAction.ALARM_CLEAR, alarm, acting)


@transaction.atomic
def alarm_comment(
    *, acting_officer: Principal, uid: uuid.UUID | str, comment: str, officer: str = ""
) -> None:
    """Note something on an alarm for all who see its device; raises RightMissing, NotVisible or ValidationError."""
    acting = decider_of(acting_officer, Right.ALARM_ACT, officer)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    _change(acting_officer, alarm, _commented(comment))
    _record(acting_officer, AuditAction.ALARM_COMMENT, alarm, acting)


def _commented(comment: str | None) -> dict[str, str]:
    """The comment as it is kept; None leaves the old one."""
    if comment is None:
        return {}
    comment = comment.strip()
    if len(comment) > COMMENT_LENGTH or not is_storable(comment):
        raise ValidationError({"comment": ValidationError(_("Put it into fewer words."), code="invalid")})
    return {"comment": comment}


def _change(principal: Principal, alarm: Alarm, values: Mapping[str, Any], **still: Any) -> bool:
    """Write the values if the alarm still stands as it must; whether it did."""
    return bool(Alarm.objects.visible_to(principal).filter(pk=alarm.pk, **still).update(**values))


def _record(principal: Principal, action: AuditAction, alarm: Alarm, officer: Officer) -> None:
    audit_record(
        acting_party=principal,
        action=action,
        object_type="alarm",
        object_uids=[alarm.uid],
        detail={"rule": alarm.rule, "officer": str(officer.uid)},
    )
    change_announce(topic=Topic.ALARM, device_id=alarm.device_id, lane_id=alarm.lane_id)
