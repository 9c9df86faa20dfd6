"""What the witness wrote down: the histories of records and of officers, read-only."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.adminbase import GateAdmin
from agencies.adminlists import CappedPaginator, rows_filter
from agencies.choices import HistoryEvent
from agencies.facts import Principal
from agencies.models import OfficerHistory, RecordHistory
from agencies.selectors import agency_codes_by_group
from audit.words import ACTORS, OBJECT_TYPES


class HistoryAdmin(GateAdmin):
    """What both have in common. Nobody can change it, the owner of the database included."""

    uid_field = ""
    view_rights = frozenset({Right.AUDIT_VIEW})
    paginator = CappedPaginator
    list_display_links = None
    ordering = ("-id",)

    @admin.display(description=_("time"))
    def at_exactly(self, row: Any) -> str:
        """To the millisecond."""
        return f"{row.at:%Y-%m-%d %H:%M:%S}.{row.at.microsecond // 1000:03d}"

    @admin.display(description=_("by"))
    def by(self, row: Any) -> str:
        """What kind of actor; names stand in the audit record."""
        return str(ACTORS.get(row.actor, row.actor))


@admin.register(RecordHistory)
class RecordHistoryAdmin(HistoryAdmin):
    """Who was given which record, and who lost it."""

    about = _(
        "Who was given which record and who lost it, and what decided over seeing it. Written by the database."
    )
    rank = 81
    list_display = ("at_exactly", "kind_word", "label", "event", "party", "facts_text", "by", "request_id")
    list_filter = (
        rows_filter("event", _("event"), labels=dict(HistoryEvent.choices), newest=5_000),
        rows_filter("kind", _("kind of record"), labels=OBJECT_TYPES, newest=5_000),
    )

    def rows(self, principal: Principal) -> QuerySet:
        """The agency's own records, and what others gave to it."""
        return RecordHistory.objects.visible_to(principal)

    @admin.display(description=_("kind of record"))
    def kind_word(self, row: RecordHistory) -> str:
        """In the reader's language."""
        return str(OBJECT_TYPES.get(row.kind, row.kind))

    @admin.display(description=_("agency"))
    def party(self, row: RecordHistory) -> str:
        """The agency's code; a compartment has none here."""
        return agency_codes_by_group().get(row.group_id, "·")

    @admin.display(description=_("deciding values"))
    def facts_text(self, row: RecordHistory) -> str:
        """As stored; the originator goes by its internal number there, so it is left out."""
        return json.dumps({name: value for name, value in row.facts.items() if name != "originator"})


@admin.register(OfficerHistory)
class OfficerHistoryAdmin(HistoryAdmin):
    """What each officer of the own agency was, and from when on."""

    about = _("What each officer of your agency was, and from when on: role, clearance, active or suspended.")
    rank = 82
    list_display = (
        "at_exactly",
        "officer_uid",
        "event",
        "role",
        "clearance",
        "is_active",
        "by",
        "request_id",
    )
    list_filter = (
        rows_filter("event", _("event"), labels=dict(HistoryEvent.choices), newest=5_000),
        rows_filter("role", _("role"), newest=5_000),
    )

    def rows(self, principal: Principal) -> QuerySet:
        """The own agency's officers."""
        return OfficerHistory.objects.visible_to(principal)
