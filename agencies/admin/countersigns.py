"""What needs a second signature, to be looked through; signing is done on the officers' own page."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.adminbase import GateAdmin
from agencies.adminlists import rows_filter
from agencies.choices import CountersignKind, CountersignState
from agencies.facts import Principal
from agencies.models import Countersign
from agencies.rules.countersigns import state_now
from agencies.selectors import countersign_cards, countersigns_of
from agencies.services.countersigns import countersigns_read


@admin.register(Countersign)
class CountersignAdmin(GateAdmin):
    """Read-only. Every showing is recorded."""

    about = _("What one officer proposed and another has to sign; signing is done under “Second signatures”.")
    rank = 35
    view_rights = frozenset({Right.COUNTERSIGN_VIEW})
    list_display = ("kind", "state_shown", "reason", "created_at", "expires_at", "closed_at")
    list_filter = (
        rows_filter("kind", _("what is proposed"), labels=dict(CountersignKind.choices)),
        rows_filter("state", _("state"), labels=dict(CountersignState.choices)),
    )
    sortable_by = ("created_at", "expires_at", "closed_at")
    fields = ("kind", "state_shown", "reason", "created_at", "expires_at", "closed_at", "closing_reason")
    readonly_fields = fields

    def rows(self, principal: Principal) -> QuerySet:
        """Those that concern the officer."""
        return countersigns_of(principal)

    @admin.display(description=_("state"))
    def state_shown(self, proposal: Countersign) -> str:
        """Expired ones say so."""
        return str(state_now(proposal.state, proposal.expires_at, timezone.now()).label)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The list; what it shows is recorded as read."""
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            self._read(request, list(shown["cl"].result_list))
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """One proposal; recorded as read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        self._read(request, [self._record_or_404(request, object_id)])
        return super().change_view(request, object_id, form_url, extra_context)

    def _read(self, request: HttpRequest, proposals: list[Countersign]) -> None:
        principal: Principal = request.principal  # type: ignore[attr-defined]
        cards = countersign_cards(principal, proposals)
        countersigns_read(acting_officer=principal, cards=cards)
