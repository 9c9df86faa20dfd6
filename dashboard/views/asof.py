"""Who could see a record at a moment, who did, and why: asked by form, never by address, and recorded."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import AsOfAnswer
from agencies.rules.rights import require
from agencies.services.asof import asof_ask
from dashboard.consulting import principal_for, shift_purpose
from dashboard.forms_asof import AsOfForm
from dashboard.selectors.asof import agencies_named, asof_page, asof_rows
from dashboard.services.exports import asof_export
from dashboard.views.downloads import csv_answer
from intelligence.facts import RecallCard
from intelligence.selectors.disseminations import recalls_of


@require_http_methods(["GET", "HEAD", "POST"])
def as_of(request: HttpRequest) -> HttpResponse:
    """The question, and below it its answer; with `export` the answer as CSV."""
    principal = principal_for(request)
    require(principal, Right.ASOF_ASK)
    agencies = agencies_named(principal)
    if request.method != "POST":
        return render(
            request, "asof/asof.html", {"form": AsOfForm(agencies=agencies, initial=_initial(request))}
        )
    form = AsOfForm(request.POST, agencies=agencies)
    answer = _answer(request, form)
    if answer is not None and "export" in request.POST:
        asof_export(acting_officer=principal, answer=answer, purpose=form.cleaned_data["purpose"])
        return csv_answer("as-of", asof_rows(answer, _recalls(request, answer)))
    page = asof_page(answer, _recalls(request, answer)) if answer is not None else None
    context: dict[str, Any] = {"form": form, "page": page}
    return render(request, "asof/asof.html", context, status=422 if answer is None else 200)


def _answer(request: HttpRequest, form: AsOfForm) -> AsOfAnswer | None:
    """The answer; None when a fault now stands at a field."""
    if not form.is_valid():
        return None
    try:
        return asof_ask(acting_officer=principal_for(request), **form.asked())
    except NotVisible:
        form.add_error("record", _("There is no such record that you may ask about."))
    except ValidationError as error:
        form.faults_take(error, {"at": "time"})
    return None


def _recalls(request: HttpRequest, answer: AsOfAnswer) -> tuple[RecallCard, ...]:
    return recalls_of(principal_for(request), answer.uid)


def _initial(request: HttpRequest) -> dict[str, Any]:
    now = timezone.localtime()
    return {
        "record": request.GET.get("record", "")[:80].replace("\x00", ""),
        "agency": principal_for(request).agency_code,
        "day": now.date(),
        "time": now.time().replace(microsecond=0),
        "purpose": shift_purpose(request),
    }
