"""Verifying the whole record: every row, tree, block and signature, and what the agencies were given."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from audit.models import AuditBlock, AuditEvent, LedgerSeal, SealKey
from audit.rules.blocks import GENESIS, Ledger, commitments_of, ledger_salt, ledgers_root, moment_text
from audit.rules.signatures import block_signed, key_endorsed
from audit.selectors.blocks import head_of, ledger_of
from audit.selectors.leaves import ENDLESS, START, Stretch, epochs_closed, stretches_read, until_id_of

#: Blocks are read in batches of about so many rows.
_BATCH_BLOCKS = 2_000
_BATCH_ROWS = 200_000
#: A row may be older than the block before its own by as long as its transaction lasted; longer than this is wrong.
LATE_S = 3600
#: Clocks are set right by less than this now and then.
STEP_S = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold: at which block, what, and in words."""

    block: int
    code: str
    text: str


@dataclasses.dataclass(slots=True)
class Verdict:
    """What was verified and found."""

    blocks: int = 0
    rows: int = 0
    last: int = 0
    root: str = ""
    unsealed: int = 0
    findings: list[Finding] = dataclasses.field(default_factory=list)

    @property
    def first_bad(self) -> int | None:
        """The number of the first block that does not hold."""
        return min((finding.block for finding in self.findings), default=None)


def record_verify(published: Mapping[str, Path] | None = None) -> Verdict:
    """Verify everything in the database; `published` are the agencies' files by code, compared line by line."""
    verdict, keys = Verdict(), list(SealKey.objects.order_by("introduced_at", "id"))
    public = {key.id: bytes(key.public) for key in keys}
    verdict.findings += _keys(keys, public)
    previous: AuditBlock | None = None
    for batch in _batches():
        _rows(batch, previous, verdict)
        for block in batch:
            verdict.findings += _chain(block, previous, public)
            previous = block
            verdict.blocks += 1
    if previous is not None:
        verdict.last, verdict.root = previous.number, bytes(previous.root).hex()
        tail = AuditEvent.objects.filter(tx__gte=previous.before_tx, id__gt=previous.after_id)
        verdict.unsealed = tail.count()
    for code, path in (published or {}).items():
        verdict.findings += _published(code, path, verdict.last)
    verdict.findings.sort(key=lambda finding: finding.block)
    return verdict


def _keys(keys: Sequence[SealKey], public: Mapping[str, bytes]) -> Iterator[Finding]:
    for key in keys[1:]:
        by = public.get(key.endorsed_by)
        if by is None or not key_endorsed(by, bytes(key.endorsement), bytes(key.public)):
            first = AuditBlock.objects.filter(key=key.id).order_by("number").values_list("number", flat=True)
            number = first.first() or 0
            yield Finding(number, "key", f"key {key.id} is endorsed by no key before it")


def _batches() -> Iterator[list[AuditBlock]]:
    """Blocks in their order, cut so that one reading of rows stays within one epoch and of fair size."""
    batch: list[AuditBlock] = []
    rows, number = 0, 0
    while blocks := list(AuditBlock.objects.filter(pk__gt=number).order_by("number")[:_BATCH_BLOCKS]):
        counts = _counts(blocks[0].number, blocks[-1].number)
        for block in blocks:
            if batch and (rows > _BATCH_ROWS or block.from_tx == START):
                yield batch
                batch, rows = [], 0
            batch.append(block)
            rows += counts.get(block.number, 0)
        number = blocks[-1].number
    if batch:
        yield batch


def _counts(first: int, last: int) -> dict[int, int]:
    counts: dict[int, int] = {}
    seals = LedgerSeal.objects.filter(block__gte=first, block__lte=last)
    for block, count in seals.values_list("block", "count"):
        counts[block] = counts.get(block, 0) + count
    return counts


def _rows(batch: list[AuditBlock], previous: AuditBlock | None, verdict: Verdict) -> None:
    """The rows of these blocks against their trees, and the trees against the blocks."""
    bounds = [block.before_tx for block in batch]
    until = until_id_of(batch[-1].number, epochs_closed())
    stretches = stretches_read(batch[0].from_tx, bounds, batch[0].after_id, until)
    seals: dict[int, list[Ledger]] = {}
    for seal in LedgerSeal.objects.filter(block__gte=batch[0].number, block__lte=batch[-1].number):
        seals.setdefault(seal.block, []).append(ledger_of(seal)[0])
    for block, stretch in zip(batch, stretches, strict=True):
        verdict.rows += sum(map(len, stretch.ledgers.values()))
        ledgers = sorted(seals.get(block.number, []), key=lambda ledger: ledger.ledger)
        verdict.findings += _content(block, stretch, ledgers)
        verdict.findings += _times(block, stretch, previous)
        previous = block


def _content(block: AuditBlock, stretch: Stretch, ledgers: Sequence[Ledger]) -> Iterator[Finding]:
    found, number = stretch.trees(), block.number
    told = {ledger.ledger: ledger for ledger in ledgers}
    for group in sorted(found.keys() | told.keys()):
        count, tree = found.get(group, (0, b""))
        sealed = told.get(group)
        if sealed is None or sealed.count != count:
            expected = sealed.count if sealed else 0
            yield Finding(number, "count", f"ledger {group}: {count} records, {expected} were sealed")
        elif sealed.tree != tree:
            yield Finding(number, "content", f"ledger {group}: a record is not as it was sealed")
    seed = bytes(block.seed)
    if any(ledger.salt != ledger_salt(seed, ledger.ledger) for ledger in ledgers):
        yield Finding(number, "ledger", "a ledger's salt is not of this block")
    if ledgers_root(commitments_of(seed, ledgers)) != bytes(block.ledgers_root):
        yield Finding(number, "ledger", "the ledgers are not those of the block")


def _times(block: AuditBlock, stretch: Stretch, previous: AuditBlock | None) -> Iterator[Finding]:
    if stretch.last_at.decode() > moment_text(block.sealed_at):
        yield Finding(block.number, "time", "a record is younger than the block that holds it")
    if previous is not None and stretch.first_at:
        oldest = previous.sealed_at.timestamp() - LATE_S
        if _seconds(stretch.first_at) < oldest:
            yield Finding(block.number, "time", "a record was dated back behind blocks already sealed")


def _seconds(text: bytes) -> float:
    return dt.datetime.fromisoformat(text.decode()).timestamp()


def _chain(block: AuditBlock, previous: AuditBlock | None, public: Mapping[str, bytes]) -> Iterator[Finding]:
    number, root = block.number, bytes(block.root)
    if number != (previous.number + 1 if previous else 1):
        yield Finding(number, "chain", "a block is missing before this one")
    elif bytes(block.previous_root) != (bytes(previous.root) if previous else GENESIS):
        yield Finding(number, "chain", "the block does not follow the one before it")
    if head_of(block).root() != root:
        yield Finding(number, "root", "the block's root does not fit its content")
    if block.key not in public:
        yield Finding(number, "signature", f"sealed by the unknown key {block.key}")
    elif not block_signed(public[block.key], bytes(block.signature), root):
        yield Finding(number, "signature", "the signature is not that of the key")
    if previous is None:
        return
    if (previous.sealed_at - block.sealed_at).total_seconds() > STEP_S:
        yield Finding(number, "time", "the clock has gone back since the block before")
    if block.from_tx != (previous.before_tx if previous.until_id == ENDLESS else START):
        yield Finding(number, "chain", "transactions between this block and the one before are not sealed")


def _published(code: str, path: Path, last: int) -> Iterator[Finding]:
    """What an agency was given against what the database holds now."""
    roots: dict[int, str] = {}
    highest = 0
    try:
        lines = path.open(encoding="utf-8")
    except OSError as error:
        yield Finding(0, "publication", f"{code}: {path} cannot be read: {error.strerror}")
        return
    with lines:
        for line in lines:
            told = _told(line)
            if told is not None:
                highest = max(highest, told[0])
                roots[told[0]] = told[1]
            if len(roots) >= _BATCH_BLOCKS:
                yield from _compared(code, roots)
                roots = {}
    yield from _compared(code, roots)
    if highest < last:
        yield Finding(highest + 1, "publication", f"{code}: blocks {highest + 1} to {last} are not published")


def _told(line: str) -> tuple[int, str] | None:
    try:
        told: Any = json.loads(line)
        return (int(told["block"]), str(told["root"])) if "block" in told else None
    except (ValueError, KeyError, TypeError):
        return None


def _compared(code: str, roots: Mapping[int, str]) -> Iterator[Finding]:
    if not roots:
        return
    held = AuditBlock.objects.filter(pk__gte=min(roots), pk__lte=max(roots)).values_list("number", "root")
    known = {number: bytes(root).hex() for number, root in held}
    for number, root in sorted(roots.items()):
        if number not in known:
            yield Finding(number, "publication", f"{code}: a published block is gone from the database")
        elif known[number] != root:
            yield Finding(number, "publication", f"{code}: the published block is another one")
