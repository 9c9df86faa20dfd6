"""`bin/jocc run`, whole: it starts, heals, stops, keeps its data, and leaves nothing behind."""

import json
import os
import re
import signal
import socket
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import psycopg2
import pytest

from tests.launcher.started import Started, eventually, jocc_start, processes_naming

pytestmark = pytest.mark.engine

START_SECONDS = 180  # two shared cores, the first start with an empty database


@pytest.fixture(scope="module")
def alone() -> Iterator[pytest.MonkeyPatch]:
    """As on a machine where nobody has named a database or a broker."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if (name.startswith("JOCC_") and name != "JOCC_STATE_DIR") or name.endswith("_URL"):
                patch.delenv(name)
        yield patch


@pytest.fixture(scope="module")
def folder(launcher: ModuleType, alone: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of data of one centre, kept over several starts."""
    with launcher.passing_state() as made:
        yield made


@pytest.fixture
def centre(folder: Path, tmp_path: Path) -> Iterator[Callable[..., tuple[Started, str]]]:
    """Start the centre, wait until it announces itself, and return it with its address."""
    begun: list[Started] = []

    def start(*words: str) -> tuple[Started, str]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        output = tmp_path / f"run-{len(begun)}"
        begun.append(
            jocc_start(output, "run", "--state", str(folder), "--port", port, "--workers", "1", *words)
        )
        announced = eventually(
            lambda: "is running" in begun[-1].words() or begun[-1].process.poll() is not None, START_SECONDS
        )
        assert announced, begun[-1].words()
        assert begun[-1].process.poll() is None, begun[-1].words()
        return begun[-1], f"http://127.0.0.1:{port}"

    yield start
    for started in begun:
        started.end()


def ready(url: str) -> bool:
    """Tell whether the centre says that database, broker, worker and scheduler are there."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def count(folder: Path, table: str) -> int:
    """Count a table's rows as the superuser, past all walls."""
    passwords = json.loads((folder / "passwords.json").read_text())
    port = (folder / "postgres" / "postmaster.pid").read_text().splitlines()[3]
    login = f"postgresql://postgres:{passwords['superuser']}@127.0.0.1:{port}/jocc"
    with psycopg2.connect(login) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  (a name from this file)
        return cursor.fetchone()[0]


def process_of(started: Started, folder: Path, words: str) -> int:
    """Return the child of the launcher whose command line holds the words."""
    children = Path(f"/proc/{started.process.pid}/task/{started.process.pid}/children").read_text().split()
    found = [
        int(child)
        for child in children
        if words in Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    ]
    assert len(found) == 1, f"{words}: {found}"
    return found[0]


def test_centre_starts_with_traffic_heals_and_keeps_its_data(
    centre: Callable[..., tuple[Started, str]], folder: Path
) -> None:
    """From nothing to the board; a killed worker and a killed broker come back; a second start keeps all."""
    started, url = centre("--rate", "3600")
    for account in ("ukba.officer", "paf.officer", "douanes.officer", "ccic.officer"):
        assert account in started.words()
    assert f"{url}/" in started.words()
    assert ready(url)
    assert eventually(lambda: count(folder, "scanning_passage") >= 5, 60), "no traffic arrives"

    os.kill(process_of(started, folder, "celery"), signal.SIGKILL)
    os.kill(process_of(started, folder, "valkey-server"), signal.SIGKILL)
    assert eventually(lambda: "worker-1  | ended (signal SIGKILL); starting it again" in started.words())
    assert eventually(lambda: "Valkey ended (signal SIGKILL); starting it again" in started.words())
    passages = count(folder, "scanning_passage")
    assert eventually(lambda: count(folder, "scanning_passage") > passages, 60), "no traffic after the deaths"
    assert eventually(lambda: ready(url), 60)

    kept = count(folder, "scanning_passage")
    assert started.end(signal.SIGINT) == 0
    assert "Traceback" not in started.words()
    assert processes_naming(str(folder)) == set()

    again, url = centre("--no-simulator")
    assert count(folder, "scanning_passage") >= kept
    assert again.end() == 0


def test_kill_9_of_the_launcher_leaves_no_process_of_the_centre(
    centre: Callable[..., tuple[Started, str]], folder: Path
) -> None:
    started, url = centre("--no-simulator")
    family = descendants(started.process.pid)
    assert len(family) >= 5  # PostgreSQL, Valkey, web, worker, scheduler, and what they have started
    os.kill(started.process.pid, signal.SIGKILL)
    started.process.wait(10)
    assert eventually(lambda: not [pid for pid in family if alive(pid)], 30)
    assert processes_naming(str(folder)) == set()
    assert not ready(url)


def descendants(pid: int) -> set[int]:
    """Return the processes that a process has started, and theirs."""
    children = set()
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        children |= {int(child) for child in listed.read_text().split()}
    return children.union(*(descendants(child) for child in children))


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be buried does not."""
    try:
        found = re.search(r"\) (\w)", Path(f"/proc/{pid}/stat").read_text())
    except OSError:
        return False
    return found is not None and found[1] != "Z"


def test_processes_of_the_centre_do_not_share_their_database_roles(
    centre: Callable[..., tuple[Started, str]], folder: Path
) -> None:
    """What the kernel says they were given, not what the launcher says it gave."""
    started, _url = centre("--no-simulator")
    passwords = json.loads((folder / "passwords.json").read_text())
    for words, own in (("uvicorn", "web"), ("celery", "ingest"), ("pulse", "ingest")):
        given = Path(f"/proc/{process_of(started, folder, words)}/environ").read_text()
        known = {name for name in ("superuser", "owner", "web", "ingest") if passwords[name] in given}
        assert known == {own}, words
