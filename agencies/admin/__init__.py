"""Pages of the admin site on who we are, and the audit record."""

from agencies.admin.accounts import ServiceAccountAdmin, ServiceTokenAdmin
from agencies.admin.countersigns import CountersignAdmin
from agencies.admin.desks import DeskAdmin, ShiftAdmin
from agencies.admin.history import OfficerHistoryAdmin, RecordHistoryAdmin
from agencies.admin.lockouts import LockOutAdmin
from agencies.admin.people import AgencyAdmin, CompartmentAdmin, OfficerAdmin
from agencies.admin.records import AuditEventAdmin
from agencies.admin.signins import SignInAdmin

__all__ = [
    "AgencyAdmin",
    "AuditEventAdmin",
    "CompartmentAdmin",
    "CountersignAdmin",
    "DeskAdmin",
    "LockOutAdmin",
    "OfficerAdmin",
    "OfficerHistoryAdmin",
    "RecordHistoryAdmin",
    "ServiceAccountAdmin",
    "ServiceTokenAdmin",
    "ShiftAdmin",
    "SignInAdmin",
]
