"""The closed word lists of the audit app."""

import enum


class Topic(enum.StrEnum):
    """What kind of thing changed; a nudge carries the topic and never the content."""

    ALARM = "alarm"
    DELIVERY = "delivery"
    DEVICE = "device"
    HIT = "hit"
    LOOKOUT = "lookout"
    NOTICE = "notice"
    PASSAGE = "passage"
    SCAN_REQUEST = "scan_request"
