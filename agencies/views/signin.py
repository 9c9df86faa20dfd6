"""Where allauth asks for a factor or a password: its own views, which act as the officer who signs in."""

import json
import uuid
from typing import Any

from allauth.account.models import Login
from allauth.account.views import BaseReauthenticateView
from allauth.account.views import ReauthenticateView as PasswordView
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from fido2.utils import websafe_decode

from agencies.acting import acting_as
from agencies.facts import Principal
from agencies.models import Officer
from agencies.refusals import door_locked, sign_in_failed
from agencies.selectors import principal_of
from agencies.services.factors import MALFORMED, key_take

_APP, _KEY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN


class _Inside:
    """The page is made inside the request's transaction; after it, both walls show nothing."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer, with the page made."""
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if hasattr(response, "render") and not response.is_rendered:
            response.render()
        return response


class FactorView(_Inside, AuthenticateView):
    """The second step of a sign-in. Nobody is signed in yet: the officer acts for this question alone."""

    template_name = "account/factor.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask."""
        with acting_as(self._principal()):
            return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take what is shown, or record that it was not accepted."""
        with acting_as(self._principal()):
            return super().post(request, *args, **kwargs)

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """One answer for whatever was wrong, and a record; it counts like a wrong password."""
        sign_in_failed(self.request, self.stage.login.user.username)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the challenge for a passkey, as the page's script wants it."""
        context = super().get_context_data(**kwargs)
        keys = Authenticator.objects.filter(user_id=self.stage.login.user.pk)
        kinds = set(keys.values_list("type", flat=True))
        options = json.dumps(context.pop("js_data")["request_options"], cls=DjangoJSONEncoder)
        return context | {"options": options, "has_key": _KEY in kinds, "has_app": _APP in kinds}

    def _principal(self) -> Principal:
        return principal_of(self.stage.login.user, request_id=getattr(self.request, "request_id", ""))


class AgainFactorView(_Inside, ReauthenticateView):
    """A code once more, before something grave."""

    template_name = "account/again_factor.html"

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """As at sign-in."""
        sign_in_failed(self.request, self.request.user.get_username())
        return super().form_invalid(form)


class AgainKeyView(_Inside, ReauthenticateWebAuthnView):
    """A passkey once more, before something grave."""

    template_name = "account/again_key.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the challenge, as the page's script wants it."""
        context = BaseReauthenticateView.get_context_data(self, **kwargs)
        return context | {
            "options": json.dumps(begin_authentication(self.request.user), cls=DjangoJSONEncoder)
        }

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """As at sign-in."""
        sign_in_failed(self.request, self.request.user.get_username())
        return self.render_to_response(self.get_context_data(form=form))


class AgainPasswordView(_Inside, PasswordView):
    """The password once more, for whoever has no second factor yet."""

    template_name = "account/again_password.html"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@ratelimit.decorator(app="allauth.mfa", action="webauthn_login")
def key_login(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone: it is something one has, and asks for finger, face or PIN.

    GET answers the challenge. Whatever is wrong with an answer is one sentence on the page of the sign-in.
    """
    if request.user.is_authenticated:
        return redirect("board")
    if request.method != "POST":
        return JsonResponse(begin_authentication(None))
    credential = _read(request)
    officer = _named_by(credential)
    if officer is not None and not door_locked(request, officer.username):
        principal = principal_of(officer, request_id=getattr(request, "request_id", ""))
        with acting_as(principal):
            row = key_take(acting_officer=principal, credential=credential)
            if row is not None:
                row.user = officer
                answer: HttpResponse = perform_passwordless_login(request, row, Login(user=officer))
                return answer
    sign_in_failed(request, officer.username if officer else "")
    messages.error(request, get_adapter().error_messages["incorrect_code"])
    return redirect("account_login")


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        given = json.loads(request.POST.get("credential", ""))
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _named_by(credential: dict[str, Any]) -> Officer | None:
    """The officer whose passkey this says it is; it proves so only by its signature."""
    try:
        uid = uuid.UUID(bytes=websafe_decode(credential["response"]["userHandle"]))
    except MALFORMED:
        return None
    return Officer.objects.filter(uid=uid, is_active=True).select_related("agency").first()
