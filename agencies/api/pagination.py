"""Lists over REST: `{"results": […], "next": url|null, "previous": url|null}`, turned by opaque cursors."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from django.db import models
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from agencies.api.parameters import Reader, a_number, parameters_read
from agencies.api.problems import BadQuery
from agencies.authentication import ServiceUser
from agencies.paging import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    BadCursor,
    Page,
    Turn,
    cursor_open,
    cursor_seal,
    queryset_page,
)

T = TypeVar("T")
Source = Callable[[Turn], Page[T]]


def _audience(request: Request) -> str:
    """A cursor is for one list and one account: elsewhere it is a bad one."""
    match, user = request.resolver_match, cast(ServiceUser, request.user)
    return f"{match.view_name if match else request.path}|{user.principal.uid}"


def list_parameters(
    request: Request, filters: Mapping[str, Reader] | None = None
) -> tuple[Turn, dict[str, Any]]:
    """Which page is wanted, and the filters' values; raises BadQuery (400) for anything unknown or unreadable."""
    known: dict[str, Reader] = {"limit": a_number(1, MAX_LIMIT), "cursor": str, **(filters or {})}
    values = parameters_read(request, known)
    limit, cursor = values.pop("limit", DEFAULT_LIMIT), values.pop("cursor", None)
    if cursor is None:
        return Turn(limit), values
    try:
        return cursor_open(cursor, _audience(request), limit=limit), values
    except BadCursor as error:
        raise BadQuery("bad_cursor", "Take `next` and `previous` as they were given.") from error


def page_response(request: Request, page: Page[T], show: Callable[[T], Any]) -> Response:
    """The answer for one page, each row as `show` puts it."""
    return Response(
        {
            "results": [show(row) for row in page.rows],
            "next": _link(request, Turn(after=page.older)) if page.older else None,
            "previous": _link(request, Turn(before=page.newer)) if page.newer else None,
        }
    )


def list_response(
    request: Request,
    source: Source[T],
    show: Callable[[T], Any],
    *,
    filters: Mapping[str, Reader] | None = None,
) -> Response:
    """Read the turn, ask `source` for the page, answer it. For lists whose filters need no further thought."""
    turn, _values = list_parameters(request, filters)
    return page_response(request, source(turn), show)


def queryset_response(
    request: Request, queryset: models.QuerySet[Any], turn: Turn, show: Callable[[Any], Any], *, at: str
) -> Response:
    """Answer one page of a queryset that the gate has restricted, newest `at` first."""
    return page_response(request, queryset_page(queryset, turn, at=at), show)


def _link(request: Request, turn: Turn) -> str:
    url = remove_query_param(request.build_absolute_uri(), "cursor")
    return replace_query_param(url, "cursor", cursor_seal(turn, _audience(request)))
