"""Where a device stands, written down whenever it changes: the equipment's own row knows only the present."""

from django.utils import timezone

from agencies.facts import Principal
from scanning.models import Device, Placement

_FACTS = ("site_id", "lane_id", "latitude", "longitude")


def device_placed(principal: Principal, device: Device) -> None:
    """Write down where the device stands and whether it is in service, if that is news. In the caller's transaction."""
    facts = {name: getattr(device, name) for name in _FACTS} | {"in_service": device.is_active}
    standing = Placement.objects.visible_to(principal).filter(device_id=device.pk, until_at__isnull=True)
    known = standing.first()
    if known is not None and all(getattr(known, name) == value for name, value in facts.items()):
        return
    now = timezone.now()
    standing.update(until_at=now)
    Placement.objects.create(device_id=device.pk, from_at=now, **facts)
