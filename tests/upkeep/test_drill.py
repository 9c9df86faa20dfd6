"""The drill: a centre is lost, and comes back from last night's backup without anything that was taken back.

One world is made, backed up, and lived in further; then it is restored elsewhere, with and without the journal.
"""

import dataclasses
import gzip
import itertools
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.upkeep.stage import Place, places

pytestmark = pytest.mark.engine


@dataclasses.dataclass
class Drill:
    """What the tests look at."""

    first: Place
    second: Place
    third: Place
    fourth: Place
    backup: Path
    said: str
    sessions_before: int
    notes: dict[str, Any]


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    folder = tmp_path_factory.mktemp("drill")
    notes, backup = folder / "notes.json", folder / "night.tar"
    with places(folder, 4) as (first, second, third, fourth):
        first.manage("database_prepare", "--demo")
        first.manage("demo_load", "--tokens", str(folder / "tokens.json"))
        first.media.mkdir()
        (first.media / "ab").mkdir()
        (first.media / "ab" / "picture").write_bytes(b"bytes of a picture")
        tokens = json.loads((folder / "tokens.json").read_text())
        device = next(
            d
            for d in tokens["devices"]
            if d["format"] == "native" and not d["gateway"] and d["kind"] == "anpr"
        )
        notes.write_text(json.dumps({"device": device["token"], "partners": tokens["partners"]}))
        first.act("before", notes)
        first.act("work", notes)
        first.manage("backup", str(backup))
        first.act("after", notes)
        first.act("work", notes)
        sessions = first.rows("SELECT count(*) FROM django_session")[0][0]
        said = second.manage("restore", str(backup), "--journal", str(first.journal))
        second.act("found", notes)
        yield Drill(first, second, third, fourth, backup, said, sessions, second.act("events", notes))


def test_what_was_recalled_after_the_backup_stays_recalled(drill: Drill) -> None:
    """Also for whoever was given it again: that share is lost with the rest, and the originator gives it anew."""
    seen = drill.notes["seen"]
    assert seen["paf.analyst"]["recalled"] is None
    assert seen["paf.analyst"]["given_again"] is None
    assert seen["douanes.analyst"]["recalled"] == "active"  # nobody took it back from them


def test_what_was_shared_before_is_still_shared_and_what_was_shared_later_is_not(drill: Drill) -> None:
    seen = drill.notes["seen"]
    assert seen["paf.analyst"]["stays"] == seen["douanes.analyst"]["stays"] == "active"
    assert seen["paf.analyst"]["private"] is None
    assert {name for name, state in seen["ukba.analyst"].items() if state} == {
        "stays", "recalled", "given_again", "withdrawn", "private",
    }  # fmt: skip
    assert all(person["new"] is None for person in seen.values())


def test_a_lookout_withdrawn_after_the_backup_stops_nobody_again(drill: Drill) -> None:
    assert drill.notes["seen"]["ukba.analyst"]["withdrawn"] == "withdrawn"


def test_a_suspended_officer_an_old_password_and_a_revoked_token_stay_dead(drill: Drill) -> None:
    notes = drill.notes
    assert notes["signs_in:ukba.officer"] is False
    assert notes["signs_in:ukba.analyst"] is False
    assert notes["signs_in:paf.officer"] is True
    assert notes["tokens"] == {"UKBA": False, "PAF": True, "DOUANES": True, "CCIC": True}


def test_nobody_stays_signed_in(drill: Drill) -> None:
    assert drill.sessions_before == 1
    assert drill.notes["sessions"] == 0


def test_the_record_of_each_agency_says_what_was_lost_and_its_numbers_show_the_gap(drill: Drill) -> None:
    restores = [row for row in drill.notes["record"] if row["action"] == "centre.restore"]
    assert len(restores) == 1
    detail = restores[0]["detail"]
    assert detail["lost_deliveries"] == 1
    assert detail["lost_records"] > 5
    assert detail["ended_again"] == {"grant": 2, "lookout": 1, "officer": 2, "share": 2, "token": 1}
    numbers = drill.notes["numbers"]
    assert max(b - a for a, b in itertools.pairwise(numbers)) > 5_000
    assert "Deliveries accepted after the backup: 1." in drill.said


def test_a_delivery_of_before_is_recognised_and_a_lost_one_is_taken_when_it_is_posted_again(
    drill: Drill,
) -> None:
    again = drill.notes["again"]
    assert again["kept"]["receipt"] == drill.notes["kept"]["receipt"]
    assert again["lost"]["status"] == 202
    assert again["lost"]["receipt"] != drill.notes["lost"]["receipt"]
    assert drill.notes["events"] == {"drill-event-0001": 1, "drill-event-0002": 1}


def test_numbers_that_people_may_have_quoted_are_not_given_out_again(drill: Drill) -> None:
    assert int(drill.notes["next"].rsplit("-", 1)[1]) > 1_000


def test_the_restored_walls_are_what_they_should_be(drill: Drill) -> None:
    assert drill.notes["differences"] == []
    assert "The walls hold" in drill.said
    for role in ("web", "ingest"):
        drill.second.run(role, "manage.py", "check", "--database", "default", "--fail-level", "WARNING")


def test_every_row_of_the_backup_is_there(drill: Drill) -> None:
    """Counted in the database itself, past the manifest."""
    changed = {"agencies_lineage", "audit_auditevent", "intelligence_lookout", "intelligence_lookoutgrant",
               "agencies_referencecounter"}  # fmt: skip
    with tarfile.open(drill.backup) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
    known = {
        n
        for (n,) in drill.second.rows(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        )
    }
    later = {"scanning_delivery", "scanning_deliverykey", "scanning_scanevent", "scanning_passage",
             "scanning_passagepart", "scanning_passagemark", "scanning_eventkey", "intelligence_shown"}  # fmt: skip
    told = {name for name in manifest["tables"] if name.endswith("history")}  # what ended again is told there
    checked = set(manifest["tables"]) & known - changed - later - told
    assert len(checked) > 20
    for table in sorted(checked):
        (count,) = drill.second.rows(f"SELECT count(*) FROM {table}")[0]  # noqa: S608  (from the manifest)
        assert count == manifest["tables"][table]["rows"], table
    assert manifest["tables"]["scanning_scanevent"]["rows"] == 1
    assert (drill.second.media / "ab" / "picture").read_bytes() == b"bytes of a picture"


def test_a_picture_is_restored_with_its_row_byte_for_byte(drill: Drill) -> None:
    assert drill.notes["picture_is_whole"] is True


def test_a_backup_holds_no_key_no_session_and_is_closed_to_others(drill: Drill) -> None:
    with tarfile.open(drill.backup) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
        everything = b"".join(tar.extractfile(member).read() for member in tar if member.isfile())  # type: ignore[union-attr]
    assert "django_session" not in manifest["tables"]
    assert drill.notes["device"].encode() not in everything
    assert drill.backup.stat().st_mode & 0o077 == 0
    assert drill.first.journal.stat().st_mode & 0o077 == 0


def test_nothing_is_restored_over_anything(drill: Drill) -> None:
    said = drill.second.manage(
        "restore", str(drill.backup), "--journal", str(drill.first.journal), fails=True
    )
    assert "into an empty database only" in said
    assert "exists already" in drill.first.manage("backup", str(drill.backup), fails=True)


def test_a_backup_that_was_meddled_with_is_refused_and_leaves_the_place_empty(
    drill: Drill, tmp_path: Path
) -> None:
    folder = tmp_path / "opened"
    with tarfile.open(drill.backup) as tar:
        tar.extractall(folder, filter="data")
    table = folder / "tables" / "agencies_officer.copy.gz"
    rows = gzip.decompress(table.read_bytes()).replace(b"paf.officer", b"paf.0fficer")
    table.write_bytes(gzip.compress(rows))
    said = drill.fourth.manage("restore", str(folder), "--journal", str(drill.first.journal), fails=True)
    assert "agencies_officer: its rows are not those that the manifest vouches for" in said
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 99'))
    said = drill.fourth.manage("restore", str(folder), "--journal", str(drill.first.journal), fails=True)
    assert "a form that this version does not know" in said
    said = drill.fourth.manage(
        "restore", str(drill.backup), "--without-journal", "--expect", "0" * 64, fails=True
    )
    assert "The manifest is another one" in said
    assert drill.fourth.rows("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == [
        (0,)
    ]


def test_after_a_point_in_time_recovery_only_what_the_database_does_not_know_ends_again(drill: Drill) -> None:
    """Here nothing was lost, so nothing may end again: what was given again after its recall is still given."""
    shared = drill.first.rows("SELECT uid, viewers FROM intelligence_lookout ORDER BY 1")
    said = drill.first.manage(
        "restored", "--point", "2026-11-22T12:00Z", "--journal", str(drill.first.journal)
    )
    assert "ended again: none" in said
    assert drill.first.rows("SELECT uid, viewers FROM intelligence_lookout ORDER BY 1") == shared
    assert drill.first.rows("SELECT kind FROM agencies_lineage ORDER BY id") == [("made",), ("restored",)]


def test_without_the_journal_every_share_is_on_hold(drill: Drill, tmp_path: Path) -> None:
    """A damaged journal is refused first; then the operator may decide to do without."""
    journal = drill.first.journal
    broken = tmp_path / "journal"
    broken.mkdir()
    lines = (journal / "ends.jsonl").read_bytes().splitlines(keepends=True)
    (broken / "ends.jsonl").write_bytes(b"".join(lines[:-1]))
    (broken / "covered.json").write_bytes((journal / "covered.json").read_bytes())
    said = drill.third.manage("restore", str(drill.backup), "--journal", str(broken), fails=True)
    assert "The journal's end is missing" in said
    said = drill.third.manage("restore", str(drill.backup), "--without-journal")
    assert "shares are on hold" in said
    shared = drill.third.rows(
        "SELECT count(*) FROM intelligence_lookout WHERE viewers <> ARRAY[originator_id]"
    ) + drill.third.rows("SELECT count(*) FROM scanning_device WHERE viewers <> ARRAY[originator_id]")
    assert shared == [(0,), (0,)]
    assert drill.third.rows(
        "SELECT count(*) FROM agencies_servicetoken k JOIN agencies_serviceaccount a ON a.id = k.account_id"
        " WHERE a.kind = 'partner' AND k.revoked_at IS NULL"
    ) == [(0,)]
