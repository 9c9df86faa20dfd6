"""The launcher and the entrypoint have no `.py` in their names; here they are loaded as modules."""

import importlib.util
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
