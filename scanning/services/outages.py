"""Reporting, planning and working on outages. Whoever sees a device reports; its owner plans, repairs and closes."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from audit.actions import AuditAction
from intelligence.selectors.parties import officer_acting
from intelligence.services.records import fault_at, sentence_of, words_of
from scanning.choices_care import OutageAct, OutageCause, OutageEffect, OutageKind, OutageStage
from scanning.models import Device, DeviceStatus, Outage
from scanning.rules.outages import BY_CLOCK, DONE, FURTHEST, LONGEST, OLDEST, WORKING
from scanning.rules.refusals import NotYourDevice, OutageGoesOn, OutageOver, OutageStands
from scanning.services.outage_notes import COMMENT_LENGTH, outage_step

TICKET_LENGTH = 60
_UNKNOWN = _("This is none of the known values.")


@transaction.atomic
def outage_report(
    *,
    acting_officer: Principal,
    device: uuid.UUID | str,
    reason: str,
    effect: str = OutageEffect.OUT,
    since: dt.datetime | None = None,
) -> Outage:
    """Report that a device which the officer sees does not work; without `since` it begins now.

    Raises RightMissing, NotVisible, OutageStands, or ValidationError by field.
    """
    require(acting_officer, Right.OUTAGE_WORK)
    stored = Device.objects.get_visible(acting_officer, device)
    _effect_known(effect)
    reason, now = sentence_of(reason, "reason"), timezone.now()
    if since is not None and not now - OLDEST <= since <= now:
        raise fault_at("since", _("Within the last month, and not in the future."))
    try:
        with transaction.atomic():
            made = Outage.objects.create(
                device_id=stored.pk, kind=OutageKind.REPORTED, effect=effect, begins_at=since or now,
                reason=reason, opened_by=officer_acting(acting_officer), opened_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise OutageStands from error
    outage_step(acting_officer, OutageAct.OPEN, made, reason, action=AuditAction.OUTAGE_REPORT)
    return made


@transaction.atomic
def outage_plan(
    *,
    acting_officer: Principal,
    device: uuid.UUID | str,
    begins_at: dt.datetime,
    ends_at: dt.datetime,
    reason: str,
    effect: str = OutageEffect.OUT,
) -> Outage:
    """Plan downtime of an own device. Its silence raises no alarm then, nor do its faults while it is out of action.

    Raises RightMissing, NotVisible, NotYourDevice, or ValidationError by field.
    """
    require(acting_officer, Right.DEVICE_CARE)
    stored = _own_device(acting_officer, device)
    _effect_known(effect)
    reason, now = sentence_of(reason, "reason"), timezone.now()
    # Forms know minutes: the minute that is running is not the past.
    if not now.replace(second=0, microsecond=0) <= begins_at <= now + FURTHEST:
        raise fault_at("begins_at", _("From now on, and within a year."))
    _end_checked(begins_at, ends_at, now)
    twice = Outage.objects.visible_to(acting_officer).filter(
        device_id=stored.pk, kind=OutageKind.PLANNED, begins_at__lt=ends_at, ends_at__gt=begins_at
    )
    if twice.exclude(stage=OutageStage.CANCELLED).exists():
        raise fault_at("begins_at", _("Downtime is planned in this time already: change that one."))
    made = Outage.objects.create(
        device_id=stored.pk, kind=OutageKind.PLANNED, stage=OutageStage.PLANNED, effect=effect, reason=reason,
        cause=OutageCause.MAINTENANCE, begins_at=begins_at, ends_at=ends_at, opened_at=now,
        opened_by=officer_acting(acting_officer),
    )  # fmt: skip
    outage_step(acting_officer, OutageAct.OPEN, made, reason, action=AuditAction.OUTAGE_PLAN)
    return made


@transaction.atomic
def outage_comment(*, acting_officer: Principal, uid: uuid.UUID | str, comment: str) -> Outage:
    """Add what one knows, also when the case is closed. Raises RightMissing, NotVisible or ValidationError."""
    require(acting_officer, Right.OUTAGE_WORK)
    outage = Outage.objects.get_visible(acting_officer, uid)
    outage_step(acting_officer, OutageAct.COMMENT, outage, sentence_of(comment, "comment"))
    return outage


@transaction.atomic
def outage_work(
    *,
    acting_officer: Principal,
    uid: uuid.UUID | str,
    stage: str,
    effect: str = "",
    cause: str = "",
    expected_at: dt.datetime | None = None,
    ticket: str = "",
    comment: str = "",
) -> Outage:
    """The owner says where the case stands; what is not given stays as it was.

    Raises RightMissing, NotVisible, NotYourDevice, OutageOver, or ValidationError by field.
    """
    outage = _lock(acting_officer, uid)
    if outage.kind == OutageKind.PLANNED or outage.stage in DONE:
        raise OutageOver
    if stage not in WORKING:
        raise fault_at("stage", _UNKNOWN)
    if cause and cause not in OutageCause.values:
        raise fault_at("cause", _UNKNOWN)
    if effect:
        _effect_known(effect)
    now = timezone.now()
    if expected_at is not None and not outage.begins_at <= expected_at <= now + FURTHEST:
        raise fault_at("expected_at", _("After it began, and within a year."))
    words, ticket = words_of(comment, "comment", COMMENT_LENGTH), words_of(ticket, "ticket", TICKET_LENGTH)
    given = {"effect": effect, "cause": cause, "expected_at": expected_at, "ticket": ticket, "stage": stage}
    changed = {name: value for name, value in given.items() if value}
    if outage.taken_at is None:
        changed["taken_at"] = now
    _save(outage, changed)
    outage_step(acting_officer, OutageAct.STAGE, outage, words, stage=stage)
    return outage


@transaction.atomic
def outage_end(
    *, acting_officer: Principal, uid: uuid.UUID | str, at: dt.datetime | None = None, comment: str = ""
) -> Outage:
    """The owner says that the device works again, now or since `at`; planned downtime ends early.

    What the device itself reports is ended by the clock. Raises RightMissing, NotVisible, NotYourDevice, OutageOver,
    OutageGoesOn, or ValidationError by field.
    """
    outage, now = _lock(acting_officer, uid), timezone.now()
    if (
        outage.stage in DONE
        or (outage.ends_at is not None and outage.ends_at <= now)
        or outage.begins_at > now
    ):
        raise OutageOver
    if outage.kind in BY_CLOCK and _still_out(acting_officer, outage):
        raise OutageGoesOn
    ended = at or now
    if not outage.begins_at <= ended <= now:
        raise fault_at("at", _("After it began, and not in the future."))
    _save(outage, {"ends_at": ended})
    outage_step(acting_officer, OutageAct.END, outage, words_of(comment, "comment", COMMENT_LENGTH))
    return outage


@transaction.atomic
def outage_move(
    *, acting_officer: Principal, uid: uuid.UUID | str, ends_at: dt.datetime, comment: str
) -> Outage:
    """Let planned downtime end later or earlier than planned, but not in the past. Raises as outage_end does."""
    outage, now = _lock(acting_officer, uid, Right.DEVICE_CARE), timezone.now()
    if outage.stage != OutageStage.PLANNED or outage.ends_at is None or outage.ends_at <= now:
        raise OutageOver
    if ends_at <= now:
        raise fault_at("ends_at", _("Not in the past."))
    _end_checked(outage.begins_at, ends_at, now)
    words = sentence_of(comment, "comment")
    _save(outage, {"ends_at": ends_at})
    outage_step(acting_officer, OutageAct.MOVE, outage, words)
    return outage


@transaction.atomic
def outage_cancel(*, acting_officer: Principal, uid: uuid.UUID | str, reason: str) -> Outage:
    """Call planned downtime off before it begins. Raises as outage_end does."""
    outage, now = _lock(acting_officer, uid, Right.DEVICE_CARE), timezone.now()
    if outage.stage != OutageStage.PLANNED or outage.begins_at <= now:
        raise OutageOver
    words = sentence_of(reason, "reason")
    # Nothing was down: the plan shrinks to its begin, so that no sum over time counts it.
    closing = {"closed_at": now, "closed_by": officer_acting(acting_officer)}
    _save(outage, {"stage": OutageStage.CANCELLED, "ends_at": outage.begins_at, **closing})
    outage_step(acting_officer, OutageAct.CANCEL, outage, words, stage=OutageStage.CANCELLED)
    return outage


@transaction.atomic
def outage_close(*, acting_officer: Principal, uid: uuid.UUID | str, cause: str, remedy: str) -> Outage:
    """Close the case of a device that works again: why it did not, and what helped. Raises as outage_end does."""
    outage, now = _lock(acting_officer, uid), timezone.now()
    if outage.stage in DONE or outage.ends_at is None or outage.ends_at > now:
        raise OutageOver
    if cause not in OutageCause.values:
        raise fault_at("cause", _UNKNOWN)
    remedy = sentence_of(remedy, "remedy")
    closing = {"closed_at": now, "closed_by": officer_acting(acting_officer)}
    _save(outage, {"stage": OutageStage.CLOSED, "cause": cause, "remedy": remedy, **closing})
    outage_step(acting_officer, OutageAct.CLOSE, outage, remedy, stage=OutageStage.CLOSED)
    return outage


def _own_device(principal: Principal, uid: uuid.UUID | str) -> Device:
    device = Device.objects.get_visible(principal, uid)
    if device.originator_id not in principal.groups:
        raise NotYourDevice
    return device


def _lock(principal: Principal, uid: uuid.UUID | str, right: Right = Right.OUTAGE_WORK) -> Outage:
    """The outage of an own device, locked. Raises RightMissing, NotVisible or NotYourDevice."""
    require(principal, right)
    seen = Outage.objects.get_visible(principal, uid)
    owned = Device.objects.visible_to(principal).filter(pk=seen.device_id)
    if not owned.filter(originator_id__in=list(principal.groups)).exists():
        raise NotYourDevice
    locked = Outage.objects.visible_to(principal).filter(pk=seen.pk).select_for_update().first()
    if locked is None:
        raise NotVisible("outage")
    return locked


def _still_out(principal: Principal, outage: Outage) -> bool:
    status = DeviceStatus.objects.filter(device_id=outage.device_id).first()
    return status is not None and (bool(status.fault) or status.silent_since is not None)


def _effect_known(effect: str) -> None:
    if effect not in OutageEffect.values:
        raise fault_at("effect", _UNKNOWN)


def _end_checked(begins_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime) -> None:
    if not begins_at < ends_at <= begins_at + LONGEST or ends_at <= now:
        raise fault_at("ends_at", _("After it begins, and three months later at most."))


def _save(outage: Outage, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(outage, name, value)
    outage.save(update_fields=list(values))
