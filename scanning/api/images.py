"""/api/v1/images/ and the pictures of a passage: what they are, their bytes, notes, and keeping them as evidence."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.choices import Scope
from agencies.facts import Principal
from scanning.api.base import ABSENT, CONFLICT, INVALID, MISSING, REFUSED, UID, ScanningView
from scanning.api.bytes_answer import picture_answer
from scanning.api.shapes_images import (
    ImageNoteBody,
    ImageReasonBody,
    ImageShape,
    ImagesShape,
    ImageStoryShape,
)
from scanning.models import Image
from scanning.selectors.equipment import equipment_read
from scanning.selectors.images import (
    ImageSeen,
    Region,
    event_of_image,
    image_notes,
    image_seen,
    image_shown,
    images_of_passage,
    kept_among,
    passage_of_event,
)
from scanning.selectors.passages import passage_seen
from scanning.services.blobs import blob_read, preview_read
from scanning.services.image_acts import image_annotate, image_keep, image_release, note_withdraw

_NOTE = OpenApiParameter("note", {"type": "string", "format": "uuid"}, OpenApiParameter.PATH)
_ACTED = {200: ImageStoryShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID}


def _plain(principal: Principal, image: ImageSeen, kept: frozenset[int]) -> dict[str, Any]:
    names = set(ImageShape().fields) - {"device", "event_id", "kept"}
    device = equipment_read(principal).devices.get(image.device_id)
    return {name: getattr(image, name) for name in names} | {
        "device": device.code if device else "",
        "event_id": image.event_key,
        "kept": image.id in kept,
    }


def _story(principal: Principal, image: ImageSeen) -> dict[str, Any]:
    plain = _plain(principal, image, kept_among(principal, [image]))
    passage = passage_of_event(principal, event_of_image(principal, image))
    shown: dict[str, Any] = ImageStoryShape(
        plain | {"passage": passage, "notes": image_notes(principal, image)}
    ).data
    return shown


class PassageImagesView(ScanningView):
    """The pictures of a passage."""

    rights = {"GET": Right.IMAGE_VIEW}
    scopes = {"GET": Scope.IMAGES_READ}

    @extend_schema(
        operation_id="passages_images",
        parameters=[UID],
        responses={200: ImagesShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """Those of devices that the token sees, as long as they have not expired. The reading is recorded."""
        images = images_of_passage(self.principal, passage_seen(self.principal, uid))
        self.shown("image", [image.uid for image in images])
        kept = kept_among(self.principal, images)
        return Response(
            ImagesShape({"results": [_plain(self.principal, each, kept) for each in images]}).data
        )


class ImageView(ScanningView):
    """One picture."""

    rights = {"GET": Right.IMAGE_VIEW}
    scopes = {"GET": Scope.IMAGES_READ}

    @extend_schema(
        operation_id="images_retrieve",
        parameters=[UID],
        responses={200: ImageStoryShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """What it is, and its notes. The reading is recorded."""
        image = image_seen(self.principal, uid)
        self.shown("image", [image.uid])
        return Response(_story(self.principal, image))


class _AnyAccepted(BaseContentNegotiation):
    """A client that says that it takes pictures is not turned away because problems are JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ImageContentView(ScanningView):
    """The bytes."""

    rights = {"GET": Right.IMAGE_VIEW}
    scopes = {"GET": Scope.IMAGES_READ}
    content_negotiation_class = _AnyAccepted

    @extend_schema(
        operation_id="images_content",
        parameters=[UID],
        responses={(200, "image/*"): OpenApiTypes.BINARY, **REFUSED, **ABSENT, **MISSING},
    )
    def get(self, request: Request, uid: str) -> HttpResponse:
        """The picture, byte for byte as it came: compare its SHA-256. The reading is recorded."""
        image = image_seen(self.principal, uid)
        self.shown("image", [image.uid])
        return picture_answer(blob_read(image.sha256), image)


class ImagePreviewView(ScanningView):
    """A small one."""

    rights = {"GET": Right.IMAGE_VIEW}
    scopes = {"GET": Scope.IMAGES_READ}
    content_negotiation_class = _AnyAccepted

    @extend_schema(
        operation_id="images_preview",
        parameters=[UID],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY, **REFUSED, **ABSENT, **MISSING},
    )
    def get(self, request: Request, uid: str) -> HttpResponse:
        """A JPEG of at most 480 pixels, without the original's metadata. The reading is recorded."""
        image = image_seen(self.principal, uid)
        self.shown("image", [image.uid])
        return picture_answer(preview_read(image.sha256), image, preview=True)


class _ImageActView(ScanningView):
    """An act on a picture, answered with the picture: it was shown to whoever may act on it."""

    rights = {"POST": Right.IMAGE_ACT}
    scopes = {"POST": Scope.IMAGES_WRITE}

    def image(self, uid: str) -> ImageSeen:
        """The picture; a scope to act is one to see what is acted on, and no more."""
        return image_shown(Image.objects.get_visible(self.principal, uid), self.principal)


class ImageNotesView(_ImageActView):
    """Notes."""

    @extend_schema(operation_id="images_annotate", parameters=[UID], request=ImageNoteBody, responses=_ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """Outline a part of the picture, or all of it, with some words."""
        given = self.body(ImageNoteBody)
        part = given.pop("region", None)
        region = Region(**part) if part else None
        image_annotate(acting_officer=self.principal, uid=uid, region=region, **given)
        return Response(_story(self.principal, self.image(uid)))


class NoteWithdrawView(_ImageActView):
    """Withdraw a note."""

    @extend_schema(
        operation_id="images_withdraw_note",
        parameters=[UID, _NOTE],
        request=ImageReasonBody,
        responses=_ACTED,
    )
    def post(self, request: Request, uid: str, note: str) -> Response:
        """Withdraw a note that the named officer has made; both stay readable."""
        note_withdraw(acting_officer=self.principal, uid=uid, note=note, **self.body(ImageReasonBody))
        return Response(_story(self.principal, self.image(uid)))


class ImageKeepView(_ImageActView):
    """Keep as evidence."""

    @extend_schema(operation_id="images_keep", parameters=[UID], request=ImageReasonBody, responses=_ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """It does not expire until it is released; 409 `already_kept`."""
        image_keep(acting_officer=self.principal, uid=uid, **self.body(ImageReasonBody))
        return Response(_story(self.principal, self.image(uid)))


class ImageReleaseView(_ImageActView):
    """Release from evidence."""

    @extend_schema(operation_id="images_release", parameters=[UID], request=ImageReasonBody, responses=_ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """It expires at its time, or at once when that is past; 409 `not_kept`."""
        before = self.image(uid)
        image_release(acting_officer=self.principal, uid=uid, **self.body(ImageReasonBody))
        return Response(_story(self.principal, before))
