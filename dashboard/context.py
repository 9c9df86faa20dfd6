"""What every page's frame needs."""

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from agencies.facts import NOBODY, Actor
from agencies.models import Officer
from dashboard.facts.shell import Shell
from dashboard.selectors.shell import shell_read

#: Where the session keeps what belongs to this sitting and not to the officer.
SITE_KEY, SHORTCUTS_KEY = "site", "shortcuts"


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """The frame, read only when a page shows it: fragments never do."""
    return {
        "principal": getattr(request, "principal", NOBODY),
        "shell": SimpleLazyObject(lambda: shell_of(request)),
    }


def shell_of(request: HttpRequest) -> Shell | None:
    """The frame of the signed-in officer; None for anybody else."""
    principal = getattr(request, "principal", NOBODY)
    officer = getattr(request, "user", None)
    if principal.actor != Actor.OFFICER or not isinstance(officer, Officer):
        return None
    match, session = request.resolver_match, session_of(request)
    return shell_read(
        principal,
        officer,
        site_code=session.get(SITE_KEY, ""),
        url_name=(match.url_name or "") if match else "",
        shortcuts=bool(session.get(SHORTCUTS_KEY, True)),
    )


def session_of(request: HttpRequest) -> SessionBase:
    """The session of this sitting."""
    session: SessionBase = request.session
    return session
