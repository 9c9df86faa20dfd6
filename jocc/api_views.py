"""The API's own pages: its list of routes, its schema, its documentation, and the answer for all else."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from agencies.api.parameters import parameters_read
from agencies.api.permissions import SignedIn
from agencies.authentication import ServiceTokenAuthentication
from jocc import api_schema  # noqa: F401  (registers itself with the generator)

_KNOWN = [ServiceTokenAuthentication, SessionAuthentication]
_LISTS = (
    "passages",
    "alarms",
    "devices",
    "outages",
    "availability",
    "scan-requests",
    "lawful-use",
    "rates",
    "lanes",
    "lookouts",
    "hits",
    "notices",
    "checks",
    "audit",
    "countersigns",
    "rights",
    "as-of",
    "access-requests",
    "access-cases",
    "proposals",
)


class ApiRootView(APIView):
    """Where to begin."""

    authentication_classes = _KNOWN
    permission_classes = [SignedIn]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """The lists, the door for deliveries, the schema and its documentation."""
        parameters_read(request, {})
        routes = {name: reverse(f"api-{name}", request=request) for name in _LISTS}
        routes["deliveries"] = reverse("deliveries", request=request)
        return Response(
            routes | {name: reverse(f"api-{name}", request=request) for name in ("schema", "docs")}
        )


class NoSuchRouteView(APIView):
    """Every other path: a problem for who is signed in, a request to sign in for everybody else."""

    authentication_classes = _KNOWN
    permission_classes = [SignedIn]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whatever the method: there is nothing here."""
        super().initial(request, *args, **kwargs)
        raise Http404


class _Problems:
    """Errors are JSON here as well, whatever the page itself is made of."""

    def handle_exception(self, exc: Exception) -> Response:
        """A problem."""
        view: Any = self
        view.request.accepted_renderer = JSONRenderer()
        view.request.accepted_media_type = JSONRenderer.media_type
        answer: Response = super().handle_exception(exc)  # type: ignore[misc]
        return answer


class SchemaView(_Problems, SpectacularAPIView):
    """The OpenAPI 3.1 schema, as YAML, or as JSON where `Accept` asks for it."""

    authentication_classes = _KNOWN
    permission_classes = [SignedIn]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The schema."""
        answer: Response = super().get(request, *args, **kwargs)
        return answer


class DocsView(_Problems, SpectacularSwaggerSplitView):
    """The schema to read and to try out; its scripts and styles come from our own static files."""

    authentication_classes = _KNOWN
    permission_classes = [SignedIn]
    template_name = "api/docs.html"
    url_name = "api-schema"

    def handle_exception(self, exc: Exception) -> Response:
        """A person whose browser is not signed in is led to the door and back; a program is told as everywhere."""
        asked: Any = self.request
        if isinstance(exc, NotAuthenticated) and "text/html" in asked.headers.get("Accept", ""):
            return redirect_to_login(asked.path)  # type: ignore[return-value]
        return super().handle_exception(exc)

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The page, or (`?script=`) the script that starts it."""
        answer: Response = super().get(request, *args, **kwargs)
        return answer
