"""The care of a device, and how available devices are."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.actions import Right
from agencies.rules.rights import may, require
from dashboard.consulting import principal_for, purpose_for
from dashboard.context import SITE_KEY, session_of
from dashboard.forms_outages import AvailabilityFilters, CareForm, WithdrawForm
from dashboard.selectors.outages import availability_lines, availability_table
from dashboard.selectors.places import equipment_now, site_of_work
from dashboard.services.exports import availability_export
from dashboard.views.downloads import csv_answer
from intelligence.rules.refusals import Refusal
from scanning.selectors.availability import availability_read
from scanning.selectors.care import care_due, care_of, firmware_of
from scanning.selectors.devices import device_state
from scanning.services.care import care_enter, care_withdraw


@require_http_methods(["GET", "HEAD", "POST"])
def device_care(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What was done to a device; its owner's keepers enter and withdraw."""
    principal = principal_for(request)
    require(principal, Right.OUTAGE_VIEW)
    device = device_state(principal, uid).device
    may_enter = device.is_own and may(principal, Right.DEVICE_CARE)
    act = request.POST.get("act", "enter")
    if request.method == "POST" and (not may_enter or act not in {"enter", "withdraw"}):
        require(principal, Right.DEVICE_CARE)
        raise BadRequest("unknown act")
    form = CareForm(request.POST if request.method == "POST" and act == "enter" else None)
    withdrawal = WithdrawForm(request.POST if request.method == "POST" and act == "withdraw" else None)
    if request.method == "POST" and _carried_out(request, uid, form, withdrawal):
        return redirect("device-care", uid)
    entries = care_of(principal, uid)
    context = {
        "device": device,
        "entries": entries,
        "firmware": firmware_of(entries),
        "due": care_due(principal, [device.id]),
        "form": form,
        "withdrawal": withdrawal,
        "withdrawing": request.POST.get("entry", ""),
        "may_enter": may_enter,
    }
    return render(
        request, "outages/care.html", context, status=422 if form.errors or withdrawal.errors else 200
    )


def _carried_out(request: HttpRequest, uid: uuid.UUID, form: CareForm, withdrawal: WithdrawForm) -> bool:
    principal, given = principal_for(request), withdrawal if withdrawal.is_bound else form
    if not given.is_valid():
        return False
    try:
        if given is withdrawal:
            entry = request.POST.get("entry", "")
            care_withdraw(acting_officer=principal, uid=entry, reason=given.cleaned_data["reason"])
        else:
            care_enter(acting_officer=principal, device=uid, **given.cleaned_data)
        messages.success(request, _("Recorded."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    except ValidationError as error:
        given.faults_take(error)
        return False
    return True


@require_safe
def availability(request: HttpRequest) -> HttpResponse:
    """How much of its time in service each device was fit to work; with `export` as CSV, which is recorded."""
    principal = principal_for(request)
    require(principal, Right.OUTAGE_VIEW)
    site = site_of_work(principal, session_of(request).get(SITE_KEY, ""))
    devices = equipment_now(principal).devices.values()
    form = AvailabilityFilters(
        request.GET,
        owners={device.owner for device in devices} - {""},
        kinds={device.kind for device in devices},
    )
    if not form.is_valid():
        return render(request, "outages/availability.html", {"form": form}, status=400)
    wanted = form.wanted(site)
    lines = availability_lines(principal, availability_read(principal, wanted), wanted)
    if "export" in request.GET:
        availability_export(acting_officer=principal, wanted=wanted, purpose=purpose_for(request))
        return csv_answer("availability", availability_table(lines))
    query = request.GET.copy()
    query["export"] = "csv"
    context = {
        "form": form,
        "lines": lines,
        "wanted": wanted,
        "last": timezone.localtime(wanted.until),
        "export_query": f"?{query.urlencode()}",
    }
    return render(request, "outages/availability.html", context)
