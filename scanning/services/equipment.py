"""Devices and lanes of one's own agency, and who else sees them: sharing is the originator's alone."""

import dataclasses
import re
from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies.access import NotVisible, visible_devices_forget
from agencies.actions import Right
from agencies.facts import Principal
from agencies.grants import GroupGrant, grants_give, grants_withdraw
from agencies.models import Agency, ServiceAccount
from agencies.rules.appointments import ChangeRefused
from agencies.rules.rights import RightMissing, require
from agencies.selectors import agency_group_of
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import audit_record, change_announce
from scanning.choices import DeviceKind
from scanning.models import Device, DeviceGrant, Lane, LaneGrant, Site
from scanning.services.placements import device_placed

_CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)+")


class DeviceDetails(TypedDict, total=False):
    """What may be set on a device."""

    name_en: str
    name_fr: str
    format: str
    site: Site
    lane: Lane | None
    account: ServiceAccount | None
    order: int
    zone: str
    rhythm_s: int
    answers_200: bool
    latitude: float | None
    longitude: float | None
    classification: int
    is_active: bool


class LaneDetails(TypedDict, total=False):
    """What may be set on a lane."""

    name_en: str
    name_fr: str
    site: Site
    order: int
    shape: list[list[float]]
    classification: int


def device_create(
    *, acting_party: Principal, code: str, kind: DeviceKind, **details: Unpack[DeviceDetails]
) -> Device:
    """Enter a device of the acting officer's agency; at first that agency alone sees it.

    Its code begins with the agency's, so that nobody learns of another agency's device by trying codes.
    """
    require(acting_party, Right.DEVICE_MANAGE)
    device = Device(
        originator_id=agency_group_of(acting_party), code=_own_code(acting_party, code), kind=kind
    )
    for name, value in details.items():
        setattr(device, name, value)
    _device_checked(acting_party, device)
    _save(device)
    visible_devices_forget()
    device_placed(acting_party, device)
    _record(acting_party, AuditAction.DEVICE_CREATE, "device", device, fields=sorted(details))
    change_announce(topic=Topic.DEVICE, device_id=device.pk, lane_id=device.lane_id)
    return device


def device_change(*, acting_party: Principal, device: Device, **details: Unpack[DeviceDetails]) -> Device:
    """Change a device that the acting officer's agency originated."""
    stored = _own(acting_party, Device, device)
    changed = _put(stored, details)
    _device_checked(acting_party, stored)
    if changed:
        stored.save(update_fields=changed)
        device_placed(acting_party, stored)
        _record(acting_party, AuditAction.DEVICE_CHANGE, "device", stored, fields=changed)
        change_announce(topic=Topic.DEVICE, device_id=stored.pk, lane_id=stored.lane_id)
    return stored


def device_audience_set(
    *, acting_party: Principal, device: Device, groups: Iterable[int]
) -> tuple[list[int], list[int]]:
    """Make exactly these groups, and the originator, the device's audience; (shared with, recalled from).

    A recall takes effect at once on everything the device ever saw.
    """
    stored = _own(acting_party, Device, device)
    shared, recalled = _audience_set(acting_party, DeviceGrant, stored, set(groups), "device")
    if shared or recalled:
        visible_devices_forget()
        change_announce(topic=Topic.DEVICE, groups=sorted({stored.originator_id, *shared, *recalled}))
    return shared, recalled


def lane_create(*, acting_party: Principal, code: str, **details: Unpack[LaneDetails]) -> Lane:
    """Enter a lane of the acting officer's agency; its code begins with the agency's, as a device's does."""
    require(acting_party, Right.DEVICE_MANAGE)
    lane = Lane(originator_id=agency_group_of(acting_party), code=_own_code(acting_party, code))
    _put(lane, details)
    _cleared(acting_party, lane)
    _save(lane)
    _record(acting_party, AuditAction.LANE_CREATE, "lane", lane, fields=sorted(details))
    return lane


def lane_change(*, acting_party: Principal, lane: Lane, **details: Unpack[LaneDetails]) -> Lane:
    """Change a lane that the acting officer's agency originated; its devices keep their place in it."""
    stored = _own(acting_party, Lane, lane)
    site_before = stored.site_id
    changed = _put(stored, details)
    if stored.site_id != site_before and Device.objects.visible_to(acting_party).filter(lane=stored).exists():
        raise ChangeRefused(_("Devices work in this lane: it stays at its site."))
    _cleared(acting_party, stored)
    if changed:
        stored.save(update_fields=changed)
        _record(acting_party, AuditAction.LANE_CHANGE, "lane", stored, fields=changed)
    return stored


def lane_audience_set(
    *, acting_party: Principal, lane: Lane, groups: Iterable[int]
) -> tuple[list[int], list[int]]:
    """Make exactly these groups, and the originator, the lane's audience; (shared with, recalled from)."""
    stored = _own(acting_party, Lane, lane)
    return _audience_set(acting_party, LaneGrant, stored, set(groups), "lane")


def _own(acting_party: Principal, model: type[Any], record: Any) -> Any:
    require(acting_party, Right.DEVICE_MANAGE)
    own = model.objects.visible_to(acting_party).filter(originator_id__in=list(acting_party.groups))
    stored = own.select_for_update(of=("self",)).filter(pk=record.pk).first()
    if stored is None:
        raise NotVisible(model._meta.model_name)
    return stored


def _own_code(acting_party: Principal, code: str) -> str:
    code = code.strip().upper()
    if not _CODE.fullmatch(code) or not code.startswith(f"{acting_party.agency_code}-"):
        raise ChangeRefused(
            _("The code begins with %(code)s- and has letters, digits and hyphens.")
            % {"code": acting_party.agency_code}
        )
    return code


def _put(record: Any, details: Any) -> list[str]:
    changed = sorted(name for name, value in details.items() if _differs(record, name, value))
    for name in changed:
        setattr(record, name, details[name])
    return changed


def _differs(record: Any, name: str, value: Any) -> bool:
    field = record._meta.get_field(name)
    stored = getattr(record, field.attname)
    return bool(stored != (value.pk if field.is_relation and value is not None else value))


def _device_checked(acting_party: Principal, device: Device) -> None:
    _cleared(acting_party, device)
    lane, account = device.lane, device.account
    if lane is not None:
        if not Lane.objects.visible_to(acting_party).filter(pk=lane.pk).exists():
            raise NotVisible("lane")
        if lane.site_id != device.site_id:
            raise ChangeRefused(_("This lane is at another site."))
    if (
        account is not None
        and not Agency.objects.filter(pk=account.agency_id, group_id=agency_group_of(acting_party)).exists()
    ):
        raise NotVisible("service account")


def _cleared(acting_party: Principal, record: Device | Lane) -> None:
    if record.classification > acting_party.clearance:
        raise RightMissing(Right.DEVICE_MANAGE.value)


def _save(record: Device | Lane) -> None:
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        raise ChangeRefused(_("Your agency uses this code already.")) from error


def _audience_set(
    acting_party: Principal, grant_model: type[GroupGrant], record: Any, groups: set[int], object_type: str
) -> tuple[list[int], list[int]]:
    wanted = groups - {record.originator_id}
    agencies = set(Agency.objects.values_list("group_id", flat=True))
    if not wanted <= agencies | set(acting_party.groups):
        raise NotVisible("agency")
    grants: Any = grant_model._default_manager
    held = set(grants.filter(content_object=record).values_list("group_id", flat=True))
    shared, recalled = sorted(wanted - held), sorted(held - wanted - {record.originator_id})
    if shared:
        grants_give(grant_model, record, shared)
    if recalled:
        grants_withdraw(grant_model, record, recalled)
    is_device = object_type == "device"
    for action, who in (
        (AuditAction.DEVICE_SHARE if is_device else AuditAction.LANE_SHARE, shared),
        (AuditAction.DEVICE_RECALL if is_device else AuditAction.LANE_RECALL, recalled),
    ):
        if who:
            _record(acting_party, action, object_type, record, groups=who)
    return shared, recalled


def _record(
    acting_party: Principal, action: AuditAction, object_type: str, record: Device | Lane, **detail: object
) -> None:
    # What is done in a compartment is the compartment's to know, not the agency's.
    party = dataclasses.replace(acting_party, agency_group=record.originator_id)
    audit_record(
        acting_party=party,
        action=action,
        object_type=object_type,
        object_uids=[record.uid],
        detail=detail,
    )
