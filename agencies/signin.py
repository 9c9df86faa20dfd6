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

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The centre sends no mail about accounts: a supervisor tells the officer in person."""
