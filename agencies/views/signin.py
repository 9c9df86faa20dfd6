"""Where allauth asks for a factor or a password: its own views, which act as the officer who signs in."""

from typing import Any

from allauth.account.views import ReauthenticateView as PasswordView
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

from agencies.acting import acting_as
from agencies.facts import Principal
from agencies.refusals import sign_in_failed
from agencies.selectors import principal_of


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

    def _principal(self) -> Principal:
        return principal_of(self.stage.login.user, request_id=getattr(self.request, "request_id", ""))


class AgainFactorView(_Inside, ReauthenticateView):
    """The factor once more, before something grave."""

    template_name = "account/again_factor.html"

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """As at sign-in."""
        sign_in_failed(self.request, self.request.user.get_username())
        return super().form_invalid(form)


class AgainPasswordView(_Inside, PasswordView):
    """The password once more, for whoever has no second factor yet."""

    template_name = "account/again_password.html"
