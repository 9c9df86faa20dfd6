"""Errors as problem+json (RFC 9457), the same for absent and hidden; never a traceback."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from agencies.access import NotVisible
from agencies.rules.rights import RightMissing
from audit.services import RecordNotWritten

_CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
    503: "not_recorded",
}
_TITLES = {
    "bad_cursor": "This cursor is not one of this list.",
    "bad_parameter": "A query parameter cannot be read.",
    "bad_request": "The request cannot be read.",
    "not_recorded": "It could not be recorded, so it was not done; try again.",
    "not_signed_in": "A valid token is needed.",
    "not_allowed": "This token may not do that.",
    "not_found": "There is nothing here for this token.",
    "method_not_allowed": "This method is not offered here.",
    "not_acceptable": "Only application/json is offered.",
    "conflict": "The request contradicts what is already recorded.",
    "too_large": "The body is too large.",
    "unsupported_media_type": "This content type is not taken here.",
    "invalid": "The request is not valid.",
    "too_many_requests": "Too many requests; wait as long as Retry-After says.",
    "unknown_parameter": "A query parameter is not known here.",
}


class BadQuery(exceptions.APIException):
    """The query string cannot be taken: 400 with a stable code and what would be right."""

    status_code = 400

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.advice = code, detail


def problem(status: int, *, code: str = "", detail: str = "", **more: Any) -> Response:
    """One problem+json answer; `code` is stable, `detail` says what to do."""
    code = code or _CODES.get(status, "error")
    body = {"type": "about:blank", "title": _TITLES.get(code, detail or code), "status": status, "code": code}
    if detail:
        body["detail"] = detail
    return Response(body | more, status=status, content_type="application/problem+json")


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: known errors become problems, unknown ones stay errors of ours (500)."""
    status, headers, more = _read(error)
    if status is None:
        return None
    _roll_back()
    answer = problem(status, **more)
    for name, value in headers.items():
        answer[name] = value
    return answer


def _read(error: Exception) -> tuple[int | None, dict[str, str], dict[str, Any]]:
    if isinstance(error, RecordNotWritten):
        return 503, {"Retry-After": "5"}, {}
    if isinstance(error, NotVisible | Http404):
        return 404, {}, {}
    if isinstance(error, RightMissing | PermissionDenied):
        return 403, {}, {}
    if isinstance(error, exceptions.ValidationError):
        return 422, {}, {"errors": error.get_full_details()}
    if isinstance(error, exceptions.APIException):
        return error.status_code, *_read_framework(error)
    return None, {}, {}


def _read_framework(error: exceptions.APIException) -> tuple[dict[str, str], dict[str, Any]]:
    if isinstance(error, BadQuery):
        return {}, {"code": error.code, "detail": error.advice}
    if isinstance(error, exceptions.ParseError):
        return {}, {"code": "malformed_json"}
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return {"WWW-Authenticate": "Token"}, {}
    if isinstance(error, exceptions.Throttled):
        return {"Retry-After": str(int(getattr(error, "wait", None) or 59) + 1)}, {}
    return {}, {}


def _roll_back() -> None:
    if transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
