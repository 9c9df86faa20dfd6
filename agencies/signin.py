"""How officers sign in (django-allauth): no registration, nothing learned from a failure."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from agencies.acting import acting_as
from agencies.refusals import door_locked, sign_in_failed
from agencies.selectors import principal_of
from agencies.services.lockouts import lockout_forget
from agencies.services.signins import signin_begin, signin_leave

NOT_SIGNED_IN = _(
    "This was not accepted. Check the name and the password. After five failures nothing is tried for"
    " fifteen minutes: wait, or ask your agency’s administrator to lift the lock."
)


class CentreAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the agency's administrator only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers themselves."""
        return False

    # One answer, whether the name is unknown, the password wrong, or the door locked.
    error_messages = DefaultAccountAdapter.error_messages | dict.fromkeys(
        ("username_password_mismatch", "too_many_login_attempts"), NOT_SIGNED_IN
    )

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Where the door is locked no password is tried (instead of allauth's own limits, which a lost broker forgets)."""
        username = str(credentials.get("username") or "")
        if door_locked(request, username):
            sign_in_failed(request, username)
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A failed sign-in is recorded."""
        super().authentication_failed(request, **credentials)
        sign_in_failed(request, str(credentials.get("username") or ""))

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Signed in, all stages done: the session is listed, and the sign-in recorded."""
        response: HttpResponse = super().post_login(request, user, **more)
        lockout_forget(name=user.get_username(), address=request.META.get("REMOTE_ADDR", ""))
        principal = principal_of(user, request_id=getattr(request, "request_id", ""))
        if principal.agency_group is not None and request.session.session_key:
            with acting_as(principal):
                signin_begin(
                    acting_officer=principal,
                    officer=user,
                    session_key=request.session.session_key,
                    address=request.META.get("REMOTE_ADDR", ""),
                    user_agent=request.headers.get("User-Agent", ""),
                )
        return response

    def logout(self, request: HttpRequest) -> None:
        """Signed out: the session ends in the list too."""
        principal = principal_of(request.user, request_id=getattr(request, "request_id", ""))
        if principal.agency_group is not None and request.session.session_key:
            signin_leave(acting_officer=principal, session_key=request.session.session_key)
        super().logout(request)

    def get_login_stages(self) -> list[str]:
        """Password, second factor, and the enrolment of one where it is due."""
        return [*super().get_login_stages(), "agencies.secondfactor.EnrolStage"]

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """Whoever has a second factor proves it again with that, best with a passkey: a password may have been seen."""
        methods = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"] != "reauthenticate"]
        factors.sort(key=lambda method: method["id"] != "mfa_reauthenticate:webauthn")
        return factors if getattr(user, "factored_at", None) else methods

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The centre sends no mail about accounts: a supervisor tells the officer in person."""
