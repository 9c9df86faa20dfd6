"""Lookouts on the admin site: those of the own agency, and those shared with it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.adminacts import Act
from agencies.adminbase import GateAdmin
from agencies.adminlists import clearance_word, rows_filter
from agencies.choices import Caveat
from agencies.facts import Principal
from agencies.forms.records import ReasonForm
from agencies.models import Agency, Desk
from agencies.rules.appointments import ChangeRefused
from agencies.selectors import compartments_of
from intelligence.choices import DisclosureMode, LookoutKind, LookoutState, Priority
from intelligence.facts import LookoutCard
from intelligence.forms.admin import NewLookoutForm
from intelligence.models import Lookout
from intelligence.rules.handling import handling_text
from intelligence.rules.refusals import Refusal
from intelligence.selectors.lookouts import lookout_card
from intelligence.services.consultations import records_read
from intelligence.services.lookouts import lookout_create, lookout_withdraw

#: What reading on these pages is recorded with, unless the shift says otherwise.
PURPOSE = "Supervision of lookouts in the administration site"


def _desks(principal: Principal) -> QuerySet[Desk]:
    return Desk.objects.select_related("agency")


@admin.register(Lookout)
class LookoutAdmin(GateAdmin):
    """The watch-list as this officer may see it. Every showing is recorded."""

    about = _("What your agency looks for, and what others have shared with it. Each reading is recorded.")
    rank = 10
    view_rights = frozenset({Right.LOOKOUT_VIEW})
    add_right = Right.LOOKOUT_CREATE
    change_form_template = "admin/lookout.html"
    list_display = (
        "reference",
        "owner",
        "mark_raw",
        "country",
        "mode_short",
        "action_code",
        "priority",
        "state",
        "marking",
        "expires_at",
        "review_due",
    )
    list_filter = (
        rows_filter("owner", _("owner"), field="owner_code"),
        rows_filter("state", _("state"), labels=dict(LookoutState.choices)),
        rows_filter("mode", _("disclosure"), labels=dict(DisclosureMode.choices)),
        rows_filter("kind", _("kind"), labels=dict(LookoutKind.choices)),
        rows_filter("priority", _("priority"), labels=dict(Priority.choices)),
    )
    sortable_by = ("reference", "expires_at", "review_due")
    ordering = ("-created_at", "-id")
    form = NewLookoutForm
    fieldsets = (
        (_("What is looked for"), {"fields": ("kind", "mark_raw", "country")}),
        (_("What is to be done"), {"fields": ("action_code", "priority", "reason")}),
        (_("Who learns of a match"), {"fields": ("mode", "notified", "desk", "instruction")}),
        (
            _("How long, and for whom"),
            {"fields": ("expires_at", "review_due", "classification", "national_caveat", "compartment")},
        ),
        (
            _("What came with it"),
            {
                "fields": (
                    "marking",
                    "handling_scheme",
                    "handling_codes",
                    "handling_conditions",
                    "not_marked_higher",
                )
            },
        ),
    )
    related = {"desk": _desks}
    acts = (
        Act(
            name="withdraw",
            label=_("Withdraw"),
            explanation=_("It matches no more; what waits for a decision is put out at once."),
            perform="withdraw",
            offered="may_withdraw",
            right=Right.LOOKOUT_CREATE,
            form=ReasonForm,
            done=_("The lookout is withdrawn."),
            grave=True,
        ),
    )

    def rows(self, principal: Principal) -> QuerySet:
        """What the officer may read; with the owner's code, and the cover name of the officer's own compartments."""
        owner = OuterRef("originator_id")
        agency = Agency.objects.filter(Q(group_id=owner) | Q(compartments__group_id=owner)).values("code")[:1]
        circle = compartments_of(principal).filter(group_id=owner).values("name")[:1]
        return (
            Lookout.objects.visible_to(principal)
            .select_related("desk__agency", "created_by__agency")
            .annotate(owner_code=Subquery(agency), circle=Subquery(circle))
        )

    @admin.display(description=_("owner"))
    def owner(self, lookout: Any) -> str:
        """The agency's code, and the compartment for those who are named in it."""
        return f"{lookout.owner_code} · {lookout.circle}" if lookout.circle else lookout.owner_code

    @admin.display(description=_("disclosure"))
    def mode_short(self, lookout: Lookout) -> str:
        """The first word of it."""
        return str(DisclosureMode(lookout.mode).label).partition(":")[0].strip()

    @admin.display(description=_("marking"))
    def marking(self, lookout: Lookout) -> str:
        """The centre's marking in the reader's half, and the caveat."""
        caveat = str(Caveat(lookout.caveat).label) if lookout.caveat else ""
        return " · ".join(filter(None, (clearance_word(lookout.classification), caveat)))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; what it shows is recorded as read."""
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            principal: Principal = request.principal  # type: ignore[attr-defined]
            cards = [lookout_card(row, principal) for row in shown["cl"].result_list]
            self._read(principal, cards)
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: Any,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One lookout as this reader is shown it: the reason is for its owner alone."""
        record = self._record_or_404(request, object_id)
        if not self.has_view_permission(request, record) or request.method != "GET":
            raise PermissionDenied
        principal: Principal = request.principal  # type: ignore[attr-defined]
        card = lookout_card(record, principal)
        self._read(principal, [card])
        return super().change_view(
            request,
            object_id,
            form_url,
            {"card": card, "marking": self.marking(record), "handling": [*map(handling_text, card.handling)]}
            | (extra_context or {}),
        )

    def _read(self, principal: Principal, cards: list[LookoutCard]) -> None:
        records_read(acting_officer=principal, cards=cards, purpose=principal.purpose or PURPOSE)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """An entered lookout is shown by its own page, not by the form."""
        return ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """An entered lookout is not changed here."""
        return self.fieldsets if obj is None else ((None, {"fields": ()}),)

    def may_withdraw(self, principal: Principal, record: Lookout) -> bool:
        """The owner's officers, while it is active."""
        return record.originator_id in principal.groups and record.state == LookoutState.ACTIVE

    def record_save(self, request: HttpRequest, form: Any, record: Lookout | None) -> Lookout:
        """Enter."""
        return lookout_create(acting_officer=request.principal, draft=form.draft())  # type: ignore[attr-defined]

    def withdraw(self, request: HttpRequest, record: Lookout, form: Any) -> None:
        """The act."""
        try:
            lookout_withdraw(
                acting_officer=request.principal,  # type: ignore[attr-defined]
                uid=record.uid,
                reason=form.cleaned_data["reason"],
            )
        except Refusal as refusal:
            raise ChangeRefused(str(refusal.message)) from refusal
