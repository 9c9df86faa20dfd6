"""Pages of the admin site on equipment and on quarantine."""

from scanning.admin.deliveries import DeliveryAdmin
from scanning.admin.equipment import DeviceAdmin, LaneAdmin

__all__ = ["DeliveryAdmin", "DeviceAdmin", "LaneAdmin"]
