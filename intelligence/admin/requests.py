"""What was asked for by reference, and what was proposed, on the admin site."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.adminbase import GateAdmin
from agencies.adminlists import rows_filter
from agencies.facts import Principal
from agencies.selectors import agency_codes_by_group
from intelligence.choices import CaseState, ProposalState, SharedKind
from intelligence.models import AccessCase, AccessRequest, Proposal


@admin.register(AccessRequest)
class AccessRequestAdmin(GateAdmin):
    """What the own agency has asked others for by reference; read-only."""

    about = _("What your agency has asked others for by reference.")
    rank = 20
    uid_field = ""
    view_rights = frozenset({Right.AUDIT_VIEW})
    list_display = ("asked_at", "reference", "officer", "purpose", "outcome", "message", "closes_at")
    list_display_links = None
    list_select_related = ("officer",)
    ordering = ("-asked_at", "-id")

    def rows(self, principal: Principal) -> QuerySet:
        """The own agency's."""
        return AccessRequest.objects.visible_to(principal)


@admin.register(AccessCase)
class AccessCaseAdmin(GateAdmin):
    """What other agencies ask of the own one; answered on the officers' pages."""

    about = _("What other agencies ask of yours by reference.")
    rank = 21
    uid_field = ""
    view_rights = frozenset({Right.LOOKOUT_CREATE})
    list_display = (
        "asked_at",
        "subject_kind",
        "subject_reference",
        "asker",
        "purpose",
        "state",
        "probing",
        "message",
        "answered_at",
    )
    list_display_links = None
    list_filter = (
        rows_filter("state", _("state"), labels=dict(CaseState.choices)),
        rows_filter("kind", _("kind of record"), field="subject_kind", labels=dict(SharedKind.choices)),
    )
    ordering = ("-asked_at", "-id")

    def rows(self, principal: Principal) -> QuerySet:
        """The own agency's and compartments'."""
        return AccessCase.objects.visible_to(principal)

    @admin.display(description=_("asked by"))
    def asker(self, case: AccessCase) -> str:
        """The agency's code."""
        return agency_codes_by_group().get(case.asker_group_id, "")


@admin.register(Proposal)
class ProposalAdmin(GateAdmin):
    """What was proposed, by whom, and what became of it; decided on the officers' pages."""

    about = _("Changes proposed to the owners of lookouts, and what became of them.")
    rank = 22
    uid_field = ""
    view_rights = frozenset({Right.LOOKOUT_CREATE})
    list_display = (
        "created_at",
        "lookout_reference",
        "proposer",
        "reason",
        "state",
        "decided_at",
        "decision_reason",
    )
    list_display_links = None
    list_filter = (rows_filter("state", _("state"), labels=dict(ProposalState.choices)),)
    ordering = ("-created_at", "-id")

    def rows(self, principal: Principal) -> QuerySet:
        """Made by the own agency, or made to it."""
        return Proposal.objects.visible_to(principal)

    @admin.display(description=_("proposer"))
    def proposer(self, proposal: Proposal) -> str:
        """The agency's code."""
        return agency_codes_by_group().get(proposal.originator_id, "")
