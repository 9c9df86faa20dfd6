"""The health of the centre itself, measured at each look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.actions import Right
from agencies.rules.rights import require
from dashboard.consulting import principal_for
from dashboard.selectors.health import health_page


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """What the centre watches about itself."""
    principal = principal_for(request)
    require(principal, Right.BOARD_VIEW)
    return render(request, "health/health.html", {"page": health_page(principal)})
