"""Scan requests: ask another agency for a scan of a passage, answer, tell the result."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.actions import Right
from agencies.rules.rights import may, require
from agencies.selectors import agencies_all
from agencies.services.readings import shown_record
from dashboard.consulting import principal_for, purpose_for
from dashboard.cursors import page_links, turn_of
from dashboard.forms_common import PageForm, filters_read
from dashboard.forms_requests import AcceptForm, AskForm, DoneForm, RefuseForm, RequestFilters
from dashboard.selectors.marks import mark_cell
from dashboard.selectors.passage import passage_page
from dashboard.words import SENSOR_NAMES
from intelligence.rules.refusals import Refusal
from scanning.rules.refusals import UseRefused
from scanning.selectors.passages import passage_seen
from scanning.selectors.requests import (
    RequestCard,
    request_evidence,
    request_get,
    requests_page,
    techniques_offered,
)
from scanning.services.requests import scan_accept, scan_ask, scan_cancel, scan_done, scan_refuse

_ACTS: dict[str, type[PageForm]] = {
    "accept": AcceptForm,
    "done": DoneForm,
    "refuse": RefuseForm,
    "cancel": RefuseForm,
}


@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """One page of scan requests, newest first. The reading is recorded."""
    principal, form = principal_for(request), RequestFilters(request.GET)
    if not form.is_valid():
        raise BadRequest("bad filter")
    given = filters_read(form)
    side = given.pop("side", None)
    page = requests_page(principal, turn_of(request), own=side, **given)
    _read(request, [card.uid for card in page.rows])
    context = {
        "rows": [(card, _cells(card)) for card in page.rows],
        "form": form,
        "filtered": bool(given) or side is not None,
        "page": page_links(request, page),
    }
    return render(request, "scans/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask for a scan of this passage: what can be asked of whom, and what the law says."""
    principal = principal_for(request)
    require(principal, Right.REQUEST_ASK)
    require(principal, Right.PASSAGE_VIEW)
    passage, _flag = passage_page(principal, uid)
    names = {agency.code: agency.name for agency in agencies_all()}
    offered = techniques_offered(principal, passage_seen(principal, uid).site_id)
    offers = [
        (f"{technique}:{agency}", f"{SENSOR_NAMES[technique]} – {names[agency]} ({agency})")
        for technique, agency in offered
    ]
    form = AskForm(request.POST or None, offers=offers)
    if request.method == "POST" and form.is_valid():
        made = _ask(request, uid, form)
        if made is not None:
            messages.success(request, _("The request is with the other agency."))
            return redirect("scan-detail", made)
    context = {"form": form, "passage": passage, "offers": offers}
    return render(request, "scans/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def request_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One request with what may be done about it. The reading is recorded."""
    principal = principal_for(request)
    card = request_get(principal, uid)
    _read(request, [card.uid])
    forms = _forms(request, card)
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act not in _ACTS:
            raise BadRequest("unknown act")
        form = _ACTS[act](request.POST, auto_id=f"{act}_%s")
        if form.is_valid() and _carried_out(request, uid, act, form):
            return redirect("scan-detail", uid)
        forms = forms | {act: form}
    context = {"card": card, "cells": _cells(card), "forms": forms}
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "scans/detail.html", context, status=status)


def _ask(request: HttpRequest, uid: uuid.UUID, form: AskForm) -> uuid.UUID | None:
    """The new request's id; None when what is wrong now stands at a field."""
    try:
        return scan_ask(acting_officer=principal_for(request), passage=uid, **form.asked()).uid
    except UseRefused as refused:
        told = " ".join(part for part in (str(refused.message), refused.condition, refused.basis) if part)
        form.add_error("purpose", told)
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
    except ValidationError as error:
        form.faults_take(error, {"technique": "offer", "agency": "offer", "needed_by": "within"})
    return None


def _carried_out(request: HttpRequest, uid: uuid.UUID, act: str, form: Any) -> bool:
    """Whether the act is done (or came too late, which is said); False when a fault now stands at a field."""
    principal, given = principal_for(request), form.cleaned_data
    try:
        if act == "accept":
            scan_accept(acting_officer=principal, uid=uid, **form.accepted())
        elif act == "refuse":
            scan_refuse(acting_officer=principal, uid=uid, reason=given["reason"])
        elif act == "cancel":
            scan_cancel(acting_officer=principal, uid=uid, reason=given["reason"])
        else:
            scan_done(acting_officer=principal, uid=uid, result=given["result"], finding=given["finding"])
        messages.success(request, _("Recorded; the other agency reads it."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    except ValidationError as error:
        form.faults_take(error, {"scheduled_at": "in_minutes"})
        return False
    return True


def _forms(request: HttpRequest, card: RequestCard) -> dict[str, PageForm]:
    """The acts that this reader may carry out now; the result is proposed from what the own device said."""
    principal = principal_for(request)
    if not card.is_open:
        return {}
    found: dict[str, PageForm] = {}
    if card.is_asked and may(principal, Right.REQUEST_ANSWER):
        if card.state == card.state.ASKED:
            found["accept"] = AcceptForm(auto_id="accept_%s")
        event = request_evidence(principal, card)
        found["done"] = DoneForm(initial={"result": event.result} if event else None, auto_id="done_%s")
        found["refuse"] = RefuseForm(auto_id="refuse_%s")
    if card.is_own and may(principal, Right.REQUEST_ASK):
        found["cancel"] = RefuseForm(auto_id="cancel_%s")
    return found


def _cells(card: RequestCard) -> tuple[Any, ...]:
    if not card.mark:
        return ()
    return (mark_cell(card.mark, country=card.country, confidence=None, kind="tractor"),)


def _read(request: HttpRequest, uids: list[uuid.UUID]) -> None:
    shown_record(
        acting_officer=principal_for(request), kind="scan_request", uids=uids, purpose=purpose_for(request)
    )
