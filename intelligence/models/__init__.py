"""Lookouts, hits, notices, checks, and who was shown what."""

from intelligence.models.access import AccessCase, AccessCaseGrant, AccessRequest
from intelligence.models.checks import Check
from intelligence.models.consultations import Shown
from intelligence.models.disseminations import (
    Dissemination,
    DisseminationGrant,
    RecallReceipt,
    RecallReceiptGrant,
    TearLine,
    TearLineGrant,
)
from intelligence.models.hits import Hit, HitGrant, Notice, NoticeGrant
from intelligence.models.lookouts import Lookout, LookoutGrant
from intelligence.models.proposals import Proposal, ProposalGrant

__all__ = [
    "AccessCase",
    "AccessCaseGrant",
    "AccessRequest",
    "Check",
    "Dissemination",
    "DisseminationGrant",
    "Hit",
    "HitGrant",
    "Lookout",
    "LookoutGrant",
    "Notice",
    "NoticeGrant",
    "Proposal",
    "ProposalGrant",
    "RecallReceipt",
    "RecallReceiptGrant",
    "Shown",
    "TearLine",
    "TearLineGrant",
]
