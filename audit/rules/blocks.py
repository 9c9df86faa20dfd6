"""Blocks: a sealed stretch of the record, with one ledger for each group and nothing about the others' ledgers.

A block commits to each ledger (how many records, the root of their tree) by a salted hash. The commitments are
padded with chance to a fixed number and sorted, so that whoever holds a block learns neither how many other
ledgers there are nor how much the others did (docs/audit.md).
"""

import dataclasses
import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence

from audit.rules.leaves import netstrings
from audit.rules.merkle import path_root, tree_path, tree_root

COMMITMENT, BLOCK = b"\x02", b"\x03"
GENESIS = bytes(32)
#: So many commitments at least stand in a block, whatever the number of ledgers.
WIDTH = 64


@dataclasses.dataclass(frozen=True, slots=True)
class Ledger:
    """One group's part of a block: its records in this block, and how many it has had altogether."""

    block: int
    ledger: int
    count: int
    total: int
    tree: bytes
    salt: bytes

    def commitment(self) -> bytes:
        """The hash that stands for this part in the block."""
        values = (self.block, self.ledger, self.count, self.total, self.tree.hex(), self.salt.hex())
        return hashlib.sha256(COMMITMENT + netstrings([str(value).encode() for value in values])).digest()


@dataclasses.dataclass(frozen=True, slots=True)
class Head:
    """What every agency knows of a block, and what is signed."""

    number: int
    at: str
    previous: bytes
    ledgers: bytes
    key: str

    def root(self) -> bytes:
        """The root of the block: it contains the root before it, and so all before it."""
        values = (
            "jocc-audit-block-1",
            self.number,
            self.at,
            self.previous.hex(),
            self.ledgers.hex(),
            self.key,
        )
        return hashlib.sha256(BLOCK + netstrings([str(value).encode() for value in values])).digest()


def moment_text(moment: dt.datetime) -> str:
    """A time as it is sealed: UTC, to the microsecond."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def ledger_salt(seed: bytes, ledger: int) -> bytes:
    """The salt of one ledger in the block with this seed."""
    return hmac.digest(seed, b"ledger %d" % ledger, "sha256")


def commitments_of(seed: bytes, ledgers: Sequence[Ledger]) -> list[bytes]:
    """All commitments of a block: the ledgers' own and the padding, in the order of chance."""
    width = WIDTH
    while width < len(ledgers):
        width *= 2
    padding = [hmac.digest(seed, b"padding %d" % place, "sha256") for place in range(width - len(ledgers))]
    return sorted([ledger.commitment() for ledger in ledgers] + padding)


def ledgers_root(commitments: Sequence[bytes]) -> bytes:
    """The root over a block's commitments."""
    return tree_root(commitments)


def ledger_path(commitments: Sequence[bytes], ledger: Ledger) -> tuple[int, list[bytes]]:
    """Where a ledger's commitment stands, and the way from there to the root."""
    place = commitments.index(ledger.commitment())
    return place, tree_path(commitments, place)


def ledger_holds(ledger: Ledger, place: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the ledger is part of the block whose ledgers have this root."""
    return len(path) >= 6 and path_root(ledger.commitment(), place, 1 << len(path), path) == root
