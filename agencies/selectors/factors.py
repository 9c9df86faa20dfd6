"""Reading an officer's second factors, and whether one has to be set up."""

import dataclasses
import datetime as dt
import uuid

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.facts import Principal
from agencies.models import FactorLoss, Officer
from agencies.rules.factors import CODE_WAITS, LOSS_WAITS
from agencies.selectors import officers_own


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FactorCard:
    """One factor as its officer may see it."""

    uid: uuid.UUID
    kind: str
    name: str
    added_at: dt.datetime
    used_at: dt.datetime | None

    @property
    def label(self) -> str:
        """What the officer calls it."""
        return self.name or _("Authenticator app")

    @property
    def is_key(self) -> bool:
        """Whether it is a passkey."""
        return self.kind == Authenticator.Type.WEBAUTHN


def factor_suffices(officer: Officer) -> bool:
    """Whether the officer may work as the account is protected now."""
    if officer.must_enrol:
        return False
    return officer.factored_at is not None or not settings.SECOND_FACTOR_REQUIRED


def enrolment_is_due(officer: Officer) -> bool:
    """Whether the officer must set up a factor before the sign-in is complete."""
    return not factor_suffices(officer)


def factors_of(officer: Officer) -> list[FactorCard]:
    """The officer's factors, oldest first; the officer must act."""
    rows = Authenticator.objects.filter(user_id=officer.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return [
        FactorCard(
            uid=factor_uid(row),
            kind=row.type,
            name=row.data.get("name", ""),
            added_at=row.created_at,
            used_at=row.last_used_at,
        )
        for row in rows.order_by("created_at", "pk")
    ]


def factor_uid(row: Authenticator) -> uuid.UUID:
    """The public id of a factor: the internal number stays inside."""
    return uuid.UUID(row.data["uid"])


def codes_left(officer: Officer) -> int | None:
    """How many recovery codes are unused; None when there are none at all."""
    row = Authenticator.objects.filter(user_id=officer.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return None if row is None else settings.MFA_RECOVERY_CODE_COUNT - int(row.data["used_mask"]).bit_count()


def loss_waiting(officer: Officer) -> FactorLoss | None:
    """The loss that the officer has reported within the last hour and that nobody has dealt with."""
    return _waiting().filter(officer=officer).first()


def officers_with_losses(principal: Principal) -> QuerySet[Officer]:
    """The officers of the own agency, each with `lost_at`: when the second factor was reported lost, if it waits."""
    waiting = _waiting().filter(officer=OuterRef("pk")).values("asked_at")[:1]
    return officers_own(principal).annotate(lost_at=Subquery(waiting))


def code_was_taken(officer: Officer, uid: str) -> bool:
    """Whether the told code of this reset was taken a moment ago, so that the officer may enrol."""
    if not uid:
        return False
    since = timezone.now() - CODE_WAITS
    return FactorLoss.objects.filter(officer=officer, uid=uid, taken_at__gt=since).exists()


def _waiting() -> QuerySet[FactorLoss]:
    since = timezone.now() - LOSS_WAITS
    return FactorLoss.objects.filter(reset_at=None, closed_at=None, asked_at__gt=since)
