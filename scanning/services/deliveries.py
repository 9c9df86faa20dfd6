"""Taking a delivery in: accepted means committed, and nothing from an authenticated device is discarded."""

import dataclasses
import hashlib
import uuid

from django.db import connection
from django.utils import timezone

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from agencies.tasking import doorbell_ring
from audit.actions import AuditAction
from audit.services import audit_record
from scanning.choices import DeliveryState, DeviceFormat
from scanning.facts import DeviceProfile
from scanning.formats import Undecodable, decode
from scanning.formats.native import is_sound_batch
from scanning.models import Device
from scanning.selectors.deliveries import deliveries_visible_to

#: The task that processes what waits in the inbox (scanning/tasks.py).
PROCESS_TASK = "scanning.deliveries_process"

_INSERT = (
    "INSERT INTO scanning_delivery (receipt, received_at, agency_group_id, account_id, officer_id, device_id, site_id,"
    " format, content_type, body, body_sha256, state, attempts, error_code, error_detail, result)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, %s, %s, '{}')"
)
_TAKE_KEY = (
    "INSERT INTO scanning_deliverykey (device_id, event_key, sha256, receipt) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (device_id, event_key) DO NOTHING"
)
_KNOWN_KEY = "SELECT sha256, receipt FROM scanning_deliverykey WHERE device_id = %s AND event_key = %s"


@dataclasses.dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a delivery at the door.

    `outcome` is accepted, repeated (the same bytes came before: `receipt` is the first one's), conflict
    (the same event id with other bytes: both are kept, `first` names the earlier) or quarantined (it cannot
    be read; `code` and `detail` say why).
    """

    outcome: str
    receipt: uuid.UUID
    code: str = ""
    detail: str = ""
    first: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Sender:
    """Who delivers: a service account or an officer, and the devices that it may speak for."""

    principal: Principal
    devices: tuple[Device, ...]
    account_id: int | None = None
    officer_id: int | None = None

    @property
    def device(self) -> Device | None:
        """The one device, when there is no choice."""
        return self.devices[0] if len(self.devices) == 1 else None

    def named(self, code: str | None) -> Device | None:
        """The device with this code, or the only one when no code is given."""
        if code is None:
            return self.device
        return next((device for device in self.devices if device.code == code), None)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One delivery as it lies at the door."""

    receipt: uuid.UUID
    device: Device | None
    format: str
    body: bytes
    sha256: bytes
    content_type: str

    def quarantined(self, code: str, detail: str) -> Accepted:
        """It cannot be read, and is kept."""
        return Accepted("quarantined", self.receipt, code, detail)


def delivery_accept(
    *, sender: Sender, body: bytes, content_type: str, device_code: str | None = None
) -> Accepted:
    """Store the bytes in one inbox row and ring for the workers once that is committed.

    Native JSON is read at the door, so that its sender learns at once what is wrong; every other format is
    read by the worker. The answer never depends on what is looked for. The caller commits (one transaction
    for each request).
    """
    device = sender.named(device_code)
    letter = Letter(
        receipt=uuid.uuid4(),
        device=device,
        format=device.format if device else DeviceFormat.NATIVE,
        body=body,
        sha256=hashlib.sha256(body).digest(),
        content_type=content_type,
    )
    if not sender.devices or (device is None and device_code is not None):
        accepted = letter.quarantined("unknown_device", (device_code or "")[:40])
    elif letter.format == DeviceFormat.NATIVE:
        accepted = _native_at_the_door(sender, letter)
    else:
        accepted = _body_once(sender, letter)
    if accepted.outcome != "repeated":
        _store(sender, letter, accepted)
    return accepted


def _native_at_the_door(sender: Sender, letter: Letter) -> Accepted:
    if is_sound_batch(letter.body):  # its events are judged by the worker, each on its own
        return _body_once(sender, letter)
    profile = DeviceProfile(kind=sender.devices[0].kind, format=DeviceFormat.NATIVE)
    try:
        decoded = decode(letter.body, letter.content_type, profile)
    except Undecodable as error:
        return letter.quarantined(error.code, error.detail)
    if decoded.is_batch:  # sound but for single events
        return _body_once(sender, letter)
    if decoded.problems:
        problem = decoded.problems[0]
        return letter.quarantined(problem.code, problem.detail)
    observation = decoded.observations[0]
    device = sender.named(observation.device_code)
    if device is None:
        return letter.quarantined("unknown_device", observation.device_code or "")
    return _first_of(device.pk, observation.event_key, observation.sha256, letter.receipt)


def _body_once(sender: Sender, letter: Letter) -> Accepted:
    """A batch, or a vendor's payload: the same bytes are the same delivery."""
    anchor = letter.device.pk if letter.device else min(device.pk for device in sender.devices)
    return _first_of(anchor, f"body:{letter.sha256.hex()}", letter.sha256, letter.receipt)


def _first_of(device_id: int, event_key: str, sha256: bytes, receipt: uuid.UUID) -> Accepted:
    """Take the key for this receipt, or tell what stands there already."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_KEY, [device_id, event_key, sha256, str(receipt)])
        if cursor.rowcount:
            return Accepted("accepted", receipt)
        cursor.execute(_KNOWN_KEY, [device_id, event_key])
        known, first = cursor.fetchone()
    if bytes(known) == sha256:
        return Accepted("repeated", uuid.UUID(str(first)))
    return Accepted("conflict", receipt, "event_conflict", event_key, uuid.UUID(str(first)))


def _store(sender: Sender, letter: Letter, accepted: Accepted) -> None:
    # A conflict goes on to the worker as well, which sets it aside and raises the alarm.
    state = DeliveryState.QUARANTINED if accepted.outcome == "quarantined" else DeliveryState.WAITING
    where = letter.device or (sender.devices[0] if sender.devices else None)
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                str(letter.receipt),
                timezone.now(),
                sender.principal.agency_group,
                sender.account_id,
                sender.officer_id,
                letter.device.pk if letter.device else None,
                where.site_id if where else None,
                str(letter.format),
                letter.content_type[:200],
                letter.body,
                letter.sha256,
                state.value,
                accepted.code if state == DeliveryState.QUARANTINED else "",
                accepted.detail[:500] if state == DeliveryState.QUARANTINED else "",
            ],
        )
    audit_record(
        acting_party=sender.principal,
        action=AuditAction.DELIVERY_ACCEPT
        if state == DeliveryState.WAITING
        else AuditAction.DELIVERY_QUARANTINE,
        object_type="delivery",
        object_uids=[accepted.receipt],
        detail={"code": accepted.code} if accepted.code else None,
    )
    if state == DeliveryState.WAITING:
        doorbell_ring(PROCESS_TASK)


def delivery_replay(*, acting_party: Principal, receipt: uuid.UUID | str) -> None:
    """Take a delivery of the own agency out of quarantine and give it to the workers again.

    Raises RightMissing, or NotVisible for what is absent, hidden or not in quarantine.
    """
    require(acting_party, Right.QUARANTINE_MANAGE)
    changed = (
        deliveries_visible_to(acting_party)
        .filter(receipt=receipt, state=DeliveryState.QUARANTINED)
        .update(state=DeliveryState.WAITING, attempts=0, lease_until=None, error_code="", error_detail="")
    )
    if not changed:
        raise NotVisible("delivery")
    audit_record(
        acting_party=acting_party,
        action=AuditAction.DELIVERY_REPLAY,
        object_type="delivery",
        object_uids=[uuid.UUID(str(receipt))],
    )
    doorbell_ring(PROCESS_TASK)
