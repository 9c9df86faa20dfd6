"""The leaf: what exactly of one record is sealed, as bytes that will be the same in twenty years (docs/audit.md).

Each field is a netstring, `length:bytes,`, in a fixed order; an absent value is the empty string. The record's
own random id is among the fields, so nobody can guess a record's content from its hash.
"""

import hashlib
import re
from collections.abc import Sequence

#: The fields of a leaf, in their order. The internal number and the transaction are not part of it.
FIELDS = (
    "uid", "at", "actor", "actor_uid", "actor_label", "ledger",
    "action", "object_type", "object_uids", "purpose", "request_id", "detail",
)  # fmt: skip
LEAF = b"\x00jocc-audit-leaf-1,"

_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_PLAIN = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


def netstrings(values: Sequence[bytes]) -> bytes:
    """Each value as `length:bytes,`, one after the other: no two lists of values give the same bytes."""
    return b"".join([b"%d:%b," % (len(value), value) for value in values])


def leaf_hash(values: Sequence[bytes]) -> bytes:
    """The hash of one record's fields, in the order of FIELDS."""
    return hashlib.sha256(LEAF + netstrings(values)).digest()


def copied_fields(line: bytes) -> list[bytes]:
    """The fields of one line of PostgreSQL's COPY in text form."""
    fields = line.rstrip(b"\n").split(b"\t")
    return [_unescaped(field) for field in fields] if b"\\" in line else fields


def _unescaped(field: bytes) -> bytes:
    return _ESCAPE.sub(lambda found: _PLAIN.get(found[1], found[1]), field) if b"\\" in field else field
