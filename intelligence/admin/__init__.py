"""Intelligence on the admin site."""

from intelligence.admin.lookouts import LookoutAdmin
from intelligence.admin.requests import AccessCaseAdmin, AccessRequestAdmin, ProposalAdmin
from intelligence.admin.sharing import DisseminationAdmin, RecallReceiptAdmin, TearLineAdmin

__all__ = [
    "AccessCaseAdmin",
    "AccessRequestAdmin",
    "DisseminationAdmin",
    "LookoutAdmin",
    "ProposalAdmin",
    "RecallReceiptAdmin",
    "TearLineAdmin",
]
