"""What every act on an alarm leaves behind: a note in its history, a record, a nudge; and the words of its officer."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.facts import Actor, Principal
from agencies.models import Officer
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import audit_record, change_announce
from intelligence.rules.drafts import is_storable
from scanning.choices import AlarmAct
from scanning.models import Alarm, AlarmNote, AlarmReview

COMMENT_LENGTH = 500
_RECORDED = {
    AlarmAct.ACKNOWLEDGE: AuditAction.ALARM_ACKNOWLEDGE,
    AlarmAct.UNDO: AuditAction.ALARM_REOPEN,
    AlarmAct.COMMENT: AuditAction.ALARM_COMMENT,
    AlarmAct.CLEAR: AuditAction.ALARM_CLEAR,
    AlarmAct.ASSIGN: AuditAction.ALARM_ASSIGN,
    AlarmAct.RELEASE: AuditAction.ALARM_RELEASE,
    AlarmAct.ESCALATE: AuditAction.ALARM_ESCALATE,
    AlarmAct.SILENCE: AuditAction.ALARM_SILENCE,
    AlarmAct.UNSILENCE: AuditAction.ALARM_UNSILENCE,
}


def words_checked(comment: str | None, *, required: bool = False, name: str = "comment") -> str:
    """The words as they are kept, "" for none; ValidationError on `name` when they are too long, or needed and missing."""
    words = (comment or "").strip()
    if len(words) > COMMENT_LENGTH or not is_storable(words):
        raise ValidationError({name: ValidationError(_("Put it into fewer words."), code="invalid")})
    if required and not words:
        raise ValidationError({name: ValidationError(_("Say it in a few words."), code="required")})
    return words


def commented(words: str) -> dict[str, str]:
    """The latest comment, for the alarm's own row; no words leave the one before."""
    return {"comment": words} if words else {}


def reviewed(principal: Principal, alarm: Alarm) -> None:
    """The officer has looked at the alarm; a system looks at nothing."""
    if principal.actor == Actor.OFFICER and principal.uid is not None:
        mine = AlarmReview.objects.visible_to(principal).filter(alarm_id=alarm.pk)
        if (
            alarm.escalated_at is not None
        ):  # what was looked at before that calls again, and is looked at anew
            mine.filter(at__lt=alarm.escalated_at).delete()
        seen = AlarmReview(alarm_id=alarm.pk, device_id=alarm.device_id, officer_uid=principal.uid)
        AlarmReview.objects.bulk_create([seen], ignore_conflicts=True)


def act_note(
    principal: Principal,
    act: AlarmAct,
    alarm: Alarm,
    officer: Officer,
    words: str = "",
    *,
    about: Officer | None = None,
    until: dt.datetime | None = None,
) -> None:
    """Note, record and announce an act, in the transaction of the act itself; whoever acts has looked at it.

    `about` is whom it is about, `until` how long it holds.
    """
    AlarmNote.objects.create(
        alarm_id=alarm.pk, device_id=alarm.device_id, act=act, officer=officer, agency_id=officer.agency_id,
        about=about, until=until, text=words,
    )  # fmt: skip
    reviewed(principal, alarm)
    detail = {"rule": alarm.rule, "officer": str(officer.uid)}
    if about is not None:
        detail["to"] = str(about.uid)
    if until is not None:
        detail["until"] = until.isoformat()
    audit_record(
        acting_party=principal,
        action=_RECORDED[act],
        object_type="alarm",
        object_uids=[alarm.uid],
        detail=detail,
    )
    change_announce(topic=Topic.ALARM, device_id=alarm.device_id, lane_id=alarm.lane_id)
