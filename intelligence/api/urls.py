"""The routes of intelligence below /api/v1/."""

from django.urls import path

from intelligence.api.access import (
    AccessCaseAnswerView,
    AccessCasesView,
    AccessCaseView,
    AccessRequestsView,
    AccessRequestView,
)
from intelligence.api.checks import ChecksView, CheckView
from intelligence.api.hits import (
    HitDecideView,
    HitsView,
    HitView,
    NoticeDecideView,
    NoticesView,
    NoticeTakeView,
    NoticeView,
)
from intelligence.api.lookouts import (
    LookoutExtendView,
    LookoutRecallView,
    LookoutShareView,
    LookoutsView,
    LookoutView,
    LookoutWithdrawView,
)
from intelligence.api.proposals import (
    LookoutProposeView,
    ProposalAcceptView,
    ProposalDiscardView,
    ProposalsView,
    ProposalView,
)
from intelligence.api.sharing import (
    DisseminationChangeView,
    DisseminationView,
    HitDisseminationsView,
    HitRecallView,
    HitShareView,
    LookoutDisseminationsView,
    LookoutTearLinesView,
    RecallConfirmView,
    RecallsView,
    RecallView,
)

urlpatterns = [
    path("lookouts/", LookoutsView.as_view(), name="api-lookouts"),
    path("lookouts/<str:uid>/", LookoutView.as_view(), name="api-lookout"),
    path("lookouts/<str:uid>/withdraw/", LookoutWithdrawView.as_view(), name="api-lookout-withdraw"),
    path("lookouts/<str:uid>/extend/", LookoutExtendView.as_view(), name="api-lookout-extend"),
    path("lookouts/<str:uid>/share/", LookoutShareView.as_view(), name="api-lookout-share"),
    path("lookouts/<str:uid>/recall/", LookoutRecallView.as_view(), name="api-lookout-recall"),
    path("lookouts/<str:uid>/propose/", LookoutProposeView.as_view(), name="api-lookout-propose"),
    path(
        "lookouts/<str:uid>/disseminations/",
        LookoutDisseminationsView.as_view(),
        name="api-lookout-disseminations",
    ),
    path("lookouts/<str:uid>/tear-lines/", LookoutTearLinesView.as_view(), name="api-lookout-tear-lines"),
    path("disseminations/<str:uid>/", DisseminationView.as_view(), name="api-dissemination"),
    path(
        "disseminations/<str:uid>/change/", DisseminationChangeView.as_view(), name="api-dissemination-change"
    ),
    path("recalls/", RecallsView.as_view(), name="api-recalls"),
    path("recalls/<str:uid>/", RecallView.as_view(), name="api-recall"),
    path("recalls/<str:uid>/confirm/", RecallConfirmView.as_view(), name="api-recall-confirm"),
    path("proposals/", ProposalsView.as_view(), name="api-proposals"),
    path("proposals/<str:uid>/", ProposalView.as_view(), name="api-proposal"),
    path("proposals/<str:uid>/accept/", ProposalAcceptView.as_view(), name="api-proposal-accept"),
    path("proposals/<str:uid>/discard/", ProposalDiscardView.as_view(), name="api-proposal-discard"),
    path("hits/", HitsView.as_view(), name="api-hits"),
    path("hits/<str:uid>/", HitView.as_view(), name="api-hit"),
    path("hits/<str:uid>/decide/", HitDecideView.as_view(), name="api-hit-decide"),
    path("hits/<str:uid>/share/", HitShareView.as_view(), name="api-hit-share"),
    path("hits/<str:uid>/recall/", HitRecallView.as_view(), name="api-hit-recall"),
    path("hits/<str:uid>/disseminations/", HitDisseminationsView.as_view(), name="api-hit-disseminations"),
    path("notices/", NoticesView.as_view(), name="api-notices"),
    path("notices/<str:uid>/", NoticeView.as_view(), name="api-notice"),
    path("notices/<str:uid>/take/", NoticeTakeView.as_view(), name="api-notice-take"),
    path("notices/<str:uid>/decide/", NoticeDecideView.as_view(), name="api-notice-decide"),
    path("access-requests/", AccessRequestsView.as_view(), name="api-access-requests"),
    path("access-requests/<str:uid>/", AccessRequestView.as_view(), name="api-access-request"),
    path("access-cases/", AccessCasesView.as_view(), name="api-access-cases"),
    path("access-cases/<str:uid>/", AccessCaseView.as_view(), name="api-access-case"),
    path("access-cases/<str:uid>/answer/", AccessCaseAnswerView.as_view(), name="api-access-case-answer"),
    path("checks/", ChecksView.as_view(), name="api-checks"),
    path("checks/<str:uid>/", CheckView.as_view(), name="api-check"),
]
