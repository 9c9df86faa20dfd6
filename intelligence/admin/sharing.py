"""Disseminations, recalls and tear-lines on the admin site; read-only."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.adminbase import GateAdmin
from agencies.adminlists import rows_filter
from agencies.facts import Principal
from agencies.selectors import agency_codes_by_group
from intelligence.choices import Ending
from intelligence.models import Dissemination, RecallReceipt, TearLine


@admin.register(Dissemination)
class DisseminationAdmin(GateAdmin):
    """To whom the own agency has given what; shared and recalled on the officers' pages."""

    about = _("To whom your agency has given what, until when, and how it ended.")
    rank = 23
    uid_field = ""
    view_rights = frozenset({Right.LOOKOUT_CREATE})
    list_display = (
        "created_at", "subject_kind", "subject_reference", "recipient", "purpose", "expires_at", "ended_at", "ending",
    )  # fmt: skip
    list_display_links = None
    list_filter = (rows_filter("ending", _("how it ended"), labels=dict(Ending.choices)),)
    ordering = ("-created_at", "-id")

    def rows(self, principal: Principal) -> QuerySet:
        """By the own agency and compartments."""
        return Dissemination.objects.visible_to(principal).filter(originator_id__in=list(principal.groups))

    @admin.display(description=_("recipient"))
    def recipient(self, row: Dissemination) -> str:
        """The agency's code."""
        return agency_codes_by_group().get(row.recipient_group_id, "")


@admin.register(RecallReceipt)
class RecallReceiptAdmin(GateAdmin):
    """What was taken back, from whom, and whether the removal is confirmed."""

    about = _("What was recalled, what had been read of it, and who has confirmed the removal.")
    rank = 24
    uid_field = ""
    view_rights = frozenset({Right.LOOKOUT_CREATE})
    list_display = (
        "created_at", "subject_kind", "subject_reference", "owner", "recipient", "readings", "last_read_at",
        "confirmed_at",
    )  # fmt: skip
    list_display_links = None
    ordering = ("-created_at", "-id")

    def rows(self, principal: Principal) -> QuerySet:
        """Taken back by the own agency, or from it."""
        return RecallReceipt.objects.visible_to(principal)

    @admin.display(description=_("owner"))
    def owner(self, row: RecallReceipt) -> str:
        """The agency's code."""
        return agency_codes_by_group().get(row.originator_id, "")

    @admin.display(description=_("recipient"))
    def recipient(self, row: RecallReceipt) -> str:
        """The agency's code."""
        return agency_codes_by_group().get(row.recipient_group_id, "")


@admin.register(TearLine)
class TearLineAdmin(GateAdmin):
    """Which lookouts stand in for which."""

    about = _("Which lookouts stand in for which; for their owner alone.")
    rank = 25
    uid_field = ""
    view_rights = frozenset({Right.LOOKOUT_CREATE})
    list_display = ("created_at", "source", "twin")
    list_display_links = None
    list_select_related = ("source", "twin")
    ordering = ("-created_at", "-id")

    def rows(self, principal: Principal) -> QuerySet:
        """The own agency's and compartments'."""
        return TearLine.objects.visible_to(principal)
