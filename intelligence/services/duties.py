"""What intelligence does by the clock, as the worker: each duty is repeatable and does nothing twice.

Every duty opens its own transaction, takes rows in the order of their ids and skips those that an officer
holds at the moment; the next turn finds them.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from agencies.acting import acting
from agencies.grants import grants_withdraw
from agencies.tasking import doorbell_ring
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import changes_announce
from intelligence.actions import Bell
from intelligence.choices import DisclosureMode, Ending, HitState, LookoutState, NoticeState
from intelligence.models import AccessCase, AccessRequest, Check, Dissemination, Hit, Lookout, Notice
from intelligence.rules.lifecycle import NOTICE_WAITS
from intelligence.services.records import act_record
from intelligence.services.sharing import SUBJECTS

R = TypeVar("R", Lookout, Hit, Notice, Dissemination)

#: Rows of one turn at most; what is left follows a turn later.
BATCH = 500
SHOWN_DAYS = 2


@transaction.atomic
def lookouts_expire() -> int:
    """Close the lookouts whose time has come; returns how many. They have not matched since that moment."""
    due = list(_due(Lookout.objects.filter(state=LookoutState.ACTIVE, expires_at__lte=timezone.now())))
    Lookout.objects.filter(pk__in=[lookout.pk for lookout in due]).update(state=LookoutState.EXPIRED)
    _record(AuditAction.LOOKOUT_EXPIRE, "lookout", due)
    changes_announce([(Topic.LOOKOUT, None, None, lookout.viewers) for lookout in due])
    return len(due)


@transaction.atomic
def notices_escalate() -> int:
    """Sound again for each stop that nobody has taken for STOP_ESCALATES_AFTER_S, and again after as long.

    A notice found late in a backlog never escalates. Returns how many escalated.
    """
    now = timezone.now()
    before = now - dt.timedelta(seconds=settings.STOP_ESCALATES_AFTER_S)
    untaken = Notice.objects.filter(
        mode=DisclosureMode.STOP, state=NoticeState.OPEN, is_late=False, created_at__lte=before
    ).exclude(escalated_at__gt=before)
    due = list(_due(untaken))
    for notice in due:
        notice.escalated_at, notice.escalations = now, min(notice.escalations + 1, 32_000)
    Notice.objects.bulk_update(due, ["escalated_at", "escalations"])
    _record(AuditAction.NOTICE_ESCALATE, "notice", due)
    changes_announce([(Topic.NOTICE, None, None, notice.viewers) for notice in due])
    return len(due)


@transaction.atomic
def matches_expire() -> int:
    """Expire the matches and notices that no officer has verified in MATCH_EXPIRES_AFTER_S.

    An unverified match is no knowledge about anybody (SIRENE manual: a hit is what an officer has confirmed).
    Returns how many rows expired.
    """
    before = timezone.now() - dt.timedelta(seconds=settings.MATCH_EXPIRES_AFTER_S)
    hits = list(
        _due(Hit.objects.filter(state=HitState.MATCH, created_at__lte=before, last_seen_at__lte=before))
    )
    Hit.objects.filter(pk__in=[hit.pk for hit in hits]).update(state=HitState.EXPIRED)
    _record(AuditAction.HIT_EXPIRE, "hit", hits)
    unverified = Notice.objects.filter(
        state__in=NOTICE_WAITS, created_at__lte=before, last_seen_at__lte=before
    )
    notices = list(_due(unverified))
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(state=NoticeState.EXPIRED)
    _record(AuditAction.NOTICE_EXPIRE, "notice", notices)
    changes_announce(
        [
            *((Topic.HIT, None, None, [owner]) for owner in sorted({hit.originator_id for hit in hits})),
            *((Topic.NOTICE, None, None, notice.viewers) for notice in notices),
        ]
    )
    return len(hits) + len(notices)


@transaction.atomic
def decisions_reflect() -> int:
    """Carry the front line's decisions to the owners' hits; returns how many notices were carried.

    A hit that its owner has decided on already stays as it is: the owner reads the notice beside it.
    """
    decided = Notice.objects.filter(decided_at__isnull=False, reflected_at__isnull=True)
    hit_ids = list(decided.order_by("id").values_list("hit_id", flat=True)[:BATCH])
    if not hit_ids:
        return 0
    # Hits before notices, as everybody locks them.
    hits = {hit.pk: hit for hit in _due(Hit.objects.filter(pk__in=hit_ids))}
    notices = list(_due(decided.filter(hit_id__in=hits)))
    carried = []
    for notice in notices:
        hit = hits[notice.hit_id]
        if hit.state == HitState.MATCH:
            hit.state = HitState.CONFIRMED if notice.state == NoticeState.CONFIRMED else HitState.REJECTED
            hit.decided_by_id, hit.decided_at = notice.decided_by_id, notice.decided_at
            hit.reject_reason, hit.outcome = notice.reject_reason, notice.outcome
            carried.append(hit)
    Hit.objects.bulk_update(carried, ["state", "decided_by", "decided_at", "reject_reason", "outcome"])
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(reflected_at=timezone.now())
    _record(AuditAction.HIT_DECIDE, "hit", carried, detail={"by": "notice"})
    owners = sorted({notice.originator_id for notice in notices})
    changes_announce([(Topic.HIT, None, None, [owner]) for owner in owners])
    return len(notices)


@transaction.atomic
def bells_ring_again() -> None:
    """Ring for checks, access requests and decisions that nobody rang for (their bell was lost, or their worker died)."""
    if Check.objects.filter(answered_at__isnull=True).exists():
        doorbell_ring(Bell.CHECKS_ANSWER)
    if AccessRequest.objects.filter(routed_at__isnull=True).exists():
        doorbell_ring(Bell.ACCESS_ROUTE)
    if AccessCase.objects.filter(answered_at__isnull=False, carried_at__isnull=True).exists():
        doorbell_ring(Bell.ACCESS_CARRY)
    if Notice.objects.filter(decided_at__isnull=False, reflected_at__isnull=True).exists():
        doorbell_ring(Bell.DECISIONS_REFLECT)


@transaction.atomic
def shown_forget() -> None:
    """Forget which records were shown to whom on days gone by; the audit record stays."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM intelligence_shown WHERE shown_on < current_date - %s", [SHOWN_DAYS])


@transaction.atomic
def shares_expire() -> int:
    """End the disseminations whose time has come: the grant goes, so that every page and stream obeys; returns how many."""
    due = list(_due(Dissemination.objects.filter(ended_at__isnull=True, expires_at__lte=timezone.now())))
    for row in due:
        subject = SUBJECTS[row.subject_kind]
        record = subject.model.objects.filter(uid=row.subject_uid).first()
        if record is not None:
            grants_withdraw(subject.grant, record, [row.recipient_group_id])
        act_record(
            acting.get(), AuditAction.DISSEMINATION_EXPIRE, row.subject_kind, [row.subject_uid],
            originator_id=row.originator_id,
        )  # fmt: skip
        changes_announce([(subject.topic, None, None, [row.originator_id, row.recipient_group_id])])
    Dissemination.objects.filter(pk__in=[row.pk for row in due]).update(
        ended_at=timezone.now(), ending=Ending.EXPIRED
    )
    return len(due)


@transaction.atomic
def shares_record() -> int:
    """Enter a dissemination for each grant to another agency that has none: given before they were recorded.

    Returns how many. Nothing in the product makes such a grant; each is recorded, so that it can be seen.
    """
    made = 0
    for kind, subject in SUBJECTS.items():
        known = Dissemination.objects.filter(
            subject_uid=OuterRef("content_object__uid"),
            recipient_group_id=OuterRef("group_id"),
            ended_at__isnull=True,
        )
        bare = subject.grant.objects.exclude(group_id=F("content_object__originator_id")).filter(
            ~Exists(known)
        )
        for grant in bare.select_related("content_object").order_by("id")[:BATCH]:
            record = grant.content_object
            Dissemination.objects.create(
                originator_id=record.originator_id, classification=record.classification, caveat=record.caveat,
                subject_kind=kind, subject_uid=record.uid, subject_reference=record.reference,
                recipient_group_id=grant.group_id, purpose="—",
            )  # fmt: skip
            act_record(acting.get(), subject.share, kind, [record.uid], originator_id=record.originator_id)
            made += 1
    return made


#: Name, rhythm in seconds, act: what the scheduler keeps (jocc/pulse/duties.py).
DUTIES: tuple[tuple[str, float, Callable[[], object]], ...] = (
    ("notices_escalate", 1, notices_escalate),
    ("bells_ring_again", 1, bells_ring_again),
    ("shares_expire", 1, shares_expire),
    ("shares_record", 600, shares_record),
    ("lookouts_expire", 5, lookouts_expire),
    ("matches_expire", 30, matches_expire),
    ("shown_forget", 3600, shown_forget),
)


def _due(rows: "QuerySet[R]") -> "QuerySet[R]":
    return rows.order_by("id").select_for_update(skip_locked=True)[:BATCH]


def _record(
    action: AuditAction,
    kind: str,
    records: Iterable[Lookout | Hit | Notice],
    detail: dict[str, str] | None = None,
) -> None:
    """One record of the worker's act for each owner."""
    by_owner: dict[int, list[uuid.UUID]] = defaultdict(list)
    for record in records:
        by_owner[record.originator_id].append(record.uid)
    for owner, uids in by_owner.items():
        act_record(acting.get(), action, kind, uids, originator_id=owner, detail=detail)
