"""Every route of the centre."""

from django.contrib import admin
from django.urls import include, path

from dashboard.live.views import board_stream
from jocc.health import healthz, readyz
from scanning.api.deliveries import DeliveriesView, SecretPathDeliveriesView

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("live/board", board_stream, name="live-board"),
    path("accounts/", include("agencies.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("intelligence.api.urls")),
    path("api/v1/deliveries/", DeliveriesView.as_view(), name="deliveries"),
    path("api/v1/deliveries/in/<str:secret>/", SecretPathDeliveriesView.as_view(), name="deliveries-secret"),
]
