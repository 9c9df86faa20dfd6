"""Proposing a change of another agency's lookout; the owner takes it over or discards it."""

import uuid
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.grants import grants_give
from agencies.rules.rights import RightMissing, require
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import changes_announce
from intelligence.choices import ProposalState
from intelligence.models import Proposal, ProposalGrant
from intelligence.rules.proposals import chosen, differences, version_of
from intelligence.rules.refusals import LookoutNotActive, ProposalDecided, ProposalStale
from intelligence.selectors.parties import officer_acting, own_group
from intelligence.selectors.proposals import lookout_values, values_of
from intelligence.services.amendments import changes_checked, is_active, lookout_change
from intelligence.services.lookouts import own_lookout_lock
from intelligence.services.records import act_record, sentence_of


@transaction.atomic
def lookout_propose(
    *, acting_officer: Principal, uid: uuid.UUID | str, changes: Mapping[str, str], reason: str
) -> Proposal:
    """Propose other values of a lookout that another agency shares.

    Raises RightMissing, NotVisible (also for one's own), LookoutNotActive, or ValidationError by field.
    """
    lookout, base = lookout_values(acting_officer, uid)
    if not is_active(lookout):
        raise LookoutNotActive
    reason = sentence_of(reason, "reason")
    wanted = differences(base, changes)
    if not wanted:
        raise ValidationError(
            {"changes": ValidationError(_("Nothing in it differs from what stands."), code="invalid")}
        )
    changes_checked(lookout, wanted)
    proposal = Proposal.objects.create(
        originator_id=own_group(acting_officer),
        classification=lookout.classification,
        caveat=lookout.caveat,
        lookout=lookout,
        lookout_reference=lookout.reference,
        owner_group_id=lookout.originator_id,
        base=base,
        proposed=wanted,
        reason=reason,
        proposed_by=officer_acting(acting_officer),
    )
    grants_give(ProposalGrant, proposal, [lookout.originator_id])
    _record(acting_officer, AuditAction.PROPOSAL_MAKE, proposal, reason)
    return proposal


@transaction.atomic
def proposal_accept(
    *, acting_officer: Principal, uid: uuid.UUID | str, version: str, fields: Iterable[str] | None = None
) -> Proposal:
    """Take a proposal over, all of it or some fields, as the owner's own change of the lookout.

    `version` names the lookout as the owner has looked at it (ProposalCard.version). Raises NotVisible,
    RightMissing, ProposalDecided, ProposalStale, LookoutNotActive, or ValidationError on `fields` or a field.
    """
    proposal = _own_lock(acting_officer, uid)
    lookout = own_lookout_lock(acting_officer, proposal.lookout.uid)
    if version != version_of(values_of(lookout)):
        raise ProposalStale
    try:
        taken = chosen(proposal.proposed, fields)
    except KeyError as error:
        raise ValidationError(
            {"fields": ValidationError(_("This was not proposed."), code="invalid")}
        ) from error
    if not taken:
        raise ValidationError({"fields": ValidationError(_("Choose what is taken over."), code="required")})
    changes = differences(values_of(lookout), taken)
    if changes:
        lookout_change(
            acting_officer=acting_officer, uid=lookout.uid, changes=changes, reason=proposal.reason
        )
    _decide(acting_officer, proposal, ProposalState.ACCEPTED, taken=sorted(taken))
    return proposal


@transaction.atomic
def proposal_discard(*, acting_officer: Principal, uid: uuid.UUID | str, reason: str) -> Proposal:
    """Discard a proposal; the proposer reads why. Raises as proposal_accept does."""
    proposal = _own_lock(acting_officer, uid)
    _decide(acting_officer, proposal, ProposalState.DISCARDED, reason=sentence_of(reason, "reason"))
    return proposal


def _own_lock(principal: Principal, uid: uuid.UUID | str) -> Proposal:
    require(principal, Right.LOOKOUT_CREATE)
    seen = Proposal.objects.get_visible(principal, uid)
    if seen.owner_group_id not in principal.groups:
        raise RightMissing(Right.LOOKOUT_CREATE.value)
    own = Proposal.objects.visible_to(principal).filter(pk=seen.pk, owner_group_id__in=list(principal.groups))
    locked = own.select_for_update(of=("self",)).first()
    if locked is None:
        raise NotVisible("proposal")
    if locked.state != ProposalState.OPEN:
        raise ProposalDecided
    return locked


def _decide(
    principal: Principal,
    proposal: Proposal,
    state: ProposalState,
    *,
    taken: Iterable[str] = (),
    reason: str = "",
) -> None:
    proposal.state, proposal.decided_at, proposal.taken = state, timezone.now(), list(taken)
    proposal.decided_by, proposal.decision_reason = officer_acting(principal), reason
    proposal.save(update_fields=["state", "decided_at", "taken", "decided_by", "decision_reason"])
    action = AuditAction.PROPOSAL_ACCEPT if state == ProposalState.ACCEPTED else AuditAction.PROPOSAL_DISCARD
    _record(principal, action, proposal, reason or proposal.reason)


def _record(principal: Principal, action: AuditAction, proposal: Proposal, purpose: str) -> None:
    act_record(
        principal,
        action,
        "proposal",
        [proposal.uid],
        originator_id=proposal.owner_group_id,
        purpose=purpose,
        detail={"fields": sorted(proposal.proposed)},
    )
    changes_announce([(Topic.LOOKOUT, None, None, [proposal.originator_id, proposal.owner_group_id])])
