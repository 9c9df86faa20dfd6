"""An officer's own sessions: where signed in, and sign-out from afar; and the sign of life of an open page."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from agencies.acting import acting
from agencies.selectors.signins import signins_own
from agencies.services.signins import digest_of, signin_end, signin_seen, signins_end_others


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """The own sessions, open ones first."""
    rows = signins_own(acting.get())
    return render(request, "account/sessions.html", {"rows": rows, "here": digest_of(_key(request))})


@require_POST
def session_end(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Sign one of the own screens out."""
    signin_end(acting_officer=acting.get(), uid=uid)
    messages.success(request, _("That screen is signed out."))
    return redirect("session-list")


@require_POST
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    """Sign all screens out but this one."""
    count = signins_end_others(acting_officer=acting.get(), session_key=_key(request))
    messages.success(
        request,
        ngettext("%(count)s other screen is signed out.", "%(count)s other screens are signed out.", count)
        % {"count": count},
    )
    return redirect("session-list")


@require_POST
def session_seen(request: HttpRequest) -> HttpResponse:
    """The page tells that its officer is active."""
    signin_seen(acting_officer=acting.get(), session_key=_key(request))
    return HttpResponse(status=204)
