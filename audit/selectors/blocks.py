"""Blocks and keys as they are published: heads for everybody, ledgers for those whose they are."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from audit.models import AuditBlock, LedgerSeal, SealKey
from audit.rules.blocks import Head, Ledger, moment_text
from audit.rules.lines import block_line, key_line

#: What the web role may read of a block.
HEAD_FIELDS = (
    "number", "sealed_at", "after_id", "until_id", "last_id", "from_tx", "before_tx", "ledgers_root",
    "previous_root", "root", "key", "signature",
)  # fmt: skip


def blocks_heads() -> QuerySet[AuditBlock]:
    """Blocks without their seeds, oldest first."""
    return AuditBlock.objects.only(*HEAD_FIELDS).order_by("number")


def head_of(block: AuditBlock) -> Head:
    """What is signed of a block."""
    at = moment_text(block.sealed_at)
    return Head(block.number, at, bytes(block.previous_root), bytes(block.ledgers_root), block.key)


def ledger_of(seal: LedgerSeal) -> tuple[Ledger, int, list[bytes]]:
    """One ledger of a block, its place and its path."""
    ledger = Ledger(
        seal.block, seal.agency_group_id, seal.count, seal.total, bytes(seal.tree), bytes(seal.salt)
    )
    path = bytes(seal.path)
    return ledger, seal.place, [path[i : i + 32] for i in range(0, len(path), 32)]


def block_lines(blocks: Sequence[AuditBlock], groups: Iterable[int]) -> Iterator[dict[str, Any]]:
    """The lines of these blocks, with the ledgers of these groups opened."""
    if not blocks:
        return
    numbers = [block.number for block in blocks]
    opened: dict[int, list[tuple[Ledger, int, list[bytes]]]] = {}
    # The range is served by the unique index, which a list of thousands of numbers is not.
    seals = LedgerSeal.objects.filter(
        agency_group_id__in=list(groups), block__gte=min(numbers), block__lte=max(numbers)
    )
    for seal in seals.order_by("block", "agency_group_id"):
        opened.setdefault(seal.block, []).append(ledger_of(seal))
    for block in blocks:
        own = opened.get(block.number, [])
        yield block_line(head_of(block), bytes(block.root), bytes(block.signature), own)


def key_lines() -> list[dict[str, Any]]:
    """The lines of all keys, in the order of their introduction."""
    return [
        key_line(
            key.id, bytes(key.public), moment_text(key.introduced_at), key.endorsed_by, bytes(key.endorsement)
        )
        for key in SealKey.objects.order_by("introduced_at", "id")
    ]
