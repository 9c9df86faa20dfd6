"""Desks and shifts."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.adminbase import GateAdmin
from agencies.adminlists import rows_filter
from agencies.facts import Principal
from agencies.models import Desk, Officer, Shift
from agencies.selectors import desks_own, officers_own, shifts_own
from agencies.services.desks import desk_change, desk_create, shift_set

WATCHERS = frozenset({Right.OFFICER_MANAGE, Right.AUDIT_VIEW})


def _crew(principal: Principal) -> QuerySet[Officer]:
    return officers_own(principal).filter(is_active=True).order_by("last_name", "first_name")


@admin.register(Desk)
class DeskAdmin(GateAdmin):
    """Where the front line is referred to."""

    about = _("Places with a telephone that officers are referred to.")
    rank = 40
    view_rights = WATCHERS
    add_right = change_right = Right.OFFICER_MANAGE
    list_display = ("code", "name_en", "name_fr", "phone")
    sortable_by = ("code",)
    fields = ("code", "name_en", "name_fr", "phone")

    def rows(self, principal: Principal) -> QuerySet:
        """The own agency's desks."""
        return desks_own(principal)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Notices quote the code, so it stays."""
        return () if obj is None else ("code",)

    def record_save(self, request: HttpRequest, form: Any, record: Desk | None) -> Desk:
        """Enter or change."""
        principal: Principal = request.principal  # type: ignore[attr-defined]
        if record is None:
            return desk_create(acting_party=principal, **form.cleaned_data)
        return desk_change(acting_party=principal, desk=record, **form.cleaned_data)


@admin.register(Shift)
class ShiftAdmin(GateAdmin):
    """Who holds a desk, and for which purpose."""

    about = _("Who holds which desk from when to when; the purpose covers what the board shows meanwhile.")
    rank = 50
    view_rights = WATCHERS
    add_right = change_right = Right.OFFICER_MANAGE
    list_display = ("desk", "starts_at", "ends_at", "lead", "purpose")
    list_filter = (rows_filter("desk", _("desk"), field="desk__code"),)
    list_select_related = ("desk", "lead")
    sortable_by = ("starts_at",)
    ordering = ("-starts_at",)
    fields = ("desk", "lead", "officers", "starts_at", "ends_at", "purpose")
    related = {"desk": desks_own, "lead": _crew, "officers": _crew}

    def rows(self, principal: Principal) -> QuerySet:
        """The shifts at the own agency's desks."""
        return shifts_own(principal)

    def record_save(self, request: HttpRequest, form: Any, record: Shift | None) -> Shift:
        """Enter or change."""
        principal: Principal = request.principal  # type: ignore[attr-defined]
        return shift_set(acting_party=principal, shift=record, **form.cleaned_data)
