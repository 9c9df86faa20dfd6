"""Access requests as the asker is shown them, and access cases as the owner is."""

import uuid

from django.utils import timezone

from agencies.access import OwnedQuerySet
from agencies.actions import Right
from agencies.facts import Actor, Principal
from agencies.paging import Page, Turn, queryset_page
from agencies.rules.rights import may, require
from intelligence.choices import CaseState, SharedKind
from intelligence.facts import AccessCaseCard, AccessRequestCard
from intelligence.models import AccessCase, AccessRequest
from intelligence.rules.access import state_shown
from intelligence.selectors.parties import officer_names, parties


def requests_by(principal: Principal) -> OwnedQuerySet[AccessRequest]:
    """The requests that this officer or account has made itself."""
    mine = AccessRequest.objects.visible_to(principal)
    if principal.uid is None:
        return mine.none()
    own = (
        {"officer__uid": principal.uid}
        if principal.actor == Actor.OFFICER
        else {"account_uid": principal.uid}
    )
    return mine.filter(**own)


def access_requests_page(principal: Principal, turn: Turn) -> Page[AccessRequestCard]:
    """One page of requests, newest first: the own ones; all of the agency's for whoever reads its record."""
    require(principal, Right.ACCESS_ASK)
    page = queryset_page(_readable(principal).select_related("officer"), turn, at="asked_at")
    return Page(tuple(request_card(row) for row in page.rows), page.older, page.newer)


def access_request_get(principal: Principal, uid: uuid.UUID | str) -> AccessRequestCard:
    """One request; raises RightMissing or NotVisible."""
    require(principal, Right.ACCESS_ASK)
    return request_card(_readable(principal).select_related("officer").get_visible(principal, uid))


def access_cases_page(
    principal: Principal, turn: Turn, *, is_open: bool | None = None
) -> Page[AccessCaseCard]:
    """One page of the owner's cases, newest first. Raises RightMissing."""
    require(principal, Right.LOOKOUT_CREATE)
    wanted = AccessCase.objects.visible_to(principal).filter(originator_id__in=list(principal.groups))
    if is_open is not None:
        now = timezone.now()
        waits = wanted.filter(state=CaseState.OPEN, expires_at__gt=now)
        wanted = waits if is_open else wanted.exclude(pk__in=waits.values("pk"))
    page = queryset_page(wanted.prefetch_related("answered_by__agency"), turn, at="asked_at")
    return Page(tuple(case_card(row, principal) for row in page.rows), page.older, page.newer)


def access_case_get(principal: Principal, uid: uuid.UUID | str) -> AccessCaseCard:
    """One case, for its owner; raises RightMissing or NotVisible."""
    require(principal, Right.LOOKOUT_CREATE)
    return case_card(AccessCase.objects.get_visible(principal, uid), principal)


def request_card(request: AccessRequest) -> AccessRequestCard:
    """The request as its asker is shown it: nothing in it tells absent from unanswered."""
    return AccessRequestCard(
        uid=request.uid,
        reference=request.reference,
        purpose=request.purpose,
        asked_at=request.asked_at,
        asked_by=str(request.officer) if request.officer else "",
        closes_at=request.closes_at,
        state=state_shown(request.outcome, request.closes_at, timezone.now()),
        message=request.message,
        answered_at=request.answered_at,
    )


def case_card(case: AccessCase, reader: Principal) -> AccessCaseCard:
    """The case as the owner's officer is shown it; of the asker the agency stands, not the officer."""
    closed = case.expires_at is not None and case.expires_at <= timezone.now()
    return AccessCaseCard(
        uid=case.uid,
        kind=SharedKind(case.subject_kind),
        record_uid=case.subject_uid,
        reference=case.subject_reference,
        asked_by=parties().code(case.asker_group_id),
        purpose=case.purpose,
        asked_at=case.asked_at,
        closes_at=case.expires_at,
        state=CaseState(case.state),
        is_open=case.state == CaseState.OPEN and not closed,
        probing=case.probing,
        message=case.message,
        answered_by=officer_names(case.answered_by, reader)[0],
        answered_at=case.answered_at,
    )


def _readable(principal: Principal) -> OwnedQuerySet[AccessRequest]:
    if may(principal, Right.AUDIT_VIEW):
        return AccessRequest.objects.visible_to(principal)
    return requests_by(principal)
