"""The lines that are published: one for each key, one for each block, as JSON whose fields never change their meaning."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from audit.rules.blocks import Head, Ledger


def block_line(
    head: Head, root: bytes, signature: bytes, own: Iterable[tuple[Ledger, int, Sequence[bytes]]]
) -> dict[str, Any]:
    """A block as one agency gets it: the head, and the opening of its own ledgers (ledger, place, path)."""
    return {
        "block": head.number,
        "at": head.at,
        "previous": head.previous.hex(),
        "ledgers": head.ledgers.hex(),
        "key": head.key,
        "root": root.hex(),
        "signature": signature.hex(),
        "own": [ledger_opening(ledger, place, path) for ledger, place, path in own],
    }


def ledger_opening(ledger: Ledger, place: int, path: Sequence[bytes]) -> dict[str, Any]:
    """What shows that a ledger is part of its block."""
    return {
        "ledger": ledger.ledger,
        "count": ledger.count,
        "total": ledger.total,
        "tree": ledger.tree.hex(),
        "salt": ledger.salt.hex(),
        "place": place,
        "path": [step.hex() for step in path],
    }


def key_line(name: str, public: bytes, at: str, endorsed_by: str, endorsement: bytes) -> dict[str, Any]:
    """A key that seals, and the word of the key before it."""
    return {
        "new_key": name,
        "public": public.hex(),
        "at": at,
        "endorsed_by": endorsed_by,
        "endorsement": endorsement.hex(),
    }


def line_bytes(line: dict[str, Any]) -> bytes:
    """One line of a file of roots."""
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"
