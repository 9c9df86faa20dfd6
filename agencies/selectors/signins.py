"""Reading sessions."""

import uuid

from django.db.models import F, QuerySet

from agencies.access import NotVisible
from agencies.facts import Principal
from agencies.models import SignIn

_SHOWN = 50


def own_uid(principal: Principal) -> uuid.UUID:
    """The officer's own public id; NotVisible for nobody, because NULL would match NULL."""
    if principal.uid is None:
        raise NotVisible("officer")
    return principal.uid


def signins_own(principal: Principal) -> list[SignIn]:
    """The principal's own sessions, open ones first, then the newest."""
    rows = SignIn.objects.visible_to(principal).filter(officer__uid=own_uid(principal))
    return list(rows.order_by(F("ended_at").desc(nulls_first=True), "-started_at")[:_SHOWN])


def signins_of_agency(principal: Principal) -> QuerySet[SignIn]:
    """Every session of the own agency's officers; the caller asks for the right to manage officers."""
    return SignIn.objects.visible_to(principal)
