"""Correcting by hand to which passage events belong: the officer says what, a worker carries it out.

An officer corrects what the officer sees, whoever's device it is: which lorry a reading belongs to is a fact about the
lane and no agency's property. Everybody who sees the devices reads who corrected what, when and why, and may undo it.
"""

import uuid
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.models import Officer
from agencies.tasking import doorbell_ring
from audit.actions import AuditAction
from audit.services import audit_record
from intelligence.services.deciders import decider_of
from intelligence.services.records import fault_at, sentence_of
from scanning.choices_corrections import CorrectionKind, CorrectionState
from scanning.models import PassageMove, ScanEvent
from scanning.rules.corrections import FARTHEST, MOST_EVENTS, OLDEST
from scanning.rules.refusals import CorrectionStands, CorrectionTooOld
from scanning.selectors.corrections import correction_get
from scanning.selectors.passages import passage_seen
from scanning.selectors.seen import PassageSeen

#: The task that carries corrections out (scanning/tasks.py).
CORRECT_TASK = "scanning.corrections_carry_out"
_RECORDED = {
    CorrectionKind.SPLIT: AuditAction.PASSAGE_SPLIT,
    CorrectionKind.MERGE: AuditAction.PASSAGE_MERGE,
    CorrectionKind.UNDO: AuditAction.PASSAGE_UNDO,
}


@transaction.atomic
def passage_split(
    *,
    acting_officer: Principal,
    uid: uuid.UUID | str,
    events: Collection[uuid.UUID | str],
    reason: str,
    officer: str = "",
) -> uuid.UUID:
    """Let some events of a passage become a passage of their own; returns the correction's public id.

    `officer` is a badge number, for service accounts. Raises RightMissing, NotVisible, CorrectionStands, CorrectionTooOld, or ValidationError on `events` or `reason`.
    """
    maker = decider_of(acting_officer, Right.PASSAGE_CORRECT, officer)
    passage = passage_seen(acting_officer, uid)
    reason = sentence_of(reason, "reason")
    _correctable(acting_officer, passage)
    picked = _picked(acting_officer, passage, events)
    if not picked:
        raise fault_at("events", _("Pick what belongs to another vehicle."))
    if sum(map(len, picked.values())) == sum(part.events for part in passage.parts):
        raise fault_at("events", _("Leave something: a passage of which all goes is no split."))
    return _ask(
        acting_officer, CorrectionKind.SPLIT, picked, source=passage.uid, target=uuid.uuid4(), reason=reason,
        maker=maker,
    )  # fmt: skip


@transaction.atomic
def passage_merge(
    *,
    acting_officer: Principal,
    uid: uuid.UUID | str,
    other: uuid.UUID | str,
    reason: str,
    officer: str = "",
) -> uuid.UUID:
    """Let all that belongs to the `other` passage belong to this one: they are one visit of one vehicle.

    What the officer does not see of the other passage comes too. Returns the correction's public id. Raises RightMissing,
    NotVisible, CorrectionStands, CorrectionTooOld, or ValidationError on `other` or `reason`.
    """
    maker = decider_of(acting_officer, Right.PASSAGE_CORRECT, officer)
    passage = passage_seen(acting_officer, uid)
    reason = sentence_of(reason, "reason")
    try:
        gone = passage_seen(acting_officer, other)
    except NotVisible as error:
        raise fault_at("other", _("There is no such passage.")) from error
    if gone.id == passage.id:
        raise fault_at("other", _("That is this passage itself."))
    if gone.site_id != passage.site_id:
        raise fault_at("other", _("That passage is at another site."))
    if max(gone.first_at - passage.last_at, passage.first_at - gone.last_at) > FARTHEST:
        raise fault_at("other", _("They are more than twelve hours apart: two visits, two passages."))
    _correctable(acting_officer, passage, gone)
    devices: dict[int, list[int]] = {part.device_id: [] for part in gone.parts}
    return _ask(
        acting_officer, CorrectionKind.MERGE, devices, source=gone.uid, target=passage.uid, reason=reason,
        maker=maker,
    )  # fmt: skip


@transaction.atomic
def correction_undo(
    *, acting_officer: Principal, uid: uuid.UUID | str, reason: str, officer: str = ""
) -> uuid.UUID:
    """Lead back what a correction has moved, as far as it is still where it was led. Returns the new correction's id.

    `officer` as in `passage_split`. Raises RightMissing, NotVisible, CorrectionStands (it is not carried out, or was undone, or is an undoing itself),
    CorrectionTooOld, or ValidationError on `reason`.
    """
    maker = decider_of(acting_officer, Right.PASSAGE_CORRECT, officer)
    card = correction_get(acting_officer, uid)
    reason = sentence_of(reason, "reason")
    if not card.is_undoable:
        raise CorrectionStands
    passage = passage_seen(acting_officer, card.target)
    _correctable(acting_officer, passage)
    return _ask(
        acting_officer, CorrectionKind.UNDO, {device: [] for device in card.devices}, source=card.target,
        target=card.source, reason=reason, maker=maker, undoes=card.uid,
    )  # fmt: skip


def _correctable(principal: Principal, *passages: PassageSeen) -> None:
    """Recent enough, and nobody else is at it just now."""
    if any(timezone.now() - passage.last_at > OLDEST for passage in passages):
        raise CorrectionTooOld
    uids = [passage.uid for passage in passages]
    waiting = PassageMove.objects.visible_to(principal).filter(state=CorrectionState.WAITING)
    if waiting.filter(source_uid__in=uids).exists() or waiting.filter(target_uid__in=uids).exists():
        raise CorrectionStands


def _picked(
    principal: Principal, passage: PassageSeen, events: Collection[uuid.UUID | str]
) -> dict[int, list[int]]:
    """The picked events by device; ValidationError when one of them is not among those that the officer sees there."""
    try:
        wanted = {uuid.UUID(str(uid)) for uid in events}
    except ValueError as error:
        raise fault_at("events", _("This is no event.")) from error
    if len(wanted) > MOST_EVENTS:
        raise fault_at("events", _("These are too many."))
    rows = ScanEvent.objects.visible_to(principal).filter(passage_id=passage.id, uid__in=wanted)
    picked: dict[int, list[int]] = {}
    for number, device in rows.values_list("id", "device_id"):
        picked.setdefault(device, []).append(number)
    if sum(map(len, picked.values())) != len(wanted):
        raise fault_at("events", _("Something that was picked is no longer in this passage. Look again."))
    return picked


def _ask(
    principal: Principal,
    kind: CorrectionKind,
    moves: Mapping[int, list[int]],
    *,
    source: uuid.UUID,
    target: uuid.UUID,
    reason: str,
    maker: Officer,
    undoes: uuid.UUID | None = None,
) -> uuid.UUID:
    """Write the correction down for the worker, one row for each device, and record who asked for it."""
    correction, now = uuid.uuid4(), timezone.now()
    PassageMove.objects.bulk_create(
        PassageMove(
            correction=correction,
            device_id=device,
            kind=kind,
            undoes=undoes,
            source_uid=source,
            target_uid=target,
            events=sorted(events),
            reason=reason,
            made_at=now,
            made_by=maker,
            agency_id=maker.agency_id,
        )
        for device, events in sorted(moves.items())
    )
    audit_record(
        acting_party=principal,
        action=_RECORDED[kind],
        object_type="passage",
        object_uids=[source, target],
        purpose=reason,
        detail={"correction": str(correction), "officer": str(maker.uid)}
        | ({"undoes": str(undoes)} if undoes else {}),
    )
    doorbell_ring(CORRECT_TASK)
    return correction
