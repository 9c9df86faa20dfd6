"""REST permissions: closed unless the view names the right it needs."""

from typing import Any

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from agencies.facts import Actor, Principal
from agencies.rules.rights import may


class Closed(BasePermission):
    """The default: a forgotten declaration closes the route."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Nobody."""
        return False


class HoldsRight(BasePermission):
    """The principal holds the right that `view.rights[method]` names; a method without one is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the right named for this method is held; MethodNotAllowed when none is named."""
        principal = _signed_in(request)
        return principal is not None and may(principal, _declared(view, "rights", request))


class HasScope(BasePermission):
    """The token carries the scope that `view.scopes[method]` names; a method without one is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the scope named for this method is held; MethodNotAllowed when none is named."""
        principal = _signed_in(request)
        return principal is not None and _declared(view, "scopes", request) in principal.scopes


def _signed_in(request: Request) -> Principal | None:
    return getattr(request.user, "principal", None)


def _declared(view: Any, name: str, request: Request) -> Any:
    """What the view declares for the method. Whoever is not signed in does not get as far as learning it."""
    method = "GET" if request.method == "HEAD" else str(request.method)
    declared = getattr(view, name, {}).get(method)
    if declared is None:
        raise MethodNotAllowed(method)
    return declared


class SignedIn(BasePermission):
    """Anybody who is known: an officer in the browser or a service account by its token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the request acts as an officer or a service account."""
        raw = getattr(request, "_request", request)
        principal: Principal | None = getattr(raw, "principal", None)
        return principal is not None and principal.actor in {Actor.OFFICER, Actor.SERVICE}


class SignedInOfficer(BasePermission):
    """A signed-in officer in the browser (the API's documentation)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the request acts as an officer."""
        raw = getattr(request, "_request", request)
        principal: Principal | None = getattr(raw, "principal", None)
        return principal is not None and principal.actor == Actor.OFFICER
