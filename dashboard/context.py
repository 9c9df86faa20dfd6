"""What every page's frame needs."""

from typing import Any

from django.http import HttpRequest

from agencies.facts import NOBODY
from agencies.rules.rights import rights_of


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Who is signed in and what they may do."""
    principal = getattr(request, "principal", NOBODY)
    return {"principal": principal, "rights": {right.name for right in rights_of(principal)}}
