"""Who we are, and the base of everything that has an audience."""

from agencies.models.accounts import DemoMark, ServiceAccount, ServiceToken
from agencies.models.countersigns import Countersign, CountersignGrant, Signature
from agencies.models.factors import FactorLoss
from agencies.models.history import OfficerHistory, RecordHistory, RecordReading
from agencies.models.lockouts import LockOut
from agencies.models.people import Agency, Compartment, Desk, Officer, Shift
from agencies.models.protected import Protected, Viewers
from agencies.models.references import ReferenceCounter
from agencies.models.signins import SignIn
from agencies.models.upkeep import Lineage, RightEnd, Upkeep

__all__ = [
    "Agency",
    "Compartment",
    "Countersign",
    "CountersignGrant",
    "DemoMark",
    "Desk",
    "FactorLoss",
    "Lineage",
    "LockOut",
    "Officer",
    "OfficerHistory",
    "Protected",
    "RecordHistory",
    "RecordReading",
    "ReferenceCounter",
    "RightEnd",
    "ServiceAccount",
    "ServiceToken",
    "Shift",
    "SignIn",
    "Signature",
    "Upkeep",
    "Viewers",
]
