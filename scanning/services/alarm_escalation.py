"""Alarms that call the duty supervisor: because nobody acknowledged them in time, or because an officer says so."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from agencies.actions import Right
from agencies.facts import INGEST, Principal
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import audit_record, changes_announce
from intelligence.services.deciders import decider_of
from scanning.choices import AlarmAct
from scanning.models import Alarm, AlarmNote
from scanning.rules.refusals import ClearedAlready, EscalatedAlready
from scanning.services.alarm_notes import act_note, commented, words_checked
from scanning.services.ingest.read import Roster

#: Alarms of one turn at most; what is left follows a turn later.
BATCH = 500


@transaction.atomic
def alarm_escalate(
    *, acting_officer: Principal, uid: uuid.UUID | str, comment: str, officer: str = ""
) -> None:
    """Call the duty supervisor for an active alarm, and say why.

    It is open again, whoever had acknowledged it, and no longer silenced. `officer` is a badge number, for
    service accounts. Raises RightMissing, NotVisible, ValidationError, ClearedAlready or EscalatedAlready.
    """
    acting = decider_of(acting_officer, Right.ALARM_ACT, officer)
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    words, now = words_checked(comment, required=True), timezone.now()
    values = {"escalated_at": now, "escalated_by": acting, "acknowledged_at": None, "acknowledged_by": None}
    still = models.Q(escalated_at__isnull=True) | models.Q(acknowledged_at__isnull=False)
    ended = {
        "silenced_until": models.Case(models.When(silenced_until__gt=now, then=now), default="silenced_until")
    }
    rows = Alarm.objects.visible_to(acting_officer).filter(still, pk=alarm.pk, cleared_at__isnull=True)
    if not rows.update(**values, **ended, **commented(words)):
        raise ClearedAlready if alarm.cleared_at is not None else EscalatedAlready
    act_note(acting_officer, AlarmAct.ESCALATE, alarm, acting, words)


@transaction.atomic
def alarms_escalate() -> int:
    """Escalate each active alarm that nobody has acknowledged in the time for its priority; returns how many.

    A silenced alarm is given that time after its silence; one found in a backlog never escalates. Acts as INGEST.
    """
    now = timezone.now()
    late = models.Q()
    for severity, seconds in settings.ALARM_ESCALATES_AFTER_S.items():
        late |= models.Q(severity=severity, open_since__lte=now - dt.timedelta(seconds=seconds))
    # NULLs do not count in GREATEST: what was never silenced is open since it was raised.
    since = Greatest("raised_at", "rung_again_at", Coalesce("silence_broken_at", "silenced_until"))
    untouched = Alarm.objects.filter(
        cleared_at__isnull=True, acknowledged_at__isnull=True, escalated_at__isnull=True, is_late=False
    )
    due = list(
        untouched.annotate(open_since=since)
        .filter(late)
        .order_by("id")
        .select_for_update(skip_locked=True, of=("self",))[:BATCH]
    )
    if due:
        Alarm.objects.filter(pk__in=[alarm.pk for alarm in due]).update(escalated_at=now)
        AlarmNote.objects.bulk_create(
            AlarmNote(alarm_id=alarm.pk, device_id=alarm.device_id, at=now, act=AlarmAct.ESCALATE)
            for alarm in due
        )
        _record(due)
    return len(due)


def _record(alarms: Sequence[Alarm]) -> None:
    """One record for each owner of devices, and a nudge for each alarm."""
    roster = Roster()
    by_owner: dict[int | None, list[uuid.UUID]] = defaultdict(list)
    for alarm in alarms:
        by_owner[roster.by_id[alarm.device_id].agency_group].append(alarm.uid)
    for owner, uids in by_owner.items():
        audit_record(
            acting_party=INGEST, action=AuditAction.ALARM_ESCALATE, object_type="alarm", object_uids=uids,
            agency_group=owner,
        )  # fmt: skip
    changes_announce([(Topic.ALARM, alarm.device_id, alarm.lane_id, None) for alarm in alarms])
