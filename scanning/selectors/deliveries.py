"""Deliveries of the own agency: what its accounts posted, and what became of it."""

from django.db.models import Q, QuerySet

from agencies.access import visible_devices
from agencies.facts import Principal
from scanning.models import Delivery


def deliveries_visible_to(principal: Principal) -> QuerySet[Delivery]:
    """The own agency's deliveries, without those of devices that are hidden from this officer."""
    own = Delivery.objects.visible_to(principal)
    return own.filter(Q(device_id__isnull=True) | Q(device_id__in=visible_devices(principal)))
