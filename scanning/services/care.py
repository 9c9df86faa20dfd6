"""Calibrations, maintenance, firmware and tests of own devices: entered, and withdrawn when they were wrong."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import audit_record, change_announce
from intelligence.selectors.parties import officer_acting
from intelligence.services.records import fault_at, sentence_of, words_of
from scanning.choices_care import CareKind
from scanning.models import Care, Device
from scanning.rules.refusals import NotYourDevice, WithdrawnAlready

#: What is entered was done so long ago at most, and is due again so far ahead at most.
OLDEST = dt.timedelta(days=10 * 366)
FURTHEST = dt.timedelta(days=10 * 366)
FIRMWARE_LENGTH, BY_LENGTH, CERTIFICATE_LENGTH, NOTE_LENGTH = 60, 120, 120, 300


@transaction.atomic
def care_enter(
    *,
    acting_officer: Principal,
    device: uuid.UUID | str,
    kind: str,
    done_on: dt.date,
    due_on: dt.date | None = None,
    firmware: str = "",
    by: str = "",
    certificate: str = "",
    note: str = "",
) -> Care:
    """Enter what was done to an own device; days are those of the centre's time zone.

    Raises RightMissing, NotVisible, NotYourDevice, or ValidationError by field.
    """
    require(acting_officer, Right.DEVICE_CARE)
    stored = Device.objects.get_visible(acting_officer, device)
    if stored.originator_id not in acting_officer.groups:
        raise NotYourDevice
    if kind not in CareKind.values:
        raise fault_at("kind", _("This is none of the known values."))
    today = timezone.localdate()
    if not today - OLDEST <= done_on <= today:
        raise fault_at("done_on", _("Not in the future, and within the last ten years."))
    if due_on is not None and not done_on < due_on <= today + FURTHEST:
        raise fault_at("due_on", _("After it was done, and within ten years."))
    firmware = words_of(firmware, "firmware", FIRMWARE_LENGTH)
    if kind == CareKind.FIRMWARE and not firmware:
        raise fault_at("firmware", _("Name the version that runs now."))
    made = Care.objects.create(
        device_id=stored.pk,
        kind=kind,
        done_on=done_on,
        due_on=due_on,
        firmware=firmware,
        by=words_of(by, "by", BY_LENGTH),
        certificate=words_of(certificate, "certificate", CERTIFICATE_LENGTH),
        note=words_of(note, "note", NOTE_LENGTH),
        made_at=timezone.now(),
        made_by=officer_acting(acting_officer),
    )
    _record(acting_officer, AuditAction.CARE_ENTER, made, "")
    return made


@transaction.atomic
def care_withdraw(*, acting_officer: Principal, uid: uuid.UUID | str, reason: str) -> Care:
    """Take back an entry that was wrong; it stays readable with the reason.

    Raises RightMissing, NotVisible, NotYourDevice, WithdrawnAlready, or ValidationError on `reason`.
    """
    require(acting_officer, Right.DEVICE_CARE)
    care = Care.objects.get_visible(acting_officer, uid)
    owned = Device.objects.visible_to(acting_officer).filter(pk=care.device_id)
    if not owned.filter(originator_id__in=list(acting_officer.groups)).exists():
        raise NotYourDevice
    words = sentence_of(reason, "reason")
    rows = Care.objects.visible_to(acting_officer).filter(pk=care.pk, withdrawn_at__isnull=True)
    values = {"withdrawn_at": timezone.now(), "withdrawn_why": words}
    if not rows.update(**values, withdrawn_by=officer_acting(acting_officer)):
        raise WithdrawnAlready
    _record(acting_officer, AuditAction.CARE_WITHDRAW, care, words)
    care.refresh_from_db()
    return care


def _record(principal: Principal, action: AuditAction, care: Care, purpose: str) -> None:
    audit_record(
        acting_party=principal,
        action=action,
        object_type="care",
        object_uids=[care.uid],
        purpose=purpose,
        detail={"kind": care.kind, "done_on": care.done_on.isoformat()},
    )
    change_announce(topic=Topic.DEVICE, device_id=care.device_id)
