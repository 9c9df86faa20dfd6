"""A check of a mark by hand: asked for a purpose, answered by the worker after the same time whatever it finds."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from agencies.actions import Right
from agencies.rules.rights import require
from dashboard.consulting import principal_for, shift_purpose
from dashboard.forms_checks import CheckForm
from dashboard.selectors.checks import check_lookouts, check_notices, check_page, check_page_blank
from intelligence.rules.refusals import CheckBudgetSpent
from intelligence.selectors.checks import check_get
from intelligence.services.checks import check_make
from intelligence.services.consultations import records_read


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask for a mark. From the header's small field the purpose is asked for first, on this page."""
    principal = principal_for(request)
    require(principal, Right.CHECK_MAKE)
    status = 200
    form = CheckForm(initial={"purpose": shift_purpose(request)})
    if request.method == "POST" and "from" in request.POST:
        form = CheckForm(initial={"mark": request.POST.get("mark", ""), "purpose": shift_purpose(request)})
    elif request.method == "POST":
        form = CheckForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                made = check_make(acting_officer=principal, **form.cleaned_data)
                return redirect("check-answer", made.uid)
            except CheckBudgetSpent as refusal:  # recorded, so this request commits
                form.add_error(None, str(refusal.message))
                status = 429
            except ValidationError as error:
                form.faults_take(error)
    context = {"page": check_page_blank(principal), "form": form}
    return render(request, "checks/check.html", context, status=status)


@require_safe
def check_answer(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The check and, once the worker has given it, its answer. What it shows of records is recorded as read."""
    principal = principal_for(request)
    card = check_get(principal, uid)
    notices, lookouts = check_notices(principal, card), check_lookouts(principal, card)
    records_read(acting_officer=principal, cards=[*notices, *lookouts], purpose=card.purpose)
    page = check_page(principal, card, notices, lookouts)
    form = CheckForm(initial={"purpose": card.purpose})
    return render(request, "checks/check.html", {"page": page, "form": form})
