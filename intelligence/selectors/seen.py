"""The part that the cards of hits and notices have in common."""

from typing import Any

from agencies.facts import Principal
from intelligence.choices import Priority, RejectReason, Strength
from intelligence.models import Hit, Notice
from intelligence.selectors.parties import officer_names, parties


def seen_part(record: Hit | Notice, reader: Principal) -> dict[str, Any]:
    """The values of SeenCard for a record that this reader may see."""
    decided_by, decided_agency = officer_names(record.decided_by, reader)
    return {
        "uid": record.uid,
        "reference": record.reference,
        "owner": parties().code(record.originator_id),
        "is_own": record.originator_id in reader.groups,
        "priority": Priority(record.priority),
        "strength": Strength(record.strength),
        "mark_seen": record.mark_seen,
        "mark_sought": record.mark_sought,
        "country_seen": record.country_seen,
        "mark_confidence": record.mark_confidence,
        "passage_uid": record.passage_uid,
        "lane_id": record.lane_id,
        "device_id": record.device_id,
        "place": record.place,
        "seen_at": record.seen_at,
        "last_seen_at": record.last_seen_at,
        "sightings": record.sightings,
        "is_late": record.is_late,
        "by_check": record.by_check,
        "created_at": record.created_at,
        "decided_by": decided_by,
        "decided_agency": decided_agency,
        "decided_at": record.decided_at,
        "reject_reason": RejectReason(record.reject_reason) if record.reject_reason else None,
        "outcome": record.outcome,
    }
