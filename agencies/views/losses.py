"""A lost second factor, at sign-in: reporting it, and the told code that lets its officer enrol anew."""

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.stages import LoginStage
from allauth.mfa.stages import AuthenticateStage
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies.acting import acting_as
from agencies.forms.factors import ToldCodeForm
from agencies.models import Officer
from agencies.refusals import sign_in_failed
from agencies.secondfactor import EnrolStage
from agencies.selectors import principal_of
from agencies.services.losses import loss_report, told_code_take

#: Where the session keeps which reset's code was taken in it.
TAKEN_KEY = "factor_told"
_page = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@never_cache
@_page
def lost(request: HttpRequest) -> HttpResponse:
    """Report that the second factor is lost: after the password, and before anything opens. Nothing is revealed."""
    officer = _waiting_officer(request)
    if officer is None:
        return redirect("account_login")
    if request.method == "POST":
        with acting_as(principal_of(officer, request_id=getattr(request, "request_id", ""))) as principal:
            loss_report(acting_officer=principal)
    return render(
        request, "account/lost.html", {"asked": request.method == "POST", "told": officer.must_enrol}
    )


@never_cache
@login_stage_required(stage=EnrolStage.key, redirect_urlname="account_login")
@_page
def told(request: HttpRequest) -> HttpResponse:
    """Take the code that two colleagues had told; wrong, used and outdated ones are one answer, and recorded."""
    stage: LoginStage = request._login_stage  # type: ignore[attr-defined]
    officer = stage.login.user
    if not officer.must_enrol:
        return redirect("factor_enrol")
    form = ToldCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with acting_as(principal_of(officer, request_id=getattr(request, "request_id", ""))) as principal:
            taken = told_code_take(acting_officer=principal, code=form.cleaned_data["code"])
        if taken:
            request.session[TAKEN_KEY] = taken
            return redirect("factor_enrol")
        sign_in_failed(request, officer.username)
        form.add_error("code", _("This was not accepted. A code is good for ten minutes, and once."))
    return render(request, "account/told.html", {"form": form}, status=422 if form.errors else 200)


def _waiting_officer(request: HttpRequest) -> Officer | None:
    """Who has shown the password in this session and waits for the second factor, or for a told code."""
    stage = get_pending_stage(request)
    if stage is None:
        return None
    officer: Officer = stage.login.user
    waits = stage.key == AuthenticateStage.key or (stage.key == EnrolStage.key and officer.must_enrol)
    return officer if waits else None
