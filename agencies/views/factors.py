"""Second factors: shown at sign-in, set up, listed, removed."""

import functools
import json
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.account.stages import LoginStage
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal.auth import begin_registration
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agencies.acting import acting_as
from agencies.facts import Principal
from agencies.forms.factors import CodeForm
from agencies.forms.passkeys import KeyNameForm, NewKeyForm
from agencies.models import Officer
from agencies.qr import qr_square
from agencies.rules.appointments import ChangeRefused
from agencies.rules.factors import in_groups
from agencies.secondfactor import CentreFactorAdapter, EnrolStage
from agencies.selectors import principal_of
from agencies.selectors.factors import code_was_taken, codes_left, factors_of
from agencies.services.factors import app_add, codes_renew, factor_remove, key_add, key_rename
from agencies.services.signins import signin_follow, signins_end_others
from agencies.views.losses import TAKEN_KEY

View = Callable[..., HttpResponse]
_SECRET_KEY = "factor_secret"  # noqa: S105  (the name of a place in the session)
_page = require_http_methods(["GET", "HEAD", "POST"])


def fresh(view: View) -> View:
    """Ask for password or factor once more, unless that was done in the last five minutes."""

    @functools.wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if did_recently_reauthenticate(request):
            return view(request, *args, **kwargs)
        methods = get_account_adapter(request).get_reauthentication_methods(request.user)
        return redirect(f"{methods[0]['url']}?{urlencode({'next': request.path})}")

    return asked


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """What protects the officer's account."""
    officer = cast(Officer, request.user)
    factors = factors_of(officer)
    context = {
        "factors": factors,
        "codes_left": codes_left(officer),
        "codes_made": settings.MFA_RECOVERY_CODE_COUNT,
        "has_app": any(factor.kind == Authenticator.Type.TOTP for factor in factors),
        "required": settings.SECOND_FACTOR_REQUIRED,
    }
    return render(request, "account/security.html", context)


@never_cache
@login_stage_required(stage=EnrolStage.key, redirect_urlname="account_login")
@_page
def enrol(request: HttpRequest, way: str) -> HttpResponse:
    """Set up the first factor, an app or a passkey, before the sign-in is complete: until then nobody is signed in."""
    stage: LoginStage = request._login_stage  # type: ignore[attr-defined]
    officer = stage.login.user
    principal = principal_of(officer, request_id=getattr(request, "request_id", ""))
    with acting_as(principal):
        if officer.must_enrol and not code_was_taken(officer, request.session.get(TAKEN_KEY, "")):
            return redirect("factor_told")
        add = _key_page if way == "key" else _app_page
        done = add(request, officer, principal, f"account/enrol_{way}.html")
        if isinstance(done, HttpResponse):
            return done
        row, codes = done
        officer.refresh_from_db(fields=["factor_epoch", "factored_at", "must_enrol"])
        record_authentication(request, officer, "mfa", id=row.pk, type=row.type, reauthenticated=True)
        request.session.pop(TAKEN_KEY, None)
        response = stage.exit()
        if request.user.is_authenticated:
            signins_end_others(acting_officer=principal, session_key=_key(request))
    if not request.user.is_authenticated:  # a further step waits
        return response
    return _codes_page(request, codes, response.headers.get("Location", "/"))


@never_cache
@_page
@fresh
def app(request: HttpRequest) -> HttpResponse:
    """Add an authenticator app to one's own account."""
    officer, principal = cast(Officer, request.user), _principal(request)
    done = _app_page(request, officer, principal, "account/app.html")
    if isinstance(done, HttpResponse):
        return done
    _go_on(request, officer)
    messages.success(request, _("The authenticator app is added. Your other sessions have ended."))
    return _codes_page(request, done[1], reverse("mfa_index")) if done[1] else redirect("mfa_index")


@never_cache
@_page
@fresh
def key(request: HttpRequest) -> HttpResponse:
    """Add a passkey to one's own account."""
    officer, principal = cast(Officer, request.user), _principal(request)
    done = _key_page(request, officer, principal, "account/key.html")
    if isinstance(done, HttpResponse):
        return done
    _go_on(request, officer)
    messages.success(request, _("The passkey is added. Your other sessions have ended."))
    return _codes_page(request, done[1], reverse("mfa_index")) if done[1] else redirect("mfa_index")


@_page
@fresh
def rename(request: HttpRequest, uid: Any) -> HttpResponse:
    """Give one of one's own passkeys another name."""
    known = {factor.uid: factor for factor in factors_of(cast(Officer, request.user)) if factor.is_key}
    if uid not in known:
        raise Http404
    form = KeyNameForm(request.POST or None, initial={"name": known[uid].name})
    if form.is_valid():
        key_rename(acting_officer=_principal(request), uid=uid, name=form.cleaned_data["name"])
        return redirect("mfa_index")
    return render(request, "account/key_rename.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@_page
@fresh
def remove(request: HttpRequest, uid: Any) -> HttpResponse:
    """Remove one of one's own factors."""
    officer, fault = cast(Officer, request.user), ""
    factor = next((factor for factor in factors_of(officer) if factor.uid == uid), None)
    if factor is None:
        raise Http404
    if request.method == "POST":
        try:
            factor_remove(acting_officer=_principal(request), uid=uid)
        except ChangeRefused as refused:
            fault = str(refused)
        else:
            _go_on(request, officer)
            messages.success(request, _("The factor is removed. Your other sessions have ended."))
            return redirect("mfa_index")
    context = {"factor": factor, "fault": fault}
    return render(request, "account/factor_remove.html", context, status=422 if fault else 200)


@never_cache
@_page
@fresh
def codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes."""
    fault = ""
    if request.method == "POST":
        try:
            made = codes_renew(acting_officer=_principal(request))
        except ChangeRefused as refused:
            fault = str(refused)
        else:
            return _codes_page(request, made, reverse("mfa_index"))
    return render(request, "account/codes_new.html", {"fault": fault}, status=422 if fault else 200)


Added = tuple[Authenticator, list[str]]


def _app_page(
    request: HttpRequest, officer: Officer, principal: Principal, template: str
) -> HttpResponse | Added:
    """The page with the secret of an app, or what was added. The secret waits in the session, sealed."""
    secret = _secret_waiting(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            done = app_add(acting_officer=principal, secret=secret, code=form.cleaned_data["code"])
        except ChangeRefused as refused:
            form.add_error("code", str(refused))
        else:
            del request.session[_SECRET_KEY]
            return done
    context = {"form": form, **_app_shown(officer, secret)}
    return render(request, template, context, status=422 if form.errors else 200)


def _key_page(
    request: HttpRequest, officer: Officer, principal: Principal, template: str
) -> HttpResponse | Added:
    """The page that lets the browser make a passkey, or what was added."""
    form = NewKeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return key_add(acting_officer=principal, **form.cleaned_data)
    context = {
        "key_form": form,
        "options": json.dumps(begin_registration(officer, True), cls=DjangoJSONEncoder),
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _app_shown(officer: Officer, secret: str) -> dict[str, Any]:
    return {
        "qr": qr_square(CentreFactorAdapter().build_totp_url(officer, secret)),
        "secret": in_groups(secret),
        "username": officer.username,
    }


def _secret_waiting(request: HttpRequest) -> str:
    """The secret that this session is about to add; the same on each page until it is proved."""
    try:
        return decrypt(request.session[_SECRET_KEY])
    except (KeyError, InvalidToken):
        secret = generate_totp_secret()
        request.session[_SECRET_KEY] = encrypt(secret)
        return secret


def _codes_page(request: HttpRequest, made: list[str], onward: str) -> HttpResponse:
    """The recovery codes, shown in the answer that made them and never again."""
    return render(request, "account/codes.html", {"codes": made, "onward": onward})


def _go_on(request: HttpRequest, officer: Officer) -> None:
    """Keep this one session, which proved itself a moment ago."""
    officer.refresh_from_db(fields=["factor_epoch", "factored_at", "must_enrol"])
    former, principal = _key(request), _principal(request)
    update_session_auth_hash(request, officer)
    signin_follow(acting_officer=principal, former_key=former, session_key=_key(request))
    signins_end_others(acting_officer=principal, session_key=_key(request))


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""


def _principal(request: HttpRequest) -> Principal:
    principal: Principal = request.principal  # type: ignore[attr-defined]
    return principal
