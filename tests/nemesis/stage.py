"""The whole centre for a test that kills: a database and a broker of its own, and processes that can be shot."""

import contextlib
import http.client
import importlib.util
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg2
from redis import Redis

from tests.launcher.started import REPOSITORY, eventually
from tests.nemesis import failpoints
from tests.nemesis.cluster import Cluster
from tests.roles import roles_exist

_MANAGE = [sys.executable, str(REPOSITORY / "manage.py")]
#: Imported by the workers: short leases, and a payload that kills (tests/nemesis/hooks.py).
_HOOKS = "tests.nemesis.hooks"


def launcher_load() -> ModuleType:
    """bin/jocc as a module, for its way of starting Valkey as an ordinary account."""
    loader = SourceFileLoader("launcher_of_nemesis", str(REPOSITORY / "bin" / "jocc"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


class Broker:
    """A Valkey that keeps nothing: after a kill it comes back empty, on the same port."""

    def __init__(self, launcher: ModuleType, folder: Path) -> None:
        (folder / "logs").mkdir()
        self._engine = launcher.Valkey(
            folder, {"redis": secrets.token_hex(8)}, launcher.Account(), durable=False
        )
        self.start()
        self.url: str = self._engine.url()

    def start(self) -> None:
        """Start it, empty."""
        self._engine.start()

    def kill(self) -> None:
        """kill -9; whatever it held is gone."""
        self._engine.process.kill()
        self._engine.process.wait()

    def empty(self) -> None:
        """FLUSHALL: it goes on, and has forgotten every message."""
        Redis.from_url(self.url).flushall()

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._engine.process.poll() is None


class Stage:
    """Web, workers and scheduler on a database of their own."""

    def __init__(self, folder: Path, database: str, broker: Broker, cluster: Cluster | None = None) -> None:
        self.folder, self.broker, self.cluster = folder, broker, cluster
        self._server = cluster.url if cluster else os.environ["DATABASE_OWNER_URL"]
        self.armed = folder / "armed"
        self.armed.mkdir()
        self.owner_url = self._database_url(database, None)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        web = self._environment(self._database_url(database, "web"), "web")
        ingest = self._environment(self._database_url(database, "ingest"), "ingest")
        asgi = "tests.nemesis.armed_web:application" if cluster else "jocc.asgi:application"
        serve = [sys.executable, "-m", "uvicorn", asgi, "--port", str(self.port)]
        work = [sys.executable, "-m", "celery", "-A", "jocc", "worker", "-c", "1", "-I", _HOOKS]
        work += ["--without-gossip", "--without-mingle", "--loglevel", "INFO", "-n"]
        self._commands: dict[str, tuple[list[str], dict[str, str]]] = {
            "web": ([*serve, "--log-level", "warning", "--timeout-graceful-shutdown", "1"], web),
            "worker-1": ([*work, "worker-1@%h"], ingest),
            "worker-2": ([*work, "worker-2@%h"], ingest),
            "pulse": ([*_MANAGE, "pulse"], ingest),
            "pulse-2": ([*_MANAGE, "pulse"], ingest),
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        #: How many of those that were started again had been killed.
        self.deaths = 0
        self._connection = psycopg2.connect(self.owner_url)
        self._connection.autocommit = True

    def _database_url(self, database: str, role: str | None) -> str:
        parts = urlsplit(self._server)._replace(path=f"/{database}")
        if role is not None:
            password = quote(os.environ[f"JOCC_{role.upper()}_PASSWORD"], safe="")
            parts = parts._replace(netloc=f"jocc_{role}:{password}@{parts.netloc.rpartition('@')[2]}")
        return parts.geturl()

    def _environment(self, database_url: str, process: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
        own = {"DATABASE_URL": database_url, "REDIS_URL": self.broker.url, "JOCC_PROCESS": process}
        key = self.folder / "sealing.key"
        if not key.exists():
            key.write_text(secrets.token_hex(32))
        return (
            kept
            | own
            | {
                "JOCC_AUDIT_KEY_FILE": str(key),
                "JOCC_AUDIT_PUBLISH_DIR": str(self.folder / "published"),
                "JOCC_STOP_ESCALATES_AFTER_S": "86400",
                "JOCC_DEVICE_RATE": "1000000/min",
                failpoints.FOLDER: str(self.armed),
                "PYTHONPATH": str(REPOSITORY),
            }
        )

    def prepare(self) -> dict[str, Any]:
        """Migrate, put up the walls, load the demonstration world; returns its tokens file."""
        tokens = self.folder / "tokens.json"
        for words in (["database_prepare", "--demo"], ["demo_load", "--tokens", str(tokens)]):
            done = self.manage(*words)
            assert done.returncode == 0, done.stderr
        return json.loads(tokens.read_text())

    def start(self, *names: str) -> None:
        """Start processes, each in a session of its own, unless they run."""
        for name in names:
            if self.is_alive(name):
                continue
            if name in self._processes:
                self.deaths += self._processes[name].returncode == -signal.SIGKILL
            command, environment = self._commands[name]
            with (self.folder / f"{name}.log").open("ab") as log:
                self._processes[name] = subprocess.Popen(
                    command, env=environment, cwd=REPOSITORY, stdout=log, stderr=log, start_new_session=True
                )

    def kill(self, *names: str) -> None:
        """kill -9 of processes and of all they have started, as when a machine loses power."""
        for name in names:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._processes[name].pid, signal.SIGKILL)
        for name in names:
            self._processes[name].wait()

    def is_alive(self, name: str) -> bool:
        """Whether the process runs."""
        return name in self._processes and self._processes[name].poll() is None

    def manage(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the centre as the database's owner."""
        owner = self._environment(self.owner_url, "owner")
        for name in ("JOCC_WEB_PASSWORD", "JOCC_INGEST_PASSWORD"):
            owner.pop(name)  # the roles stand already, and other test runs may be at the same line
        return subprocess.run(
            [*_MANAGE, *words], env=owner, cwd=REPOSITORY, capture_output=True, text=True, check=False
        )

    def heal(self) -> None:
        """Start whatever has been killed, and wait until the centre says that it is ready."""
        if not self.broker.is_alive:
            self.broker.start()
        self.start("web", "worker-1", "worker-2", "pulse")
        assert eventually(lambda: self.get("/readyz")[0] == 200, 40), self.words()

    def words(self) -> str:
        """The ends of all logs, to understand a failure."""
        return "\n".join(
            f"== {p.name}\n{p.read_text(errors='replace')[-1500:]}" for p in self.folder.glob("*.log")
        )

    def end(self) -> None:
        """Kill everything."""
        self._connection.close()
        self.kill(*self._processes)

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database as its owner, past all walls; again for as long as it recovers from a crash."""
        for patience in range(60, -1, -1):
            try:
                with self._connection.cursor() as cursor:
                    cursor.execute(statement, values or None)
                    return cursor.fetchall() if cursor.description else []
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                if not patience:
                    raise
                time.sleep(0.25)
                with contextlib.suppress(psycopg2.OperationalError):
                    self._connection = psycopg2.connect(self.owner_url)
                    self._connection.autocommit = True
        raise AssertionError("unreachable")

    def number(self, statement: str, *values: object) -> int:
        """The single number that a statement answers."""
        return int(self.rows(statement, *values)[0][0])

    def get(self, path: str) -> tuple[int, bytes]:
        """GET without signing in; status 0 when nobody answers."""
        return self._ask(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}"))

    def post(self, token: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Post a delivery once; status 0 when the answer does not come."""
        headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self.port}/api/v1/deliveries/"
        status, answer = self._ask(urllib.request.Request(url, body, headers))
        return status, json.loads(answer) if status else {}

    @staticmethod
    def _ask(request: urllib.request.Request) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()
        except (OSError, http.client.HTTPException):  # also an answer that was cut off in its middle
            return 0, b""

    def eventually_done(self, receipts: set[str], seconds: float = 30) -> bool:
        """Wait until every receipt has its final state."""
        statement = (
            "SELECT count(*) FROM scanning_delivery WHERE receipt = ANY (%s::uuid[]) AND state <> 'waiting'"
        )
        return eventually(lambda: self.number(statement, list(receipts)) == len(receipts), seconds)


@contextlib.contextmanager
def stage_built(*, own_cluster: bool = False) -> Iterator[tuple[Stage, dict[str, Any]]]:
    """A stage with nothing started yet, and its tokens; everything is gone afterwards.

    With a PostgreSQL of its own that can be crashed, and armed web processes, or with a database in the test run's.
    """
    launcher = launcher_load()
    with launcher.passing_state() as folder, contextlib.ExitStack() as ending:
        broker = Broker(launcher, folder)
        ending.callback(lambda: broker.is_alive and broker.kill())
        cluster = Cluster(launcher, folder) if own_cluster else None
        if cluster:
            ending.callback(cluster.crash)
        name = ending.enter_context(_database(cluster.url if cluster else os.environ["DATABASE_OWNER_URL"]))
        stage = Stage(folder, name, broker, cluster)
        ending.callback(stage.end)
        yield stage, stage.prepare()


@contextlib.contextmanager
def _database(server: str) -> Iterator[str]:
    name = f"test_nemesis_{secrets.token_hex(4)}"
    _at_server(server, lambda cursor: (roles_exist(cursor), cursor.execute(f"CREATE DATABASE {name}")))
    yield name
    _retried(lambda: _at_server(server, lambda cursor: cursor.execute(f"DROP DATABASE {name}")))


def _at_server(server: str, act: Callable[[Any], object]) -> None:
    admin = psycopg2.connect(server)
    admin.autocommit = True
    try:
        with admin.cursor() as cursor:
            act(cursor)
    finally:
        admin.close()


def _retried(act: Callable[[], object]) -> None:
    """The last backends of killed processes take a moment to notice."""
    for patience in range(10, -1, -1):
        try:
            act()
            return
        except psycopg2.OperationalError:
            if not patience:
                raise
            time.sleep(0.5)
