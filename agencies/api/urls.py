"""The routes of agencies below /api/v1/."""

from django.urls import path

from agencies.api.rights import RightsView

urlpatterns = [
    path("rights/", RightsView.as_view(), name="api-rights"),
]
