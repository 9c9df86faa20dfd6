"""Which devices a passage or an alarm is seen through: whoever sees them sees it (design.md: rows inherit)."""

import datetime as dt
import uuid
from collections.abc import Sequence

from agencies.facts import Principal
from scanning.models import Alarm, Device, Passage, PassagePart


def passage_devices(principal: Principal, uid: uuid.UUID, at: dt.datetime) -> Sequence[uuid.UUID]:
    """The devices that had contributed to the passage by then, as far as the principal sees them."""
    passage = Passage.objects.visible_to(principal).filter(uid=uid).values("id")
    parts = PassagePart.objects.visible_to(principal).filter(passage_id__in=passage, first_at__lte=at)
    ids = parts.values_list("device_id", flat=True)
    return list(
        Device.objects.visible_to(principal)
        .filter(id__in=list(ids))
        .order_by("code")
        .values_list("uid", flat=True)
    )


def alarm_devices(principal: Principal, uid: uuid.UUID, at: dt.datetime) -> Sequence[uuid.UUID]:
    """The device that had raised the alarm by then, if the principal sees it."""
    ids = (
        Alarm.objects.visible_to(principal)
        .filter(uid=uid, raised_at__lte=at)
        .values_list("device_id", flat=True)
    )
    return list(Device.objects.visible_to(principal).filter(id__in=list(ids)).values_list("uid", flat=True))
