"""The watch-list: read it, enter a lookout, and the owner's acts on one."""

import uuid

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import BadRequest, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.actions import Right
from agencies.paging import Turn
from agencies.rules.countersigns import CountersignRefused
from agencies.rules.rights import RightMissing, may, require
from dashboard.consulting import principal_for, purpose_for
from dashboard.cursors import page_links, turn_of
from dashboard.facts.acts import Act
from dashboard.facts.lookouts import LookoutList, Parties
from dashboard.forms_common import filters_read
from dashboard.forms_lookouts import (
    DRAFT_FIELDS,
    ActForm,
    ExtendForm,
    LiftForm,
    LookoutFilters,
    LookoutForm,
    RecallForm,
    ShareForm,
    TearLineForm,
    UntilForm,
    WithdrawForm,
    end_of,
)
from dashboard.selectors.lookouts import lookout_page, lookout_row, parties_named
from dashboard.services.sharing import share_act, until_act
from intelligence.choices import SharedKind
from intelligence.facts import HitCard, LookoutCard
from intelligence.rules.refusals import Refusal
from intelligence.selectors.hits import hits_page
from intelligence.selectors.lookouts import lookout_hit_counts, lookouts_alike, lookouts_page
from intelligence.services.audiences import lookout_recall, lookout_share
from intelligence.services.caveats import caveat_lift_propose
from intelligence.services.consultations import lookout_open, records_read
from intelligence.services.lookouts import lookout_create, lookout_extend, lookout_withdraw
from intelligence.services.tearlines import tearline_make

ACT_FORMS: dict[str, type[ActForm]] = {
    "extend": ExtendForm,
    "share": ShareForm,
    "recall": RecallForm,
    "until": UntilForm,
    "withdraw": WithdrawForm,
    "lift": LiftForm,
}
#: How long a form that was sent is remembered: long enough for a second press of the button.
_ONCE_S = 60
_HITS_SHOWN = 20


@require_safe
def lookout_list(request: HttpRequest) -> HttpResponse:
    """One page of the lookouts that the officer may read. The reading is recorded."""
    principal = principal_for(request)
    form = LookoutFilters(request.GET)
    if not form.is_valid():
        raise BadRequest("bad filter")
    given = filters_read(form)
    page = lookouts_page(principal, turn_of(request), **given)
    records_read(acting_officer=principal, cards=page.rows, purpose=purpose_for(request))
    counts = lookout_hit_counts(principal, [card.uid for card in page.rows])
    shown = LookoutList(
        rows=tuple(lookout_row(card, counts) for card in page.rows),
        filtered=bool(given),
        may_create=may(principal, Right.LOOKOUT_CREATE),
        **page_links(request, page),
    )
    return render(request, "lookouts/list.html", {"page": shown, "form": form})


@require_safe
def lookout_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One lookout with its hits. The reading is recorded."""
    return _detail(request, uid)


@require_http_methods(["GET", "HEAD", "POST"])
def lookout_new(request: HttpRequest) -> HttpResponse:
    """Enter a lookout, and share it with those named; a second press of the button enters nothing."""
    principal = principal_for(request)
    require(principal, Right.LOOKOUT_CREATE)
    parties = parties_named(principal)
    if request.method != "POST":
        form = LookoutForm(parties=parties, principal=principal, initial={"once": str(uuid.uuid4())})
        return render(request, "lookouts/new.html", {"form": form})
    form = LookoutForm(request.POST, parties=parties, principal=principal)
    if form.is_valid():
        once = f"lookout-once:{principal.uid}:{form.cleaned_data['once']}"
        if form.cleaned_data["once"] and not cache.add(once, 1, _ONCE_S):
            messages.info(request, _("This lookout has been entered already."))
            return redirect("lookout-list")
        uid = None if _stands_already(request, form) else _create(request, form)
        if uid is not None:
            messages.success(request, _("The lookout is entered. It matches from the next read on."))
            return redirect("lookout-detail", uid)
        cache.delete(once)
    return render(request, "lookouts/new.html", {"form": form}, status=422)


def _stands_already(request: HttpRequest, form: LookoutForm) -> bool:
    """Whether the officer is yet to say that another one is wanted. Naming those that stand is a reading."""
    principal = principal_for(request)
    alike = lookouts_alike(principal, form.cleaned_data["mark"])
    records_read(acting_officer=principal, cards=alike, purpose=purpose_for(request))
    return form.alike_refuse(alike)


def _create(request: HttpRequest, form: LookoutForm) -> uuid.UUID | None:
    """Enter and share in one transaction; None when a fault now stands at a field of the form."""
    principal, shared = principal_for(request), form.cleaned_data["shared"]
    try:
        with transaction.atomic():
            lookout = lookout_create(acting_officer=principal, draft=form.draft())
            if shared:
                lookout_share(
                    acting_officer=principal, uid=lookout.uid, agencies=shared, purpose=purpose_for(request)
                )
    except ValidationError as error:
        form.faults_take(error, DRAFT_FIELDS | {"agencies": "shared"})
        return None
    return lookout.uid


@require_http_methods(["GET", "HEAD", "POST"])
def tearline_new(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Enter what may be shown instead of one's own lookout. Reading that one is recorded."""
    principal = principal_for(request)
    require(principal, Right.LOOKOUT_CREATE)
    card = lookout_open(acting_officer=principal, uid=uid, purpose=purpose_for(request))
    if not card.is_own:
        raise RightMissing(Right.LOOKOUT_CREATE.value)
    parties = parties_named(principal)
    form = TearLineForm(parties=parties, principal=principal, initial=TearLineForm.begun(card))
    if request.method == "POST":
        form = TearLineForm(request.POST, parties=parties, principal=principal)
        try:
            if form.is_valid():
                twin = _tearline(request, uid, form)
                messages.success(
                    request, _("The tear-line is entered. It is recalled and withdrawn with its source.")
                )
                return redirect("lookout-detail", twin)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return redirect("lookout-detail", uid)
        except ValidationError as error:
            form.faults_take(error, DRAFT_FIELDS | {"agencies": "shared"})
    context = {"form": form, "card": card}
    return render(request, "lookouts/tearline.html", context, status=422 if form.errors else 200)


def _tearline(request: HttpRequest, uid: uuid.UUID, form: TearLineForm) -> uuid.UUID:
    principal, shared = principal_for(request), form.cleaned_data["shared"]
    with transaction.atomic():
        twin = tearline_make(acting_officer=principal, uid=uid, draft=form.draft())
        if shared:
            lookout_share(
                acting_officer=principal, uid=twin.uid, agencies=shared, purpose=purpose_for(request)
            )
    return twin.uid


@require_POST
def lookout_act(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One of the owner's acts: extend, share, recall, withdraw."""
    principal, code = principal_for(request), request.POST.get("act", "")
    form_class = ACT_FORMS.get(code)
    if form_class is None:
        raise BadRequest("unknown act")
    card = lookout_open(acting_officer=principal, uid=uid, purpose=purpose_for(request))
    form = form_class(
        request.POST, parties=parties_named(principal), shared=card.shared_with, auto_id=f"{code}_%s"
    )
    try:
        if form.is_valid():
            _act(request, code, uid, form)
            messages.success(request, _DONE[code]())
            return redirect("lookout-detail", uid)
    except CountersignRefused as refused:
        messages.error(request, str(refused))
        return redirect("lookout-detail", uid)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect("lookout-detail", uid)
    except ValidationError as error:
        end = "until" if code in ("share", "until") else "expires"
        form.faults_take(error, {"expires_at": end, "purpose": "reason"})
    return _detail(request, uid, failed=(code, form))


_DONE = {
    "extend": lambda: _("The lookout is extended."),
    "share": lambda: _("The lookout is shared."),
    "recall": lambda: _("The lookout is recalled; it is gone from their screens."),
    "until": lambda: _("The end of the sharing is changed."),
    "withdraw": lambda: _("The lookout is withdrawn; it matches no more."),
    "lift": lambda: _("The proposal waits for its second signature."),
}


def _act(request: HttpRequest, code: str, uid: uuid.UUID, form: ActForm) -> None:
    principal, given = principal_for(request), form.cleaned_data
    if code == "withdraw":
        lookout_withdraw(acting_officer=principal, uid=uid, reason=given["reason"])
    elif code == "lift":
        caveat_lift_propose(acting_officer=principal, uid=uid, reason=given["reason"])
    elif code == "extend":
        lookout_extend(
            acting_officer=principal,
            uid=uid,
            expires_at=end_of(given["expires"]),
            review_due=given["review_due"],
            reason=given["reason"],
        )
    elif code == "share":
        share_act(principal, SharedKind.LOOKOUT, uid, given)
    elif code == "until":
        until_act(principal, SharedKind.LOOKOUT, uid, given)
    else:
        lookout_recall(acting_officer=principal, uid=uid, agencies=given["agencies"], purpose=given["reason"])


def _detail(request: HttpRequest, uid: uuid.UUID, failed: tuple[str, ActForm] | None = None) -> HttpResponse:
    principal, purpose = principal_for(request), purpose_for(request)
    card = lookout_open(acting_officer=principal, uid=uid, purpose=purpose)
    hits: tuple[HitCard, ...] = ()
    if card.is_own and may(principal, Right.HIT_VIEW):
        hits = hits_page(principal, Turn(_HITS_SHOWN), lookout_uid=card.uid).rows
        records_read(acting_officer=principal, cards=hits, purpose=purpose)
    parties = parties_named(principal)
    page = lookout_page(principal, card, hits, dict(parties.agencies))
    forms = [
        (act, failed[1] if failed and failed[0] == act.code else _act_form(act, card, parties))
        for act in page.acts
    ]
    context = {"page": page, "acts": forms, "form": failed[1] if failed else None}
    return render(request, "lookouts/detail.html", context, status=422 if failed else 200)


def _act_form(act: Act, card: LookoutCard, parties: Parties) -> ActForm:
    initial = {"expires": card.expires_at.date() if card.expires_at else None, "review_due": card.review_due}
    return ACT_FORMS[act.code](
        parties=parties,
        shared=card.shared_with,
        auto_id=f"{act.code}_%s",
        initial=initial,
    )
