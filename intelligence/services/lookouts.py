"""Entering, renewing and withdrawing lookouts: the owner's acts."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.choices import Caveat, Classification
from agencies.facts import Principal
from agencies.models import Desk
from agencies.rules.rights import RightMissing, require
from agencies.services.references import reference_next
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import changes_announce
from intelligence.choices import HitState, LookoutState, NoticeState, SharedKind
from intelligence.facts import LookoutDraft
from intelligence.models import Hit, Lookout, Notice
from intelligence.rules.drafts import Fault, HigherMarking, draft_faults, draft_marked, time_faults
from intelligence.rules.lifecycle import NOTICE_WAITS
from intelligence.rules.marks import fold, normalise
from intelligence.rules.refusals import LookoutNotActive
from intelligence.selectors.parties import officer_acting, parties
from intelligence.services.records import act_record, sentence_of
from intelligence.services.sharing import SUBJECTS


@transaction.atomic
def lookout_create(*, acting_officer: Principal, draft: LookoutDraft) -> Lookout:
    """Enter a lookout; it matches from the next event on.

    Raises RightMissing, or ValidationError with the faults by field of the draft.
    """
    require(acting_officer, Right.LOOKOUT_CREATE)
    now = timezone.now()
    draft, marking_faults = draft_marked(draft, on=now.date())
    originator = _originator(acting_officer, draft.compartment)
    notified = [parties().group(code) for code in draft.notified_agencies]
    desk = Desk.objects.filter(code=draft.desk).first() if draft.desk and "\x00" not in draft.desk else None
    _refuse(
        [
            *marking_faults,
            *draft_faults(draft, now=now, longest=dt.timedelta(days=settings.LOOKOUT_MAX_DAYS)),
            *([("compartment", _("There is no such compartment for you."))] if originator is None else []),
            *([("notified_agencies", _("There is no such agency."))] if None in notified else []),
            *([("desk", _("There is no such desk."))] if draft.desk and desk is None else []),
            *(
                [("classification", _("This is above your own clearance."))]
                if acting_officer.clearance < draft.classification <= max(Classification.values)
                else []
            ),
            *_caveat_faults(acting_officer, draft.caveat, originator, notified),
        ]
    )
    lookout = _lookout_stored(
        acting_officer, draft, originator=cast(int, originator), notified=notified, desk=desk, now=now
    )
    detail = {"mode": lookout.mode, "action": lookout.action_code, "notified": list(draft.notified_agencies)}
    _record(acting_officer, AuditAction.LOOKOUT_CREATE, lookout, detail=detail)
    return lookout


def _lookout_stored(
    principal: Principal,
    draft: LookoutDraft,
    *,
    originator: int,
    notified: Iterable[int | None],
    desk: Desk | None,
    now: dt.datetime,
) -> Lookout:
    """The row of a draft in which nothing is wrong, under a reference of its own."""
    norm = normalise(draft.mark)
    return Lookout.objects.create(
        originator_id=originator,
        reference=reference_next(group_id=originator, series="L", year=now.year),
        classification=draft.classification,
        caveat=draft.caveat,
        marking_received=draft.marking.strip(),
        handling=[each.stored() for each in draft.handling],
        expires_at=draft.expires_at,
        kind=draft.kind,
        mark_raw=draft.mark.strip(),
        mark_norm=norm,
        mark_folded=fold(norm),
        country=draft.country,
        action_code=draft.action_code,
        mode=draft.mode,
        notified_group_ids=sorted({group for group in notified if group is not None}),
        desk=desk,
        priority=draft.priority,
        reason=draft.reason.strip(),
        instruction=draft.instruction.strip(),
        review_due=draft.review_due,
        created_by=officer_acting(principal),
    )


@transaction.atomic
def lookout_withdraw(*, acting_officer: Principal, uid: uuid.UUID | str, reason: str) -> Lookout:
    """Stop looking: no further match, and what waits for a decision is put out at once.

    Raises NotVisible, RightMissing (not the owner's officer), LookoutNotActive, or ValidationError on `reason`.
    """
    lookout = own_lookout_lock(acting_officer, uid)
    if lookout.state != LookoutState.ACTIVE:
        raise LookoutNotActive
    reason = sentence_of(reason, "reason")
    lookout.state, lookout.withdrawn_at, lookout.withdrawn_reason = (
        LookoutState.WITHDRAWN,
        timezone.now(),
        reason,
    )
    lookout.save(update_fields=["state", "withdrawn_at", "withdrawn_reason"])
    _record(acting_officer, AuditAction.LOOKOUT_WITHDRAW, lookout, purpose=reason)
    _waiting_put_out(acting_officer, lookout)
    for twin in SUBJECTS[SharedKind.LOOKOUT].twins(acting_officer, lookout):
        if twin.state == LookoutState.ACTIVE:  # what stands in for it goes with it
            lookout_withdraw(acting_officer=acting_officer, uid=twin.uid, reason=reason)
    return lookout


@transaction.atomic
def lookout_extend(
    *,
    acting_officer: Principal,
    uid: uuid.UUID | str,
    expires_at: dt.datetime,
    review_due: dt.date,
    reason: str,
) -> Lookout:
    """Set a new expiry and day of review, after a review that found the lookout still needed.

    Raises as lookout_withdraw does, and ValidationError on either time.
    """
    lookout = own_lookout_lock(acting_officer, uid)
    now = timezone.now()
    if lookout.state != LookoutState.ACTIVE or (lookout.expires_at is not None and lookout.expires_at <= now):
        raise LookoutNotActive
    reason = sentence_of(reason, "reason")
    _refuse(
        time_faults(expires_at, review_due, now=now, longest=dt.timedelta(days=settings.LOOKOUT_MAX_DAYS))
    )
    lookout.expires_at, lookout.review_due = expires_at, review_due
    lookout.save(update_fields=["expires_at", "review_due"])
    detail = {"expires_at": expires_at.isoformat(), "review_due": review_due.isoformat()}
    _record(acting_officer, AuditAction.LOOKOUT_EXTEND, lookout, purpose=reason, detail=detail)
    return lookout


def own_lookout_lock(principal: Principal, uid: uuid.UUID | str) -> Lookout:
    """The principal's own lookout, locked; NotVisible when there is none to see, RightMissing when it is another's."""
    require(principal, Right.LOOKOUT_CREATE)
    seen = Lookout.objects.get_visible(principal, uid)
    if seen.originator_id not in principal.groups:
        raise RightMissing(Right.LOOKOUT_CREATE.value)
    locked = Lookout.objects.visible_to(principal).select_for_update().filter(pk=seen.pk).first()
    if locked is None:
        raise NotVisible("lookout")
    return locked


def _originator(principal: Principal, compartment: str) -> int | None:
    if not compartment:
        return principal.agency_group
    return parties().compartment_group(compartment, principal)


def _caveat_faults(
    principal: Principal, caveat: str, originator: int | None, told: Iterable[int | None]
) -> Iterator[Fault]:
    """What is wrong with a national caveat: set by the other state, or told to the other state."""
    if not caveat or caveat not in Caveat.values:
        return
    known, groups = parties(), [group for group in told if group is not None]
    if caveat not in principal.caveats or (originator is not None and not known.may_bear(originator, caveat)):
        yield "caveat", _("Only agencies of that state set this caveat, on records of their own.")
    elif not all(known.may_bear(group, caveat) for group in groups):
        yield "notified_agencies", _("With this caveat only agencies of that state can be told.")


def _refuse(faults: Iterable[Fault]) -> None:
    by_field: dict[str, list[ValidationError]] = {}
    for field, sentence in faults:
        code = "begins_higher" if isinstance(sentence, HigherMarking) else "invalid"
        by_field.setdefault(field, []).append(ValidationError(sentence, code=code))
    if by_field:
        raise ValidationError(by_field)


def _record(
    principal: Principal,
    action: AuditAction,
    lookout: Lookout,
    *,
    purpose: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    act_record(
        principal,
        action,
        "lookout",
        [lookout.uid],
        originator_id=lookout.originator_id,
        purpose=purpose,
        detail=detail,
    )
    lookout.refresh_from_db(fields=["viewers"])
    changes_announce([(Topic.LOOKOUT, None, None, lookout.viewers)])


def _waiting_put_out(principal: Principal, lookout: Lookout) -> None:
    """Expire the matches and notices of a lookout that nobody has decided on, and nudge who saw them."""
    waiting = Hit.objects.visible_to(principal).filter(lookout=lookout, state=HitState.MATCH)
    hits = list(waiting.select_for_update().order_by("id"))
    notices = list(
        Notice.objects.visible_to(principal)
        .filter(hit__lookout=lookout, state__in=NOTICE_WAITS)
        .select_for_update(of=("self",))
        .order_by("id")
    )
    Hit.objects.visible_to(principal).filter(pk__in=[hit.pk for hit in hits]).update(state=HitState.EXPIRED)
    Notice.objects.visible_to(principal).filter(pk__in=[notice.pk for notice in notices]).update(
        state=NoticeState.EXPIRED
    )
    for action, kind, uids in (
        (AuditAction.HIT_EXPIRE, "hit", [hit.uid for hit in hits]),
        (AuditAction.NOTICE_EXPIRE, "notice", [notice.uid for notice in notices]),
    ):
        if uids:
            act_record(principal, action, kind, uids, originator_id=lookout.originator_id)
    changes_announce(
        [
            *([(Topic.HIT, None, None, [lookout.originator_id])] if hits else []),
            *((Topic.NOTICE, None, None, notice.viewers) for notice in notices),
        ]
    )
