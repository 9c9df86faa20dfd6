"""What became of a delivery, for its sender; and what lies in quarantine, for the agency that sent it."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Length

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.choices import AccountKind
from agencies.facts import Actor, Principal
from agencies.models import ServiceAccount
from agencies.paging import Page, Turn, queryset_page
from agencies.rules.rights import require
from scanning.choices import DeliveryState
from scanning.models import Delivery
from scanning.selectors.deliveries import deliveries_visible_to
from scanning.selectors.seen import DeliverySeen

_COUNTS = ("events", "repeated", "conflicts", "problems")


def delivery_seen(principal: Principal, receipt: uuid.UUID | str) -> DeliverySeen:
    """What became of one delivery; NotVisible when it is absent, another agency's, or (for a device or gateway)
    another account's.
    """
    try:
        receipt = uuid.UUID(str(receipt))
    except ValueError as error:
        raise NotVisible("delivery") from error
    row = _readable(principal).filter(receipt=receipt).first()
    if row is None:
        raise NotVisible("delivery")
    return _seen(row)


def quarantine_page(principal: Principal, turn: Turn) -> Page[DeliverySeen]:
    """The own agency's deliveries that could not be read, newest first; raises RightMissing."""
    require(principal, Right.QUARANTINE_MANAGE)
    page = queryset_page(_readable(principal).filter(state=DeliveryState.QUARANTINED), turn, at="received_at")
    return Page(tuple(_seen(row) for row in page.rows), older=page.older, newer=page.newer)


def _readable(principal: Principal) -> QuerySet[Delivery]:
    deliveries = deliveries_visible_to(principal)
    if principal.actor == Actor.SERVICE and principal.role != AccountKind.PARTNER:
        own = ServiceAccount.objects.filter(uid=str(principal.uid)).values_list("id", flat=True)
        deliveries = deliveries.filter(account_id__in=list(own))
    return deliveries.defer("body", "body_sha256").annotate(size=Length("body"))


def _seen(row: Any) -> DeliverySeen:
    return DeliverySeen(
        id=row.pk,
        receipt=row.receipt,
        received_at=row.received_at,
        device_id=row.device_id,
        format=row.format,
        content_type=row.content_type,
        size=row.size or 0,
        state=row.state,
        attempts=row.attempts,
        done_at=row.done_at,
        error_code=row.error_code,
        error_detail=row.error_detail,
        counts={name: row.result.get(name, 0) for name in _COUNTS},
        items=tuple(row.result.get("items", ())),
    )
