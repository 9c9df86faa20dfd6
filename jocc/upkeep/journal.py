"""The journal of ended rights: a file outside the database, each line bound to the one before it.

`ends.jsonl` holds the ends, `covered.json` says until when they are complete and what the last line is, so that
neither a cut tail nor a changed line goes unnoticed. It names uids only.
"""

import dataclasses
import hashlib
import json
import os
from pathlib import Path
from typing import Any

FIRST = "0" * 64


class JournalBroken(ValueError):
    """The journal is not what was written."""


@dataclasses.dataclass(frozen=True)
class Covered:
    """What the journal holds: everything that ended before `at`; `seen` are the highest numbers given out then."""

    at: str
    chain: str
    lines: int
    lineage: str
    seen: dict[str, int]


class Journal:
    """Appends to a journal; one writer at a time (the scheduler that holds the lock)."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._ends, self._covered = folder / "ends.jsonl", folder / "covered.json"
        self._known: tuple[int, str, int] | None = (
            None  # length, last line's binding, lines: as we left the file
        )

    def append(self, entries: list[dict[str, Any]]) -> tuple[str, int]:
        """Add entries and put them on the disk before returning; a line torn by a crash is cut off first."""
        with os.fdopen(os.open(self._ends, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            if self._known is None or self._known[0] != os.fstat(file.fileno()).st_size:
                self._known = _tail(file.read())
            whole, chain, lines = self._known
            file.truncate(whole)
            file.seek(whole)
            for entry in entries:
                chain = _bind(chain, entry)
                file.write(_line(entry | {"chain": chain}))
                lines += 1
            file.flush()
            if entries:
                os.fsync(file.fileno())
            self._known = file.tell(), chain, lines
        return chain, lines

    def cover(self, covered: Covered) -> None:
        """Say until when the journal is complete; whole or not at all."""
        fresh = self._covered.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(_line(dataclasses.asdict(covered)))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._covered)


def journal_read(folder: Path) -> tuple[list[dict[str, Any]], Covered]:
    """All entries, oldest first, and what they cover; JournalBroken when a line is changed, missing or cut off."""
    try:
        covered = Covered(**json.loads((folder / "covered.json").read_bytes()))
        raw = (folder / "ends.jsonl").read_bytes()
    except FileNotFoundError as error:
        raise JournalBroken(f"{folder} holds no journal: {error.filename} is missing.") from error
    except (ValueError, TypeError) as error:
        raise JournalBroken(f"{folder / 'covered.json'} cannot be read.") from error
    entries, chain = [], FIRST
    chains = [FIRST]
    for number, line in enumerate(raw.split(b"\n")[:-1], 1):
        entry = _entry(line, number)
        told = entry.pop("chain", "")
        chain = _bind(chain, entry)
        if chain != told:
            raise JournalBroken(f"Line {number} of the journal is not bound to the one before it.")
        entries.append(entry)
        chains.append(chain)
    # Lines beyond the covered one are ends written a moment before the crash: they count.
    if covered.lines >= len(chains) or chains[covered.lines] != covered.chain:
        raise JournalBroken("The journal's end is missing or is not what was covered.")
    return entries, covered


def _entry(line: bytes, number: int) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise JournalBroken(f"Line {number} of the journal cannot be read.") from error
    if not isinstance(entry, dict):
        raise JournalBroken(f"Line {number} of the journal cannot be read.")
    return entry


def _tail(raw: bytes) -> tuple[int, str, int]:
    """Length without a torn last line, the last line's chain, and the number of lines."""
    whole = raw.rfind(b"\n") + 1
    lines = raw[:whole].splitlines()
    return whole, json.loads(lines[-1])["chain"] if lines else FIRST, len(lines)


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _bind(chain: str, entry: dict[str, Any]) -> str:
    return hashlib.sha256(chain.encode() + _line(entry)).hexdigest()
