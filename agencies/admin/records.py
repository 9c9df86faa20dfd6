"""The audit record of the own agency, read-only, with export."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.adminbase import GateAdmin
from agencies.adminlists import CappedPaginator, rows_filter
from agencies.facts import Principal
from agencies.selectors import audit_visible_to
from agencies.services.exports import AUDIT_COLUMNS, audit_export, audit_list_read
from audit.models import AuditEvent
from audit.words import ACTION_WORDS, ACTORS, OBJECT_TYPES

SHOWN_OBJECTS = 3
FORMATS = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}
#: Spreadsheets take a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class PeriodFilter(SimpleListFilter):
    """How far back."""

    title = _("period")
    parameter_name = "period"
    _SPANS = {"day": dt.timedelta(days=1), "week": dt.timedelta(days=7), "month": dt.timedelta(days=31)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Three spans."""
        return [("day", _("last 24 hours")), ("week", _("last 7 days")), ("month", _("last 31 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The rows since then; an unknown span has none."""
        if self.value() is None:
            return queryset
        span = self._SPANS.get(self.value() or "")
        return queryset.filter(at__gte=timezone.now() - span) if span else queryset.none()


@admin.register(AuditEvent)
class AuditEventAdmin(GateAdmin):
    """Who did what, to what, why: the own agency's part of the record."""

    about = _("Who did what, to what, and why, in your agency. Nobody can change it.")
    rank = 80
    view_rights = frozenset({Right.AUDIT_VIEW})
    uid_field = ""
    change_list_template = "admin/audit_list.html"
    paginator = CappedPaginator
    list_display = ("at_exactly", "who", "what", "objects", "purpose", "request_id", "detail_text")
    list_display_links = None
    list_filter = (
        PeriodFilter,
        rows_filter("action", _("act"), labels=ACTION_WORDS, newest=5_000),
        rows_filter("object_type", _("kind of object"), labels=OBJECT_TYPES, newest=5_000),
        rows_filter("actor", _("kind of actor"), labels=ACTORS, newest=5_000),
    )
    search_fields = ("request_id",)
    search_help_text = _("A request’s id or an object’s id, in full.")
    sortable_by = ("at_exactly",)
    ordering = ("-at", "-id")

    def rows(self, principal: Principal) -> QuerySet:
        """The own agency's and compartments' part."""
        return audit_visible_to(principal)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet, bool]:
        """By the whole id of a request or an object."""
        term = search_term.strip()
        if not term:
            return queryset, False
        compact = term.replace("-", "").lower()
        if len(compact) == 32 and all(c in "0123456789abcdef" for c in compact):
            return queryset.filter(object_uids__contains=[compact]) | queryset.filter(request_id=term), False
        return queryset.filter(request_id=term), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Reading the record is itself recorded, once for each page shown."""
        response = super().changelist_view(
            request, {"export_formats": list(FORMATS), **(extra_context or {})}
        )
        changes = getattr(response, "context_data", None)
        if changes and "cl" in changes:
            principal: Principal = request.principal  # type: ignore[attr-defined]
            filters = {key: request.GET[key] for key in sorted(request.GET)}
            audit_list_read(acting_party=principal, shown=len(changes["cl"].result_list), filters=filters)
        return response

    def get_urls(self) -> list[URLPattern]:
        """The list and its export."""
        export = path("export/", self.admin_site.admin_view(self.export_view), name="audit_auditevent_export")
        return [export, *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The rows that the list shows with these filters, as a file; asks for the purpose and is recorded."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        form, purpose = request.POST.get("format", ""), request.POST.get("purpose", "").strip()
        back = f"{self.url('changelist')}?{request.GET.urlencode()}"
        if form not in FORMATS or not purpose:
            messages.error(request, _t("Say for which purpose you export the record."))
            return HttpResponseRedirect(back)
        rows = self.get_changelist_instance(request).queryset
        principal: Principal = request.principal  # type: ignore[attr-defined]
        lines = audit_export(acting_party=principal, rows=rows, purpose=purpose)
        body = _csv(lines) if form == "csv" else "".join(json.dumps(line) + "\n" for line in lines)
        response = HttpResponse(body, content_type=FORMATS[form])
        name = f"audit-{principal.agency_code}-{timezone.now():%Y%m%dT%H%M%SZ}.{form}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @admin.display(description=_("time"), ordering="at")
    def at_exactly(self, event: AuditEvent) -> SafeString:
        """To the second, in the officer's zone; the exact UTC time behind it."""
        local = timezone.localtime(event.at)
        exact = event.at.astimezone(dt.UTC).isoformat()
        return format_html(
            '<time datetime="{}" title="{}">{}</time>', exact, exact, f"{local:%Y-%m-%d %H:%M:%S}"
        )

    @admin.display(description=_("who"))
    def who(self, event: AuditEvent) -> SafeString:
        """Name and kind of actor."""
        return format_html(
            '{} <span class="soft">{}</span>', event.actor_label, ACTORS.get(event.actor, event.actor)
        )

    @admin.display(description=_("act"))
    def what(self, event: AuditEvent) -> SafeString:
        """The act in words, its code behind it."""
        return format_html(
            '<span title="{}">{}</span>', event.action, ACTION_WORDS.get(event.action, event.action)
        )

    @admin.display(description=_("objects"))
    def objects(self, event: AuditEvent) -> SafeString:
        """The first objects by id, and how many more."""
        kind = OBJECT_TYPES.get(event.object_type, event.object_type)
        shown = format_html_join(
            " ", '<code title="{}">{}…</code>', ((u, str(u)[:8]) for u in event.object_uids[:SHOWN_OBJECTS])
        )
        more = len(event.object_uids) - SHOWN_OBJECTS
        return format_html("{} {}{}", kind, shown, f" +{more}" if more > 0 else "")

    @admin.display(description=_("detail"))
    def detail_text(self, event: AuditEvent) -> str:
        """What else was recorded."""
        return ", ".join(f"{key}: {_plain(value)}" for key, value in event.detail.items())


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _csv(lines: Iterator[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(AUDIT_COLUMNS)
    for line in lines:
        writer.writerow([_cell(line[column]) for column in AUDIT_COLUMNS])
    return out.getvalue()


def _cell(value: Any) -> str:
    text = (
        " ".join(value)
        if isinstance(value, list)
        else json.dumps(value)
        if isinstance(value, dict)
        else str(value)
    )
    return f"'{text}" if text.startswith(_FORMULA) else text
