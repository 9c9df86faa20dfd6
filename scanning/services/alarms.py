"""The officer's acts on an alarm. Of two officers at once, one succeeds and the other is told so."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.actions import Right
from agencies.facts import Principal
from intelligence.services.deciders import decider_of
from scanning.choices import AlarmAct, Severity
from scanning.models import Alarm
from scanning.rules.refusals import AcknowledgedAlready, ClearedAlready, NotToBeUndone
from scanning.services.alarm_notes import act_note, commented, words_checked

#: For so long an acknowledgement can be undone by who gave it.
UNDO_WITHIN = dt.timedelta(seconds=30)


@transaction.atomic
def alarm_acknowledge(
    *, acting_officer: Principal, uid: uuid.UUID | str, comment: str | None = None, officer: str = ""
) -> None:
    """Take note of an alarm; it stays active until its cause is gone or an officer clears it.

    The comment joins its history. `officer` is a badge number, for service accounts. Raises RightMissing, NotVisible, AcknowledgedAlready
    (unless by the same officer: then only the words are kept), or ValidationError.
    """
    acting = decider_of(acting_officer, Right.ALARM_ACT, officer)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    words = words_checked(comment)
    values = {"acknowledged_at": timezone.now(), "acknowledged_by": acting} | commented(words)
    if not alarm_change(acting_officer, alarm, values, acknowledged_at__isnull=True):
        alarm = Alarm.objects.get_visible(acting_officer, uid)
        if alarm.acknowledged_by_id != acting.pk:
            raise AcknowledgedAlready
        if words:
            alarm_comment(acting_officer=acting_officer, uid=uid, comment=words, officer=officer)
        return
    act_note(acting_officer, AlarmAct.ACKNOWLEDGE, alarm, acting, words)


@transaction.atomic
def alarm_unacknowledge(*, acting_officer: Principal, uid: uuid.UUID | str) -> None:
    """Undo one's own acknowledgement within 30 seconds; raises RightMissing, NotVisible or NotToBeUndone."""
    acting = decider_of(acting_officer, Right.ALARM_ACT)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    values = {"acknowledged_at": None, "acknowledged_by": None}
    if not alarm_change(
        acting_officer,
        alarm,
        values,
        acknowledged_by=acting,
        acknowledged_at__gt=timezone.now() - UNDO_WITHIN,
    ):
        raise NotToBeUndone
    act_note(acting_officer, AlarmAct.UNDO, alarm, acting)


@transaction.atomic
def alarm_clear(
    *, acting_officer: Principal, uid: uuid.UUID | str, comment: str | None = None, officer: str = ""
) -> None:
    """Put an alarm out by hand; should its cause still stand, the device raises another.

    An alarm of high priority is put out with a comment only. Raises as alarm_acknowledge does, with
    ClearedAlready instead of AcknowledgedAlready.
    """
    acting = decider_of(acting_officer, Right.ALARM_ACT, officer)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    words = words_checked(comment, required=alarm.severity == Severity.HIGH)
    values = {"cleared_at": timezone.now(), "cleared_by": acting} | commented(words)
    if not alarm_change(acting_officer, alarm, values, cleared_at__isnull=True):
        raise ClearedAlready
    act_note(acting_officer, AlarmAct.CLEAR, alarm, acting, words)


@transaction.atomic
def alarm_comment(
    *, acting_officer: Principal, uid: uuid.UUID | str, comment: str, officer: str = ""
) -> None:
    """Note something on an alarm for all who see its device; raises RightMissing, NotVisible or ValidationError."""
    acting = decider_of(acting_officer, Right.ALARM_ACT, officer)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    words = words_checked(comment, required=True)
    alarm_change(acting_officer, alarm, commented(words))
    act_note(acting_officer, AlarmAct.COMMENT, alarm, acting, words)


def alarm_change(principal: Principal, alarm: Alarm, values: Mapping[str, Any], **still: Any) -> bool:
    """Write the values if the alarm still stands as it must; whether it did."""
    return bool(Alarm.objects.visible_to(principal).filter(pk=alarm.pk, **still).update(**values))
