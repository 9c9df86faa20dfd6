"""The officer's own settings, the language before sign-in, and the site of this sitting."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agencies.choices import Language
from agencies.facts import Actor
from agencies.services.preferences import Preferences, preferences_change
from dashboard.consulting import principal_for
from dashboard.context import SHORTCUTS_KEY, SITE_KEY, session_of
from dashboard.forms import PreferencesForm
from dashboard.selectors.places import site_of_work
from dashboard.views.acts import back_where_it_was

_KEPT = ("language", "theme", "density", "zone")


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and change the officer's preferences; the header posts appearance and line spacing one by one."""
    if request.method == "POST" and "zone" not in request.POST:
        return _one_by_one(request)
    if request.method != "POST":
        form = PreferencesForm(initial=_standing(request))
        return render(request, "preferences/preferences.html", {"form": form})
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return render(request, "preferences/preferences.html", {"form": form}, status=422)
    chosen = form.cleaned_data
    session_of(request)[SHORTCUTS_KEY] = chosen["shortcuts"]
    officer = preferences_change(
        acting_officer=principal_for(request),
        language=chosen["language"],
        theme=chosen["theme"],
        density=chosen["density"],
        zone=chosen["zone"],
    )
    with translation.override(officer.language):
        messages.success(request, _("Your preferences are kept."))
    return redirect("preferences")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language: the officer's from now on, or before sign-in this browser's."""
    wanted = request.POST.get("language", "")
    if wanted not in Language.values:
        raise BadRequest("no such language")
    principal = principal_for(request)
    if principal.actor == Actor.OFFICER:
        preferences_change(acting_officer=principal, language=wanted)
        return back_where_it_was(request, "board")
    answer = back_where_it_was(request, "account_login")
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        wanted,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )
    return answer


@require_POST
def set_site(request: HttpRequest) -> HttpResponse:
    """Work at another site for the rest of this sitting."""
    wanted = request.POST.get("site", "")
    site = site_of_work(principal_for(request), wanted)
    if site is None or site.code != wanted:
        raise BadRequest("no such site")
    session_of(request)[SITE_KEY] = site.code
    return back_where_it_was(request, "board")


def _standing(request: HttpRequest) -> dict[str, object]:
    standing = {name: getattr(request.user, name) for name in _KEPT}
    return standing | {"shortcuts": session_of(request).get(SHORTCUTS_KEY, True)}


def _one_by_one(request: HttpRequest) -> HttpResponse:
    chosen: Preferences = {}
    if "theme" in request.POST:
        chosen["theme"] = request.POST["theme"]
    if "density" in request.POST:
        chosen["density"] = request.POST["density"]
    if not chosen:
        raise BadRequest("nothing chosen")
    try:
        preferences_change(acting_officer=principal_for(request), **chosen)
    except ValidationError as error:
        raise BadRequest("no such choice") from error
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return back_where_it_was(request, "preferences")
