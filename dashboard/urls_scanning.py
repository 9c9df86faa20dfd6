"""Pages of scan requests, of what is lawful, of findings, and of the life of devices."""

from django.urls import path

from dashboard.views.care import availability, device_care
from dashboard.views.corrections import correction_undone, passage_correct
from dashboard.views.findings import adjudicate, find_new, statistics
from dashboard.views.images import image_content, image_detail, image_new, image_preview
from dashboard.views.law import law_list, law_new
from dashboard.views.outages import outage_detail, outage_list, outage_new
from dashboard.views.scans import request_detail, request_list, request_new
from dashboard.views.start import start

urlpatterns = [
    path("scan-requests/", request_list, name="scan-list"),
    path("scan-requests/<uuid:uid>/", request_detail, name="scan-detail"),
    path("passages/<uuid:uid>/ask/", request_new, name="scan-new"),
    path("lawful-use/", law_list, name="law-list"),
    path("lawful-use/new/", law_new, name="law-new"),
    path("alarms/<uuid:uid>/adjudicate/", adjudicate, name="alarm-adjudicate"),
    path("passages/<uuid:uid>/correct/", passage_correct, name="passage-correct"),
    path("corrections/<uuid:uid>/undo/", correction_undone, name="correction-undo"),
    path("passages/<uuid:uid>/find/", find_new, name="find-new"),
    path("start/", start, name="shift-start"),
    path("outages/", outage_list, name="outage-list"),
    path("outages/<uuid:uid>/", outage_detail, name="outage-detail"),
    path("devices/<uuid:uid>/outage/", outage_new, name="outage-new"),
    path("devices/<uuid:uid>/care/", device_care, name="device-care"),
    path("availability/", availability, name="availability"),
    path("images/new/<uuid:uid>/", image_new, name="image-new"),
    path("images/<uuid:uid>/", image_detail, name="image-detail"),
    path("images/<uuid:uid>/content/", image_content, name="image-content"),
    path("images/<uuid:uid>/preview/", image_preview, name="image-preview"),
    path("statistics/", statistics, name="statistics"),
]
