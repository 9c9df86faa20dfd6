"""Each officer's own language and time zone; and what a page answers when the gate or a right says no."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from agencies.access import NotVisible
from agencies.facts import NOBODY, Actor
from agencies.rules.rights import RightMissing
from dashboard.views.errors import not_allowed, not_found


def officer_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Speak the officer's language; before sign-in, the browser's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        principal = getattr(request, "principal", NOBODY)
        if principal.actor == Actor.OFFICER:
            language, zone = principal.language, request.user.zone  # type: ignore[union-attr]
        else:
            language, zone = translation.get_language_from_request(request), "Europe/Paris"
        language = "fr" if language.startswith("fr") else "en"
        with translation.override(language), timezone.override(zoneinfo.ZoneInfo(zone)):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


class RefusalsAnswered:
    """Absent and hidden are both 404, a missing right is 403: the same pages as for any other address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what the gate raised; the view's transaction has been rolled back by then."""
        if isinstance(error, NotVisible):
            return not_found(request, error)
        if isinstance(error, RightMissing):
            return not_allowed(request, error)
        return None
