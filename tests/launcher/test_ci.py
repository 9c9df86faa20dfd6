""".ci/run fails when anything fails, and shows pytest's last line; Chromium is never missing in silence."""

import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from tests.launcher.started import REPOSITORY

SUMMARY = "=========== 3 passed, 1 skipped in 2.10s ==========="


def ci_run(
    folder: Path, *, check: int = 0, test: int = 0, words: str = SUMMARY
) -> subprocess.CompletedProcess:
    """Run .ci/run beside a launcher that ends as told."""
    (folder / ".ci").mkdir()
    (folder / "bin").mkdir()
    shutil.copy(REPOSITORY / ".ci" / "run", folder / ".ci" / "run")
    (folder / "bin" / "jocc").write_text(
        "import sys\n"
        f"print({words!r} if sys.argv[1] == 'test' else 'All checks passed.')\n"
        f"sys.exit({test} if sys.argv[1] == 'test' else {check})\n"
    )
    return subprocess.run([str(folder / ".ci" / "run")], capture_output=True, text=True, check=False)


def test_everything_green_is_green_and_ends_with_the_summary(tmp_path: Path) -> None:
    done = ci_run(tmp_path)
    assert done.returncode == 0
    assert done.stdout.rstrip().splitlines()[-1] == SUMMARY


@pytest.mark.parametrize(("check", "test"), [(1, 0), (0, 1), (0, 5), (130, 0)])
def test_anything_red_is_red_and_both_commands_are_still_run(tmp_path: Path, check: int, test: int) -> None:
    done = ci_run(tmp_path, check=check, test=test)
    assert done.returncode != 0
    assert "All checks passed." in done.stdout
    assert done.stdout.rstrip().endswith(SUMMARY)


def test_tests_that_never_ran_are_red(tmp_path: Path) -> None:
    done = ci_run(tmp_path, words="jocc: nothing happened")
    assert done.returncode != 0
    assert "printed no summary" in done.stdout


@pytest.fixture
def no_chromium(launcher: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A machine without Chromium but with apt-get; returns the programs that exist."""
    exist = ["apt-get"]
    monkeypatch.delenv("JOCC_CHROMIUM", raising=False)
    monkeypatch.setattr(launcher.shutil, "which", lambda name: f"/usr/bin/{name}" if name in exist else None)
    monkeypatch.setattr(launcher, "is_root", lambda: True)
    return exist


def apt_that(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, exist: list[str], *, succeeds: bool
) -> None:
    """Replace the starting of apt-get by its outcome."""

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess:
        if succeeds and "install" in command:
            exist.append("chromium")
        return subprocess.CompletedProcess(command, 0 if succeeds else 100, "", "E: Unable to locate package")

    monkeypatch.setattr(launcher.subprocess, "run", run)


def test_root_installs_chromium_for_the_whole_suite(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, no_chromium: list[str]
) -> None:
    apt_that(launcher, monkeypatch, no_chromium, succeeds=True)
    made = launcher.browser_environment(install=True)
    assert made == {"JOCC_BROWSER": "found", "JOCC_CHROMIUM": "/usr/bin/chromium"}


def test_chromium_that_could_not_be_installed_makes_the_tests_fail(
    launcher: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    no_chromium: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    apt_that(launcher, monkeypatch, no_chromium, succeeds=False)
    assert launcher.browser_environment(install=True) == {"JOCC_BROWSER": "missing"}
    assert "Unable to locate package" in capsys.readouterr().out


def test_ordinary_account_is_told_that_browser_tests_are_skipped(
    launcher: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    no_chromium: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(launcher, "is_root", lambda: False)
    assert launcher.browser_environment(install=True) == {"JOCC_BROWSER": "missing-allowed"}
    assert "browser tests are skipped" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ([], True),
        (["-q"], True),
        (["-p", "no:cacheprovider"], True),
        (["tests/launcher"], False),
        (["tests/launcher/test_ci.py::test_tests_that_never_ran_are_red"], False),
        (["-k", "walls"], False),
        (["-m", "not browser"], False),
    ],
)
def test_only_the_whole_suite_is_spread_and_given_a_browser(
    launcher: ModuleType, words: list[str], whole: bool
) -> None:
    assert launcher.whole_suite(words) is whole
