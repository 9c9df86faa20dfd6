"""Who sees to an alarm: it is taken, given to a colleague, and given back."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.models import Officer
from agencies.rules.rights import RIGHTS_OF_ROLE
from intelligence.services.deciders import decider_of
from scanning.choices import AlarmAct
from scanning.models import Alarm
from scanning.rules.refusals import AssignedAlready, NotAssigned
from scanning.services.alarm_notes import act_note, commented, words_checked
from scanning.services.alarms import alarm_change


@transaction.atomic
def alarm_take(
    *, acting_officer: Principal, uid: uuid.UUID | str, comment: str | None = None, officer: str = ""
) -> None:
    """See to an alarm oneself. Of two officers at once, one has it.

    `officer` is a badge number, for service accounts. Raises RightMissing, NotVisible, ValidationError, or
    AssignedAlready unless the same officer has it already: then nothing happens.
    """
    acting = decider_of(acting_officer, Right.ALARM_ACT, officer)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    words = words_checked(comment)
    values = {"assigned_to": acting, "assigned_at": timezone.now()} | commented(words)
    if not alarm_change(acting_officer, alarm, values, assigned_to__isnull=True):
        if Alarm.objects.get_visible(acting_officer, uid).assigned_to_id != acting.pk:
            raise AssignedAlready
        return
    act_note(acting_officer, AlarmAct.ASSIGN, alarm, acting, words, about=acting)


@transaction.atomic
def alarm_assign(
    *,
    acting_officer: Principal,
    uid: uuid.UUID | str,
    to: str,
    comment: str | None = None,
    officer: str = "",
) -> None:
    """Give an alarm to a colleague of the own agency, also when another colleague has it.

    `to` is the colleague's badge number or public id. Raises as alarm_take does; AssignedAlready when another
    agency has it; ValidationError on `to` for whoever is no active officer of the own agency that may act on it.
    """
    acting = decider_of(acting_officer, Right.ALARM_ACT, officer)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    words, colleague = words_checked(comment), _colleague(acting, to)
    values = {"assigned_to": colleague, "assigned_at": timezone.now()} | commented(words)
    ours = models.Q(assigned_to__isnull=True) | models.Q(assigned_to__in=_colleagues(acting))
    if not Alarm.objects.visible_to(acting_officer).filter(ours, pk=alarm.pk).update(**values):
        raise AssignedAlready
    act_note(acting_officer, AlarmAct.ASSIGN, alarm, acting, words, about=colleague)


@transaction.atomic
def alarm_release(
    *, acting_officer: Principal, uid: uuid.UUID | str, comment: str | None = None, officer: str = ""
) -> None:
    """Give an alarm back, so that anybody may take it; raises as alarm_take does, and NotAssigned."""
    acting = decider_of(acting_officer, Right.ALARM_ACT, officer)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    words = words_checked(comment)
    values = {"assigned_to": None, "assigned_at": None} | commented(words)
    if not alarm_change(acting_officer, alarm, values, assigned_to__in=_colleagues(acting)):
        raise NotAssigned
    act_note(acting_officer, AlarmAct.RELEASE, alarm, acting, words)


def _colleagues(officer: Officer) -> "models.QuerySet[Officer]":
    return Officer.objects.filter(agency__officers=officer)


def _colleague(officer: Officer, to: str) -> Officer:
    try:
        named = models.Q(uid=uuid.UUID(to))
    except ValueError:
        named = models.Q(badge_number=to) if to and to.isprintable() else models.Q(pk=None)
    found = _colleagues(officer).filter(named, is_active=True).first()
    if found is None or Right.ALARM_ACT not in RIGHTS_OF_ROLE.get(found.role, frozenset()):
        raise ValidationError(
            {
                "to": ValidationError(
                    _("Choose an officer of your agency who may act on alarms."), code="invalid"
                )
            }
        )
    return found
