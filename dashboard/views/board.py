"""The board, its four parts and the plan of the port: opened once, then asked for part by part."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import may, require
from dashboard.consulting import principal_for, purpose_for
from dashboard.context import SITE_KEY, session_of
from dashboard.facts.board import BoardPage, Choice, PassagesPart
from dashboard.markup import digest, rendered
from dashboard.plans import plan_of
from dashboard.selectors.hours import board_plots
from dashboard.selectors.lanes import board_lanes
from dashboard.selectors.lines import columns_of, lane_short
from dashboard.selectors.needs import Needs, needs_now
from dashboard.selectors.passages import BoardPassages, BoardWish, board_passages, passages_since
from dashboard.selectors.places import equipment_now, site_of_work
from intelligence.facts import HitCard, NoticeCard
from intelligence.services.consultations import signs_shown
from scanning.selectors.seen import SiteSeen

SHOWN = ("", "suspect", "hits")


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The board, or with `?wall=1` its display for the wall, which shows the same without acts."""
    principal = _reader(request)
    site, wall = _site(request, principal), request.GET.get("wall") == "1"
    wish = _wish(request, site)
    passages, needs = board_passages(principal, wish), needs_now(principal, site)
    _recorded(request, principal, needs, passages)
    page = BoardPage(
        site_code=site.code if site else "",
        lanes=board_lanes(principal, site),
        passages=passages.part,
        needs=needs.part,
        plots=board_plots(principal, site),
        lane_choices=_lane_choices(principal, wish),
        show_choices=_show_choices(principal, wish, passages.part),
        wall=wall,
    )
    template = "board/wall.html" if wall else "board/board.html"
    return render(request, template, {"board": page, "live": True, "wall": wall})


@require_safe
def lanes(request: HttpRequest) -> HttpResponse:
    """The lanes, when anything about them has changed."""
    principal = _reader(request)
    part = board_lanes(principal, _site(request, principal))
    return _part(request, "board/part_lanes.html", part.as_of, {"part": part})


@require_safe
def passages(request: HttpRequest) -> HttpResponse:
    """The passages that are new or changed; all of them for a page that is as of nothing we know."""
    principal = _reader(request)
    site = _site(request, principal)
    if _columns_differ(request, principal, site):
        # The head of the table is another than the page was opened with: only a new page shows it right.
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    answer, part = passages_since(principal, _wish(request, site), request.GET.get("as_of", ""))
    if part is None:
        return HttpResponse(status=204)
    _recorded(request, principal, None, answer)
    return HttpResponse(rendered.get("board/part_passages.html", _said(part), {"part": part}))


@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """Everything that needs the officer, unless nothing has changed."""
    principal = _reader(request)
    found = needs_now(principal, _site(request, principal))
    _recorded(request, principal, found, None)
    wall = request.GET.get("wall") == "1"
    return _part(request, "board/part_needs.html", found.part.as_of, {"part": found.part, "wall": wall})


@require_safe
def plots(request: HttpRequest) -> HttpResponse:
    """The plots of the day, when a count has changed."""
    principal = _reader(request)
    part = board_plots(principal, _site(request, principal))
    return _part(request, "board/part_plots.html", part.as_of, {"part": part})


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The plan of the site as GeoJSON, with the state of what the reader may see."""
    principal = _reader(request)
    site = _site(request, principal)
    if site is None:
        return JsonResponse({"type": "FeatureCollection", "features": []})
    part = board_lanes(principal, site)
    return JsonResponse(plan_of(part.lanes, longitude=site.longitude, latitude=site.latitude))


def _reader(request: HttpRequest) -> Principal:
    principal = principal_for(request)
    require(principal, Right.BOARD_VIEW)
    return principal


def _site(request: HttpRequest, principal: Principal) -> SiteSeen | None:
    """The site that the open page shows; for a new page the one that the officer works at in this sitting."""
    code = request.GET.get("site", "") or session_of(request).get(SITE_KEY, "")
    return site_of_work(principal, code)


def _wish(request: HttpRequest, site: SiteSeen | None) -> BoardWish:
    show = request.GET.get("show", "")
    return BoardWish(site, lane=request.GET.get("lane", "")[:24], show=show if show in SHOWN else "")


def _part(request: HttpRequest, template: str, as_of: str, context: dict[str, Any]) -> HttpResponse:
    if request.GET.get("as_of") == as_of:
        return HttpResponse(status=204)
    return render(request, template, context)


def _said(part: PassagesPart) -> tuple[str, str]:
    """A name of all that the lines of this part say: boards that are to get the same get the same markup."""
    return "passages", digest(part.as_of, part.partial, [(line.id, line.version) for line in part.lines])


def _columns_differ(request: HttpRequest, principal: Principal, site: SiteSeen | None) -> bool:
    given = request.GET.get("columns")
    columns = columns_of(equipment_now(principal), site.id if site else None)
    return given is not None and given != str(len(columns))


def _lane_choices(principal: Principal, wish: BoardWish) -> tuple[Choice, ...]:
    return tuple(
        Choice(lane.code, f"{lane_short(lane.code)} {lane.name}", lane.code == wish.lane)
        for lane in equipment_now(principal).lanes.values()
        if wish.site is not None and lane.site_id == wish.site.id
    )


def _show_choices(principal: Principal, wish: BoardWish, part: PassagesPart) -> tuple[Choice, ...]:
    """What the reader can narrow the lines to; nothing is offered that this reader could never see."""
    words = {"": _("all")}
    if part.columns:
        words["suspect"] = _("suspect")
    if may(principal, Right.HIT_VIEW):
        words["hits"] = _("hits")
    elif may(principal, Right.NOTICE_VIEW):
        words["hits"] = _("notices")
    return tuple(Choice(value, word, value == wish.show) for value, word in words.items())


def _recorded(
    request: HttpRequest, principal: Principal, needs: Needs | None, passages: BoardPassages | None
) -> None:
    """Record what hits and notices this officer is shown for the first time today, for the shift's purpose."""
    hits = {card.uid for card in needs.read if isinstance(card, HitCard)} if needs else set()
    notices = {card.uid for card in needs.read if isinstance(card, NoticeCard)} if needs else set()
    if passages is not None:
        hits.update(passages.hits)
        notices.update(passages.notices)
    signs_shown(acting_officer=principal, hits=hits, notices=notices, purpose=lambda: purpose_for(request))
