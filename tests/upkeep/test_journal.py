"""The journal of ended rights: what is in it, what happens when somebody or a crash cuts at it."""

import dataclasses
import json
from pathlib import Path

import pytest

from jocc.upkeep.after import known_to
from jocc.upkeep.journal import Covered, Journal, JournalBroken, journal_read

LIVES = ["life-1", "life-2"]


def entry(number: int) -> dict:
    return {"lineage": "life-2", "at": "2026-11-22T12:00:00+00:00", "xid": number, "kind": "token",
            "subject": {"token": f"uid-{number}"}}  # fmt: skip


def written(folder: Path, numbers: range) -> tuple[str, int]:
    journal = Journal(folder)
    chain, lines = "", 0
    for number in numbers:
        chain, lines = journal.append([entry(number)])
    journal.cover(
        Covered(at="2026-11-22T12:01:00+00:00", chain=chain, lines=lines, lineage="life-2", seen={})
    )
    return chain, lines


def test_what_was_written_is_read_in_its_order_also_by_a_later_writer(tmp_path: Path) -> None:
    written(tmp_path, range(3))
    written(tmp_path, range(3, 5))
    entries, covered = journal_read(tmp_path)
    assert [e["xid"] for e in entries] == [0, 1, 2, 3, 4]
    assert covered.lines == 5


def test_a_line_torn_by_a_crash_is_cut_off_by_the_next_writer(tmp_path: Path) -> None:
    written(tmp_path, range(2))
    path = tmp_path / "ends.jsonl"
    path.write_bytes(path.read_bytes() + b'{"lineage":"life-2","xid":9')
    assert [e["xid"] for e in journal_read(tmp_path)[0]] == [0, 1]  # the torn end had not left the database
    written(tmp_path, range(9, 10))
    assert [e["xid"] for e in journal_read(tmp_path)[0]] == [0, 1, 9]


def test_an_end_beyond_what_is_covered_counts(tmp_path: Path) -> None:
    """The scheduler died between writing the end and saying so."""
    written(tmp_path, range(2))
    Journal(tmp_path).append([entry(7)])
    assert [e["xid"] for e in journal_read(tmp_path)[0]] == [0, 1, 7]


@pytest.mark.parametrize("what", ["cut", "changed", "removed", "swapped", "invented", "nothing"])
def test_a_journal_that_was_meddled_with_is_refused(tmp_path: Path, what: str) -> None:
    written(tmp_path, range(4))
    path = tmp_path / "ends.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    changed = {
        "cut": lines[:-1],
        "changed": [lines[0], lines[1].replace(b"uid-1", b"uid-8"), *lines[2:]],
        "removed": [lines[0], *lines[2:]],
        "swapped": [lines[1], lines[0], *lines[2:]],
        "invented": [*lines[:2], json.dumps(entry(5)).encode() + b"\n", *lines[2:]],
        "nothing": [],
    }[what]
    path.write_bytes(b"".join(changed))
    with pytest.raises(JournalBroken):
        journal_read(tmp_path)


def test_a_folder_without_a_journal_is_no_empty_journal(tmp_path: Path) -> None:
    with pytest.raises(JournalBroken, match="holds no journal"):
        journal_read(tmp_path)


@pytest.mark.parametrize(
    ("change", "known"),
    [
        ({"xid": 99}, True),  # before everything that ran at the backup's moment
        ({"xid": 100}, False),  # still running then: whatever its time says, the backup has not seen it
        ({"xid": 101}, True),
        ({"xid": 105}, False),
        ({"xid": 110}, False),  # begun later
        ({"xid": 5, "lineage": "life-1"}, True),  # before an earlier restore
        ({"xid": 5, "lineage": "life-3"}, False),  # after a restore that this backup is older than
    ],
)
def test_the_backup_knows_exactly_what_its_snapshot_saw(change: dict, known: bool) -> None:
    assert known_to("100:110:100,105", LIVES, entry(0) | change) is known


def test_covered_says_what_it_was_told(tmp_path: Path) -> None:
    covered = Covered(at="t", chain="0" * 64, lines=0, lineage="x", seen={"deliveries": 7})
    journal = Journal(tmp_path)
    journal.append([])
    journal.cover(covered)
    assert dataclasses.asdict(journal_read(tmp_path)[1]) == dataclasses.asdict(covered)
