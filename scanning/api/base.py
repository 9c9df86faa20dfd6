"""What the routes of scanning have in common."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.response import Response

from agencies.api.parameters import Reader, one_of
from agencies.api.problems import problem
from intelligence.api.base import ABSENT, CONFLICT, CURSOR, INVALID, LIMIT, REFUSED, UID, IntelligenceView
from scanning.choices import DeviceKind
from scanning.rules.refusals import PICTURE_MISSING
from scanning.services.blobs import PictureMissing

__all__ = [
    "ABSENT",
    "CONFLICT",
    "INVALID",
    "MISSING",
    "REFUSED",
    "TURN",
    "UID",
    "ScanningView",
    "code",
    "parameter",
]

TURN = [CURSOR, LIMIT]
MISSING = {
    410: OpenApiResponse(
        description="The picture is known and its file is not in the store; `picture_missing`."
    )
}


class ScanningView(IntelligenceView):
    """Right and scope are needed; refusals of the services become problems, as in intelligence."""

    def handle_exception(self, exc: Exception) -> Response:
        """A picture whose file is missing is said to be so: nothing was shown, and nothing is recorded as read."""
        if not isinstance(exc, PictureMissing):
            return super().handle_exception(exc)
        transaction.set_rollback(True)
        return problem(410, code="picture_missing", detail=str(PICTURE_MISSING))


def code(text: str) -> str:
    """The code of a site, lane or device. A hidden one and one that does not exist find the same: nothing."""
    if not 0 < len(text) <= 40 or not text.isprintable():
        raise ValueError("a code")
    return text


#: Filters that several lists share.
PLACES: dict[str, Reader] = {"site": code, "lane": code}
KIND: dict[str, Reader] = {"kind": one_of(*DeviceKind.values)}


def parameter(
    name: str, description: str = "", enum: list[str] | None = None, type_: Any = str
) -> OpenApiParameter:
    """One query parameter for the schema."""
    return OpenApiParameter(name, type_, description=description, enum=enum)
