"""Carrying out what officers corrected: the rows are the work, as in the inbox (docs/adr/0003, 0027).

The web may not touch events, parts or marks; it says what it wants and the worker looks again at what it says.
"""

import logging
import uuid
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from agencies.facts import INGEST
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import audit_record, changes_announce
from scanning.choices_corrections import CorrectionFault, CorrectionKind, CorrectionState
from scanning.models import Device, Passage, PassageMove, PassagePart
from scanning.services.ingest.followers import Ends, followers_move, followers_return
from scanning.services.ingest.moves import Moved, events_move, is_whole
from scanning.services.ingest.run import site_lock

logger = logging.getLogger(__name__)

#: Corrections of one turn; officers make a few in an hour.
BATCH = 20

#: One correction as its officer asked for it: all its rows say the same but for the device and its events.
_Rows = tuple[PassageMove, ...]

_WAITING = (
    "SELECT DISTINCT correction FROM (SELECT correction FROM scanning_passagemove WHERE state = 'waiting'"
    " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) w"
)


class _Refused(Exception):
    """It cannot be carried out."""

    def __init__(self, fault: CorrectionFault) -> None:
        super().__init__(fault)
        self.fault = fault


def corrections_waiting() -> bool:
    """Whether a correction waits to be carried out."""
    return PassageMove.objects.filter(state=CorrectionState.WAITING).exists()


def corrections_carry_out() -> int:
    """Carry out what waits, each in a transaction of its own; returns how many were tried. As INGEST."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WAITING, [BATCH])
        waiting = [row[0] for row in cursor.fetchall()]
    for correction in waiting:
        _guarded(uuid.UUID(str(correction)))
    return len(waiting)


def _guarded(correction: uuid.UUID) -> None:
    """One that fails is put away as failed, so that it neither holds up the others nor comes again for ever."""
    try:
        with transaction.atomic():
            _carry_out(correction)
    except (OperationalError, InterfaceError):
        raise  # the database is away, or chose us in a deadlock: the next turn tries again
    except Exception:
        logger.exception("correction %s failed", correction)
        with transaction.atomic():
            _fail(_held(correction), CorrectionFault.ERROR)


def _carry_out(correction: uuid.UUID) -> None:
    held = _held(correction)
    if not held:
        return  # another worker was faster
    try:
        with transaction.atomic():
            _move(held)
    except _Refused as refused:
        _fail(held, refused.fault)


def _held(correction: uuid.UUID) -> _Rows:
    rows = PassageMove.objects.filter(correction=correction, state=CorrectionState.WAITING).order_by("id")
    return tuple(rows.select_for_update())


def _move(rows: _Rows) -> None:
    first = rows[0]
    ends = _ends(first)
    undone = _undone(first) if first.kind == CorrectionKind.UNDO else ()
    asked = _asked(rows, ends, undone)
    if not is_whole(ends.source, list(asked)):
        raise _Refused(CorrectionFault.TOO_OLD)
    moved = events_move(ends.source, ends.target, asked)
    if not moved:
        raise _Refused(CorrectionFault.MOVED)
    if first.kind == CorrectionKind.UNDO:
        alarms = followers_return(first.undoes, ends)  # type: ignore[arg-type]
    else:
        alarms = followers_move(first.correction, ends, moved, whole=first.kind == CorrectionKind.MERGE)
    _rows_complete(rows, moved)
    _announce(first, moved, alarms)


def _ends(first: PassageMove) -> Ends:
    """Both passages, locked in one order with the site; a split makes its new one. Refused when one is not there."""
    source = Passage.objects.filter(uid=first.source_uid).first()
    if source is None:
        raise _Refused(CorrectionFault.MOVED)
    site_lock(source.site_id)
    if first.kind == CorrectionKind.SPLIT:
        target, made = Passage.objects.get_or_create(
            uid=first.target_uid,
            defaults={
                "site_id": source.site_id,
                "first_at": source.first_at,
                "last_at": source.last_at,
            },
        )
        if not made:  # a new passage was asked for, not somebody else's
            raise _Refused(CorrectionFault.MOVED)
    else:
        known = Passage.objects.filter(uid=first.target_uid, site_id=source.site_id).first()
        if known is None:
            raise _Refused(CorrectionFault.MOVED)
        target = known
    return Ends(source.pk, target.pk, source.uid, target.uid)


def _undone(first: PassageMove) -> tuple[PassageMove, ...]:
    """All rows of the correction that is taken back, those of devices too which the officer does not see."""
    if first.undoes is None:
        raise _Refused(CorrectionFault.MOVED)
    rows = tuple(
        PassageMove.objects.filter(
            correction=first.undoes,
            state=CorrectionState.DONE,
            source_uid=first.target_uid,
            target_uid=first.source_uid,
        )
    )
    if first.device_id not in {row.device_id for row in rows}:
        raise _Refused(CorrectionFault.MOVED)
    return rows


def _asked(rows: _Rows, ends: Ends, undone: Sequence[PassageMove]) -> dict[int, list[int] | None]:
    """Which events of which devices: those picked; of a merge all; of an undoing those that were moved."""
    match rows[0].kind:
        case CorrectionKind.SPLIT:
            return {row.device_id: list(row.events) for row in rows}
        case CorrectionKind.UNDO:
            return {row.device_id: list(row.events) for row in undone}
        case _:
            parts = PassagePart.objects.filter(passage_id=ends.source)
            return dict.fromkeys(parts.values_list("device_id", flat=True))


def _rows_complete(rows: _Rows, moved: Sequence[Moved]) -> None:
    """Write down what was really moved, device by device; those that the officer did not see get rows of their own."""
    first, now = rows[0], timezone.now()
    known = {row.device_id: row for row in rows}
    by_device: dict[int, list[int]] = {device: [] for device in known}
    for event in moved:
        by_device.setdefault(event.device_id, []).append(event.id)
    for device, events in by_device.items():
        row = (
            known[device]
            if device in known
            else PassageMove(
                correction=first.correction,
                device_id=device,
                kind=first.kind,
                undoes=first.undoes,
                source_uid=first.source_uid,
                target_uid=first.target_uid,
                reason=first.reason,
                made_at=first.made_at,
                made_by_id=first.made_by_id,
                agency_id=first.agency_id,
            )
        )
        row.events, row.state, row.done_at = sorted(events), CorrectionState.DONE, now
        if device in known:
            row.save(update_fields=["events", "state", "done_at"])
        else:
            row.save(force_insert=True)


def _fail(rows: _Rows, fault: CorrectionFault) -> None:
    PassageMove.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=CorrectionState.FAILED, fault=fault, done_at=timezone.now()
    )
    changes_announce([(Topic.PASSAGE, row.device_id, None, None) for row in rows])


def _announce(first: PassageMove, moved: Sequence[Moved], alarms: set[int]) -> None:
    """Record for the owner of each device that its events were moved, and tell the boards."""
    devices = {event.device_id for event in moved}
    owners = Device.objects.filter(pk__in=devices).values_list("originator_id", flat=True)
    for owner in sorted(set(owners)):
        audit_record(
            acting_party=INGEST,
            action=AuditAction.PASSAGE_CORRECTED,
            object_type="passage",
            object_uids=[first.source_uid, first.target_uid],
            agency_group=owner,
            detail={"kind": first.kind, "correction": str(first.correction)},
        )
    changes_announce(
        [(Topic.PASSAGE, device, None, None) for device in sorted(devices)]
        + [(Topic.ALARM, device, None, None) for device in sorted(alarms)]
    )
