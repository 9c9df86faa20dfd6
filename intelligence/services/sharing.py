"""What can be given to other agencies, and under which conditions: one declaration for each kind of record.

Everything else of a dissemination is the same for all kinds (disseminations.py). A new kind joins by its entry
here, and its kind in SharedKind.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import RightMissing, require
from audit.actions import AuditAction
from audit.choices import Topic
from intelligence.choices import HitState, LookoutState, SharedKind
from intelligence.models import Hit, HitGrant, Lookout, LookoutGrant, TearLine
from intelligence.rules.lifecycle import review_is_overdue
from intelligence.rules.refusals import HitUnconfirmed, LookoutNotActive, ReviewOverdue


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One kind of record that its originator may give away: its grants, its right, its records' names, its conditions.

    `ready` raises a Refusal where a record must not go out now; `standing` is the state in which it may be asked for by
    its reference; `twins` are the records that stand in for it, and
    are recalled with it.
    """

    kind: SharedKind
    model: Any
    grant: Any
    right: Right
    share: AuditAction
    recall: AuditAction
    topic: Topic
    standing: str
    ready: Callable[[Any, dt.datetime], None]
    twins: Callable[[Principal, Any], list[Any]] = lambda _principal, _record: []


def _lookout_ready(lookout: Lookout, now: dt.datetime) -> None:
    if lookout.state != LookoutState.ACTIVE or (lookout.expires_at is not None and lookout.expires_at <= now):
        raise LookoutNotActive
    if review_is_overdue(lookout.review_due, now.date()):
        raise ReviewOverdue


def _lookout_twins(principal: Principal, lookout: Lookout) -> list[Lookout]:
    links = TearLine.objects.visible_to(principal).filter(source=lookout)
    return list(
        Lookout.objects.visible_to(principal)
        .filter(torn_from__in=links)
        .select_for_update(of=("self",))
        .order_by("id")
    )


def _hit_ready(hit: Hit, _now: dt.datetime) -> None:
    # An unverified match is no knowledge about anybody (SIRENE manual).
    if hit.state != HitState.CONFIRMED:
        raise HitUnconfirmed


SUBJECTS: dict[str, Subject] = {
    subject.kind.value: subject
    for subject in (
        Subject(
            kind=SharedKind.LOOKOUT,
            model=Lookout,
            grant=LookoutGrant,
            right=Right.LOOKOUT_CREATE,
            share=AuditAction.LOOKOUT_SHARE,
            recall=AuditAction.LOOKOUT_RECALL,
            topic=Topic.LOOKOUT,
            standing=LookoutState.ACTIVE,
            ready=_lookout_ready,
            twins=_lookout_twins,
        ),
        Subject(
            kind=SharedKind.HIT,
            model=Hit,
            grant=HitGrant,
            right=Right.LOOKOUT_CREATE,
            share=AuditAction.HIT_SHARE,
            recall=AuditAction.HIT_RECALL,
            topic=Topic.HIT,
            standing=HitState.CONFIRMED,
            ready=_hit_ready,
        ),
    )
}


def own_record_lock(principal: Principal, subject: Subject, uid: uuid.UUID | str) -> Any:
    """The principal's own record, locked; NotVisible when there is none to see, RightMissing when it is another's."""
    require(principal, subject.right)
    seen = subject.model.objects.get_visible(principal, uid)
    if seen.originator_id not in principal.groups:
        raise RightMissing(subject.right.value)
    locked = (
        subject.model.objects.visible_to(principal).select_for_update(of=("self",)).filter(pk=seen.pk).first()
    )
    if locked is None:
        raise NotVisible(subject.kind.value)
    return locked


def record_ready(subject: Subject, record: Any) -> None:
    """Raise a Refusal unless the record may be given away now."""
    subject.ready(record, timezone.now())
