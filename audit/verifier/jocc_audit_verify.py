#!/usr/bin/env python3
"""Verify the audit record of the joint operational coordination centre from what was published to your agency.

    python3 jocc_audit_verify.py roots.ndjson                            the chain of blocks and its signatures
    python3 jocc_audit_verify.py roots.ndjson --records evidence.ndjson  and your own records, all of them
    python3 jocc_audit_verify.py roots.ndjson --against other.ndjson     and what somebody else was given
    python3 jocc_audit_verify.py roots.ndjson --proof proof.json         and that one record is part of it

It needs Python 3.9 or newer and nothing else: no database, no network, no word of the centre's. The first key in
the file is trusted; compare its name, which is printed, by telephone once, or give the key with --key.
Exit code: 0 everything holds; 1 something does not, the first bad block is named; 2 the files cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Line = dict[str, Any]
Point = tuple[int, int, int, int]

GENESIS = "00" * 32
LEAF, NODE, COMMITMENT, BLOCK = b"\x00jocc-audit-leaf-1,", b"\x01", b"\x02", b"\x03"
BLOCK_SIGNED, KEY_SIGNED = b"jocc-audit-block-1\x00", b"jocc-audit-key-1\x00"
FIELDS = (
    "uid", "at", "actor", "actor_uid", "actor_label", "ledger",
    "action", "object_type", "object_uids", "purpose", "request_id", "detail",
)  # fmt: skip
HEAD = ("at", "previous", "ledgers", "key", "root")


# ------------------------------------------------------------------------------------------------ hashes


def sha256(data: bytes) -> bytes:
    """The digest."""
    return hashlib.sha256(data).digest()


def netstrings(values: Sequence[str | bytes]) -> bytes:
    """Each value as `length:bytes,`."""
    parts = [value.encode() if isinstance(value, str) else value for value in values]
    return b"".join(b"%d:%b," % (len(part), part) for part in parts)


def leaf_hash(record: Line) -> bytes:
    """The hash of one record as it stands in a file of evidence: every field is a text."""
    return sha256(LEAF + netstrings([record[name] for name in FIELDS]))


def tree_root(level: list[bytes]) -> bytes:
    """The root over hashes in their order; the last one without a neighbour rises as it is."""
    if not level:
        return sha256(b"")
    while len(level) > 1:
        above = [sha256(NODE + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = above + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def path_root(found: bytes, place: int, count: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to, or None when there is no such path in a tree of so many leaves."""
    if not 0 <= place < count:
        return None
    steps, last = list(path), count - 1
    while last:
        if place % 2 or place < last:
            if not steps:
                return None
            step = steps.pop(0)
            found = sha256(NODE + step + found) if place % 2 else sha256(NODE + found + step)
        place, last = place // 2, last // 2
    return None if steps else found


def block_root(line: Line) -> str:
    """The root of a block, worked out from its line."""
    values = (
        "jocc-audit-block-1",
        str(line["block"]),
        line["at"],
        line["previous"],
        line["ledgers"],
        line["key"],
    )
    return sha256(BLOCK + netstrings(values)).hex()


def ledger_fits(line: Line, own: Line) -> bool:
    """Whether the ledger is part of the block of this line."""
    values = (line["block"], own["ledger"], own["count"], own["total"], own["tree"], own["salt"])
    commitment = sha256(COMMITMENT + netstrings([str(value) for value in values]))
    path = [bytes.fromhex(step) for step in own["path"]]
    root = path_root(commitment, own["place"], 1 << len(path), path)
    return len(path) >= 6 and root is not None and root.hex() == line["ledgers"]


# ------------------------------------------------------------------------- Ed25519, verification only (RFC 8032)

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def point_add(a: Point, b: Point) -> Point:
    """The sum of two points in extended coordinates (section 5.1.4)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_multiply(factor: int, point: Point) -> Point:
    """The point added to itself so many times."""
    total = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = point_add(total, point)
        point = point_add(point, point)
        factor >>= 1
    return total


def point_read(data: bytes) -> Point | None:
    """The point that 32 bytes stand for, or None (section 5.1.3)."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if not square:
        return None if sign else (0, y, 1, 0)
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_M1 % P
    if (x * x - square) % P:
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point_read((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the public key has signed the message (section 5.1.7)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, r = point_read(public), point_read(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= Q:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    one, other = point_multiply(s, BASE), point_add(r, point_multiply(challenge, key))
    same_x = (one[0] * other[2] - other[0] * one[2]) % P == 0
    return same_x and (one[1] * other[2] - other[1] * one[2]) % P == 0


# ------------------------------------------------------------------------------------------------- the files


class Unreadable(Exception):
    """A file is not what it should be."""


def lines_read(path: str) -> Iterator[Line]:
    """The lines of a file; a torn line, as a crash may leave one, is passed over when its block follows."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                told = json.loads(line)
            except ValueError:
                continue
            if not isinstance(told, dict):
                raise Unreadable(f"{path}, line {number}: not a line of roots")
            yield told


class Verifier:
    """Goes through the blocks in their order and collects what does not hold."""

    def __init__(self, trusted: Iterable[bytes] = (), every_signature: bool = False) -> None:
        self.bad: list[tuple[int, str]] = []
        self.public: dict[str, bytes] = {}
        self.trusted = {key_name(key): key for key in trusted}
        self.every_signature = every_signature
        self.first_key = ""
        self.blocks, self.signatures = 0, 0
        self.last: Line | None = None
        self.totals: dict[int, int] = {}
        self.owned: dict[tuple[int, int], Line] = {}

    def fail(self, block: int, text: str) -> None:
        """Note what does not hold."""
        self.bad.append((block, text))

    def key(self, line: Line) -> None:
        """Take a key: the first one, one that is trusted, or one that the key before it endorses."""
        public, name = bytes.fromhex(line["public"]), line["new_key"]
        if key_name(public) != name:
            self.fail(self.next_number(), f"key {name} is not what its name says")
            return
        if name in self.public:
            return
        if not self.public and not self.trusted:
            self.first_key = name
        elif name not in self.trusted:
            by = self.public.get(line["endorsed_by"])
            if by is None or not signed(by, bytes.fromhex(line["endorsement"]), KEY_SIGNED + public):
                self.fail(self.next_number(), f"key {name} is endorsed by no key before it")
                return
        self.public[name] = public

    def next_number(self) -> int:
        """The number that the next block must have."""
        return self.last["block"] + 1 if self.last else 1

    def block(self, line: Line) -> None:
        """Take the next block."""
        number = line["block"]
        if number != self.next_number():
            self.fail(
                min(number, self.next_number()),
                f"block {number} stands where {self.next_number()} is due",
            )
        elif line["previous"] != (self.last["root"] if self.last else GENESIS):
            self.fail(number, "does not follow the block before it")
        if block_root(line) != line["root"]:
            self.fail(number, "its root does not fit its content")
        if self.last and line["at"] < self.last["at"]:
            self.fail(number, "the clock has gone back since the block before")
        if line["key"] not in self.public:
            self.fail(number, "sealed by the unknown key {}".format(line["key"]))
        if self.last and (self.every_signature or line["key"] != self.last["key"]):
            self.signature(self.last)
        for own in line["own"]:
            self.own(line, own)
        self.last = line
        self.blocks += 1

    def own(self, line: Line, own: Line) -> None:
        """Take the part of a block that is the agency's own."""
        ledger, number = own["ledger"], line["block"]
        if not ledger_fits(line, own):
            self.fail(number, "your ledger is not part of it")
        before = self.totals.get(ledger)
        if before is not None and own["total"] != before + own["count"]:
            self.fail(number, "records of yours are missing before it")
        self.totals[ledger] = own["total"]
        self.owned[number, ledger] = own

    def signature(self, line: Line) -> None:
        """The signature of one block; the last one of a key answers for all before it."""
        public = self.public.get(line["key"])
        self.signatures += 1
        if public and not signed(
            public, bytes.fromhex(line["signature"]), BLOCK_SIGNED + bytes.fromhex(line["root"])
        ):
            self.fail(line["block"], "its signature is not that of key {}".format(line["key"]))

    def finish(self) -> None:
        """The last signature."""
        if self.last:
            self.signature(self.last)


def key_name(public: bytes) -> str:
    """The short name of a key."""
    return hashlib.sha256(public).hexdigest()[:16]


def roots_verify(path: str, trusted: Iterable[bytes] = (), every_signature: bool = False) -> Verifier:
    """Go through a file of roots."""
    verifier = Verifier(trusted, every_signature)
    try:
        for line in lines_read(path):
            (verifier.key if "new_key" in line else verifier.block)(line)
    except (KeyError, TypeError, ValueError) as error:
        verifier.fail(verifier.next_number(), f"a line cannot be read: {error!r}")
    verifier.finish()
    return verifier


def records_verify(verifier: Verifier, path: str) -> int:
    """The agency's own records against the trees in its blocks: none changed, none added, none missing."""
    found: dict[tuple[int, int], list[tuple[str, str, bytes]]] = {}
    blocks: set[int] = set()
    count = 0
    for record in lines_read(path):
        if "from_block" in record:
            blocks.update(range(record["from_block"], record["to_block"] + 1))
            continue
        place = record["block"], int(record["ledger"])
        found.setdefault(place, []).append((record["at"], record["uid"], leaf_hash(record)))
        count += 1
    for number, ledger in sorted(set(found) | {place for place in verifier.owned if place[0] in blocks}):
        own = verifier.owned.get((number, ledger))
        leaves = [leaf for _, _, leaf in sorted(found.get((number, ledger), []))]
        if own is None:
            verifier.fail(number, "the file has records of yours that the block does not have")
        elif len(leaves) != own["count"]:
            verifier.fail(number, f"{len(leaves)} records of yours, {own['count']} were sealed")
        elif tree_root(leaves).hex() != own["tree"]:
            verifier.fail(number, "a record of yours is not as it was sealed")
    return count


def against_verify(verifier: Verifier, mine: str, other: str) -> None:
    """What was published to us against what was published to somebody else, or is shown now."""
    heads = {line["block"]: line for line in lines_read(mine) if "block" in line}
    highest = 0
    for line in lines_read(other):
        if "block" not in line:
            continue
        highest = max(highest, line["block"])
        ours = heads.get(line["block"])
        if ours is not None and any(ours[name] != line[name] for name in HEAD):
            verifier.fail(line["block"], f"is another one in {other}")
    if heads and highest < max(heads):
        verifier.fail(highest + 1, f"is not in {other}, which ends before it")


def proof_verify(verifier: Verifier, path: str) -> None:
    """One record against the block that it is said to stand in."""
    with open(path, encoding="utf-8") as file:
        proof = json.load(file)
    record, number = proof["record"], proof["block"]
    own = verifier.owned.get((number, int(record["ledger"])))
    if own is None:
        verifier.fail(number, "is not among your blocks with records of this ledger")
        return
    steps = [bytes.fromhex(step) for step in proof["path"]]
    root = path_root(leaf_hash(record), proof["place"], own["count"], steps)
    if root is None or root.hex() != own["tree"]:
        verifier.fail(number, "the record {} is not part of it".format(record["uid"]))


def main(words: Sequence[str] | None = None) -> int:
    """Verify, and say what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("roots", help="the file of roots that was published to your agency")
    parser.add_argument("--records", help="evidence of your own records, as exported by the centre")
    parser.add_argument(
        "--against", action="append", default=[], help="another agency's file, or a fresh download"
    )
    parser.add_argument("--proof", action="append", default=[], help="the proof of one record")
    parser.add_argument(
        "--key", action="append", default=[], help="a public key that you trust, in hexadecimal"
    )
    parser.add_argument("--every-signature", action="store_true", help="check each block's signature (slow)")
    asked = parser.parse_args(words)
    try:
        verifier = roots_verify(asked.roots, [bytes.fromhex(key) for key in asked.key], asked.every_signature)
        records = records_verify(verifier, asked.records) if asked.records else None
        for other in asked.against:
            against_verify(verifier, asked.roots, other)
        for proof in asked.proof:
            proof_verify(verifier, proof)
    except (OSError, Unreadable, KeyError, TypeError, ValueError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    told = f"{verifier.blocks} blocks, {verifier.signatures} signatures"
    print(told + ("" if records is None else f", {records} records of yours"))
    if verifier.last:
        last = verifier.last
        print(f"last block {last['block']} of {last['at']}, root {last['root']}")
    if verifier.first_key:
        print(f"first key {verifier.first_key}: compare it once by telephone")
    for number, text in sorted(verifier.bad):
        print(f"block {number}: {text}")
    if verifier.bad:
        print(f"FIRST BAD BLOCK: {min(verifier.bad)[0]}")
        return 1
    print("Everything holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
