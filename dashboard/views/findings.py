"""Adjudicating an alarm, reporting a later find, and the statistics of devices."""

import datetime as dt
import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.actions import Right
from agencies.rules.rights import require
from agencies.selectors import agencies_all
from dashboard.consulting import principal_for, purpose_for
from dashboard.context import SITE_KEY, session_of
from dashboard.forms_findings import AdjudicateForm, FindForm, RateFilters
from dashboard.selectors.cards import rule_word
from dashboard.selectors.passage import passage_page
from dashboard.selectors.places import equipment_now, site_of_work
from dashboard.selectors.rates import rate_cell, rate_lines, rate_rows
from dashboard.services.exports import rates_export
from dashboard.views.downloads import csv_answer
from intelligence.rules.refusals import Refusal
from scanning.selectors.alarms import alarm_seen
from scanning.selectors.findings import adjudications_of
from scanning.selectors.rates import rates_read
from scanning.services.findings import alarm_adjudicate, find_report


@require_http_methods(["GET", "HEAD", "POST"])
def adjudicate(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Say what an alarm about a vehicle turned out to be; what was stated before stays readable."""
    principal = principal_for(request)
    require(principal, Right.ALARM_ACT)
    alarm = alarm_seen(principal, uid)
    form = AdjudicateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            alarm_adjudicate(acting_officer=principal, uid=uid, **form.cleaned_data)
            messages.success(request, _("It counts in the statistics from now on."))
            return redirect("passage-detail", alarm.passage_uid)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return redirect("alarm-list")
        except ValidationError as error:
            form.faults_take(error)
    device = equipment_now(principal).devices.get(alarm.device_id)
    context = {
        "form": form,
        "alarm": alarm,
        "title": rule_word(alarm.rule),
        "device": device,
        "stated": adjudications_of(principal, [alarm.id]).get(alarm.id, []),
    }
    return render(request, "rates/adjudicate.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def find_new(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Report what was found in the vehicle after it had passed here."""
    principal = principal_for(request)
    require(principal, Right.FIND_REPORT)
    require(principal, Right.PASSAGE_VIEW)
    passage, _flag = passage_page(principal, uid)
    agencies = [
        (agency.code, f"{agency.name} ({agency.code})")
        for agency in agencies_all()
        if agency.code != principal.agency_code
    ]
    form = FindForm(request.POST or None, agencies=agencies)
    if request.method == "POST" and form.is_valid():
        try:
            find_report(acting_officer=principal, passage=uid, **form.cleaned_data)
            messages.success(request, _("The find is attached to its passage."))
            return redirect("passage-detail", uid)
        except ValidationError as error:
            form.faults_take(error)
    context = {"form": form, "passage": passage}
    return render(request, "rates/find.html", context, status=422 if form.errors else 200)


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Which device finds what, at what cost, and how sure we are; with `export` as CSV, which is recorded."""
    principal = principal_for(request)
    require(principal, Right.PASSAGE_VIEW)
    site = site_of_work(principal, session_of(request).get(SITE_KEY, ""))
    form = RateFilters(request.GET)
    if not form.is_valid():
        return render(request, "rates/list.html", {"form": form}, status=400)
    wanted = form.wanted(site)
    rates = rates_read(principal, wanted)
    lines = rate_lines(principal, rates, wanted)
    if "export" in request.GET:
        rates_export(acting_officer=principal, wanted=wanted, purpose=purpose_for(request))
        return csv_answer("statistics", rate_rows(lines, rates))
    query = request.GET.copy()
    query["export"] = "csv"
    context = {
        "form": form,
        "lines": lines,
        "wanted": wanted,
        "last": timezone.localdate(wanted.until - dt.timedelta(seconds=1)),
        "random": rate_cell(rates.random),
        "searches": rate_cell(rates.searches),
        "export_query": f"?{query.urlencode()}",
    }
    return render(request, "rates/list.html", context)
