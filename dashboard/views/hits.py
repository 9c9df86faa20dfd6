"""Hits and notices: the list, one record's story, and the decision on it with what was done."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.rules.rights import RightMissing, may
from dashboard.consulting import principal_for, purpose_for
from dashboard.cursors import page_links, turn_of
from dashboard.facts.needs import HitList
from dashboard.forms_common import filters_read
from dashboard.forms_hits import DecideForm, HitFilters
from dashboard.selectors.hits import HitWish, hit_page, hits_and_notices, row_of
from dashboard.views.notices import notice_detail
from intelligence.choices import HitState
from intelligence.facts import HitCard, NoticeCard
from intelligence.rules.refusals import Refusal
from intelligence.selectors.notices import notice_get
from intelligence.services.consultations import hit_open, records_read
from intelligence.services.hits import hit_decide


@require_safe
def hit_list(request: HttpRequest) -> HttpResponse:
    """One page of hits and notices. The reading is recorded."""
    principal = principal_for(request)
    form = HitFilters(request.GET)
    if not form.is_valid():
        raise BadRequest("bad filter")
    given = filters_read(form)
    page = hits_and_notices(principal, turn_of(request), HitWish(**given))
    records_read(acting_officer=principal, cards=page.rows, purpose=purpose_for(request))
    shown = HitList(
        rows=tuple(row_of(card, principal) for card in page.rows),
        filtered=bool(given),
        **page_links(request, page),
    )
    return render(request, "hits/list.html", {"page": shown, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def hit_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One hit with its story, and the owner's decision on it; under the same address, a notice's."""
    principal = principal_for(request)
    card = _hit_opened(request, uid)
    if card is None:
        return notice_detail(request, uid)
    form = DecideForm()
    if request.method == "POST":
        form = DecideForm(request.POST)
        try:
            if form.is_valid():
                hit_decide(acting_officer=principal, uid=uid, **form.decided())
                messages.success(request, _("The decision is recorded."))
                return redirect("hit-detail", uid)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return redirect("hit-detail", uid)
        except ValidationError as error:
            form.faults_take(error, {"reject_reason": "decision"})
    page = hit_page(principal, card, _told(request, card))
    may_share = card.is_own and card.state == HitState.CONFIRMED and may(principal, Right.LOOKOUT_CREATE)
    context = {
        "page": page,
        "form": form if card.may_decide else None,
        "uid": uid,
        "may_share": may_share,
    }
    return render(request, "hits/detail.html", context, status=422 if form.errors else 200)


def _hit_opened(request: HttpRequest, uid: uuid.UUID) -> HitCard | None:
    """The hit with this id, read for the shift's purpose; None when there is none for this officer."""
    try:
        return hit_open(acting_officer=principal_for(request), uid=uid, purpose=purpose_for(request))
    except (NotVisible, RightMissing):
        return None


def _told(request: HttpRequest, card: HitCard) -> NoticeCard | None:
    """What the front line was told of the hit, if it was; read with it."""
    if card.notice_uid is None:
        return None
    try:
        notice = notice_get(principal_for(request), card.notice_uid)
    except (NotVisible, RightMissing):
        return None
    records_read(acting_officer=principal_for(request), cards=[notice], purpose=purpose_for(request))
    return notice
