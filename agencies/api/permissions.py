"""REST permissions: closed unless the view names the right it needs."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from agencies.actions import Right
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
        """Whether the right named for this method is held."""
        principal: Principal | None = getattr(request.user, "principal", None)
        right: Right | None = getattr(view, "rights", {}).get(request.method)
        return principal is not None and right is not None and may(principal, right)


class HasScope(BasePermission):
    """The token carries the scope that `view.scopes[method]` names."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the scope named for this method is held."""
        principal: Principal | None = getattr(request.user, "principal", None)
        scope = getattr(view, "scopes", {}).get(request.method)
        return principal is not None and scope is not None and scope in principal.scopes


class SignedInOfficer(BasePermission):
    """A signed-in officer in the browser (the API's documentation)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the request acts as an officer."""
        raw = getattr(request, "_request", request)
        principal: Principal | None = getattr(raw, "principal", None)
        return principal is not None and principal.actor == Actor.OFFICER
