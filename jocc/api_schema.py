"""What the schema generator cannot find out by itself."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):
    """The token of a service account in the header."""

    target_class = "agencies.authentication.ServiceTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """`Authorization: Bearer …` (Token … and Basic with the token as password are taken as well)."""
        return {"type": "http", "scheme": "bearer"}
