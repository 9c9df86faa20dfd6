"""A permission that lets everybody through is noticed: a few of them on every run, all of them in `bin/jocc nemesis`."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.launcher.started import REPOSITORY
from tests.nemesis.mutants.predicates import mutant, predicates, probed, sources

SAMPLE = 10
SECONDS = 45
_FILES = REPOSITORY / "tests" / "nemesis" / "mutants"


def _names() -> set[str]:
    return {predicate.name for source in sources() for predicate in predicates(source)}


def test_predicates_are_found_by_reading_the_sources():
    found = {predicate.name: predicate for source in sources() for predicate in predicates(source)}
    assert len(found) > 250
    for name, kind in (
        ("agencies/access.py:InheritingQuerySet.visible_to:devices:1", "devices"),
        ("agencies/rules/rights.py:require:may:1", "may"),
        ("intelligence/selectors/hits.py:hit_get:require:1", "require"),
        ("intelligence/selectors/hits.py:hit_get:gate:1", "gate"),
        ("intelligence/services/hits.py:hit_decide:own:1", "own"),
        ("agencies/selectors/__init__.py:principal_of:guard:1", "guard"),
        ("agencies/selectors/__init__.py:audit_visible_to:filter:1", "filter"),
        ("agencies/adminsite.py:CentreAdminSite.has_permission:answer:1", "answer"),
    ):
        assert found[name].kind == kind


def test_no_call_of_the_gate_or_of_a_right_goes_without_a_mutant():
    """Counted a second way, by words: what the reader of the sources overlooks would be looked after by nobody."""
    for source in sources():
        words = [
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for node in ast.walk(ast.parse(source.read_text()))
            if isinstance(node, ast.Call)
        ]
        kinds = [predicate.kind for predicate in predicates(source)]
        for kind, names in (
            ("gate", {"visible_to", "get_visible"}),
            ("may", {"may"}),
            ("require", {"require"}),
        ):
            assert kinds.count(kind) == sum(word in names for word in words), (source, kind)


def test_a_mutant_differs_from_the_source_in_one_place_and_a_probe_in_none_but_notes():
    for source in sources():
        plain = ast.unparse(ast.parse(source.read_text()))
        for predicate in predicates(source):
            assert ast.unparse(mutant(source, predicate.name)) != plain, predicate.name
        if predicates(source):
            assert ast.unparse(probed(source)).count("__jocc_mutants__.seen(") == len(predicates(source))


def test_what_is_kept_beside_the_mutants_names_predicates_that_exist():
    """Run `bin/jocc nemesis mutants --new --keep` after predicates were renamed; it also drops what is gone."""
    equivalent = json.loads((_FILES / "equivalent.json").read_text())
    assert (
        sorted(name for name in equivalent if name.split(":")[0].endswith(".py") and name not in _known())
        == []
    )
    assert all(len(why.split()) > 5 for why in equivalent.values())


def _known() -> set[str]:
    declared = re.compile(
        r":(permission_classes|rights|scopes|view_rights|add_right|change_right|acts-\w+|middleware):1$"
    )
    return _names() | {n for n in json.loads((_FILES / "equivalent.json").read_text()) if declared.search(n)}


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="needs the engines of bin/jocc test")
def test_a_sample_of_mutants_dies(tmp_path: Path):
    """Chosen by the day among those whose killer is known (`bin/jocc nemesis mutants --new --keep` finds the others')."""
    command = [
        sys.executable,
        "-m",
        "tests.nemesis.mutants",
        "--sample",
        str(SAMPLE),
        "--minutes",
        str(SECONDS / 60),
    ]
    done = subprocess.run(
        command,
        cwd=REPOSITORY,
        env=os.environ | {"JOCC_NEMESIS_STATE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    verdict = re.search(r"(\d+) killed, (\d+) alive, (\d+) not reached", done.stdout)
    assert verdict is not None, done.stdout[-3000:] + done.stderr[-3000:]
    killed, alive, _ = map(int, verdict.groups())
    assert (alive, killed > 0, done.returncode) == (0, True, 0), done.stdout[-4000:]
