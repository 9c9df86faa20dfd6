"""Error pages: the officer's language, and what to do next; nothing about what exists."""

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

_CODES = {
    400: "bad_request",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    410: "picture_missing",
    413: "too_large",
    500: "error",
    503: "not_recorded",
}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Something in the request is malformed."""
    return _answer(request, 400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The officer's role does not include the act."""
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Absent and hidden alike."""
    return _answer(request, 404)


def not_offered(request: HttpRequest) -> HttpResponse:
    """The page is there, but not for this method."""
    return _answer(request, 405)


def picture_missing(request: HttpRequest) -> HttpResponse:
    """The picture is known, and its file has gone from the store."""
    return _answer(request, 410)


def too_large(request: HttpRequest) -> HttpResponse:
    """More than any form needs."""
    return _answer(request, 413)


def not_recorded(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What cannot be recorded does not happen."""
    return _answer(request, 503)


def failed(request: HttpRequest) -> HttpResponse:
    """A fault of ours; 503 and when to come again while the database is away, so that devices do."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return _answer(request, 500)
    if request.path.startswith("/api/"):
        answer = _problem(503, "unavailable")
    else:
        answer = render(request, "500.html", status=503)
    answer["Retry-After"] = "5"
    return answer


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if not request.path.startswith("/api/"):
        return render(request, f"{status}.html", status=status)
    # Routes of the API that do not exist never reach the API's own handler.
    return _problem(status, _CODES[status])


def _problem(status: int, code: str) -> HttpResponse:
    problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code}
    return JsonResponse(problem, status=status, content_type="application/problem+json")
