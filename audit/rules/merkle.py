"""Merkle trees as in RFC 6962: leaves and nodes are hashed with different prefixes, so neither passes for the other."""

import hashlib
from collections.abc import Sequence

NODE = b"\x01"
EMPTY = hashlib.sha256(b"").digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node above two others."""
    return hashlib.sha256(NODE + left + right).digest()


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    sha256 = hashlib.sha256
    above = [sha256(NODE + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
    if len(level) % 2:
        above.append(level[-1])
    return above


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """The root over these hashes, in their order; a last one without a neighbour rises as it is."""
    level: Sequence[bytes] = hashes
    while len(level) > 1:
        level = _level_above(level)
    return level[0] if level else EMPTY


def tree_path(hashes: Sequence[bytes], place: int) -> list[bytes]:
    """The neighbours on the way from the hash at `place` up to the root."""
    if not 0 <= place < len(hashes):
        raise IndexError(place)
    path, level = [], list(hashes)
    while len(level) > 1:
        neighbour = place ^ 1
        if neighbour < len(level):
            path.append(level[neighbour])
        level, place = _level_above(level), place // 2
    return path


def path_root(leaf: bytes, place: int, count: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to; None when a tree of `count` leaves has no such path."""
    if not 0 <= place < count:
        return None
    steps, found, last = list(path), leaf, count - 1
    while last:
        if place % 2 or place < last:
            if not steps:
                return None
            neighbour = steps.pop(0)
            found = node_hash(neighbour, found) if place % 2 else node_hash(found, neighbour)
        place, last = place // 2, last // 2
    return None if steps else found
