"""The sessions of the own agency, and sign-out from afar, on the admin site."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.adminacts import Act
from agencies.adminbase import GateAdmin
from agencies.adminlists import rows_filter
from agencies.choices import SignInEnding
from agencies.facts import Principal
from agencies.models import SignIn
from agencies.selectors.signins import signins_of_agency
from agencies.services.signins import signin_end


@admin.register(SignIn)
class SignInAdmin(GateAdmin):
    """Who is signed in where; a lost phone or a screen left open is signed out here."""

    about = _("Where your agency’s officers are signed in; end a session whose screen was lost or left open.")
    rank = 32
    view_rights = frozenset({Right.OFFICER_MANAGE})
    list_display = ("started_at", "officer", "screen", "address", "seen_at", "ended_at", "ending")
    list_filter = (rows_filter("ending", _("how it ended"), labels=dict(SignInEnding.choices)),)
    list_select_related = ("officer",)
    fields = list_display
    readonly_fields = list_display
    ordering = ("-started_at", "-id")
    acts = (
        Act(
            name="end",
            label=_("Sign out"),
            explanation=_("The screen is signed out at once; what was typed there and not sent is lost."),
            perform="end",
            offered="is_open",
            right=Right.OFFICER_MANAGE,
            done=_("The screen is signed out."),
            grave=True,
        ),
    )

    def rows(self, principal: Principal) -> QuerySet:
        """The own agency's."""
        return signins_of_agency(principal)

    def is_open(self, principal: Principal, record: SignIn) -> bool:
        """Only what has not ended can be ended."""
        return record.ended_at is None

    def end(self, request: HttpRequest, record: SignIn, form: Any) -> None:
        """The act."""
        signin_end(acting_officer=request.principal, uid=record.uid)  # type: ignore[attr-defined]
