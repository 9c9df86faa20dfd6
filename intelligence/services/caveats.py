"""Lifting the national caveat of a lookout: it opens the record to the other state, so two officers sign for it."""

import uuid

from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.choices import CountersignKind
from agencies.facts import Principal
from agencies.models import Countersign
from agencies.rules.countersigns import CountersignRefused
from agencies.services.countersigns import countersign_propose
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import changes_announce
from intelligence.choices import LookoutState
from intelligence.models import Lookout
from intelligence.services.lookouts import own_lookout_lock
from intelligence.services.records import act_record


def caveat_lift_propose(*, acting_officer: Principal, uid: uuid.UUID | str, reason: str) -> Countersign:
    """Propose to lift the caveat of an own lookout; another officer of the owner has to sign.

    Raises NotVisible, RightMissing, or CountersignRefused.
    """
    lookout = own_lookout_lock(acting_officer, uid)
    if not lookout.caveat or lookout.state != LookoutState.ACTIVE:
        raise CountersignRefused(_("This lookout bears no national caveat that could be lifted."))
    return countersign_propose(
        acting_officer=acting_officer,
        kind=CountersignKind.CAVEAT_LIFT,
        originator_id=lookout.originator_id,
        subject_uid=lookout.uid,
        subject_label=lookout.reference,
        must_sign=[lookout.originator_id],
        reason=reason,
        caveat=lookout.caveat,
    )


def caveat_lift(proposal: Countersign, principal: Principal) -> None:
    """The effect of the last signature. Hits and notices of before keep the caveat under which they were made."""
    lookout = (
        Lookout.objects.visible_to(principal).select_for_update().filter(uid=proposal.subject_uid).first()
    )
    if lookout is None:
        raise NotVisible("lookout")
    Lookout.objects.visible_to(principal).filter(pk=lookout.pk).update(caveat="")
    act_record(
        principal,
        AuditAction.LOOKOUT_CAVEAT_LIFT,
        "lookout",
        [lookout.uid],
        originator_id=lookout.originator_id,
        purpose=proposal.reason,
        detail={"caveat": lookout.caveat, "countersign": str(proposal.uid)},
    )
    changes_announce([(Topic.LOOKOUT, None, None, lookout.viewers)])
