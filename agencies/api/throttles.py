"""Rate limits per token; a flood from one device does not touch the others."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class TokenRateThrottle(SimpleRateThrottle):
    """So many requests a minute for each token."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """One counter per token; without a token there is nothing to count (the view is closed anyway)."""
        token = getattr(request.user, "token", None)
        return f"throttle:{self.scope}:{token.pk}" if token is not None else None


class DeviceRateThrottle(TokenRateThrottle):
    """The higher limit for deliveries."""

    scope = "device"
