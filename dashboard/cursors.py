"""Turning the pages of a list by sealed cursors (agencies/paging.py): each is good for one list and one officer."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from agencies.paging import DEFAULT_LIMIT, BadCursor, Page, Turn, cursor_open, cursor_seal


def _audience(request: HttpRequest) -> str:
    match, principal = request.resolver_match, request.principal  # type: ignore[attr-defined]
    return f"page:{match.view_name if match else request.path}|{principal.uid}"


def turn_of(request: HttpRequest, *, limit: int = DEFAULT_LIMIT) -> Turn:
    """Which page the reader asks for; BadRequest (400) for a cursor that was not given to this reader here."""
    text = request.GET.get("cursor", "")
    if not text:
        return Turn(limit)
    try:
        return cursor_open(text, _audience(request), limit=limit)
    except BadCursor as error:
        raise BadRequest("bad cursor") from error


def page_links(request: HttpRequest, page: Page[Any]) -> dict[str, str]:
    """`older` and `newer`: addresses of the neighbouring pages with the same filters, "" where there is none."""
    return {
        "older": _link(request, Turn(after=page.older)) if page.older else "",
        "newer": _link(request, Turn(before=page.newer)) if page.newer else "",
    }


def _link(request: HttpRequest, turn: Turn) -> str:
    query = request.GET.copy()
    query["cursor"] = cursor_seal(turn, _audience(request))
    return f"?{query.urlencode()}"
