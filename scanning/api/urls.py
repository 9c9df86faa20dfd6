"""The routes of scanning below /api/v1/."""

from django.urls import path

from scanning.api.alarm_batch import AlarmBatchView
from scanning.api.alarm_work import (
    AlarmAssignView,
    AlarmEscalateView,
    AlarmReleaseView,
    AlarmSilenceView,
    AlarmTakeView,
    AlarmUnsilenceView,
)
from scanning.api.alarms import (
    AlarmAcknowledgeView,
    AlarmClearView,
    AlarmCommentView,
    AlarmHistoryView,
    AlarmsView,
    AlarmView,
)
from scanning.api.deliveries import DeliveriesView, SecretPathDeliveriesView
from scanning.api.equipment import DevicesView, DeviceView, LanesView, LaneView
from scanning.api.findings import AlarmAdjudicateView, FindReportView, RatesView
from scanning.api.passages import PassagesView, PassageView
from scanning.api.receipts import DeliveryView
from scanning.api.requests import (
    LawfulUseView,
    ScanAcceptView,
    ScanAskView,
    ScanCancelView,
    ScanDoneView,
    ScanRefuseView,
    ScanRequestsView,
    ScanRequestView,
)

urlpatterns = [
    path("deliveries/", DeliveriesView.as_view(), name="deliveries"),
    path("deliveries/in/<str:secret>/", SecretPathDeliveriesView.as_view(), name="deliveries-secret"),
    path("deliveries/<str:receipt>/", DeliveryView.as_view(), name="api-delivery"),
    path("devices/", DevicesView.as_view(), name="api-devices"),
    path("devices/<str:uid>/", DeviceView.as_view(), name="api-device"),
    path("lanes/", LanesView.as_view(), name="api-lanes"),
    path("lanes/<str:uid>/", LaneView.as_view(), name="api-lane"),
    path("passages/", PassagesView.as_view(), name="api-passages"),
    path("passages/<str:uid>/", PassageView.as_view(), name="api-passage"),
    path("alarms/", AlarmsView.as_view(), name="api-alarms"),
    path("alarms/batch/", AlarmBatchView.as_view(), name="api-alarms-batch"),
    path("alarms/<str:uid>/", AlarmView.as_view(), name="api-alarm"),
    path("alarms/<str:uid>/history/", AlarmHistoryView.as_view(), name="api-alarm-history"),
    path("alarms/<str:uid>/comment/", AlarmCommentView.as_view(), name="api-alarm-comment"),
    path("alarms/<str:uid>/take/", AlarmTakeView.as_view(), name="api-alarm-take"),
    path("alarms/<str:uid>/assign/", AlarmAssignView.as_view(), name="api-alarm-assign"),
    path("alarms/<str:uid>/release/", AlarmReleaseView.as_view(), name="api-alarm-release"),
    path("alarms/<str:uid>/silence/", AlarmSilenceView.as_view(), name="api-alarm-silence"),
    path("alarms/<str:uid>/unsilence/", AlarmUnsilenceView.as_view(), name="api-alarm-unsilence"),
    path("alarms/<str:uid>/escalate/", AlarmEscalateView.as_view(), name="api-alarm-escalate"),
    path("alarms/<str:uid>/acknowledge/", AlarmAcknowledgeView.as_view(), name="api-alarm-acknowledge"),
    path("alarms/<str:uid>/clear/", AlarmClearView.as_view(), name="api-alarm-clear"),
    path("passages/<str:uid>/scan-requests/", ScanAskView.as_view(), name="api-scan-ask"),
    path("scan-requests/", ScanRequestsView.as_view(), name="api-scan-requests"),
    path("scan-requests/<str:uid>/", ScanRequestView.as_view(), name="api-scan-request"),
    path("scan-requests/<str:uid>/accept/", ScanAcceptView.as_view(), name="api-scan-accept"),
    path("scan-requests/<str:uid>/refuse/", ScanRefuseView.as_view(), name="api-scan-refuse"),
    path("scan-requests/<str:uid>/done/", ScanDoneView.as_view(), name="api-scan-done"),
    path("scan-requests/<str:uid>/cancel/", ScanCancelView.as_view(), name="api-scan-cancel"),
    path("lawful-use/", LawfulUseView.as_view(), name="api-lawful-use"),
    path("alarms/<str:uid>/adjudicate/", AlarmAdjudicateView.as_view(), name="api-alarm-adjudicate"),
    path("passages/<str:uid>/finds/", FindReportView.as_view(), name="api-find-report"),
    path("rates/", RatesView.as_view(), name="api-rates"),
]
