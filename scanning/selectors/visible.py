"""The devices a principal may see: what everything by the million inherits from."""

from agencies.facts import Principal
from scanning.models import Device


def device_ids_visible_to(principal: Principal) -> list[int]:
    """Their ids, in order (a few hundred at most)."""
    return list(Device.objects.visible_to(principal).order_by("id").values_list("id", flat=True))
