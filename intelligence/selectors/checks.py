"""Checks by hand: an officer reads the own ones, whoever may read the record of the agency reads all of it."""

import datetime as dt
import uuid

from django.conf import settings
from django.utils import timezone

from agencies.access import OwnedQuerySet
from agencies.actions import Right
from agencies.facts import Actor, Principal
from agencies.paging import Page, Turn, queryset_page
from agencies.rules.rights import may, require
from intelligence.choices import CheckOutcome
from intelligence.facts import CheckBudget, CheckCard
from intelligence.models import Check
from intelligence.rules.lifecycle import check_shown_at, check_shows

HOUR = dt.timedelta(hours=1)


def checks_page(principal: Principal, turn: Turn) -> Page[CheckCard]:
    """One page of checks, newest first. Raises RightMissing."""
    require(principal, Right.CHECK_MAKE)
    wanted = _readable(principal).prefetch_related("officer")
    page = queryset_page(wanted, turn, at="asked_at")
    return Page(tuple(check_card(row) for row in page.rows), page.older, page.newer)


def check_get(principal: Principal, uid: uuid.UUID | str) -> CheckCard:
    """One check; its outcome stays None until it is answered. Raises RightMissing or NotVisible."""
    require(principal, Right.CHECK_MAKE)
    return check_card(_readable(principal).get_visible(principal, uid))


def check_budget(principal: Principal) -> CheckBudget:
    """What the acting officer or account has used of the hour's checks."""
    used = checks_by(principal).filter(asked_at__gt=timezone.now() - HOUR).count()
    return CheckBudget(used=used, allowed=settings.CHECK_BUDGET_OFFICER_PER_HOUR)


def checks_by(principal: Principal) -> OwnedQuerySet[Check]:
    """The checks that this officer or account has made itself."""
    mine = Check.objects.visible_to(principal)
    if principal.uid is None:
        return mine.none()
    return (
        mine.filter(officer__uid=principal.uid)
        if principal.actor == Actor.OFFICER
        else mine.filter(account_uid=principal.uid)
    )


def check_card(check: Check) -> CheckCard:
    """The check as its reader is shown it: not answered before the time that every answer takes."""
    shows = check_shows(check.asked_at, check.answered_at, timezone.now())
    return CheckCard(
        uid=check.uid,
        mark=check.mark_raw,
        purpose=check.purpose,
        place=check.place,
        asked_at=check.asked_at,
        asked_by=str(check.officer) if check.officer else "",
        answered_at=check_shown_at(check.asked_at, check.answered_at) if shows else None,
        outcome=CheckOutcome(check.outcome) if shows and check.outcome else None,
        notice_uids=tuple(check.notice_uids) if shows else (),
    )


def _readable(principal: Principal) -> OwnedQuerySet[Check]:
    return Check.objects.visible_to(principal) if may(principal, Right.AUDIT_VIEW) else checks_by(principal)
