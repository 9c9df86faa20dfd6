"""Deliveries of the own agency: what its accounts posted, and what became of it."""

from django.db.models import Q, QuerySet

from agencies.access import visible_devices
from agencies.facts import Principal
from agencies.models import ServiceAccount
from scanning.models import Delivery


def deliveries_visible_to(principal: Principal) -> QuerySet[Delivery]:
    """The own agency's deliveries, without those of devices that are hidden from this officer.

    A delivery that names no device is shown to whoever is cleared for all that its account may speak of.
    """
    own = Delivery.objects.visible_to(principal)
    beyond = ServiceAccount.objects.filter(clearance__gt=principal.clearance).values("id")
    unnamed = Q(device_id__isnull=True) & (Q(account_id__isnull=True) | ~Q(account_id__in=beyond))
    return own.filter(unnamed | Q(device_id__in=visible_devices(principal)))
