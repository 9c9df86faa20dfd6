"""Looking into a delivery: its bytes may carry marks, so each look is recorded."""

import dataclasses
import uuid

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from audit.actions import AuditAction
from audit.services import audit_record
from scanning.rules.bytes_shown import HEX_BYTES, TEXT_BYTES, bytes_as_hex, bytes_as_text
from scanning.selectors.deliveries import deliveries_visible_to


@dataclasses.dataclass(frozen=True, slots=True)
class BytesShown:
    """The beginning of a delivery's bytes, safe to show; `size` is the whole, None when they have expired."""

    size: int | None
    text: str = ""
    hexadecimal: str = ""
    text_cut: bool = False
    hexadecimal_cut: bool = False


def delivery_look(*, acting_party: Principal, receipt: uuid.UUID | str) -> BytesShown:
    """Show the bytes of a delivery of the own agency. Raises RightMissing or NotVisible."""
    require(acting_party, Right.QUARANTINE_MANAGE)
    found = deliveries_visible_to(acting_party).filter(receipt=receipt).values_list("body", flat=True)[:1]
    if not found:
        raise NotVisible("delivery")
    audit_record(
        acting_party=acting_party,
        action=AuditAction.DELIVERY_READ,
        object_type="delivery",
        object_uids=[uuid.UUID(str(receipt))],
    )
    if found[0] is None:
        return BytesShown(size=None)
    body = bytes(found[0])
    return BytesShown(
        size=len(body),
        text=bytes_as_text(body),
        hexadecimal=bytes_as_hex(body),
        text_cut=len(body) > TEXT_BYTES,
        hexadecimal_cut=len(body) > HEX_BYTES,
    )
