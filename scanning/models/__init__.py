"""Sites, lanes, devices; the inbox; events, passages and alarms."""

from scanning.models.alarms import Alarm, AlarmNote, AlarmReview
from scanning.models.deliveries import Delivery, DeliveryKey
from scanning.models.equipment import Device, DeviceGrant, DeviceStatus, Lane, LaneGrant, Site
from scanning.models.passages import Passage, PassageMark, PassagePart, ScanEvent

__all__ = [
    "Alarm",
    "AlarmNote",
    "AlarmReview",
    "Delivery",
    "DeliveryKey",
    "Device",
    "DeviceGrant",
    "DeviceStatus",
    "Lane",
    "LaneGrant",
    "Passage",
    "PassageMark",
    "PassagePart",
    "ScanEvent",
    "Site",
]
