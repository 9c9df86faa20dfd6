"""Asking for a record that is known by its reference only, and the owner's queue of such requests."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.actions import Right
from agencies.paging import Page, Turn
from agencies.rules.rights import may, require
from dashboard.consulting import principal_for, shift_purpose
from dashboard.cursors import page_links, turn_of
from dashboard.forms_access import AccessForm, AnswerForm
from intelligence.facts import AccessCaseCard
from intelligence.rules.refusals import AccessBudgetSpent, Refusal
from intelligence.selectors.access import access_case_get, access_cases_page, access_requests_page
from intelligence.services.access import access_ask, access_case_answer

#: So many cases that wait stand above the requests.
_CASES_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def access_list(request: HttpRequest) -> HttpResponse:
    """Ask; the own requests; and for the owner's analysts what others ask of the agency."""
    principal = principal_for(request)
    require(principal, Right.ACCESS_ASK)
    status, form = 200, AccessForm(initial={"purpose": shift_purpose(request)})
    if request.method == "POST":
        form, status = AccessForm(request.POST), 422
        if form.is_valid():
            try:
                access_ask(acting_officer=principal, **form.cleaned_data)
                messages.success(request, _("If such a record exists, its owner has been asked."))
                return redirect("access-list")
            except AccessBudgetSpent as refusal:  # recorded, so this request commits
                form.add_error(None, str(refusal.message))
                status = 429
            except ValidationError as error:
                form.faults_take(error)
    page = access_requests_page(principal, turn_of(request))
    cases: Page[AccessCaseCard] = Page()
    if may(principal, Right.LOOKOUT_CREATE):
        cases = access_cases_page(principal, Turn(_CASES_SHOWN), is_open=True)
    context: dict[str, Any] = {
        "form": form,
        "rows": page.rows,
        "cases": cases.rows,
        "page": page_links(request, page),
    }
    return render(request, "access/list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def access_case(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One case, and its owner's answer."""
    principal = principal_for(request)
    card = access_case_get(principal, uid)
    form = AnswerForm()
    if request.method == "POST":
        form = AnswerForm(request.POST)
        try:
            if form.is_valid():
                access_case_answer(acting_officer=principal, uid=uid, **form.cleaned_data)
                messages.success(request, _("The answer is recorded."))
                return redirect("access-list")
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return redirect("access-case", uid)
        except ValidationError as error:
            form.faults_take(error, {"purpose": "message", "agencies": "answer"})
    context = {"card": card, "form": form if card.is_open else None}
    return render(request, "access/case.html", context, status=422 if form.errors else 200)
