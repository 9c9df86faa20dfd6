"""The audit record: the agency's for whoever holds the right, the own acts for every officer; seals and downloads."""

import json
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.actions import Right
from agencies.evidence import roots_lines
from agencies.rules.rights import may, require
from agencies.services.evidence import record_open, record_prove, records_export, records_open
from audit import verifier
from audit.rules.lines import line_bytes
from dashboard.consulting import principal_for, purpose_for, shift_purpose
from dashboard.cursors import page_links, turn_of
from dashboard.facts.audit import RecordList
from dashboard.forms_audit import RecordExportForm, RecordFilters
from dashboard.selectors.audit import actors_own, record_page, record_row, roots_page
from dashboard.views.downloads import csv_answer

VERIFIER = Path(verifier.__file__).with_name("jocc_audit_verify.py")
_NDJSON = "application/x-ndjson"


@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """One page of the record, newest first. The reading is recorded."""
    principal, form = principal_for(request), _filters(request)
    if not form.is_valid():
        return render(request, "audit/list.html", {"page": RecordList(rows=()), "form": form}, status=400)
    page = records_open(
        acting_officer=principal, turn=turn_of(request), wanted=form.wanted(), purpose=purpose_for(request)
    )
    shown = RecordList(
        rows=tuple(record_row(event) for event in page.rows),
        filtered=form.is_narrow,
        whole=may(principal, Right.AUDIT_VIEW),
        export_query=_query(request),
        **page_links(request, page),
    )
    return render(request, "audit/list.html", {"page": shown, "form": form})


@require_safe
def audit_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One record and its seal. The reading is recorded."""
    principal = principal_for(request)
    event = record_open(acting_officer=principal, uid=uid, purpose=purpose_for(request))
    return render(request, "audit/detail.html", {"page": record_page(principal, event)})


@require_safe
def audit_proof(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The proof of one record as a file for the verifier; while it waits to be sealed, its page says so."""
    principal = principal_for(request)
    require(principal, Right.AUDIT_VIEW)
    proof = record_prove(acting_officer=principal, uid=uid, purpose=purpose_for(request))
    if proof is None:
        messages.info(request, _("Not sealed yet. The next block takes it up within seconds."))
        return redirect("audit-detail", uid)
    answer = HttpResponse(
        json.dumps(proof, indent=1, ensure_ascii=False),
        content_type="application/json",
    )
    return _named(answer, f"jocc-proof-{uid}.json")


@require_http_methods(["GET", "HEAD", "POST"])
def audit_export(request: HttpRequest) -> HttpResponse:
    """Ask for the form and the purpose, then give the records that the filters choose. The export is recorded."""
    principal = principal_for(request)
    require(principal, Right.AUDIT_VIEW)
    filters = _filters(request)
    if not filters.is_valid():
        raise BadRequest("bad filter")
    initial = {"format": "csv", "purpose": shift_purpose(request)}
    form = RecordExportForm(request.POST) if request.method == "POST" else RecordExportForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        kind, purpose = form.cleaned_data["format"], form.cleaned_data["purpose"]
        try:
            lines = records_export(
                acting_officer=principal, wanted=filters.wanted(), form=kind, purpose=purpose
            )
        except ValidationError as error:
            form.faults_take(error)
        else:
            return _csv(lines) if kind == "csv" else _lines(f"audit-{kind}", lines)
    context = {"form": form, "filters": filters, "export_query": _query(request)}
    return render(request, "audit/export.html", context, status=422 if form.errors else 200)


@require_safe
def audit_roots(request: HttpRequest) -> HttpResponse:
    """How the agency verifies its record by itself: how far it is sealed, and the two files."""
    principal = principal_for(request)
    require(principal, Right.AUDIT_VIEW)
    return render(request, "audit/roots.html", {"page": roots_page(principal)})


@require_safe
def audit_roots_file(request: HttpRequest) -> HttpResponse:
    """The roots as they were published to the agency."""
    principal = principal_for(request)
    require(principal, Right.AUDIT_VIEW)
    return _lines("audit-roots", roots_lines(principal, 0, None))


@require_safe
def audit_verifier(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier."""
    require(principal_for(request), Right.AUDIT_VIEW)
    return _named(HttpResponse(VERIFIER.read_bytes(), content_type="text/x-python"), VERIFIER.name)


def _filters(request: HttpRequest) -> RecordFilters:
    principal = principal_for(request)
    whole = may(principal, Right.AUDIT_VIEW)
    return RecordFilters(request.GET, principal=principal, actors=actors_own(principal) if whole else None)


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    return f"?{query.urlencode()}" if query else ""


def _csv(lines: list[dict[str, Any]]) -> HttpResponse:
    columns = list(lines[0]) if lines else []
    rows = ([_cell(line[column]) for column in columns] for line in lines)
    return csv_answer("audit", [columns, *rows])


def _cell(value: Any) -> object:
    if isinstance(value, list):
        return " ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _lines(name: str, lines: Iterable[dict[str, Any]]) -> HttpResponse:
    answer = HttpResponse(b"".join(map(line_bytes, lines)), content_type=_NDJSON)
    return _named(answer, f"jocc-{name}-{timezone.localtime():%Y%m%d-%H%M}.ndjson")


def _named(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
