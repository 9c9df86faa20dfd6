"""Sites, lanes, devices; the inbox; events, passages and alarms; what is lawful, and scans asked of others."""

from scanning.models.alarms import Alarm, AlarmNote, AlarmReview
from scanning.models.corrections import PassageFollower, PassageMove
from scanning.models.deliveries import Delivery, DeliveryKey
from scanning.models.equipment import Device, DeviceGrant, DeviceStatus, Lane, LaneGrant, Site
from scanning.models.findings import Adjudication, LaterFind, LaterFindGrant
from scanning.models.images import Image, ImageKeep, ImageNote
from scanning.models.law import LawfulUse
from scanning.models.outages import Care, Outage, OutageNote, Placement
from scanning.models.passages import Passage, PassageMark, PassagePart, ScanEvent
from scanning.models.requests import ScanRequest, ScanRequestGrant

__all__ = [
    "Adjudication",
    "Alarm",
    "AlarmNote",
    "AlarmReview",
    "Care",
    "Delivery",
    "DeliveryKey",
    "Device",
    "DeviceGrant",
    "DeviceStatus",
    "Image",
    "ImageKeep",
    "ImageNote",
    "Lane",
    "LaneGrant",
    "LaterFind",
    "LaterFindGrant",
    "LawfulUse",
    "Outage",
    "OutageNote",
    "Passage",
    "PassageFollower",
    "PassageMark",
    "PassageMove",
    "PassagePart",
    "Placement",
    "ScanEvent",
    "ScanRequest",
    "ScanRequestGrant",
    "Site",
]
