"""Who else may read a lookout: the owner shares it and takes it back."""

import uuid
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.facts import Principal
from agencies.grants import grants_give, grants_withdraw
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import changes_announce
from intelligence.choices import LookoutState
from intelligence.models import Lookout, LookoutGrant
from intelligence.rules.lifecycle import review_is_overdue
from intelligence.rules.refusals import LookoutNotActive, ReviewOverdue
from intelligence.selectors.parties import parties
from intelligence.services.lookouts import own_lookout_lock
from intelligence.services.records import act_record, sentence_of


@transaction.atomic
def lookout_share(
    *, acting_officer: Principal, uid: uuid.UUID | str, agencies: Iterable[str], purpose: str
) -> Lookout:
    """Let other agencies read the lookout (not its reason, and none of its hits).

    Raises NotVisible, RightMissing (not the owner's officer), LookoutNotActive, ReviewOverdue, or
    ValidationError: an agency that is absent, or no competent authority.
    """
    lookout = own_lookout_lock(acting_officer, uid)
    now = timezone.now()
    if lookout.state != LookoutState.ACTIVE or (lookout.expires_at is not None and lookout.expires_at <= now):
        raise LookoutNotActive
    if review_is_overdue(lookout.review_due, now.date()):
        raise ReviewOverdue
    purpose = sentence_of(purpose, "purpose")
    groups = _groups(agencies)
    if not groups <= parties().authorities:
        raise ValidationError(
            {"agencies": ValidationError(_("Only a competent authority may read a lookout."), code="invalid")}
        )
    if not all(parties().may_bear(group, lookout.caveat) for group in groups):
        raise ValidationError(
            {
                "agencies": ValidationError(
                    _("The national caveat closes this lookout to agencies of the other state."),
                    code="invalid",
                )
            }
        )
    grants_give(LookoutGrant, lookout, sorted(groups - {lookout.originator_id}))
    _record(acting_officer, AuditAction.LOOKOUT_SHARE, lookout, groups, purpose)
    return lookout


@transaction.atomic
def lookout_recall(
    *, acting_officer: Principal, uid: uuid.UUID | str, agencies: Iterable[str], purpose: str
) -> Lookout:
    """Take the lookout back from agencies; their open pages obey at the next nudge. The owner keeps it.

    Raises as lookout_share does; a lookout that is not active any more can be taken back as well.
    """
    lookout = own_lookout_lock(acting_officer, uid)
    purpose = sentence_of(purpose, "purpose")
    groups = _groups(agencies)
    grants_withdraw(LookoutGrant, lookout, sorted(groups - {lookout.originator_id}))
    _record(acting_officer, AuditAction.LOOKOUT_RECALL, lookout, groups, purpose)
    return lookout


def _groups(agencies: Iterable[str]) -> set[int]:
    groups = [parties().group(code) for code in agencies]
    if not groups or None in groups:
        raise ValidationError({"agencies": ValidationError(_("There is no such agency."), code="invalid")})
    return {group for group in groups if group is not None}


def _record(
    principal: Principal, action: AuditAction, lookout: Lookout, groups: set[int], purpose: str
) -> None:
    act_record(
        principal,
        action,
        "lookout",
        [lookout.uid],
        originator_id=lookout.originator_id,
        purpose=purpose,
        detail={"agencies": list(parties().codes(sorted(groups)))},
    )
    lookout.refresh_from_db(fields=["viewers"])
    changes_announce([(Topic.LOOKOUT, None, None, sorted({*lookout.viewers, *groups}))])
