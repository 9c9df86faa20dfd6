"""The locks: reproducible, explained, and silent about where they were made."""

import importlib.util
import re
from importlib.machinery import SourceFileLoader
from types import ModuleType

import pytest

from tests.launcher.started import REPOSITORY

LOCKS = ["requirements", "requirements-local", "requirements-dev"]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==(\S+)", re.MULTILINE)


@pytest.fixture(scope="module")
def lock() -> ModuleType:
    """bin/lock as a module."""
    loader = SourceFileLoader("lock_under_test", str(REPOSITORY / "bin" / "lock"))
    spec = importlib.util.spec_from_loader("lock_under_test", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def pins(name: str) -> dict[str, str]:
    """Return {package: version} of a file."""
    return {found[0].lower(): found[1] for found in PINNED.findall((REPOSITORY / name).read_text())}


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_checked_against_hashes(name: str) -> None:
    text = (REPOSITORY / f"{name}.txt").read_text().replace("\\\n", " ")
    entries = [line for line in text.splitlines() if PINNED.match(line)]
    assert entries
    assert [line for line in entries if "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_direct_requirement_says_what_needs_it(lock: ModuleType, name: str) -> None:
    reasons = lock.reasons_read((REPOSITORY / f"{name}.in").read_text())
    locked = (REPOSITORY / f"{name}.txt").read_text()
    assert reasons
    for package, reason in reasons.items():
        assert re.search(rf"^# {package}: {re.escape(reason)}\n{package}[=\[]", locked, re.MULTILINE), package


@pytest.mark.parametrize("name", LOCKS)
def test_lock_follows_its_source(name: str) -> None:
    asked, locked = pins(f"{name}.in"), pins(f"{name}.txt")
    assert {package: locked.get(package) for package in asked} == asked


def test_all_locks_can_be_installed_together() -> None:
    """The same package has the same version in every lock, or the second installation would undo the first."""
    seen: dict[str, str] = {}
    for name in LOCKS:
        for package, version in pins(f"{name}.txt").items():
            assert seen.setdefault(package, version) == version, package


@pytest.mark.parametrize("name", LOCKS)
def test_lock_does_not_tell_where_it_was_made(name: str) -> None:
    text = (REPOSITORY / f"{name}.txt").read_text()
    assert re.findall(r"https?://|file:|--index|--find-links|/home/|/root/|/opt/", text) == []


def test_requirement_without_a_reason_is_refused(lock: ModuleType) -> None:
    assert lock.reasons_read("celery==5.7.0  # workers\n") == {"celery": "workers"}
    with pytest.raises(SystemExit, match="what needs it"):
        lock.reasons_read("celery==5.7.0\n")
