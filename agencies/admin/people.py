"""Agencies, officers and compartments."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.adminacts import Act
from agencies.adminbase import GateAdmin
from agencies.adminlists import clearance_word, rows_filter
from agencies.choices import Role
from agencies.facts import Principal
from agencies.forms.admin import CompartmentForm, NewOfficerForm, OfficerForm
from agencies.forms.records import ReasonForm
from agencies.models import Agency, Compartment, Officer
from agencies.rules.appointments import ChangeRefused, may_appoint
from agencies.rules.countersigns import CountersignRefused
from agencies.selectors import compartments_of
from agencies.selectors.factors import officers_with_losses
from agencies.services.losses import factors_reset_propose
from agencies.services.officers import (
    compartment_members_set,
    officer_change,
    officer_create,
    officer_password_renew,
    officer_restore,
    officer_suspend,
)

WATCHERS = frozenset({Right.OFFICER_MANAGE, Right.AUDIT_VIEW})


@admin.register(Agency)
class AgencyAdmin(GateAdmin):
    """Who works in the centre; agencies are entered when the centre is set up."""

    about = _("The bodies that work in the centre.")
    rank = 10
    view_rights = frozenset({Right.ADMIN_ENTER})
    list_display = ("code", "name_en", "name_fr", "country", "authority")
    sortable_by = ("code",)
    fields = ("code", "name_en", "name_fr", "country", "authority")
    readonly_fields = fields

    def rows(self, principal: Principal) -> QuerySet:
        """All agencies: who works here is no secret among those who do."""
        return Agency.objects.all()

    @admin.display(description=_("competent authority"))
    def authority(self, agency: Agency) -> str:
        """Whether it may see persons and lookouts."""
        return _t("yes") if agency.is_authority else _t("no: vehicles, lanes and equipment only")


@admin.register(Officer)
class OfficerAdmin(GateAdmin):
    """The officers of the own agency."""

    about = _("Accounts of your agency: appoint, change, suspend.")
    rank = 20
    view_rights = WATCHERS
    add_right = change_right = Right.OFFICER_MANAGE
    form = OfficerForm
    list_display = (
        "account",
        "full_name",
        "badge_number",
        "role",
        "clearance_short",
        "state",
        "second_factor",
        "last_login",
    )
    list_filter = (
        rows_filter("role", _("role"), labels=dict(Role.choices)),
        rows_filter("is_active", _("account"), labels={True: _("open"), False: _("suspended")}),
    )
    search_fields = ("username", "first_name", "last_name", "badge_number")
    sortable_by = ("account", "full_name", "badge_number", "last_login")
    ordering = ("username",)
    acts = (
        Act(
            name="suspend",
            label=_("Suspend"),
            explanation=_(
                "The account is closed at once: open pages stop with the next request, live streams within a second."
            ),
            perform="suspend",
            offered="may_suspend",
            right=Right.OFFICER_MANAGE,
            done=_("The account is suspended."),
            grave=True,
        ),
        Act(
            name="restore",
            label=_("Restore"),
            explanation=_("The account opens again with the rights that it had."),
            perform="restore",
            offered="may_restore",
            right=Right.OFFICER_MANAGE,
            done=_("The account is open again."),
        ),
        Act(
            name="password",
            label=_("New password"),
            explanation=_("The officer’s sessions end. The new password is shown once: tell it in person."),
            perform="password",
            offered="may_renew",
            right=Right.OFFICER_MANAGE,
        ),
        Act(
            name="factors",
            label=_("Reset second factors"),
            explanation=_(
                "Only for an officer who stands before you. Another supervisor or administrator, not you, has to sign;"
                " then all factors and sessions of the officer end, and whoever signs tells the officer a code."
            ),
            perform="factors",
            offered="may_reset",
            right=Right.FACTOR_RESET,
            form=ReasonForm,
            done=_("The proposal waits for its second signature."),
            submit=_("Propose the reset"),
            grave=True,
        ),
    )

    @admin.display(description=_("account"), ordering="username")
    def account(self, officer: Officer) -> str:
        """What the officer signs in with."""
        return officer.username

    @admin.display(description=_("clearance"))
    def clearance_short(self, officer: Officer) -> str:
        """In one language."""
        return clearance_word(officer.clearance)

    @admin.display(description=_("state"))
    def state(self, officer: Officer) -> str:
        """Open or suspended."""
        return _t("open") if officer.is_active else _t("suspended")

    @admin.display(description=_("second factor"), ordering="factored_at")
    def second_factor(self, officer: Officer) -> str:
        """Since when the account is protected by one; which one is for its officer to know."""
        lost_at = getattr(officer, "lost_at", None)
        if lost_at:
            return _t("reported lost at %(time)s") % {"time": time_format(timezone.localtime(lost_at))}
        since = officer.factored_at
        return _t("since %(day)s") % {"day": date_format(since, "DATE_FORMAT")} if since else _t("none")

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, officer: Officer) -> str:
        """Last name first, as lists are read."""
        return f"{officer.last_name} {officer.first_name}".strip()

    def rows(self, principal: Principal) -> QuerySet:
        """The own agency's officers, and who has lost a second factor."""
        return officers_with_losses(principal)

    def may_change(self, principal: Principal, record: Officer) -> bool:
        """Not oneself, and nobody beyond one's reach."""
        return record.uid != principal.uid and may_appoint(
            principal, role=record.role, clearance=record.clearance
        )

    def may_suspend(self, principal: Principal, record: Officer) -> bool:
        """Who may be changed and is not suspended."""
        return record.is_active and self.may_change(principal, record)

    def may_restore(self, principal: Principal, record: Officer) -> bool:
        """Who may be changed and is suspended."""
        return not record.is_active and self.may_change(principal, record)

    def may_reset(self, principal: Principal, record: Officer) -> bool:
        """Who has reported the loss, and is not oneself."""
        return record.uid != principal.uid and getattr(record, "lost_at", None) is not None

    def may_renew(self, principal: Principal, record: Officer) -> bool:
        """Who may be changed; the service also looks at compartments, and does not say so here."""
        return self.may_change(principal, record)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A new account is also named."""
        if obj is None:
            kwargs["form"] = NewOfficerForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The account's name is given once."""
        details = ("first_name", "last_name", "badge_number", "role", "clearance", "language", "zone")
        told = ("state", "second_factor", "last_login")
        return ("name", *details) if obj is None else ("account", *details, *told)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What is told, not typed."""
        return () if obj is None else ("account", "state", "second_factor", "last_login")

    def record_save(self, request: HttpRequest, form: Any, record: Officer | None) -> Officer:
        """Appoint or change."""
        principal: Principal = request.principal  # type: ignore[attr-defined]
        if record is not None:
            return officer_change(acting_party=principal, officer=record, **form.cleaned_data)
        officer, request.password = officer_create(acting_party=principal, **form.cleaned_data)  # type: ignore[attr-defined]
        return officer

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the first password, once."""
        explanation = _t("The first password of %(account)s. Tell it in person; it is not shown again.")
        stored: Officer = request.stored  # type: ignore[attr-defined]
        password: str = request.password  # type: ignore[attr-defined]
        return self.secret_page(
            request, stored, secret=password, explanation=explanation % {"account": stored.username}
        )

    def suspend(self, request: HttpRequest, record: Officer, form: Any) -> None:
        """The act."""
        officer_suspend(acting_party=request.principal, officer=record)  # type: ignore[attr-defined]

    def restore(self, request: HttpRequest, record: Officer, form: Any) -> None:
        """The act."""
        officer_restore(acting_party=request.principal, officer=record)  # type: ignore[attr-defined]

    def factors(self, request: HttpRequest, record: Officer, form: Any) -> None:
        """The act: the first of the two."""
        try:
            factors_reset_propose(
                acting_officer=request.principal,  # type: ignore[attr-defined]
                officer=record,
                reason=form.cleaned_data["reason"],
            )
        except CountersignRefused as refused:
            raise ChangeRefused(str(refused)) from refused

    def password(self, request: HttpRequest, record: Officer, form: Any) -> HttpResponse:
        """The act: show the new password, once."""
        secret = officer_password_renew(acting_party=request.principal, officer=record)  # type: ignore[attr-defined]
        explanation = _t("The new password of %(account)s. Tell it in person; it is not shown again.")
        return self.secret_page(
            request, record, secret=secret, explanation=explanation % {"account": record.username}
        )


@admin.register(Compartment)
class CompartmentAdmin(GateAdmin):
    """The compartments that the officer is named in."""

    about = _("Closed circles of named officers; you see those that name you.")
    rank = 30
    view_rights = frozenset({Right.OFFICER_MANAGE})
    change_right = Right.OFFICER_MANAGE
    form = CompartmentForm
    list_display = ("name", "agency", "member_count")
    sortable_by = ("name",)
    fields = ("name", "members")
    readonly_fields = ("name",)

    @admin.display(description=_("named officers"))
    def member_count(self, compartment: Compartment) -> int:
        """How many officers are named."""
        return Officer.objects.filter(groups=compartment.group_id).count()

    def rows(self, principal: Principal) -> QuerySet:
        """Those that name the officer."""
        return compartments_of(principal)

    def may_change(self, principal: Principal, record: Compartment) -> bool:
        """Its own agency keeps the list."""
        return record.agency.group_id == principal.agency_group

    def record_save(self, request: HttpRequest, form: Any, record: Compartment | None) -> Compartment:
        """Set the named officers."""
        if record is None:  # nothing is added here
            raise PermissionDenied
        principal: Principal = request.principal  # type: ignore[attr-defined]
        compartment_members_set(
            acting_party=principal, compartment=record, officers=form.cleaned_data["members"]
        )
        return record
