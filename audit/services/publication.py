"""Publishing: each agency gets every block in a file of its own, to which lines are only ever added.

The folder should lie on another machine, best on a store that lets nothing be written twice. What once stands
there and the database does not hold is the proof that somebody rewrote the database.
"""

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from audit.models import AuditBlock
from audit.rules.lines import line_bytes
from audit.selectors.blocks import block_lines, blocks_heads, key_lines
from audit.services.keys import SealingRefused

#: One writer at a time.
_LOCK = 77004
_BATCH = 500
_TAIL = 64 * 1024


def file_of(folder: Path, code: str) -> Path:
    """The file of one agency."""
    return folder / f"{code.lower()}.ndjson"


def blocks_publish(folder: Path, agencies: Mapping[str, int], *, anew: bool = False) -> int:
    """Append to each agency's file what it lacks; returns how many lines. SealingRefused when it cannot be.

    `agencies` gives the group of each agency by its code. The last line of each file must be a block of the
    database: otherwise the database has been rewritten or set back, and nothing more is published. With `anew`
    (a demonstration, whose database may be thrown away) such a file is put aside instead.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        return _publish(folder, agencies, anew)


def _publish(folder: Path, agencies: Mapping[str, int], anew: bool) -> int:
    written = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for code, group in sorted(agencies.items()):
            path = file_of(folder, code)
            try:
                written += _append(path, group)
            except SealingRefused:
                if not anew:
                    raise
                path.rename(path.with_suffix(f".{time.time_ns()}.ndjson"))
                written += _append(path, group)
        return written
    except OSError as error:
        raise SealingRefused(f"{error.filename or folder} cannot be written to: {error.strerror}.") from error


def last_published(path: Path) -> dict[str, Any] | None:
    """The last whole block in a file."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL))
            lines = file.read().split(b"\n")
    except FileNotFoundError:
        return None
    for line in reversed(lines):
        try:
            told = json.loads(line)
        except ValueError:  # the end of a line that a crash tore, or the beginning of our window
            continue
        if isinstance(told, dict) and "block" in told:
            return told
    return None


def _append(path: Path, group: int) -> int:
    last = last_published(path)
    number, key = (last["block"], last["key"]) if last else (0, "")
    if last is not None:
        known = blocks_heads().filter(pk=number).first()
        if known is None:
            raise SealingRefused(f"{path} has block {number}, which the database lacks: it was set back.")
        if bytes(known.root).hex() != last["root"]:
            raise SealingRefused(f"{path} has another block {number} than the database: it was rewritten.")
    written = 0
    while blocks := list(blocks_heads().filter(pk__gt=number)[:_BATCH]):
        written += _write(path, blocks, group, key)
        number, key = blocks[-1].number, blocks[-1].key
    return written


def _write(path: Path, blocks: list[AuditBlock], group: int, key: str) -> int:
    lines: list[bytes] = []
    for line in block_lines(blocks, [group]):
        if line["key"] != key:
            lines += map(line_bytes, key_lines())
            key = line["key"]
        lines.append(line_bytes(line))
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        if (size := os.fstat(descriptor).st_size) and os.pread(descriptor, 1, size - 1) != b"\n":
            lines.insert(0, b"\n")  # a crash tore the last line; it is written again below
        with os.fdopen(os.dup(descriptor), "ab") as file:
            file.write(b"".join(lines))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return len(lines)
