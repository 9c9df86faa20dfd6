"""Sign-in of service accounts: a token in the header, HTTP Basic, or (cameras only) in a secret path."""

import base64
import binascii
from typing import Any

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from agencies.acting import switch
from agencies.facts import Principal
from agencies.models import ServiceToken
from agencies.selectors import principal_of_token
from agencies.services.tokens import token_find


class ServiceUser:
    """What `request.user` is when a service account signs in."""

    is_authenticated = True
    is_active = True

    def __init__(self, token: ServiceToken, principal: Principal) -> None:
        self.token = token
        self.account = token.account
        self.principal = principal


def secret_of(header: str) -> str | None:
    """The secret in an Authorization header: of Token, Bearer or Basic; None when there is no such header."""
    scheme, _, rest = header.partition(" ")
    rest = rest.strip()
    if scheme.lower() in {"token", "bearer"}:
        return rest
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return None


def request_sign_in(request: HttpRequest | Request, secret: str) -> ServiceUser:
    """Sign the request in with a token's secret; from here on both walls know the account."""
    raw: Any = getattr(request, "_request", request)
    token = token_find(secret, address=raw.META.get("REMOTE_ADDR", ""))
    if token is None:
        raise AuthenticationFailed
    principal = principal_of_token(token, request_id=getattr(raw, "request_id", ""))
    raw.principal = principal
    switch(principal)
    return ServiceUser(token, principal)


class ServiceTokenAuthentication(BaseAuthentication):
    """`Authorization: Token …` (or Bearer, or Basic with the token as the password)."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The service account of the header's token; None when there is no such header."""
        secret = secret_of(request.headers.get("Authorization", ""))
        if secret is None:
            return None
        user = request_sign_in(request, secret)
        return user, user.token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Token"


class SecretPathAuthentication(ServiceTokenAuthentication):
    """The token stands in the path, for cameras that can send neither a header nor a password.

    Only an account with an address list may use this door.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any]:
        """The service account of the path's token."""
        user = request_sign_in(request, request.parser_context["kwargs"]["secret"])
        if not user.account.allowed_addresses:
            raise AuthenticationFailed
        return user, user.token
