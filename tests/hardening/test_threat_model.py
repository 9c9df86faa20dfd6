"""The threat model is true: every line names a test that exists."""

import re

from tests.launcher.started import REPOSITORY

TEXT = (REPOSITORY / "docs" / "threat-model.md").read_text()
LINES = [line for line in TEXT.splitlines() if line.startswith("| ") and "| way |" not in line]


def test_every_danger_has_an_asset_an_attacker_a_way_an_answer_and_a_test_that_exists() -> None:
    assert len(LINES) > 20
    for line in LINES:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert len(cells) == 5, line
        assert all(cells), line
        (path, name) = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", cells[4]).groups()  # type: ignore[union-attr]
        source = (REPOSITORY / path).read_text()
        assert re.search(rf"^(?:async )?def {name}\(", source, re.MULTILINE), line


def test_every_attacker_of_the_table_is_introduced() -> None:
    introduced = set(re.findall(r"\*(\w+)\* \(", TEXT))
    named = {word.strip() for line in LINES for word in line.strip("|").split("|")[1].split(",")}
    assert named <= introduced


def test_it_stays_on_a_page() -> None:
    assert len(TEXT.splitlines()) <= 60


def test_whoever_finds_a_hole_learns_where_to_go() -> None:
    text = (REPOSITORY / "SECURITY.md").read_text()
    for heading in ("## Report", "## Supported", "## In scope"):
        assert heading in text
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (REPOSITORY / target).exists(), target
