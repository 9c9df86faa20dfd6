"""How officers sign in (django-allauth): no registration, nothing learned from a failure."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from agencies.refusals import sign_in_failed


class CentreAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the agency's administrator only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers themselves."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A failed sign-in is recorded."""
        super().authentication_failed(request, **credentials)
        sign_in_failed(request, str(credentials.get("username") or ""))

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
