"""Everything below /api/v1/."""

from django.urls import include, path, re_path

from jocc.api_views import ApiRootView, DocsView, NoSuchRouteView, SchemaView

urlpatterns = [
    path("", ApiRootView.as_view(), name="api-root"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocsView.as_view(), name="api-docs"),
    path("", include("agencies.api.urls")),
    path("", include("scanning.api.urls")),
    path("", include("intelligence.api.urls")),
    re_path(r"^.*$", NoSuchRouteView.as_view(), name="api-nothing"),
]
