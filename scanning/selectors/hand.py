"""Where results can be entered by hand: dog and search teams, probes read by an officer, typed plates."""

from django.db.models import QuerySet

from agencies.facts import Principal
from scanning.choices import DeviceFormat, DeviceKind
from scanning.models import Device

#: What an officer can enter from the lane, in the order in which it is offered.
HAND_KINDS = (
    DeviceKind.DOG.value,
    DeviceKind.CO2.value,
    DeviceKind.SEARCH.value,
    DeviceKind.KEYBOARD.value,
)


def hand_devices(principal: Principal) -> QuerySet[Device]:
    """The visible devices in service that an officer can speak for, in the order of lanes."""
    found = Device.objects.visible_to(principal).filter(
        kind__in=HAND_KINDS, format=DeviceFormat.NATIVE, is_active=True, lane__isnull=False
    )
    return found.select_related("lane", "site").order_by("site__order", "lane__order", "order", "code")


def hand_device(principal: Principal, lane_code: str, kind: str) -> Device | None:
    """The device that an entry of this kind in this lane stands for: the own agency's, else the lane's first."""
    found = list(hand_devices(principal).filter(lane__code=lane_code, kind=kind))
    found.sort(key=lambda device: device.originator_id not in principal.groups)
    return found[0] if found else None
