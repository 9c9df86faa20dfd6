"""Reading the record in lists and taking it out: both are acts that the record keeps."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from audit.actions import AuditAction
from audit.models import AuditEvent
from audit.services import audit_record

AUDIT_COLUMNS = (
    "at", "actor", "actor_uid", "actor_label", "action", "object_type", "object_uids",
    "purpose", "request_id", "detail",
)  # fmt: skip
#: The most rows of one export; the newest ones. Narrow the period for older ones.
EXPORT_LIMIT = 50_000


def audit_list_read(*, acting_party: Principal, shown: int, filters: Mapping[str, str]) -> None:
    """Record that a page of the record was read: how many rows, by which filters."""
    require(acting_party, Right.AUDIT_VIEW)
    audit_record(
        acting_party=acting_party,
        action=AuditAction.AUDIT_READ,
        object_type="audit",
        detail={"shown": shown, "filters": dict(filters)},
    )


def audit_export(
    *, acting_party: Principal, rows: QuerySet[AuditEvent], purpose: str
) -> Iterator[dict[str, Any]]:
    """The rows as plain values, at most EXPORT_LIMIT, newest first; the export itself is recorded first.

    `rows` come through the gate (agencies.selectors.audit_visible_to).
    """
    require(acting_party, Right.AUDIT_VIEW)
    chosen = list(rows.values(*AUDIT_COLUMNS)[:EXPORT_LIMIT])
    audit_record(
        acting_party=acting_party,
        action=AuditAction.EXPORT_MAKE,
        object_type="audit",
        purpose=purpose,
        detail={"rows": len(chosen), "limit": EXPORT_LIMIT},
    )
    return map(_plain, chosen)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "at": row["at"].isoformat(),
        "actor_uid": str(row["actor_uid"] or ""),
        "object_uids": [str(uid) for uid in row["object_uids"]],
    }
