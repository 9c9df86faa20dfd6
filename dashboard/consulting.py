"""What a page's consultations are recorded for."""

from django.http import HttpRequest

from agencies.facts import Principal
from agencies.models import Officer
from agencies.selectors import shift_of

#: Stands in the record, which both languages read, when the officer works outside any shift.
OUTSIDE_A_SHIFT = "Outside any shift / hors vacation"


def purpose_for(request: HttpRequest) -> str:
    """The purpose of the officer's shift; outside a shift the record says that it was so."""
    known: str | None = getattr(request, "consulting_purpose", None)
    if known is None:
        officer = request.user
        shift = shift_of(officer) if isinstance(officer, Officer) else None
        known = shift.purpose if shift is not None else OUTSIDE_A_SHIFT
        request.consulting_purpose = known  # type: ignore[attr-defined]
    return known


def shift_purpose(request: HttpRequest) -> str:
    """The purpose of the officer's shift to propose in a form; "" outside a shift."""
    purpose = purpose_for(request)
    return "" if purpose == OUTSIDE_A_SHIFT else purpose


def principal_for(request: HttpRequest) -> Principal:
    """Who acts in this request."""
    principal: Principal = request.principal  # type: ignore[attr-defined]
    return principal
