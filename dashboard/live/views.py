"""The stream of an open board."""

from typing import cast

from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from agencies.facts import NOBODY, Actor
from dashboard.live.hub import Listener, frames


@require_GET
@transaction.non_atomic_requests
def board_stream(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Open a stream for the signed-in officer. It holds no database connection while it is open."""
    principal = getattr(request, "principal", NOBODY)
    session = request.session.session_key
    if principal.actor != Actor.OFFICER or session is None:
        return HttpResponse(status=401)
    listener = Listener(session, cast(int, request.user.pk), site=request.GET.get("site", "")[:24])
    connections.close_all()
    response = StreamingHttpResponse(frames(listener), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response
