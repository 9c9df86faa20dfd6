"""Proposals as the proposer and the lookout's owner are shown them."""

import uuid
from typing import Any

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.paging import Page, Turn, queryset_page
from agencies.rules.rights import require
from intelligence.choices import ProposalState
from intelligence.facts import ProposalCard
from intelligence.models import Lookout, Proposal
from intelligence.rules.proposals import merge_lines, version_of
from intelligence.selectors.parties import officer_names, parties


def values_of(lookout: Lookout) -> dict[str, str]:
    """What may be proposed of a lookout, as it stands, in plain texts."""
    return {
        "mark": lookout.mark_raw,
        "country": lookout.country,
        "action_code": lookout.action_code,
        "priority": lookout.priority,
        "instruction": lookout.instruction,
        "expires_at": lookout.expires_at.isoformat() if lookout.expires_at else "",
        "review_due": lookout.review_due.isoformat(),
    }


def lookout_values(principal: Principal, uid: uuid.UUID | str) -> tuple[Lookout, dict[str, str]]:
    """A lookout of another agency that the principal may read, and what may be proposed of it."""
    require(principal, Right.PROPOSAL_MAKE)
    lookout = Lookout.objects.get_visible(principal, uid)
    if lookout.originator_id in principal.groups:
        raise NotVisible("lookout")  # one's own is changed, not proposed to
    return lookout, values_of(lookout)


def proposals_page(principal: Principal, turn: Turn, *, state: str = "") -> Page[ProposalCard]:
    """One page of proposals that the principal's groups have made or been made, newest first. Raises RightMissing."""
    require(principal, Right.PROPOSAL_MAKE)
    wanted = Proposal.objects.visible_to(principal)
    if state:
        wanted = wanted.filter(state=state)
    page = queryset_page(
        wanted.prefetch_related("proposed_by__agency", "decided_by__agency"), turn, at="created_at"
    )
    seen = {
        lookout.pk: lookout
        for lookout in Lookout.objects.visible_to(principal).filter(
            pk__in=[row.lookout_id for row in page.rows]
        )
    }
    cards = (proposal_card(row, principal, seen.get(row.lookout_id)) for row in page.rows)
    return Page(tuple(cards), page.older, page.newer)


def proposal_get(principal: Principal, uid: uuid.UUID | str) -> ProposalCard:
    """One proposal; raises RightMissing or NotVisible."""
    require(principal, Right.PROPOSAL_MAKE)
    proposal = Proposal.objects.get_visible(principal, uid)
    lookout = Lookout.objects.visible_to(principal).filter(pk=proposal.lookout_id).first()
    return proposal_card(proposal, principal, lookout)


def proposal_card(proposal: Proposal, reader: Principal, lookout: Lookout | None) -> ProposalCard:
    """The proposal for this reader; what stands now is for the owner, and the link for who still sees the lookout."""
    own = proposal.owner_group_id in reader.groups
    current: dict[str, Any] | None = values_of(lookout) if own and lookout is not None else None
    lines = merge_lines(proposal.base, proposal.proposed, current)
    return ProposalCard(
        uid=proposal.uid,
        lookout_uid=lookout.uid if lookout is not None else None,
        reference=proposal.lookout_reference,
        owner=parties().code(proposal.owner_group_id),
        is_own=own,
        proposer=parties().code(proposal.originator_id),
        proposed_by=officer_names(proposal.proposed_by, reader)[0],
        reason=proposal.reason,
        lines=lines,
        state=ProposalState(proposal.state),
        taken=tuple(proposal.taken),
        created_at=proposal.created_at,
        decided_at=proposal.decided_at,
        decided_by=officer_names(proposal.decided_by, reader)[0],
        decision_reason=proposal.decision_reason,
        version=version_of(current) if current is not None else "",
        stale=current is not None and version_of(current) != version_of(proposal.base),
    )
