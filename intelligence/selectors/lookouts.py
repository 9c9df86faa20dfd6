"""Lookouts as their readers may see them."""

import dataclasses
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone

from agencies.actions import Right
from agencies.facts import Principal
from agencies.paging import Page, Turn, queryset_page
from agencies.rules.rights import require
from intelligence.choices import ActionCode, DisclosureMode, LookoutKind, LookoutState, Priority, SharedKind
from intelligence.facts import LookoutCard
from intelligence.models import Hit, Lookout
from intelligence.rules.handling import handling_of
from intelligence.rules.lifecycle import review_is_overdue
from intelligence.rules.marks import fold, normalise
from intelligence.selectors.disseminations import recipients_shown
from intelligence.selectors.parties import desk_card, officer_names, parties

#: So many lookouts alike are named to whoever enters another one.
_ALIKE = 5


def lookouts_page(
    principal: Principal,
    turn: Turn,
    *,
    state: str = "",
    mode: str = "",
    priority: str = "",
    mark: str = "",
    own: bool | None = None,
) -> Page[LookoutCard]:
    """One page of the lookouts that the principal may read, newest first.

    `mark` finds what would match it (exactly or folded); `own` tells the agency's own from those shared with
    it. Raises RightMissing. The reading itself is recorded by the caller (services/consultations.py).
    """
    require(principal, Right.LOOKOUT_VIEW)
    wanted = Lookout.objects.visible_to(principal)
    for field, value in (("state", state), ("mode", mode), ("priority", priority)):
        if value:
            wanted = wanted.filter(**{field: value})
    if mark:
        wanted = wanted.filter(mark_folded=fold(normalise(mark)))
    if own is not None:
        mine = models.Q(originator_id__in=list(principal.groups))
        wanted = wanted.filter(mine if own else ~mine)
    page = queryset_page(wanted.prefetch_related("desk__agency", "created_by__agency"), turn, at="created_at")
    return Page(tuple(lookout_card(row, principal) for row in page.rows), page.older, page.newer)


def lookout_get(principal: Principal, uid: uuid.UUID | str) -> LookoutCard:
    """One lookout; raises RightMissing or NotVisible. Use lookout_open where a person reads it."""
    require(principal, Right.LOOKOUT_VIEW)
    card = lookout_card(Lookout.objects.get_visible(principal, uid), principal)
    if card.is_own:
        return card
    return dataclasses.replace(card, recipients=recipients_shown(principal, SharedKind.LOOKOUT, card.uid))


def lookouts_alike(principal: Principal, mark: str) -> tuple[LookoutCard, ...]:
    """Lookouts in force for the same mark that the principal may read, so that nobody enters one twice unawares.

    One alert for a subject is the rule (SIRENE manual, 2008/333, 2.2); what the principal may not read is not told.
    """
    require(principal, Right.LOOKOUT_VIEW)
    folded = fold(normalise(mark))
    if not folded:
        return ()
    rows = Lookout.objects.visible_to(principal).filter(mark_folded=folded, state=LookoutState.ACTIVE)
    rows = rows.exclude(expires_at__lte=timezone.now()).order_by("-created_at", "-id")
    return tuple(
        lookout_card(row, principal)
        for row in rows.prefetch_related("desk__agency", "created_by__agency")[:_ALIKE]
    )


def lookout_hit_counts(principal: Principal, uids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many hits each of a few lookouts has; those of others count nothing."""
    counted = (
        Hit.objects.visible_to(principal)
        .filter(lookout__uid__in=list(uids))
        .order_by()
        .values_list("lookout__uid")
        .annotate(count=models.Count("id"))
    )
    return dict(counted)


def lookout_card(lookout: Lookout, reader: Principal) -> LookoutCard:
    """The lookout as this reader, who may see it, is shown it."""
    names, own = parties(), lookout.originator_id in reader.groups
    now = timezone.now()
    expired = lookout.expires_at is not None and lookout.expires_at <= now
    active = lookout.state == LookoutState.ACTIVE and not expired
    shown_state = LookoutState.EXPIRED if lookout.state == LookoutState.ACTIVE and expired else lookout.state
    card: dict[str, Any] = {
        "uid": lookout.uid,
        "reference": lookout.reference,
        "owner": names.code(lookout.originator_id),
        "is_own": own,
        "kind": LookoutKind(lookout.kind),
        "mark": lookout.mark_raw,
        "country": lookout.country,
        "action_code": ActionCode(lookout.action_code),
        "mode": DisclosureMode(lookout.mode),
        "priority": Priority(lookout.priority),
        "desk": desk_card(lookout.desk),
        "instruction": lookout.instruction,
        "state": LookoutState(shown_state),
        "is_active": active,
        "classification": lookout.classification,
        "caveat": lookout.caveat,
        "marking_received": lookout.marking_received,
        "handling": handling_of(lookout.handling),
        "created_at": lookout.created_at,
        "expires_at": lookout.expires_at,
        "review_due": lookout.review_due,
        "review_overdue": active and review_is_overdue(lookout.review_due, now.date()),
        "withdrawn_at": lookout.withdrawn_at,
    }
    return LookoutCard(**card, **(_owners_part(lookout, reader) if own else {}))


def _owners_part(lookout: Lookout, reader: Principal) -> dict[str, Any]:
    names = parties()
    return {
        "reason": lookout.reason,
        "notified_agencies": names.codes(lookout.notified_group_ids),
        "shared_with": names.codes([group for group in lookout.viewers if group != lookout.originator_id]),
        "compartment": names.compartment(lookout.originator_id, reader),
        "entered_by": officer_names(lookout.created_by, reader)[0],
        "withdrawn_reason": lookout.withdrawn_reason,
    }
