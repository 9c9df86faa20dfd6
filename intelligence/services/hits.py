"""The owner's decision on a match."""

import uuid

from django.db import transaction
from django.utils import timezone

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import RightMissing
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import changes_announce
from intelligence.choices import HitState, NoticeState
from intelligence.models import Hit, Notice
from intelligence.rules.lifecycle import NOTICE_WAITS
from intelligence.rules.refusals import DecidedAlready
from intelligence.services.deciders import decider_of, decision_checked
from intelligence.services.records import act_record


@transaction.atomic
def hit_decide(
    *,
    acting_officer: Principal,
    uid: uuid.UUID | str,
    confirmed: bool,
    reject_reason: str = "",
    outcome: str = "",
    officer: str = "",
) -> Hit:
    """Confirm the match as a hit, or reject it with a reason; once only.

    A rejection also puts out the front line's notice; a confirmation leaves it to those who stand at the
    lorry. `officer` is a badge number, for service accounts. Raises NotVisible, RightMissing (not the
    owner's officer), DecidedAlready or ValidationError.
    """
    decider = decider_of(acting_officer, Right.HIT_DECIDE, officer)
    hit = Hit.objects.get_visible(acting_officer, uid)
    if hit.originator_id not in acting_officer.groups:
        raise RightMissing(Right.HIT_DECIDE.value)
    outcome = decision_checked(confirmed=confirmed, reject_reason=reject_reason, outcome=outcome)
    hit.state = HitState.CONFIRMED if confirmed else HitState.REJECTED
    hit.decided_by, hit.decided_at = decider, timezone.now()
    hit.reject_reason, hit.outcome = reject_reason, outcome
    decided = (
        Hit.objects.visible_to(acting_officer)
        .filter(pk=hit.pk, state=HitState.MATCH)
        .update(
            state=hit.state,
            decided_by=decider,
            decided_at=hit.decided_at,
            reject_reason=reject_reason,
            outcome=outcome,
        )
    )
    if not decided:
        raise DecidedAlready
    act_record(
        acting_officer,
        AuditAction.HIT_DECIDE,
        "hit",
        [hit.uid],
        originator_id=hit.originator_id,
        detail={"state": hit.state, "reject_reason": reject_reason, "officer": str(decider.uid)},
    )
    changes_announce([(Topic.HIT, None, None, [hit.originator_id])])
    if not confirmed:
        _notice_put_out(acting_officer, hit)
    return hit


def _notice_put_out(principal: Principal, hit: Hit) -> None:
    """Reject the notice of a rejected hit if it still waits; what the owner wrote stays with the owner."""
    waiting = Notice.objects.visible_to(principal).filter(hit_id=hit.pk, state__in=NOTICE_WAITS)
    notice = waiting.select_for_update().first()
    if notice is None:
        return
    waiting.update(
        state=NoticeState.REJECTED,
        decided_by=hit.decided_by,
        decided_at=hit.decided_at,
        reject_reason=hit.reject_reason,
    )
    act_record(
        principal,
        AuditAction.NOTICE_DECIDE,
        "notice",
        [notice.uid],
        originator_id=notice.originator_id,
        detail={"state": NoticeState.REJECTED.value, "reject_reason": hit.reject_reason},
    )
    changes_announce([(Topic.NOTICE, None, None, notice.viewers)])
