"""The front line's acts on a notice. Of two officers at once, one takes it and the other is told so."""

import uuid

from django.db import models, transaction
from django.utils import timezone

from agencies.actions import Right
from agencies.facts import Principal
from agencies.models import Officer
from agencies.tasking import doorbell_ring
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import changes_announce
from intelligence.actions import Bell
from intelligence.choices import NoticeState
from intelligence.models import Notice
from intelligence.rules.lifecycle import NOTICE_WAITS
from intelligence.rules.refusals import DecidedAlready, NoticeTaken, Refusal
from intelligence.services.deciders import decider_of, decision_checked
from intelligence.services.records import act_record


@transaction.atomic
def notice_take(*, acting_officer: Principal, uid: uuid.UUID | str, officer: str = "") -> Notice:
    """Take an open notice: it falls silent everywhere, and its officer goes to the lorry.

    `officer` is a badge number, for service accounts. Raises NotVisible, RightMissing, NoticeTaken,
    DecidedAlready or ValidationError.
    """
    taker = decider_of(acting_officer, Right.NOTICE_ACT, officer)
    notice = Notice.objects.get_visible(acting_officer, uid)
    taken = (
        Notice.objects.visible_to(acting_officer)
        .filter(pk=notice.pk, state=NoticeState.OPEN)
        .update(state=NoticeState.TAKEN, taken_by=taker, taken_at=timezone.now())
    )
    notice = Notice.objects.get_visible(acting_officer, uid)
    if not taken:
        raise _refusal(notice)
    _record(acting_officer, AuditAction.NOTICE_TAKE, notice, taker)
    return notice


@transaction.atomic
def notice_decide(
    *,
    acting_officer: Principal,
    uid: uuid.UUID | str,
    confirmed: bool,
    reject_reason: str = "",
    outcome: str = "",
    officer: str = "",
) -> Notice:
    """Say whether this is the vehicle, and what was done; the worker carries it to the owner's hit.

    An open notice can be decided on at once; a taken one only by the agency that took it. Raises as
    notice_take does.
    """
    decider = decider_of(acting_officer, Right.NOTICE_ACT, officer)
    notice = Notice.objects.get_visible(acting_officer, uid)
    outcome = decision_checked(confirmed=confirmed, reject_reason=reject_reason, outcome=outcome)
    colleagues = Officer.objects.filter(agency__officers=decider).values("pk")
    decided = (
        Notice.objects.visible_to(acting_officer)
        .filter(
            models.Q(taken_by=None) | models.Q(taken_by__in=colleagues), pk=notice.pk, state__in=NOTICE_WAITS
        )
        .update(
            state=NoticeState.CONFIRMED if confirmed else NoticeState.REJECTED,
            decided_by=decider,
            decided_at=timezone.now(),
            reject_reason=reject_reason,
            outcome=outcome,
        )
    )
    notice = Notice.objects.get_visible(acting_officer, uid)
    if not decided:
        raise _refusal(notice)
    _record(acting_officer, AuditAction.NOTICE_DECIDE, notice, decider)
    doorbell_ring(Bell.DECISIONS_REFLECT)
    return notice


def _refusal(notice: Notice) -> Refusal:
    return NoticeTaken() if notice.state == NoticeState.TAKEN else DecidedAlready()


def _record(principal: Principal, action: AuditAction, notice: Notice, officer: Officer) -> None:
    act_record(
        principal,
        action,
        "notice",
        [notice.uid],
        originator_id=notice.originator_id,
        detail={"state": notice.state, "reject_reason": notice.reject_reason, "officer": str(officer.uid)},
    )
    changes_announce([(Topic.NOTICE, None, None, notice.viewers)])
