"""Proposals to change another agency's lookout: the proposer's words, the owner's decision."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.grants import GroupGrant
from agencies.models import Officer, Protected
from intelligence.choices import ProposalState
from intelligence.models.lookouts import Lookout


class Proposal(Protected):
    """What a reader of a lookout would change in it. The originator is the proposer's agency; the owner is granted it.

    `base` are the values that the proposer saw, `proposed` the new ones; both hold what the owner lets be proposed.
    """

    lookout = models.ForeignKey(
        Lookout, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("lookout")
    )
    lookout_reference = models.CharField(_("reference"), max_length=32, editable=False)
    owner_group_id = models.IntegerField(_("owner"), editable=False)
    base = models.JSONField(_("as it was seen"), default=dict)
    proposed = models.JSONField(_("proposed"), default=dict)
    reason = models.CharField(_("reason"), max_length=300)
    proposed_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("proposed by")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=ProposalState.choices, default=ProposalState.OPEN
    )
    taken = models.JSONField(_("taken over"), default=list)
    decided_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    decision_reason = models.CharField(_("why not"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="proposal_newest")]

    def __str__(self) -> str:
        return self.lookout_reference


class ProposalGrant(GroupGrant):
    """Which groups may read a proposal: whoever made it, and the lookout's owner."""

    allowed_codenames = frozenset({"view_proposal"})
    content_object = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="grants")
