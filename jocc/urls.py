"""Every route of the centre."""

from django.contrib import admin
from django.urls import include, path

from dashboard.live.views import board_stream
from jocc.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("live/board", board_stream, name="live-board"),
    path("accounts/", include("agencies.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("jocc.api_urls")),
    path("", include("dashboard.urls")),
]

handler400 = "dashboard.views.errors.bad_request"
handler403 = "dashboard.views.errors.not_allowed"
handler404 = "dashboard.views.errors.not_found"
handler500 = "dashboard.views.errors.failed"
