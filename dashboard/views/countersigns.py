"""What needs a second signature: what waits, one proposal, a new admission."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.actions import Right
from agencies.facts import CountersignCard, Principal
from agencies.rules.countersigns import CountersignRefused
from agencies.rules.rights import may, require
from agencies.selectors import agency_group_of, compartments_of, countersign_cards, countersigns_of
from agencies.services.countersigns import (
    compartment_admission_propose,
    countersign_refuse,
    countersign_sign,
    countersign_withdraw,
    countersigns_read,
)
from dashboard.consulting import principal_for, purpose_for
from dashboard.forms_countersigns import AdmissionForm, ClosingForm

_SHOWN = 200


@require_safe
def countersign_list(request: HttpRequest) -> HttpResponse:
    """The newest proposals, those that wait for this officer first. The reading is recorded."""
    principal = principal_for(request)
    require(principal, Right.COUNTERSIGN_VIEW)
    cards = countersign_cards(principal, countersigns_of(principal)[:_SHOWN])
    countersigns_read(acting_officer=principal, cards=cards, purpose=purpose_for(request))
    cards.sort(key=lambda card: not card.may_sign)
    own = compartments_of(principal).filter(agency__group_id=agency_group_of(principal))
    may_propose = may(principal, Right.OFFICER_MANAGE) and own.exists()
    return render(request, "countersigns/list.html", {"cards": cards, "may_propose": may_propose})


@require_http_methods(["GET", "HEAD", "POST"])
def countersign_new(request: HttpRequest) -> HttpResponse:
    """Propose to name an officer of another agency in a compartment."""
    principal = principal_for(request)
    require(principal, Right.OFFICER_MANAGE)
    form = AdmissionForm(request.POST if request.method == "POST" else None, principal=principal)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            proposal = compartment_admission_propose(
                acting_officer=principal,
                compartment_uid=given["compartment"],
                agency_code=given["agency"],
                badge_number=given["badge_number"],
                reason=given["reason"],
            )
        except CountersignRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The proposal waits for its second signature."))
            return redirect("countersign-detail", proposal.uid)
    status = 422 if request.method == "POST" else 200
    return render(request, "countersigns/new.html", {"form": form}, status=status)


@require_safe
def countersign_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One proposal, with its signatures and what this officer may do. The reading is recorded."""
    principal = principal_for(request)
    card = _card(principal, uid)
    countersigns_read(acting_officer=principal, cards=[card], purpose=purpose_for(request))
    return render(request, "countersigns/detail.html", {"card": card, "form": ClosingForm()})


@require_POST
def countersign_act(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Sign, refuse or withdraw."""
    principal, act = principal_for(request), request.POST.get("act", "")
    if act not in {"sign", "refuse", "withdraw"}:
        raise BadRequest("unknown act")
    _card(principal, uid)
    form = ClosingForm(request.POST)
    try:
        if act == "sign":
            signed = countersign_sign(acting_officer=principal, uid=uid)
            if signed.told:
                return render(request, "countersigns/told.html", {"code": signed.told, "uid": uid})
            messages.success(request, _("You have signed."))
        elif not form.is_valid():
            messages.error(request, _("Say why, in one or two sentences."))
        else:
            close = countersign_refuse if act == "refuse" else countersign_withdraw
            close(acting_officer=principal, uid=uid, reason=form.cleaned_data["reason"])
            messages.success(request, _("The proposal is closed."))
    except CountersignRefused as refused:
        messages.error(request, str(refused))
    return redirect("countersign-detail", uid)


def _card(principal: Principal, uid: uuid.UUID) -> CountersignCard:
    require(principal, Right.COUNTERSIGN_VIEW)
    proposal = countersigns_of(principal).get_visible(principal, uid)  # type: ignore[attr-defined]
    return countersign_cards(principal, [proposal])[0]
