"""Outages: what does not work, and the case of each."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import may, require
from dashboard.consulting import principal_for, purpose_for
from dashboard.context import SITE_KEY, session_of
from dashboard.cursors import page_links, turn_of
from dashboard.forms_common import PageForm, filters_read
from dashboard.forms_outages import (
    CancelForm,
    CloseForm,
    CommentForm,
    EndForm,
    MoveForm,
    OutageFilters,
    PlanForm,
    ReportForm,
    WorkForm,
)
from dashboard.selectors.outages import duration_words, outage_history, outage_rows
from dashboard.selectors.places import equipment_now, site_of_work
from dashboard.services.exports import outages_export
from dashboard.views.downloads import csv_answer
from intelligence.rules.refusals import Refusal
from scanning.rules.outages import BY_CLOCK
from scanning.selectors.care import care_due
from scanning.selectors.devices import device_state
from scanning.selectors.outages import (
    OutageCard,
    OutageFilter,
    outage_get,
    outage_notes,
    outages_page,
)
from scanning.services.outages import (
    outage_cancel,
    outage_close,
    outage_comment,
    outage_end,
    outage_move,
    outage_plan,
    outage_report,
    outage_work,
)

_ACTS: dict[str, tuple[type[PageForm], Any]] = {
    "work": (WorkForm, outage_work),
    "end": (EndForm, outage_end),
    "close": (CloseForm, outage_close),
    "move": (MoveForm, outage_move),
    "cancel": (CancelForm, outage_cancel),
    "comment": (CommentForm, outage_comment),
}
#: So many devices with something due stand beside the list.
_DUE = 12


@require_safe
def outage_list(request: HttpRequest) -> HttpResponse:
    """Outages of the devices of the site, the latest begun first; with `export` as CSV, which is recorded."""
    principal = principal_for(request)
    require(principal, Right.OUTAGE_VIEW)
    site = site_of_work(principal, session_of(request).get(SITE_KEY, ""))
    devices = [
        device
        for device in equipment_now(principal).devices.values()
        if site is None or device.site_id == site.id
    ]
    form = OutageFilters(
        request.GET,
        owners={device.owner for device in devices} - {""},
        kinds={device.kind for device in devices},
    )
    if not form.is_valid():
        raise BadRequest("bad filter")
    wanted = OutageFilter(**filters_read(form), site=site.code if site else "")
    if "export" in request.GET:
        cards = outages_export(acting_officer=principal, wanted=wanted, purpose=purpose_for(request))
        return csv_answer("outages", outage_rows(cards))
    page = outages_page(principal, turn_of(request), wanted)
    codes = {device.id: device for device in devices}
    query = request.GET.copy()
    query["export"] = "csv"
    context = {
        "rows": [(card, duration_words(card.lasted_s)) for card in page.rows],
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "page": page_links(request, page),
        "due": [(one, codes[one.device_id]) for one in care_due(principal, list(codes))[:_DUE]],
        "export_query": f"?{query.urlencode()}",
    }
    return render(request, "outages/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def outage_new(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Report that a device does not work, or plan downtime of an own one."""
    principal = principal_for(request)
    require(principal, Right.OUTAGE_WORK)
    device = device_state(principal, uid).device
    plans = device.is_own and may(principal, Right.DEVICE_CARE)
    act = request.POST.get("act", "report")
    if act not in {"report", "plan"} or (act == "plan" and not plans):
        raise BadRequest("unknown act")
    given = request.POST or None
    forms: dict[str, PageForm] = {
        "report": ReportForm(given if act == "report" else None, auto_id="report_%s")
    }
    if plans:
        forms["plan"] = PlanForm(given if act == "plan" else None, auto_id="plan_%s")
    if request.method == "POST" and forms[act].is_valid():
        made = _made(request, principal, uid, act, forms[act])
        if made is not None:
            return made
    context = {"forms": forms, "device": device}
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "outages/new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def outage_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One outage with its history and what may be done about it."""
    principal = principal_for(request)
    card = outage_get(principal, uid)
    forms = _forms(principal, card)
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act not in _ACTS:
            raise BadRequest("unknown act")
        form = _ACTS[act][0](request.POST, auto_id=f"{act}_%s")
        if form.is_valid() and _carried_out(request, principal, uid, act, form):
            return redirect("outage-detail", uid)
        forms = forms | {act: form}
    context = {
        "card": card,
        "forms": forms,
        "history": outage_history(outage_notes(principal, card)),
        "lasted": duration_words(card.lasted_s),
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "outages/detail.html", context, status=status)


def _made(
    request: HttpRequest, principal: Principal, device: uuid.UUID, act: str, form: PageForm
) -> HttpResponse | None:
    """The way to the new outage; None when what is wrong now stands at a field."""
    service: Any = outage_plan if act == "plan" else outage_report
    try:
        made = service(acting_officer=principal, device=device, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        return None
    except ValidationError as error:
        form.faults_take(error)
        return None
    messages.success(
        request, _("The downtime is planned.") if act == "plan" else _("The outage is reported to the owner.")
    )
    return redirect("outage-detail", made.uid)


def _carried_out(
    request: HttpRequest, principal: Principal, uid: uuid.UUID, act: str, form: PageForm
) -> bool:
    """Whether the act is done (or came too late, which is said); False when a fault now stands at a field."""
    try:
        _ACTS[act][1](acting_officer=principal, uid=uid, **form.cleaned_data)
        messages.success(request, _("Recorded."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    except ValidationError as error:
        form.faults_take(error)
        return False
    return True


def _forms(principal: Principal, card: OutageCard) -> dict[str, PageForm]:
    """The acts that this reader may carry out now."""
    if not may(principal, Right.OUTAGE_WORK):
        return {}
    found: dict[str, PageForm] = {}
    if card.is_own and card.is_open:
        planned = card.stage.value == "planned"
        over = card.ends_at is not None and not card.is_under_way and not (planned and card.lasted_s == 0)
        if over:
            found["close"] = CloseForm(initial={"cause": card.cause, "remedy": ""}, auto_id="close_%s")
        elif card.is_under_way and (planned or card.kind not in BY_CLOCK):
            found["end"] = EndForm(auto_id="end_%s")
        if not planned:
            started = {"stage": card.stage, "cause": card.cause, "ticket": card.ticket, "effect": ""}
            found["work"] = WorkForm(initial=started | {"expected_at": card.expected_at}, auto_id="work_%s")
        elif may(principal, Right.DEVICE_CARE) and not over:
            found["move"] = MoveForm(initial={"ends_at": card.ends_at}, auto_id="move_%s")
            if not card.is_under_way:
                found["cancel"] = CancelForm(auto_id="cancel_%s")
    found["comment"] = CommentForm(auto_id="comment_%s")
    return found
