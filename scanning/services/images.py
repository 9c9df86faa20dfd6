"""Putting a picture beside an event that stands already: by its device over REST, or by an officer of its agency."""

import dataclasses
import datetime as dt
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.models import Officer
from agencies.rules.rights import require
from audit.actions import AuditAction
from audit.services import audit_record
from intelligence.selectors.parties import officer_acting
from scanning.choices import PictureFault, View
from scanning.models import DeliveryKey, Image, ScanEvent
from scanning.rules.pictures import PictureRefused, picture_read
from scanning.selectors.equipment import equipment_read
from scanning.selectors.images import event_named
from scanning.selectors.passages import passage_seen
from scanning.services.blobs import blob_lock, blobs_put
from scanning.services.deliveries import Sender
from scanning.services.picture_rows import picture_row

#: The event of a picture is mostly minutes old; to look through a month of one device's events is the exception.
_RECENT = dt.timedelta(hours=6)


@dataclasses.dataclass(frozen=True, slots=True)
class ImagePosted:
    """What became of a picture: accepted, or repeated (the same bytes came before; no uid: they have expired)."""

    outcome: str
    uid: uuid.UUID | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Place:
    """Beside which event a picture goes."""

    device_id: int
    device_uid: uuid.UUID
    event_key: str
    event_at: dt.datetime | None


@transaction.atomic
def image_post(
    *, sender: Sender, event_key: str, view: str, content: bytes, device_code: str | None = None
) -> ImagePosted:
    """Store a picture that a device sends to an event of its own; the same picture again gets the same answer.

    Raises RightMissing, NotVisible (no such device, or no such event of it yet), or PictureRefused.
    """
    require(sender.principal, Right.DELIVERY_POST)
    device = sender.named(device_code)
    known = device and DeliveryKey.objects.filter(device_id=device.pk, event_key=event_key).exists()
    if device is None or not known:
        raise NotVisible("event")
    at = _event_at(sender.principal, device.pk, event_key)
    return _store(sender.principal, _Place(device.pk, device.uid, event_key, at), view, content, None)


@transaction.atomic
def image_add(
    *, acting_officer: Principal, passage: uuid.UUID | str, event: uuid.UUID | str, view: str, content: bytes
) -> ImagePosted:
    """Add a picture by hand to an event of a device of the own agency.

    Raises RightMissing, NotVisible (of passage or event, and of an event of another agency's device), or PictureRefused.
    """
    require(acting_officer, Right.IMAGE_ADD)
    officer = officer_acting(acting_officer)
    seen = event_named(acting_officer, passage_seen(acting_officer, passage), event)
    device = equipment_read(acting_officer).devices.get(seen.device_id)
    if officer is None or device is None or device.owner != acting_officer.agency_code:
        raise NotVisible("event")
    place = _Place(device.id, device.uid, seen.event_key, seen.at)
    return _store(acting_officer, place, view, content, officer)


def _store(
    principal: Principal, place: _Place, view: str, content: bytes, officer: Officer | None
) -> ImagePosted:
    if view not in View.values:
        raise PictureRefused(PictureFault.WRONG_TYPE)
    picture = picture_read(content, max_bytes=settings.IMAGE_MAX_BYTES, max_pixels=settings.IMAGE_MAX_PIXELS)
    blob_lock(picture.sha256)  # of the same picture twice at once the second one waits here
    same_event = Image.objects.visible_to(principal).filter(
        device_id=place.device_id, event_key=place.event_key
    )
    known = same_event.filter(view=view, sha256=picture.sha256).first()
    if known is not None:
        return ImagePosted("repeated", known.uid)
    if same_event.count() >= settings.IMAGES_PER_EVENT:
        raise PictureRefused(PictureFault.TOO_MANY)
    blobs_put([picture])
    row = picture_row(
        picture,
        device_id=place.device_id,
        event_key=place.event_key,
        event_at=place.event_at,
        view=view,
        added_by=officer,
    )
    Image.objects.bulk_create([row], ignore_conflicts=True)
    made = Image.objects.visible_to(principal).filter(uid=row.uid).first()
    if made is None:  # an expired one, which another agency keeps: nobody may learn that
        return ImagePosted("repeated", None)
    audit_record(
        acting_party=principal,
        action=AuditAction.IMAGE_ADD,
        object_type="image",
        object_uids=[made.uid],
        detail={"device": str(place.device_uid), "view": view, "sha256": picture.sha256},
    )
    return ImagePosted("accepted", made.uid)


def _event_at(principal: Principal, device_id: int, event_key: str) -> dt.datetime | None:
    """When the event was, if it has been processed already and is not long past."""
    found: dt.datetime | None = (
        ScanEvent.objects.visible_to(principal)
        .filter(device_id=device_id, event_key=event_key, event_at__gt=timezone.now() - _RECENT)
        .values_list("event_at", flat=True)
        .first()
    )
    return found
