"""Pictures that come with vendors' events: checked before anything is locked, written beside their events.

Deliveries without pictures pay one look at an empty tuple each.
"""

from collections.abc import Mapping

from django.conf import settings

from scanning.choices import PictureFault
from scanning.models import Image
from scanning.rules.pictures import Picture, PictureRefused, picture_read
from scanning.services.blobs import blobs_put
from scanning.services.ingest.facts import Item, Outcome
from scanning.services.picture_rows import picture_row


def pictures_check(outcomes: list[Outcome]) -> None:
    """Check what was sent; a refused picture is told in the receipt, and never costs its event."""
    for outcome in outcomes:
        if outcome.sent:
            _check(outcome)


def _check(outcome: Outcome) -> None:
    sound: list[tuple[str, Picture]] = []
    seen: set[tuple[str, str]] = set()
    for index, sent in enumerate(outcome.sent):
        try:
            if len(sound) >= settings.IMAGES_PER_EVENT:
                raise PictureRefused(PictureFault.TOO_MANY)
            picture = picture_read(
                sent.content, max_bytes=settings.IMAGE_MAX_BYTES, max_pixels=settings.IMAGE_MAX_PIXELS
            )
        except PictureRefused as refused:
            outcome.items.append(
                {
                    "picture": index,
                    "view": sent.view,
                    "outcome": "picture_refused",
                    "code": str(refused.code),
                    "detail": f"{len(sent.content)} bytes",
                }
            )
            continue
        if (sent.view, picture.sha256) not in seen:
            seen.add((sent.view, picture.sha256))
            sound.append((sent.view, picture))
    outcome.pictures, outcome.sent = tuple(sound), ()


def pictures_write(fresh: list[Item], outcomes: Mapping[int, Outcome]) -> None:
    """Store the sound pictures of new events, bytes first; several vehicles of one delivery share them."""
    with_pictures = [item for item in fresh if outcomes[item.delivery.id].pictures]
    if not with_pictures:
        return
    pairs = [(item, pair) for item in with_pictures for pair in outcomes[item.delivery.id].pictures]
    blobs_put(list({picture.sha256: picture for _item, (_view, picture) in pairs}.values()))
    Image.objects.bulk_create(
        [
            picture_row(
                picture,
                device_id=item.device.id,
                event_key=item.observation.event_key,
                event_at=item.event_at,
                view=view,
            )
            for item, (view, picture) in pairs
        ],
        ignore_conflicts=True,
    )
