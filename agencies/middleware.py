"""Every request acts as its officer, or as nobody."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from agencies.acting import acting_as
from agencies.selectors import principal_of
from agencies.selectors.factors import factor_suffices


def acting_officer(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Wrap the view in the principal of the signed-in officer (read anew for each request).

    A session that was begun before a second factor was required is nobody's: its officer signs in again, and enrols.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not factor_suffices(request.user):
            request.user = AnonymousUser()
        principal = principal_of(request.user, request_id=getattr(request, "request_id", ""))
        request.principal = principal  # type: ignore[attr-defined]
        with acting_as(principal):
            return get_response(request)

    return middleware
