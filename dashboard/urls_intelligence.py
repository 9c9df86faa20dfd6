"""Pages of lookouts, hits, notices and checks; entry by hand; the health of the system."""

from django.urls import path

from dashboard.views.access import access_case, access_list
from dashboard.views.asof import as_of
from dashboard.views.checks import check, check_answer
from dashboard.views.entry import entry, entry_receipt_part
from dashboard.views.health import health
from dashboard.views.hit_sharing import hit_sharing
from dashboard.views.hits import hit_detail, hit_list
from dashboard.views.lookouts import lookout_act, lookout_detail, lookout_list, lookout_new, tearline_new
from dashboard.views.proposals import proposal_detail, proposal_list, proposal_new
from dashboard.views.recalls import recall_confirmed, recall_list
from dashboard.views.still import still

urlpatterns = [
    path("lookouts/", lookout_list, name="lookout-list"),
    path("lookouts/new/", lookout_new, name="lookout-new"),
    path("lookouts/<uuid:uid>/", lookout_detail, name="lookout-detail"),
    path("lookouts/<uuid:uid>/act/", lookout_act, name="lookout-act"),
    path("hits/", hit_list, name="hit-list"),
    path("hits/<uuid:uid>/", hit_detail, name="hit-detail"),
    path("hits/<uuid:uid>/sharing/", hit_sharing, name="hit-sharing"),
    path("check/", check, name="check"),
    path("check/<uuid:uid>/", check_answer, name="check-answer"),
    path("entry/", entry, name="entry"),
    path("entry/receipts/<uuid:receipt>/", entry_receipt_part, name="entry-receipt"),
    path("lookouts/<uuid:uid>/propose/", proposal_new, name="proposal-new"),
    path("lookouts/<uuid:uid>/tear-line/", tearline_new, name="tearline-new"),
    path("recalls/", recall_list, name="recall-list"),
    path("recalls/<uuid:uid>/confirm/", recall_confirmed, name="recall-confirm"),
    path("proposals/", proposal_list, name="proposal-list"),
    path("proposals/<uuid:uid>/", proposal_detail, name="proposal-detail"),
    path("access/", access_list, name="access-list"),
    path("access/cases/<uuid:uid>/", access_case, name="access-case"),
    path("as-of/", as_of, name="as-of"),
    path("still/", still, name="still"),
    path("health/", health, name="health"),
]
