"""Each officer's own language and time zone."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from agencies.facts import NOBODY, Actor


def officer_language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Speak the officer's language; before sign-in, the browser's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        principal = getattr(request, "principal", NOBODY)
        if principal.actor == Actor.OFFICER:
            language, zone = principal.language, request.user.zone  # type: ignore[union-attr]
        else:
            language, zone = translation.get_language_from_request(request), "Europe/Paris"
        language = "fr" if language.startswith("fr") else "en"
        with translation.override(language), timezone.override(zoneinfo.ZoneInfo(zone)):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware
