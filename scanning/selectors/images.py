"""Pictures as their readers are shown them."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import may, require
from intelligence.selectors.parties import officer_names, own_group
from scanning.choices import View
from scanning.models import Image, ImageKeep, ImageNote, ScanEvent
from scanning.selectors.passages import event_seen, passage_events, passage_uids
from scanning.selectors.seen import EventSeen, PassageSeen

#: An event whose picture came before it was processed is looked for so long before the picture, and after.
_BEFORE, _AFTER = dt.timedelta(days=2), dt.timedelta(hours=2)
_MOST_NOTES = 500


@dataclass(frozen=True, slots=True)
class ImageSeen:
    """One picture of a visible device. Names of officers are for their own agency."""

    id: int
    uid: uuid.UUID
    device_id: int
    event_key: str
    event_at: dt.datetime | None
    view: View
    sha256: str
    media_type: str
    size: int
    width: int
    height: int
    received_at: dt.datetime
    expires_at: dt.datetime
    by_hand: bool
    added_by: str


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a picture, as shares of its width and height from the upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ImageNoteSeen:
    """One note. `withdrawn_at`: a later note has taken it back. `is_own`: the reader may withdraw it."""

    id: int
    uid: uuid.UUID
    at: dt.datetime
    officer: str
    agency: str
    region: Region | None
    text: str
    withdrawn_at: dt.datetime | None
    withdrawn_because: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class ImageKeepSeen:
    """The own agency keeps a picture, or has kept it."""

    kept_at: dt.datetime
    kept_by: str
    reason: str
    released_at: dt.datetime | None
    release_reason: str


def image_seen(principal: Principal, uid: uuid.UUID | str) -> ImageSeen:
    """One picture; raises RightMissing, or NotVisible when it is absent, hidden or expired."""
    require(principal, Right.IMAGE_VIEW)
    return image_shown(Image.objects.get_visible(principal, uid), principal)


def images_of_events(
    principal: Principal, events: Sequence[EventSeen]
) -> dict[tuple[int, str], tuple[ImageSeen, ...]]:
    """The visible pictures of visible events, by device and event key; none without the right to look at pictures."""
    wanted = {(event.device_id, event.event_key) for event in events}
    if not wanted or not may(principal, Right.IMAGE_VIEW):
        return {}
    rows = (
        Image.objects.visible_to(principal)
        .filter(
            device_id__in=sorted({device for device, _key in wanted}),
            event_key__in=sorted({key for _device, key in wanted}),
        )
        .prefetch_related("added_by__agency")
        .order_by("id")
    )
    found: dict[tuple[int, str], list[ImageSeen]] = {}
    for row in rows:
        if (row.device_id, row.event_key) in wanted:
            found.setdefault((row.device_id, row.event_key), []).append(image_shown(row, principal))
    return {key: tuple(images) for key, images in found.items()}


def images_of_passage(principal: Principal, passage: PassageSeen) -> tuple[ImageSeen, ...]:
    """The visible pictures of a passage in the order of its events; raises RightMissing."""
    require(principal, Right.IMAGE_VIEW)
    events = passage_events(principal, passage)
    found = images_of_events(principal, events)
    return tuple(image for event in events for image in found.get((event.device_id, event.event_key), ()))


def images_among(principal: Principal, digests: Collection[str]) -> int:
    """How many visible pictures have one of these digests; none without the right to look at pictures."""
    if not digests or not may(principal, Right.IMAGE_VIEW):
        return 0
    return Image.objects.visible_to(principal).filter(sha256__in=list(digests)).order_by().count()


def event_of_image(principal: Principal, image: ImageSeen) -> EventSeen | None:
    """The event that a picture shows, or None while it has not been processed."""
    events = ScanEvent.objects.visible_to(principal).filter(
        device_id=image.device_id, event_key=image.event_key
    )
    if image.event_at is not None:
        events = events.filter(event_at=image.event_at)
    else:
        events = events.filter(event_at__range=(image.received_at - _BEFORE, image.received_at + _AFTER))
    row = events.first()
    return event_seen(row) if row is not None else None


def passage_of_event(principal: Principal, event: EventSeen | None) -> uuid.UUID | None:
    """The public id of the event's passage, if there is one."""
    if event is None or event.passage_id is None:
        return None
    return passage_uids(principal, [event.passage_id]).get(event.passage_id)


def image_notes(principal: Principal, image: ImageSeen) -> tuple[ImageNoteSeen, ...]:
    """The notes on a picture that the principal has been shown, oldest first, those withdrawn included."""
    rows = list(
        ImageNote.objects.visible_to(principal)
        .filter(image_id=image.id)
        .prefetch_related("officer__agency", "agency")
        .order_by("id")[:_MOST_NOTES]
    )
    ended = {row.withdraws_id: row for row in rows if row.withdraws_id is not None}
    return tuple(_note(row, ended.get(row.pk), principal) for row in rows if row.withdraws_id is None)


def image_keeps(principal: Principal, image: ImageSeen) -> tuple[ImageKeepSeen, ...]:
    """When and what for the own agency has kept this picture, the newest first. What others keep is their affair."""
    rows = ImageKeep.objects.visible_to(principal).filter(
        image_id=image.id, agency_group_id=own_group(principal)
    )
    return tuple(
        ImageKeepSeen(
            kept_at=row.kept_at,
            kept_by=officer_names(row.kept_by, principal)[0],
            reason=row.reason,
            released_at=row.released_at,
            release_reason=row.release_reason,
        )
        for row in rows.prefetch_related("kept_by__agency").order_by("-kept_at", "-id")
    )


def kept_among(principal: Principal, images: Collection[ImageSeen]) -> frozenset[int]:
    """Which of these pictures (internal ids) the own agency keeps now."""
    ids = [image.id for image in images]
    kept = ImageKeep.objects.visible_to(principal).filter(image_id__in=ids, released_at__isnull=True)
    return frozenset(kept.values_list("image_id", flat=True)) if ids else frozenset()


def image_shown(row: Image, principal: Principal) -> ImageSeen:
    """The frozen form of a row that the gate has let through."""
    return ImageSeen(
        id=row.pk,
        uid=row.uid,
        device_id=row.device_id,
        event_key=row.event_key,
        event_at=row.event_at,
        view=View(row.view),
        sha256=row.sha256,
        media_type=row.media_type,
        size=row.size,
        width=row.width,
        height=row.height,
        received_at=row.received_at,
        expires_at=row.expires_at,
        by_hand=row.added_by_id is not None,
        added_by=officer_names(row.added_by, principal)[0],
    )


def event_named(principal: Principal, passage: PassageSeen, uid: uuid.UUID | str) -> EventSeen:
    """One visible event of a passage by its uid; NotVisible otherwise."""
    event = next((each for each in passage_events(principal, passage) if str(each.uid) == str(uid)), None)
    if event is None:
        raise NotVisible("event")
    return event


def _note(row: ImageNote, ended: ImageNote | None, principal: Principal) -> ImageNoteSeen:
    values = (row.left, row.top, row.width, row.height)
    region = Region(*values) if None not in values else None  # type: ignore[arg-type]
    return ImageNoteSeen(
        id=row.pk,
        uid=row.uid,
        at=row.at,
        officer=officer_names(row.officer, principal)[0],
        agency=row.agency.code,
        region=region,
        text=row.text,
        withdrawn_at=ended.at if ended else None,
        withdrawn_because=ended.text if ended else "",
        is_own=row.agency.group_id == principal.agency_group and row.officer.uid == principal.uid,
    )
