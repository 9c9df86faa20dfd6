"""Originator control: give a record to agencies, change until when, take it back, and confirm that it is gone.

The legal record, the grant and the audit record are written in one transaction; a grant to another agency never
stands without its dissemination.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.grants import grants_give, grants_withdraw
from agencies.rules.rights import RightMissing, require
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import changes_announce
from intelligence.choices import Ending
from intelligence.models import Dissemination, DisseminationGrant, RecallReceipt, RecallReceiptGrant
from intelligence.rules.refusals import RecallConfirmed, ShareEnded
from intelligence.selectors.disseminations import readings_of
from intelligence.selectors.parties import officer_acting, own_group, parties
from intelligence.services.records import act_record, sentence_of
from intelligence.services.sharing import SUBJECTS, Subject, own_record_lock, record_ready


@transaction.atomic
def dissemination_give(
    *,
    acting_officer: Principal,
    kind: str,
    uid: uuid.UUID | str,
    agencies: Iterable[str],
    purpose: str,
    expires_at: dt.datetime | None = None,
    show_recipients: bool = False,
) -> Any:
    """Let other agencies read one's own record, until `expires_at` or until it is taken back; returns the record.

    Whoever has it already keeps it as it is. With `show_recipients` those to whom it is given so learn of each
    other; else nobody does. Raises NotVisible, RightMissing (not the owner's officer), the Refusal of its kind, or
    ValidationError: an agency that is absent or no competent authority, a caveat, an end that has passed.
    """
    subject = SUBJECTS[kind]
    record = own_record_lock(acting_officer, subject, uid)
    record_ready(subject, record)
    purpose = sentence_of(purpose, "purpose")
    groups = _groups(agencies)
    _fit(record, groups)
    _end_fits(expires_at)
    held = set(_active(acting_officer, [record.uid]).values_list("recipient_group_id", flat=True))
    new = sorted(groups - held - {record.originator_id})
    for group in new:
        Dissemination.objects.create(
            originator_id=record.originator_id,
            classification=record.classification,
            caveat=record.caveat,
            expires_at=expires_at,
            subject_kind=subject.kind,
            subject_uid=record.uid,
            subject_reference=record.reference,
            recipient_group_id=group,
            purpose=purpose,
            show_recipients=show_recipients,
            given_by=officer_acting(acting_officer),
        )
    grants_give(subject.grant, record, new)
    if show_recipients:
        _recipients_introduce(acting_officer, record.uid)
    _record(acting_officer, subject, subject.share, record, groups=groups, purpose=purpose, until=expires_at)
    return record


@transaction.atomic
def dissemination_change(
    *, acting_officer: Principal, uid: uuid.UUID | str, expires_at: dt.datetime | None, reason: str
) -> Dissemination:
    """Set another end, later or sooner; None is "until it is taken back".

    Raises NotVisible, RightMissing, ShareEnded, for a later end the Refusal of its kind, or ValidationError on
    `expires_at` or `reason`.
    """
    row = Dissemination.objects.get_visible(acting_officer, uid)
    subject = SUBJECTS[row.subject_kind]
    record = own_record_lock(acting_officer, subject, row.subject_uid)
    row = _own_row_lock(acting_officer, row)
    if _is_longer(expires_at, row.expires_at):  # to give less is never refused
        record_ready(subject, record)
    reason = sentence_of(reason, "reason")
    _end_fits(expires_at)
    row.expires_at = expires_at
    row.save(update_fields=["expires_at"])
    act_record(
        acting_officer, AuditAction.DISSEMINATION_CHANGE, subject.kind, [record.uid],
        originator_id=record.originator_id, purpose=reason,
        detail={"agencies": [parties().code(row.recipient_group_id)], "until": expires_at.isoformat() if expires_at else None},
    )  # fmt: skip
    changes_announce([(subject.topic, None, None, [record.originator_id])])
    return row


@transaction.atomic
def dissemination_recall(
    *, acting_officer: Principal, kind: str, uid: uuid.UUID | str, agencies: Iterable[str], purpose: str
) -> Any:
    """Take a record back from agencies, and with it what stands in for it; returns the record.

    Their pages, streams and tokens obey at once; each is asked to confirm that nothing of it is kept, and the owner
    reads what had been read. The owner keeps it. Raises NotVisible, RightMissing, or ValidationError.
    """
    subject = SUBJECTS[kind]
    record = own_record_lock(acting_officer, subject, uid)
    purpose = sentence_of(purpose, "purpose")
    groups = _groups(agencies) - {record.originator_id}
    _take_back(acting_officer, subject, record, groups, purpose)
    _record(acting_officer, subject, subject.recall, record, groups=groups, purpose=purpose)
    for twin in subject.twins(acting_officer, record):
        held = _take_back(acting_officer, subject, twin, groups, purpose)
        if held:
            _record(acting_officer, subject, subject.recall, twin, groups=held, purpose=purpose)
    return record


@transaction.atomic
def recall_confirm(*, acting_officer: Principal, uid: uuid.UUID | str) -> RecallReceipt:
    """As the agency that had the record: confirm that no copy and no note of it is kept.

    Raises RightMissing, NotVisible (absent, hidden, or another agency's to confirm), or RecallConfirmed.
    """
    require(acting_officer, Right.RECALL_CONFIRM)
    mine = RecallReceipt.objects.visible_to(acting_officer).filter(
        recipient_group_id__in=list(acting_officer.groups)
    )
    seen = mine.get_visible(acting_officer, uid)
    receipt = mine.select_for_update(of=("self",)).filter(pk=seen.pk).first()
    if receipt is None:
        raise NotVisible("recallreceipt")
    if receipt.confirmed_at is not None:
        raise RecallConfirmed
    receipt.confirmed_at, receipt.confirmed_by = timezone.now(), officer_acting(acting_officer)
    receipt.save(update_fields=["confirmed_at", "confirmed_by"])
    act_record(
        acting_officer,
        AuditAction.RECALL_CONFIRM,
        "recall",
        [receipt.uid],
        originator_id=own_group(acting_officer),
    )
    changes_announce([(Topic.LOOKOUT, None, None, [receipt.originator_id, receipt.recipient_group_id])])
    return receipt


def _take_back(
    principal: Principal, subject: Subject, record: Any, groups: set[int], purpose: str
) -> set[int]:
    """From those of the groups that hold it, who are returned; each gets a receipt to confirm."""
    held = sorted(groups & (set(record.viewers) - {record.originator_id}))
    rows = {
        row.recipient_group_id: row
        for row in _active(principal, [record.uid]).select_for_update(of=("self",))
    }
    for group in held:
        row = rows.get(group)
        read = readings_of(principal, record.uid, group)
        receipt = RecallReceipt.objects.create(
            originator_id=record.originator_id,
            classification=record.classification,
            caveat=record.caveat,
            dissemination=row,
            subject_kind=subject.kind,
            subject_uid=record.uid,
            subject_reference=record.reference,
            recipient_group_id=group,
            readings=read.count,
            first_read_at=read.first,
            last_read_at=read.last,
        )
        grants_give(RecallReceiptGrant, receipt, [group])
        if row is not None:
            row.ended_at, row.ended_by = timezone.now(), officer_acting(principal)
            row.ending, row.ended_reason = Ending.RECALLED, purpose
            row.save(update_fields=["ended_at", "ended_by", "ending", "ended_reason"])
    for other in rows.values():  # whoever has it no more learns no more of the others
        grants_withdraw(DisseminationGrant, other, held)
    grants_withdraw(subject.grant, record, held)
    return set(held)


def _recipients_introduce(principal: Principal, uid: uuid.UUID) -> None:
    shown = list(_active(principal, [uid]).filter(show_recipients=True))
    for row in shown:
        grants_give(DisseminationGrant, row, [each.recipient_group_id for each in shown])


def _active(principal: Principal, uids: list[uuid.UUID]) -> Any:
    return (
        Dissemination.objects.visible_to(principal)
        .filter(subject_uid__in=uids, ended_at__isnull=True, originator_id__in=list(principal.groups))
        .order_by("id")
    )


def _own_row_lock(principal: Principal, row: Dissemination) -> Dissemination:
    if row.originator_id not in principal.groups:
        raise RightMissing(Right.LOOKOUT_CREATE.value)
    locked = (
        Dissemination.objects.visible_to(principal).select_for_update(of=("self",)).filter(pk=row.pk).first()
    )
    if locked is None:
        raise NotVisible("dissemination")
    if locked.ended_at is not None:
        raise ShareEnded
    return locked


def _groups(agencies: Iterable[str]) -> set[int]:
    groups = [parties().group(code) for code in agencies]
    if not groups or None in groups:
        raise ValidationError({"agencies": ValidationError(_("There is no such agency."), code="invalid")})
    return {group for group in groups if group is not None}


def _fit(record: Any, groups: set[int]) -> None:
    if not groups <= parties().authorities:
        sentence = _("Only a competent authority may read this.")
    elif not all(parties().may_bear(group, record.caveat) for group in groups):
        sentence = _("The national caveat closes this to agencies of the other state.")
    else:
        return
    raise ValidationError({"agencies": ValidationError(sentence, code="invalid")})


def _end_fits(expires_at: dt.datetime | None) -> None:
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationError({"expires_at": ValidationError(_("This time has passed."), code="invalid")})


def _is_longer(wanted: dt.datetime | None, standing: dt.datetime | None) -> bool:
    return standing is not None and (wanted is None or wanted > standing)


def _record(
    principal: Principal,
    subject: Subject,
    action: AuditAction,
    record: Any,
    *,
    groups: set[int],
    purpose: str,
    until: dt.datetime | None = None,
) -> None:
    act_record(
        principal,
        action,
        subject.kind,
        [record.uid],
        originator_id=record.originator_id,
        purpose=purpose,
        detail={"agencies": list(parties().codes(sorted(groups)))}
        | ({"until": until.isoformat()} if until else {}),
    )
    record.refresh_from_db(fields=["viewers"])
    changes_announce([(subject.topic, None, None, sorted({*record.viewers, *groups}))])
