"""Proposals to change another agency's lookout: made by a reader, decided by the owner beside what stands now."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.actions import Right
from agencies.rules.rights import may
from dashboard.consulting import principal_for, purpose_for
from dashboard.cursors import page_links, turn_of
from dashboard.forms_proposals import FIELD_WORDS, DecideProposalForm, ProposeForm
from intelligence.choices import ProposalState
from intelligence.facts import ProposalCard
from intelligence.rules.refusals import Refusal
from intelligence.selectors.proposals import lookout_values, proposal_get, proposals_page
from intelligence.services.consultations import lookout_open
from intelligence.services.proposals import lookout_propose, proposal_accept, proposal_discard


@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    """What the agency has proposed, and what was proposed to it."""
    page = proposals_page(principal_for(request), turn_of(request))
    context = {"rows": page.rows, "page": page_links(request, page)}
    return render(request, "proposals/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_new(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Propose other values of a lookout that another agency shares. Reading it is recorded."""
    principal = principal_for(request)
    lookout, standing = lookout_values(principal, uid)
    card = lookout_open(acting_officer=principal, uid=uid, purpose=purpose_for(request))
    expires = parse_datetime(standing["expires_at"]) if standing["expires_at"] else None
    expires_on = localtime(expires).date() if expires else None
    form = ProposeForm(initial=standing | {"expires_at": expires_on, "review_due": lookout.review_due})
    if request.method == "POST":
        form = ProposeForm(request.POST)
        try:
            if form.is_valid():
                made = lookout_propose(
                    acting_officer=principal, uid=uid, changes=form.changes(standing, expires_on),
                    reason=form.cleaned_data["reason"],
                )  # fmt: skip
                messages.success(request, _("The owner has been told of your proposal."))
                return redirect("proposal-detail", made.uid)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return redirect("lookout-detail", uid)
        except ValidationError as error:
            form.faults_take(error)
    context = {"form": form, "card": card}
    return render(request, "proposals/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One proposal; for the owner beside what stands now, with the decision."""
    principal = principal_for(request)
    card = proposal_get(principal, uid)
    decides = card.is_own and card.state == ProposalState.OPEN and may(principal, Right.LOOKOUT_CREATE)
    form: DecideProposalForm | None = None
    if decides:
        form = _decision(card, None)
    if request.method == "POST":
        form = _decision(card, request.POST)
        try:
            if form.is_valid():
                _decide(request, uid, form.cleaned_data)
                messages.success(request, _("The decision is recorded."))
                return redirect("proposal-detail", uid)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return redirect("proposal-detail", uid)
        except ValidationError as error:
            form.faults_take(error, {"fields": "take"})
    lines = [(FIELD_WORDS[line.field], line) for line in card.lines]
    context = {"card": card, "form": form, "lines": lines}
    return render(
        request, "proposals/detail.html", context, status=422 if form is not None and form.errors else 200
    )


def _decision(card: ProposalCard, data: Any) -> DecideProposalForm:
    initial = {
        "version": card.version,
        "decision": "accept",
        "take": [line.field for line in card.lines if not line.conflict],
    }
    return DecideProposalForm(data, lines=card.lines, initial=initial)


def _decide(request: HttpRequest, uid: uuid.UUID, given: dict[str, Any]) -> None:
    principal = principal_for(request)
    if given["decision"] == "discard":
        proposal_discard(acting_officer=principal, uid=uid, reason=given["reason"])
    else:
        proposal_accept(acting_officer=principal, uid=uid, version=given["version"], fields=given["take"])
