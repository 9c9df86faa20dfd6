"""Silencing one alarm for a while: its repeats are counted and not called out. Another alarm is never silenced with it.

What counts is when something happened, not when it arrived: a late event from before the silence ends it, and a
repeat of higher priority does so too (scanning/services/ingest/alarms.py).
"""

import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.facts import Principal
from intelligence.services.deciders import decider_of
from scanning.choices import AlarmAct
from scanning.models import Alarm
from scanning.rules.refusals import ClearedAlready, NotSilenced
from scanning.services.alarm_notes import act_note, commented, words_checked
from scanning.services.alarms import alarm_change

#: Nothing is silenced for longer: whoever comes on duty looks at it anew.
LONGEST = dt.timedelta(hours=24)


@transaction.atomic
def alarm_silence(
    *, acting_officer: Principal, uid: uuid.UUID | str, until: dt.datetime, comment: str, officer: str = ""
) -> None:
    """Silence an active alarm until a moment within a day, for a reason; a silence that runs gets another end.

    `officer` is a badge number, for service accounts. Raises RightMissing, NotVisible, ClearedAlready, or
    ValidationError on `until` or `comment`.
    """
    acting = decider_of(acting_officer, Right.ALARM_ACT, officer)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    words, now = words_checked(comment, required=True), timezone.now()
    if not now < until <= now + LONGEST:
        raise ValidationError(
            {"until": ValidationError(_("Choose an end within the next 24 hours."), code="invalid")}
        )
    runs = alarm.silenced_until is not None and alarm.silenced_until > now and alarm.silence_broken_at is None
    values = {
        "silenced_from": alarm.silenced_from if runs else now,
        "silenced_until": until,
        "silenced_by": acting,
        "silence_broken_at": None,
        # Somebody sees to it: should nobody acknowledge it after the silence either, it escalates anew.
        "escalated_at": None,
        "escalated_by": None,
    }
    if not alarm_change(acting_officer, alarm, values | commented(words), cleared_at__isnull=True):
        raise ClearedAlready
    act_note(acting_officer, AlarmAct.SILENCE, alarm, acting, words, until=until)


@transaction.atomic
def alarm_unsilence(
    *, acting_officer: Principal, uid: uuid.UUID | str, comment: str | None = None, officer: str = ""
) -> None:
    """End the silence of an alarm now; raises as alarm_silence does, and NotSilenced."""
    acting = decider_of(acting_officer, Right.ALARM_ACT, officer)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    words, now = words_checked(comment), timezone.now()
    values = {"silenced_until": now} | commented(words)
    if not alarm_change(
        acting_officer, alarm, values, silenced_until__gt=now, silence_broken_at__isnull=True
    ):
        raise NotSilenced
    act_note(acting_officer, AlarmAct.UNSILENCE, alarm, acting, words)
