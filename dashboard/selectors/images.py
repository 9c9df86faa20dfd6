"""Pictures for the pages: the small ones of a timeline, the viewer, and to which events an officer may add one."""

import uuid

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import may
from dashboard.facts.acts import Detail
from dashboard.facts.images import ImagePage, ImageThumb, NoteCard
from dashboard.selectors.places import equipment_now
from scanning.rules.pictures import PREVIEW_EDGE
from scanning.rules.retention import IMAGING
from scanning.selectors.images import (
    ImageNoteSeen,
    ImageSeen,
    event_of_image,
    image_keeps,
    image_notes,
    image_seen,
    passage_of_event,
)
from scanning.selectors.passages import passage_events
from scanning.selectors.seen import Equipment, EventSeen, PassageSeen

#: The small pictures of a timeline are shown at this height at most.
_THUMB = 96


def image_thumb(image: ImageSeen, device: str) -> ImageThumb:
    """One small picture; what it shows is said in words, for whoever does not see it."""
    scale = min(PREVIEW_EDGE / max(image.width, image.height), _THUMB / image.height, 1.0)
    return ImageThumb(
        url=reverse("image-detail", args=[image.uid]),
        preview_url=reverse("image-preview", args=[image.uid]),
        alt=_("Picture of %(device)s: %(view)s") % {"device": device, "view": image.view.label},
        word=str(image.view.label),
        width=max(round(image.width * scale), 1),
        height=max(round(image.height * scale), 1),
    )


def own_events(principal: Principal, passage: PassageSeen, equipment: Equipment) -> list[EventSeen]:
    """The passage's events of devices of the own agency: to these an officer may add a picture."""
    own = {device.id for device in equipment.devices.values() if device.owner == principal.agency_code != ""}
    if not own & {part.device_id for part in passage.parts}:
        return []
    return [event for event in passage_events(principal, passage) if event.device_id in own]


def image_page(principal: Principal, uid: uuid.UUID) -> ImagePage:
    """The page of one picture; raises RightMissing or NotVisible."""
    image = image_seen(principal, uid)
    device = equipment_now(principal).devices[image.device_id]
    event = event_of_image(principal, image)
    passage = passage_of_event(principal, event)
    kept = next((keep for keep in image_keeps(principal, image) if keep.released_at is None), None)
    may_act = may(principal, Right.IMAGE_ACT)
    unit = max(image.width, image.height)
    return ImagePage(
        id=str(image.uid),
        title=f"{image.view.label} – {device.code}",
        alt=image_thumb(image, device.code).alt,
        content_url=reverse("image-content", args=[image.uid]),
        width=image.width,
        height=image.height,
        passage=str(passage) if passage else "",
        device=device.code,
        device_url=reverse("device-detail", args=[device.uid]),
        is_imaging=image.view.value in IMAGING,
        details=_details(image, event),
        notes=tuple(
            _note(number, note, image, may_act=may_act)
            for number, note in enumerate(image_notes(principal, image), 1)
        ),
        kept_reason=kept.reason if kept else "",
        kept_at=kept.kept_at if kept else None,
        kept_by=kept.kept_by if kept else "",
        may_act=may_act,
        text_size=_pixels(max(unit / 36, 8)),
        line=_pixels(max(unit / 320, 1)),
    )


def event_choices(principal: Principal, passage: PassageSeen, equipment: Equipment) -> list[EventSeen]:
    """The events that a form offers, the newest first."""
    events = own_events(principal, passage, equipment)
    return sorted(events, key=lambda event: event.at, reverse=True)[: settings.DATA_UPLOAD_MAX_NUMBER_FIELDS]


def _details(image: ImageSeen, event: EventSeen | None) -> tuple[Detail, ...]:
    by = image.added_by or _("another agency’s officer")
    return (
        Detail(_("view"), str(image.view.label)),
        Detail(_("time of the event"), "", at=event.at if event else image.event_at),
        Detail(_("received"), "", at=image.received_at),
        *((Detail(_("added by hand by"), by),) if image.by_hand else ()),
        Detail(_("size"), f"{image.width} × {image.height}, {filesizeformat(image.size)}"),
        Detail(_("type"), image.media_type),
        Detail(_("SHA-256"), image.sha256, mono=True),
        Detail(_("expires"), "", at=image.expires_at),
    )


def _note(number: int, note: ImageNoteSeen, image: ImageSeen, *, may_act: bool) -> NoteCard:
    box = label = None
    region = note.region
    if region is not None:
        left, top = region.left * image.width, region.top * image.height
        box = (
            _pixels(left),
            _pixels(top),
            _pixels(region.width * image.width),
            _pixels(region.height * image.height),
        )
        label = (_pixels(left), _pixels(max(top - image.height / 120, image.height / 40)))
    return NoteCard(
        number=number,
        uid=str(note.uid),
        at=note.at,
        who=f"{note.officer} ({note.agency})" if note.officer else note.agency,
        text=note.text,
        box=box,
        label_at=label,
        withdrawn_at=note.withdrawn_at,
        withdrawn_because=note.withdrawn_because,
        may_withdraw=may_act and note.is_own and note.withdrawn_at is None,
    )


def _pixels(value: float) -> str:
    """A number as SVG reads it, whatever the reader's language writes."""
    return f"{value:.2f}"
