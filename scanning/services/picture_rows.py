"""The row of a checked picture, however it came."""

import datetime as dt

from django.conf import settings
from django.utils import timezone

from agencies.models import Officer
from scanning.models import Image
from scanning.rules.pictures import Picture
from scanning.rules.retention import picture_expiry


def picture_row(
    picture: Picture,
    *,
    device_id: int,
    event_key: str,
    event_at: dt.datetime | None,
    view: str,
    added_by: Officer | None = None,
) -> Image:
    """The row, not yet written; the bytes must be in the storage before it is."""
    now = timezone.now()
    return Image(
        device_id=device_id,
        event_key=event_key,
        event_at=event_at,
        view=view,
        sha256=picture.sha256,
        media_type=picture.media_type,
        size=len(picture.content),
        width=picture.width,
        height=picture.height,
        received_at=now,
        expires_at=picture_expiry(
            view, now, camera_days=settings.IMAGE_DAYS_CAMERA, imaging_days=settings.IMAGE_DAYS_IMAGING
        ),
        added_by=added_by,
    )
