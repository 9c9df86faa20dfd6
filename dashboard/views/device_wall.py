"""The device wall: the page, and its part for a page that is open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.actions import Right
from agencies.rules.rights import require
from dashboard.consulting import principal_for
from dashboard.context import SITE_KEY, session_of
from dashboard.facts.device_wall import DeviceWall
from dashboard.selectors.device_wall import GROUPINGS, STATES, WallWish, device_wall
from dashboard.selectors.places import site_of_work


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """Every visible device of the site as a tile; with `?wall=1` for a large screen that nobody sits at."""
    page, wish = _asked(request)
    template = "devices/wall_large.html" if wish.large else "devices/wall.html"
    return render(request, template, {"page": page, "live": True, "wall": wish.large})


@require_safe
def wall_part(request: HttpRequest) -> HttpResponse:
    """The tiles again, unless nothing has changed."""
    page, _wish = _asked(request)
    if request.GET.get("as_of") == page.as_of:
        return HttpResponse(status=204)
    return render(request, "devices/wall_part.html", {"page": page})


def _asked(request: HttpRequest) -> tuple[DeviceWall, WallWish]:
    """What is asked for; a word that this page does not know is taken for none."""
    principal = principal_for(request)
    require(principal, Right.PASSAGE_VIEW)
    # The site that the open page shows; for a new page the one that the officer works at in this sitting.
    site = site_of_work(principal, request.GET.get("site", "") or session_of(request).get(SITE_KEY, ""))
    by, state = request.GET.get("by", ""), request.GET.get("state", "")
    wish = WallWish(
        by=by if by in GROUPINGS else GROUPINGS[0],
        state=state if state in {"trouble", *STATES} else "",
        large=request.GET.get("wall") == "1",
    )
    return device_wall(principal, site, wish), wish
