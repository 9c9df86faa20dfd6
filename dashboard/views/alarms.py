"""Alarms: the list with its acts, its export, the load that they make, and one alarm with its history."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.actions import Right
from agencies.facts import Principal
from agencies.models import Officer
from agencies.paging import Page
from agencies.rules.rights import may, require
from agencies.services.readings import shown_record
from dashboard.consulting import principal_for, purpose_for
from dashboard.context import SITE_KEY, session_of
from dashboard.cursors import page_links, turn_of
from dashboard.facts.alarm_groups import AlarmList
from dashboard.facts.needs import AlarmRow
from dashboard.forms import AlarmFilters
from dashboard.forms_alarms import AlarmAssignForm, alarm_forms
from dashboard.forms_common import PageForm
from dashboard.selectors.alarm import alarm_page
from dashboard.selectors.alarms import alarm_load_now, alarm_row_now, alarms_shown
from dashboard.selectors.calls import calls_now
from dashboard.selectors.places import equipment_now, site_of_work
from dashboard.services.exports import alarms_export
from dashboard.views.acts import act_carried_out, back_where_it_was
from dashboard.views.downloads import csv_answer
from scanning.selectors.alarms import AlarmFilter
from scanning.selectors.seen import SiteSeen
from scanning.services.alarm_reviews import alarm_opened


@require_safe
def alarm_list(request: HttpRequest) -> HttpResponse:
    """One page of the site's alarms, newest first."""
    principal, site, form = _asked(request)
    page = _page(request, principal, site, form)
    _recorded(request, principal, page)
    assign = AlarmAssignForm(principal=principal, auto_id="many_%s") if page.may_act else None
    return render(
        request, "alarms/list.html", {"page": page, "form": form, "assign": assign, "live": page.live}
    )


@require_safe
def alarm_list_part(request: HttpRequest) -> HttpResponse:
    """The first page again, for a page that is open, unless nothing has changed. The reading is recorded."""
    principal, site, form = _asked(request)
    page = _page(request, principal, site, form)
    if request.GET.get("as_of") == page.as_of:
        return HttpResponse(status=204)
    _recorded(request, principal, page)
    return render(request, "alarms/list_part.html", {"page": page})


def _recorded(request: HttpRequest, principal: Principal, page: AlarmList) -> None:
    shown_record(
        acting_officer=principal,
        kind="alarm",
        uids=[row.id for row in (*page.called, *page.rows)],
        purpose=purpose_for(request),
    )


def _page(request: HttpRequest, principal: Principal, site: SiteSeen | None, form: AlarmFilters) -> AlarmList:
    called: tuple[AlarmRow, ...] = ()
    found: Page[AlarmRow] = Page()
    if form.is_valid() and site is not None:
        called, found = alarms_shown(principal, turn_of(request), _wanted(form, site))
    query = request.GET.copy()
    for name in ("cursor", "as_of", "site"):
        query.pop(name, None)
    return AlarmList(
        rows=found.rows,
        called=called,
        load=alarm_load_now(principal),
        filtered=form.is_narrow,
        export_query=f"?{query.urlencode()}" if query else "",
        live=form.is_valid() and not request.GET.get("cursor"),
        may_act=may(principal, Right.ALARM_ACT),
        **page_links(request, found),
    )


@require_safe
def alarm_export(request: HttpRequest) -> HttpResponse:
    """The filtered alarms as CSV; the export is recorded."""
    principal, site, form = _asked(request)
    if not form.is_valid() or site is None:
        return render(request, "400.html", status=400)
    rows = alarms_export(acting_officer=principal, wanted=_wanted(form, site), purpose=purpose_for(request))
    return csv_answer(f"alarms-{site.code.lower()}", rows)


@require_http_methods(["GET", "HEAD", "POST"])
def alarm_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One alarm with its history, and what may be done about it with a comment. The reading is recorded."""
    principal = principal_for(request)
    require(principal, Right.ALARM_VIEW)
    forms = alarm_forms(principal, request.POST if request.method == "POST" else None)
    sent = [form for form in forms.values() if form.is_bound]
    if sent and all(form.is_valid() for form in sent):
        done = _act_of_page(request, principal, uid, sent)
        if done is not None:
            return done
    alarm_opened(acting_officer=principal, uid=uid)
    page = alarm_page(principal, uid)
    shown_record(acting_officer=principal, kind="alarm", uids=[uid], purpose=purpose_for(request))
    return render(
        request, "alarms/detail.html", {"page": page, "sent": sent, **forms}, status=422 if sent else 200
    )


def _act_of_page(
    request: HttpRequest, principal: Principal, uid: uuid.UUID, sent: list[PageForm]
) -> HttpResponse | None:
    """Where the act leads; None when what is wrong now stands at a field, beside the words that were typed."""
    try:
        error = act_carried_out(request, principal, "alarm", uid, raises=True)
    except ValidationError as refused:
        for name, faults in _faults(refused).items():
            form = next((form for form in sent if name in form.fields), sent[0])
            form.faults_take(ValidationError({name: faults}))
        return None
    if error:
        sent[0].add_error(None, error)
        return None
    # Opening it again would mark it as reviewed again.
    return redirect("alarm-list") if request.POST.get("act") == "unreview" else redirect("alarm-detail", uid)


def _faults(refused: ValidationError) -> dict[str, list[ValidationError]]:
    return refused.error_dict if hasattr(refused, "error_dict") else {"": refused.error_list}


@never_cache
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """What calls the duty supervisor, for an open page to show; nothing for everybody else."""
    principal, officer = principal_for(request), request.user
    require(principal, Right.ALARM_VIEW)
    found = calls_now(principal, officer) if isinstance(officer, Officer) else None
    return render(request, "shell/calls.html", {"calls": found})


@require_POST
def alarm_act(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Acknowledge, clear or undo from the list; of two officers at once the second sees who was first."""
    principal = principal_for(request)
    error = act_carried_out(request, principal, "alarm", uid)
    if not request.headers.get("HX-Request"):
        return back_where_it_was(request, "alarm-list", error)
    row = alarm_row_now(principal, uid)
    return render(request, "alarms/row.html", {"row": row, "error": error})


def _asked(request: HttpRequest) -> tuple[Principal, SiteSeen | None, AlarmFilters]:
    principal = principal_for(request)
    require(principal, Right.ALARM_VIEW)
    site = site_of_work(principal, request.GET.get("site", "") or session_of(request).get(SITE_KEY, ""))
    form = AlarmFilters(request.GET, equipment=equipment_now(principal), site=site)
    return principal, site, form


def _wanted(form: AlarmFilters, site: SiteSeen) -> AlarmFilter:
    chosen = form.cleaned_data
    return AlarmFilter(
        active={"active": True, "cleared": False}.get(chosen["state"]),
        acknowledged=False if not chosen["state"] else None,
        severity=chosen["severity"],
        assigned=False if chosen["whose"] == "nobody" else None,
        mine=chosen["whose"] == "mine",
        reviewed={"yes": True, "no": False}.get(chosen["reviewed"]),
        escalated=True if chosen["state"] == "escalated" else None,
        silenced=True if chosen["state"] == "silenced" else None,
        kind=chosen["kind"],
        lane=chosen["lane"],
        site=site.code,
    )
