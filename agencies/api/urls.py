"""The routes of agencies below /api/v1/."""

from django.urls import path

from agencies.api.asof import AsOfView
from agencies.api.audit import ProofView, RecordsView, RecordView, RootsView
from agencies.api.countersigns import CountersignsView, CountersignView
from agencies.api.rights import RightsView

urlpatterns = [
    path("as-of/", AsOfView.as_view(), name="api-as-of"),
    path("audit/records/", RecordsView.as_view(), name="api-audit"),
    path("audit/records/<str:uid>/", RecordView.as_view(), name="api-audit-record"),
    path("audit/records/<str:uid>/proof/", ProofView.as_view(), name="api-audit-proof"),
    path("audit/roots/", RootsView.as_view(), name="api-audit-roots"),
    path("countersigns/", CountersignsView.as_view(), name="api-countersigns"),
    path("countersigns/<str:uid>/", CountersignView.as_view(), name="api-countersign"),
    path("rights/", RightsView.as_view(), name="api-rights"),
]
