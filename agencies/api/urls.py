"""The routes of agencies below /api/v1/."""

from django.urls import path

from agencies.api.asof import AsOfView
from agencies.api.rights import RightsView

urlpatterns = [
    path("as-of/", AsOfView.as_view(), name="api-as-of"),
    path("rights/", RightsView.as_view(), name="api-rights"),
]
