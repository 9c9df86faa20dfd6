"""Each officer's own language and time zone; and what a page answers when the gate or a right says no."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from agencies.access import NotVisible
from agencies.facts import NOBODY, Actor
from agencies.rules.rights import RightMissing
from audit.services import RecordNotWritten
from dashboard.views.errors import (
    not_allowed,
    not_found,
    not_offered,
    not_recorded,
    picture_missing,
    too_large,
)
from scanning.services.blobs import PictureMissing


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


def bodies_bounded(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse a body beyond what its route may need, before anybody reads it (413)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(settings.DELIVERIES_PATH):
            told = request.META.get("CONTENT_LENGTH") or "0"
            picture = request.path.startswith(settings.IMAGE_FORM_PATH)
            most = settings.IMAGE_FORM_MAX_BYTES if picture else settings.FORM_MAX_BYTES
            if not told.isdecimal() or int(told) > most:
                return too_large(request)
        return get_response(request)

    return middleware


class RefusalsAnswered:
    """Absent and hidden are both 404, a missing right is 403, a picture without its file 410; what
    cannot be recorded is 503 and does not happen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; a method that the page does not offer gets a page that says so."""
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            answer = not_offered(request)
            answer["Allow"] = response.headers.get("Allow", "")
            return answer
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what the gate raised; the view's transaction has been rolled back by then."""
        if isinstance(error, NotVisible):
            return not_found(request, error)
        if isinstance(error, RightMissing):
            return not_allowed(request, error)
        if isinstance(error, PictureMissing):
            return picture_missing(request)
        if isinstance(error, RecordNotWritten):
            return not_recorded(request, error)
        return None
