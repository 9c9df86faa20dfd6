"""Names of the own agency that failures at the door have locked, and lifting that, on the admin site."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.adminacts import Act
from agencies.adminbase import GateAdmin
from agencies.adminlists import rows_filter
from agencies.choices import LockOutKind
from agencies.facts import Principal
from agencies.models import LockOut
from agencies.rules.lockouts import holds
from agencies.selectors.lockouts import lockouts_of_agency
from agencies.services.lockouts import lockout_lift


@admin.register(LockOut)
class LockOutAdmin(GateAdmin):
    """Who failed at the door how often; what nobody's name is counted for, no agency sees."""

    about = _("Failures to sign in with your officers’ names; lift a lock once you know who it was.")
    rank = 33
    view_rights = frozenset({Right.OFFICER_MANAGE})
    list_display = ("last_at", "officer", "kind", "address", "failures", "locked_until")
    list_filter = (rows_filter("kind", _("counted for"), labels=dict(LockOutKind.choices)),)
    list_select_related = ("officer",)
    fields = list_display
    readonly_fields = list_display
    ordering = ("-last_at", "-id")
    acts = (
        Act(
            name="lift",
            label=_("Lift the lock"),
            explanation=_(
                "The officer can sign in at once. Speak to the officer first: somebody may be guessing."
            ),
            perform="lift",
            offered="is_locked",
            right=Right.OFFICER_MANAGE,
            done=_("The lock is lifted."),
        ),
    )

    def rows(self, principal: Principal) -> QuerySet:
        """The own agency's."""
        return lockouts_of_agency(principal)

    def is_locked(self, principal: Principal, record: LockOut) -> bool:
        """Only a lock that is on can be lifted."""
        return holds(record.locked_until, timezone.now())

    def lift(self, request: HttpRequest, record: LockOut, form: Any) -> None:
        """The act."""
        lockout_lift(acting_officer=request.principal, uid=record.uid)  # type: ignore[attr-defined]
