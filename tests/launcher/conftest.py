"""The launcher and the entrypoint have no `.py` in their names; here they are loaded as modules."""

import ctypes
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from tests.launcher.started import REPOSITORY, Started, jocc_start


def _load(path: Path, name: str) -> ModuleType:
    loader = SourceFileLoader(name, str(path))
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


@pytest.fixture(scope="session")
def launcher() -> ModuleType:
    """bin/jocc as a module."""
    return _load(REPOSITORY / "bin" / "jocc", "launcher_under_test")


@pytest.fixture(scope="session")
def entrypoint() -> ModuleType:
    """deploy/entrypoint as a module."""
    return _load(REPOSITORY / "deploy" / "entrypoint", "entrypoint_under_test")


@pytest.fixture
def no_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where nobody has named a database or a broker."""
    for name in (
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "REDIS_URL",
        "JOCC_WEB_PASSWORD",
        "JOCC_INGEST_PASSWORD",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def state(launcher: ModuleType) -> Iterator[Path]:
    """A folder for engines, where the account that runs them can enter even when we are root."""
    with launcher.passing_state() as folder:
        yield folder


@pytest.fixture
def jocc(no_servers: None, tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Start `bin/jocc …`; what still runs after the test is stopped the orderly way."""
    all_started: list[Started] = []

    def start(*words: str, **environment: str) -> Started:
        all_started.append(jocc_start(tmp_path / f"words-{len(all_started)}", *words, **environment))
        return all_started[-1]

    yield start
    for started in all_started:
        started.end()


@pytest.fixture
def unprivileged() -> dict[str, object]:
    """What to give to Popen so that a program runs without any right of root's.

    An ordinary account may not enter a checkout that lies in root's home, so root keeps its number there
    but loses every capability, and with them all that makes it root.
    """
    if os.geteuid() != 0:
        return {}
    return {"preexec_fn": capabilities_drop}


def capabilities_drop() -> None:
    """Give up all capabilities for good, in this process and in whatever it executes."""
    libc = ctypes.CDLL(None)
    for capability in range(64):
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP; unknown numbers are refused without harm
    libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
