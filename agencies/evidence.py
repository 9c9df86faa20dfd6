"""The own agency's part of the audit record: searched, shown with its seal, and given away as evidence.

Whoever holds the right to the record reads the agency's part of it (and the part of the compartments that the
reader is named in); every other officer and account reads what it did itself.
"""

import bisect
import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import connection
from django.db.models import QuerySet

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.paging import Page, Turn, queryset_page
from agencies.rules.rights import may
from agencies.selectors import audit_visible_to
from audit.models import AuditBlock, AuditEvent, LedgerSeal
from audit.rules.leaves import FIELDS, leaf_hash
from audit.rules.merkle import tree_path
from audit.selectors.blocks import block_lines, blocks_heads, key_lines
from audit.selectors.leaves import ENDLESS, LEAF_COLUMNS, epochs_closed, until_id_of

#: The most rows of one file of evidence; narrow the period for more files.
EVIDENCE_LIMIT = 50_000
#: The most blocks of one answer.
ROOTS_LIMIT = 1_000

_LEAVES = f"""
SELECT tx, {LEAF_COLUMNS} FROM audit_auditevent
 WHERE agency_group_id = %s AND tx >= %s AND tx < %s AND id > %s AND id <= %s ORDER BY at, uid LIMIT %s
"""  # noqa: S608  (our own columns)


class TooMuch(ValueError):
    """More rows than one file takes."""


@dataclasses.dataclass(frozen=True, slots=True)
class RecordFilter:
    """What is looked for in the record; what is None or "" does not narrow it."""

    actor: uuid.UUID | None = None
    action: str = ""
    object_type: str = ""
    object: uuid.UUID | None = None
    request: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def names(self) -> dict[str, str]:
        """The filters that are set, as they are recorded."""
        return {
            name: str(value) for name, value in dataclasses.asdict(self).items() if value not in (None, "")
        }


@dataclasses.dataclass(frozen=True, slots=True)
class Seal:
    """Where a record is sealed: its block, and when that was made."""

    block: int
    at: dt.datetime
    root: str
    key: str


def records_readable(principal: Principal) -> QuerySet[AuditEvent]:
    """What the principal may read of the record."""
    rows = audit_visible_to(principal)
    if may(principal, Right.AUDIT_VIEW):
        return rows
    return rows.filter(actor_uid=principal.uid) if principal.uid else rows.none()


def records_chosen(principal: Principal, wanted: RecordFilter) -> QuerySet[AuditEvent]:
    """The readable records that fit."""
    rows = records_readable(principal)
    plain = {
        "actor_uid": wanted.actor, "action": wanted.action, "object_type": wanted.object_type,
        "request_id": wanted.request, "at__gte": wanted.since, "at__lt": wanted.until,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in plain.items() if value not in (None, "")})
    return rows.filter(object_uids__contains=[wanted.object]) if wanted.object else rows


def records_page(principal: Principal, turn: Turn, wanted: RecordFilter) -> Page[AuditEvent]:
    """One page of them, newest first."""
    return queryset_page(records_chosen(principal, wanted), turn, at="at")


def record_get(principal: Principal, uid: uuid.UUID | str) -> AuditEvent:
    """One record; NotVisible when it is absent or another's."""
    try:
        return records_readable(principal).get(uid=uid)
    except (ObjectDoesNotExist, ValidationError) as error:
        raise NotVisible("auditevent") from error


def record_plain(event: AuditEvent) -> dict[str, Any]:
    """The record as plain values; internal numbers stay inside."""
    return {
        "uid": str(event.uid),
        "at": event.at.isoformat(),
        "actor": event.actor,
        "actor_uid": str(event.actor_uid) if event.actor_uid else None,
        "actor_label": event.actor_label,
        "action": event.action,
        "object_type": event.object_type,
        "object_uids": [str(uid) for uid in event.object_uids],
        "purpose": event.purpose,
        "request_id": event.request_id,
        "detail": event.detail,
    }


def seal_of(event: AuditEvent) -> Seal | None:
    """The block that holds the record; None while it waits to be sealed."""
    block = _block_of(event)
    return Seal(block.number, block.sealed_at, bytes(block.root).hex(), block.key) if block else None


def _block_of(event: AuditEvent) -> AuditBlock | None:
    blocks = blocks_heads().filter(after_id__lt=event.pk, before_tx__gt=event.tx)
    block = blocks.order_by("-after_id", "before_tx").first()
    if block is None or (block.from_tx or 0) > (event.tx or 0):
        return None
    return block if event.pk <= until_id_of(block.number, epochs_closed()) else None


def record_proof(principal: Principal, event: AuditEvent) -> dict[str, Any] | None:
    """What shows, with the published roots alone, that the record is part of its block; None before it is sealed."""
    block, group = _block_of(event), event.agency_group_id
    if block is None or group is None:
        return None
    leaves = [fields for _, fields in _leaves(group, [block])]
    place = next(number for number, fields in enumerate(leaves) if fields[0] == str(event.uid))
    hashes = [leaf_hash([value.encode() for value in fields]) for fields in leaves]
    (line,) = block_lines([block], [group])
    return {
        "record": dict(zip(FIELDS, leaves[place], strict=True)),
        "block": block.number,
        "place": place,
        "path": [step.hex() for step in tree_path(hashes, place)],
        "head": line,
    }


def _leaves(group: int, blocks: list[AuditBlock]) -> list[tuple[int, list[str]]]:
    """The records of a group in neighbouring blocks of one epoch: (block, fields), in the order of the trees."""
    until = until_id_of(blocks[-1].number, epochs_closed())
    bounds = [block.before_tx for block in blocks]
    with connection.cursor() as cursor:
        cursor.execute(
            _LEAVES,
            [group, blocks[0].from_tx, bounds[-1], blocks[0].after_id, until, EVIDENCE_LIMIT + 1],
        )
        rows = cursor.fetchall()
    if len(rows) > EVIDENCE_LIMIT:
        raise TooMuch
    return [(blocks[bisect.bisect_right(bounds, row[0])].number, list(row[1:])) for row in rows]


def evidence_lines(principal: Principal, since: dt.datetime, until: dt.datetime) -> list[dict[str, Any]]:
    """All of the agency's records in the blocks sealed in this time, with every field as it was hashed.

    The first line says from which block to which one the file is complete. TooMuch when there are too many.
    """
    group = principal.agency_group
    blocks = list(blocks_heads().filter(sealed_at__gte=since, sealed_at__lt=until)[: EVIDENCE_LIMIT + 1])
    if group is None or not blocks:
        return []
    if len(blocks) > EVIDENCE_LIMIT:
        raise TooMuch
    lines: list[dict[str, Any]] = [{"from_block": blocks[0].number, "to_block": blocks[-1].number}]
    for stretch in _by_epoch(blocks):
        lines += [
            {**dict(zip(FIELDS, fields, strict=True)), "block": number}
            for number, fields in _leaves(group, stretch)
        ]
    return lines


def _by_epoch(blocks: list[AuditBlock]) -> Iterator[list[AuditBlock]]:
    begin = 0
    for place, block in enumerate(blocks, 1):
        if block.until_id != ENDLESS:
            yield blocks[begin:place]
            begin = place
    if blocks[begin:]:
        yield blocks[begin:]


def roots_lines(principal: Principal, after: int, limit: int | None = ROOTS_LIMIT) -> list[dict[str, Any]]:
    """The lines that were published to the agency, after a block: keys first, then blocks; all without a limit."""
    group = principal.agency_group
    blocks = list(blocks_heads().filter(pk__gt=after)[:limit])
    return [*key_lines(), *block_lines(blocks, [group] if group is not None else [])]


def roots_stand(principal: Principal) -> tuple[Seal | None, int]:
    """The last block, and how many records of the agency are sealed."""
    last = blocks_heads().order_by("-number").first()
    own = LedgerSeal.objects.filter(agency_group_id=principal.agency_group or -1).order_by("-block").first()
    seal = Seal(last.number, last.sealed_at, bytes(last.root).hex(), last.key) if last else None
    return seal, own.total if own else 0
