"""What the routes of scanning have in common."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from agencies.api.parameters import Reader, one_of
from intelligence.api.base import ABSENT, CONFLICT, CURSOR, INVALID, LIMIT, REFUSED, UID, IntelligenceView
from scanning.choices import DeviceKind

__all__ = ["ABSENT", "CONFLICT", "INVALID", "REFUSED", "TURN", "UID", "ScanningView", "code", "parameter"]

TURN = [CURSOR, LIMIT]


class ScanningView(IntelligenceView):
    """Right and scope are needed; refusals of the services become problems, as in intelligence."""


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
