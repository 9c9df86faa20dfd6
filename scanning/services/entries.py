"""Entry by hand from the lane: what an officer saw takes the same way as what a device posts."""

import dataclasses
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from audit.actions import AuditAction
from audit.services import audit_record
from intelligence.selectors.parties import officer_acting
from scanning.choices import Result, UseVerdict
from scanning.facts import Scalar
from scanning.models import Delivery, DeliveryKey, Device
from scanning.rules.law import Ruling
from scanning.rules.readings import missing_fields, reading_problems
from scanning.selectors.hand import hand_devices
from scanning.selectors.requests import NOT_ASKED_FOR
from scanning.services.deliveries import Accepted, Sender, delivery_accept
from scanning.services.uses import use_checked

_LOCK = "SELECT pg_advisory_xact_lock(77013, hashtext(%s))"
_UNDONE = frozenset({Result.NOT_PERFORMED, Result.FAULT})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class HandMark:
    """One mark as an officer read it off the vehicle."""

    value: str
    kind: str = "unknown"
    country: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class HandEntry:
    """What an officer enters for one device. `event_id` names the form: the same form sent twice is one entry.

    `purpose` is what was looked for (ScanPurpose), `justification` why it was done where no rule of lawful use stands.
    """

    device_code: str
    event_id: uuid.UUID
    result: str
    marks: Sequence[HandMark] = ()
    reading: Mapping[str, Scalar] = dataclasses.field(default_factory=dict)
    reason: str = ""
    note: str = ""
    purpose: str = ""
    justification: str = ""


class EntryDiffers(Exception):
    """The same form came before with something else in it. `receipt` is that of the first."""

    def __init__(self, receipt: uuid.UUID) -> None:
        super().__init__(str(receipt))
        self.receipt = receipt


@transaction.atomic
def entry_make(*, acting_officer: Principal, entry: HandEntry) -> Accepted:
    """Put the entry into the inbox as the device's event, with the officer as its sender.

    The time of the event is now. Raises RightMissing, NotVisible (no such device for hand entry), EntryDiffers,
    or ValidationError with the faults by field: of the reading, or `purpose` and `justification` where the law asks for them.
    """
    require(acting_officer, Right.ENTRY_MAKE)
    device = hand_devices(acting_officer).filter(code=entry.device_code).first()
    officer = officer_acting(acting_officer)
    if device is None or officer is None:
        raise NotVisible("device")
    _refuse_faults(device, entry)
    ruling, justification = _use(acting_officer, device, entry)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [str(entry.event_id)])  # two presses of the button come one after the other
    body = _event(entry)
    known = _known(acting_officer, device, entry.event_id, body)
    if known is not None:
        return known
    accepted = delivery_accept(
        sender=Sender(acting_officer, (device,), officer_id=officer.pk),
        body=json.dumps(body | {"at": timezone.now().isoformat()}, ensure_ascii=False).encode(),
        content_type="application/json",
        device_code=device.code,
    )
    audit_record(
        acting_party=acting_officer,
        action=AuditAction.ENTRY_UNLAWFUL
        if ruling and ruling.verdict == UseVerdict.REFUSED
        else AuditAction.ENTRY_BY_HAND,
        object_type="delivery",
        object_uids=[accepted.receipt],
        purpose=justification,
        detail={
            "device": str(device.uid),
            "kind": device.kind,
            "result": entry.result,
            "outcome": accepted.outcome,
        }
        | ({"purpose": entry.purpose, "lawful_use": ruling.verdict.value} if ruling else {}),
    )
    return accepted


def _refuse_faults(device: Device, entry: HandEntry) -> None:
    """What is missing or cannot be right is said before anything is stored: the officer still stands there."""
    performed = entry.result not in _UNDONE
    problems = list(reading_problems(device.kind, entry.reading, performed=performed))
    if performed:
        problems += missing_fields(device.kind, entry.reading)
    faults = {
        problem.field: ValidationError(_("This value cannot be right."), code="invalid")
        for problem in problems
    }
    if not performed and not entry.reason:
        faults["reason"] = ValidationError(_("Say why it was not done."), code="required")
    if faults:
        raise ValidationError(faults)


def _use(principal: Principal, device: Device, entry: HandEntry) -> tuple[Ruling | None, str]:
    """What the law says about it; what was not done, and a plate that was read, need no law."""
    if device.kind in NOT_ASKED_FOR or entry.result in _UNDONE:
        return None, ""
    return use_checked(principal, device, purpose=entry.purpose, justification=entry.justification)


def _event(entry: HandEntry) -> dict[str, Any]:
    """The native event, but for its time."""
    event: dict[str, Any] = {"event_id": str(entry.event_id), "result": entry.result}
    if entry.marks:
        event["marks"] = [
            {"kind": mark.kind, "value": mark.value} | ({"country": mark.country} if mark.country else {})
            for mark in entry.marks
        ]
    optional = {
        "reading": dict(entry.reading),
        "reason": entry.reason,
        "note": entry.note,
        "purpose": entry.purpose,
    }
    return event | {name: value for name, value in optional.items() if value}


def _known(
    principal: Principal, device: Device, event_id: uuid.UUID, event: dict[str, Any]
) -> Accepted | None:
    """What became of the same form when it came before; None when it did not. Raises EntryDiffers."""
    key = DeliveryKey.objects.filter(device_id=device.pk, event_key=str(event_id)).first()
    if key is None:
        return None
    first = Delivery.objects.visible_to(principal).filter(receipt=key.receipt).only("body").first()
    if (
        first is None or first.body is None
    ):  # another agency's form cannot be this one; bytes go after a while
        return Accepted("repeated", key.receipt)
    stored = json.loads(bytes(first.body))
    stored.pop("at", None)
    if stored != event:
        raise EntryDiffers(key.receipt)
    return Accepted("repeated", key.receipt)
