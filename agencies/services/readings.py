"""Reading leaves a record: one for each request, whatever the number of records shown (LED Art 25, DPA 2018 s62)."""

import uuid
from collections.abc import Collection

from agencies.facts import Principal
from audit.actions import AuditAction
from audit.services import audit_record

_ACTIONS = {
    "alarm": AuditAction.ALARM_READ,
    "check": AuditAction.CHECK_READ,
    "image": AuditAction.IMAGE_READ,
    "later_find": AuditAction.FIND_READ,
    "passage": AuditAction.PASSAGE_READ,
    "scan_request": AuditAction.REQUEST_READ,
}


def shown_record(
    *, acting_officer: Principal, kind: str, uids: Collection[uuid.UUID | str], purpose: str
) -> None:
    """Record which records a page or an answer shows, and for what; nothing shown, nothing recorded."""
    if uids:
        audit_record(
            acting_party=acting_officer,
            action=_ACTIONS[kind],
            object_type=kind,
            object_uids=[uuid.UUID(str(uid)) for uid in uids],
            purpose=purpose,
        )
