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
from scanning.api.care import AvailabilityView, CareListView, CareWithdrawView, PlacementsView
from scanning.api.corrections import (
    CorrectionsView,
    CorrectionUndoView,
    CorrectionView,
    MergeView,
    SplitView,
)
from scanning.api.deliveries import DeliveriesView, SecretPathDeliveriesView
from scanning.api.equipment import DevicesView, DeviceView, LanesView, LaneView
from scanning.api.findings import AlarmAdjudicateView, FindReportView, RatesView
from scanning.api.images import (
    ImageContentView,
    ImageKeepView,
    ImageNotesView,
    ImagePreviewView,
    ImageReleaseView,
    ImageView,
    NoteWithdrawView,
    PassageImagesView,
)
from scanning.api.images_post import ImagePostView
from scanning.api.outages import (
    OutageCancelView,
    OutageCloseView,
    OutageCommentView,
    OutageEndView,
    OutageHistoryView,
    OutageMoveView,
    OutagePlanView,
    OutageReportView,
    OutagesView,
    OutageView,
    OutageWorkView,
)
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
    path("deliveries/images/", ImagePostView.as_view(), name="delivery-images"),
    path("deliveries/in/<str:secret>/", SecretPathDeliveriesView.as_view(), name="deliveries-secret"),
    path("deliveries/<str:receipt>/", DeliveryView.as_view(), name="api-delivery"),
    path("devices/", DevicesView.as_view(), name="api-devices"),
    path("devices/<str:uid>/", DeviceView.as_view(), name="api-device"),
    path("lanes/", LanesView.as_view(), name="api-lanes"),
    path("lanes/<str:uid>/", LaneView.as_view(), name="api-lane"),
    path("passages/", PassagesView.as_view(), name="api-passages"),
    path("passages/<str:uid>/", PassageView.as_view(), name="api-passage"),
    path("passages/<str:uid>/images/", PassageImagesView.as_view(), name="api-passage-images"),
    path("images/<str:uid>/", ImageView.as_view(), name="api-image"),
    path("images/<str:uid>/content/", ImageContentView.as_view(), name="api-image-content"),
    path("images/<str:uid>/preview/", ImagePreviewView.as_view(), name="api-image-preview"),
    path("images/<str:uid>/notes/", ImageNotesView.as_view(), name="api-image-notes"),
    path("images/<str:uid>/notes/<str:note>/withdraw/", NoteWithdrawView.as_view(), name="api-note-withdraw"),
    path("images/<str:uid>/keep/", ImageKeepView.as_view(), name="api-image-keep"),
    path("images/<str:uid>/release/", ImageReleaseView.as_view(), name="api-image-release"),
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
    path("passages/<str:uid>/corrections/", CorrectionsView.as_view(), name="api-corrections"),
    path("passages/<str:uid>/split/", SplitView.as_view(), name="api-passage-split"),
    path("passages/<str:uid>/merge/", MergeView.as_view(), name="api-passage-merge"),
    path("corrections/<str:uid>/", CorrectionView.as_view(), name="api-correction"),
    path("corrections/<str:uid>/undo/", CorrectionUndoView.as_view(), name="api-correction-undo"),
    path("devices/<str:uid>/outages/", OutageReportView.as_view(), name="api-outage-report"),
    path("devices/<str:uid>/downtime/", OutagePlanView.as_view(), name="api-outage-plan"),
    path("devices/<str:uid>/care/", CareListView.as_view(), name="api-care"),
    path("devices/<str:uid>/placements/", PlacementsView.as_view(), name="api-placements"),
    path("care/<str:uid>/withdraw/", CareWithdrawView.as_view(), name="api-care-withdraw"),
    path("outages/", OutagesView.as_view(), name="api-outages"),
    path("outages/<str:uid>/", OutageView.as_view(), name="api-outage"),
    path("outages/<str:uid>/history/", OutageHistoryView.as_view(), name="api-outage-history"),
    path("outages/<str:uid>/comment/", OutageCommentView.as_view(), name="api-outage-comment"),
    path("outages/<str:uid>/work/", OutageWorkView.as_view(), name="api-outage-work"),
    path("outages/<str:uid>/end/", OutageEndView.as_view(), name="api-outage-end"),
    path("outages/<str:uid>/close/", OutageCloseView.as_view(), name="api-outage-close"),
    path("outages/<str:uid>/move/", OutageMoveView.as_view(), name="api-outage-move"),
    path("outages/<str:uid>/cancel/", OutageCancelView.as_view(), name="api-outage-cancel"),
    path("availability/", AvailabilityView.as_view(), name="api-availability"),
    path("rates/", RatesView.as_view(), name="api-rates"),
]
