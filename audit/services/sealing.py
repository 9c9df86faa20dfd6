"""Sealing: what has been committed goes into a block that nobody can change unseen.

Internal numbers commit out of order, so a block is not cut by number: it takes every row of the transactions
that have ended for good, which is all below the snapshot's horizon. A row that commits late goes into a later block.
"""

import dataclasses
import logging
import secrets

from django.db import connection, transaction

from audit.models import AuditBlock
from audit.rules.blocks import (
    GENESIS,
    Head,
    Ledger,
    commitments_of,
    ledger_path,
    ledger_salt,
    ledgers_root,
    moment_text,
)
from audit.rules.signatures import SealingKey
from audit.selectors.leaves import ENDLESS, START, Stretch, stretches_read
from audit.services.keys import key_admit

logger = logging.getLogger(__name__)

#: One sealer at a time: the lock lasts as long as the block's transaction.
LOCK = 77003
#: About so many rows go into one block at most, so that its memory and time stay small.
BLOCK_ROWS = 50_000
#: A block is made after so many seconds also when nothing was recorded: silence is sealed too.
QUIET_S = 60

_NOW = "SELECT clock_timestamp(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
# Every transaction below a block's end had ended when the block was made. A newer row of such a transaction was
# written by another server's count: its first number, and the newest number of the old count before it.
_WENT_BACK = """
WITH fresh AS (SELECT id, tx FROM audit_auditevent WHERE id > %(after)s AND id > %(last)s),
     back AS (SELECT min(id) AS first FROM fresh WHERE tx < %(tx)s)
SELECT back.first, coalesce((SELECT max(id) FROM audit_auditevent
                              WHERE tx >= %(tx)s AND id > %(after)s AND (back.first IS NULL OR id < back.first)), 0)
  FROM back
"""
_CUT = """
SELECT tx FROM audit_auditevent WHERE tx >= %s AND tx < %s AND id > %s ORDER BY tx OFFSET %s LIMIT 1
"""
_TOTALS = """
SELECT DISTINCT ON (agency_group_id) agency_group_id, total FROM audit_ledgerseal
 WHERE agency_group_id = ANY (%s) ORDER BY agency_group_id, block DESC
"""
_BLOCK = """
INSERT INTO audit_auditblock (number, sealed_at, after_id, until_id, last_id, from_tx, before_tx, seed, ledgers_root,
                              previous_root, root, key, signature)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_LEDGER = """
INSERT INTO audit_ledgerseal (block, agency_group_id, count, total, tree, salt, place, path)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Cut:
    """Which rows a block takes up."""

    after_id: int
    until_id: int
    from_tx: int
    before_tx: int


@dataclasses.dataclass(frozen=True, slots=True)
class Sealed:
    """A block that was made: its number, how many rows, and whether more wait."""

    number: int
    rows: int
    more: bool


def block_seal(key: SealingKey) -> Sealed | None:
    """Make one block of what has ended; None when another sealer works or there is nothing to seal."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return None
            cursor.execute(_NOW)
            now, horizon = cursor.fetchone()
        key_admit(key)
        last = AuditBlock.objects.order_by("-number").first()
        cut, more = _cut(last, horizon)
        (stretch,) = stretches_read(cut.from_tx, [cut.before_tx], cut.after_id, cut.until_id)
        rows = sum(len(leaves) for leaves in stretch.ledgers.values())
        quiet = last is not None and (now - last.sealed_at).total_seconds() < QUIET_S
        if not rows and quiet and not more:
            return None
        if last is not None and (last.sealed_at - now).total_seconds() > 1:
            logger.error("the database's clock is behind the last block", extra={"block": last.number})
        number = last.number + 1 if last else 1
        head = Head(number, moment_text(now), bytes(last.root) if last else GENESIS, b"", key.id)
        _write(head, cut, stretch, key, max(stretch.last_id, last.last_id if last else 0))
    return Sealed(number, rows, more)


def _cut(last: AuditBlock | None, horizon: int) -> tuple[Cut, bool]:
    """The next rows, and whether more wait behind them."""
    with connection.cursor() as cursor:
        if last is None or last.until_id != ENDLESS:  # the first epoch, or the one after a closed one
            after_id, from_tx = (START if last is None else last.until_id), START
        else:
            after_id, from_tx = last.after_id, last.before_tx
            cursor.execute(_WENT_BACK, {"after": after_id, "last": last.last_id, "tx": last.before_tx})
            first_new, newest_old = cursor.fetchone()
            if horizon < last.before_tx or first_new is not None:
                # The database was restored into another server. What is left of the old numbers is sealed in one
                # block, and an epoch of new numbers begins behind it.
                return Cut(after_id, max(last.last_id, newest_old), last.before_tx, ENDLESS), True
        cursor.execute(_CUT, [from_tx, horizon, after_id, BLOCK_ROWS])
        row = cursor.fetchone()
    return Cut(after_id, ENDLESS, from_tx, row[0] + 1 if row else horizon), row is not None


def _write(head: Head, cut: Cut, stretch: Stretch, key: SealingKey, last_id: int) -> None:
    trees = stretch.trees()
    seed = secrets.token_bytes(32)
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [list(trees)])
        totals = dict(cursor.fetchall())
        ledgers = [
            Ledger(head.number, ledger, count, totals.get(ledger, 0) + count, tree, ledger_salt(seed, ledger))
            for ledger, (count, tree) in sorted(trees.items())
        ]
        commitments = commitments_of(seed, ledgers)
        head = dataclasses.replace(head, ledgers=ledgers_root(commitments))
        root = head.root()
        cursor.execute(
            _BLOCK,
            [
                head.number, head.at, cut.after_id, cut.until_id, last_id, cut.from_tx, cut.before_tx, seed,
                head.ledgers, head.previous, root, head.key, key.sign_block(root),
            ],
        )  # fmt: skip
        for ledger in ledgers:
            place, path = ledger_path(commitments, ledger)
            cursor.execute(
                _LEDGER,
                [
                    head.number, ledger.ledger, ledger.count, ledger.total, ledger.tree, ledger.salt, place,
                    b"".join(path),
                ],
            )  # fmt: skip
