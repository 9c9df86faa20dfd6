"""The ground of a measurement: a database of its own on the named server, and an empty database of the broker.

A benchmark that wrote into the named database would leave a million invented lorries in it, and audit records
that nobody can delete. So it makes its own database beside it, and drops that at the end.
"""

import dataclasses
import os
import secrets
import tempfile
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection, transaction
from psycopg2 import sql
from redis import Redis

from agencies.acting import acting_as
from agencies.facts import OWNER
from agencies.selectors import is_demonstration
from jocc.bench.report import BenchFailed, Screen

#: What a web or a worker process has no business to know.
_OWNER_ONLY = ("DATABASE_OWNER_URL", "JOCC_WEB_PASSWORD", "JOCC_INGEST_PASSWORD")


@dataclasses.dataclass(frozen=True, slots=True)
class Ground:
    """Where the processes under measurement work, and the folder for their logs and tokens."""

    owner_url: str
    web_url: str
    ingest_url: str
    redis_url: str
    folder: Path

    def sealing_key(self) -> Path:
        """The file of a key of its own, made when it is first asked for."""
        path = self.folder / "sealing.key"
        if not path.exists():
            path.write_text(secrets.token_hex(32))
        return path

    def environment(self, process: str) -> dict[str, str]:
        """The environment of a process that serves as `web`, `ingest` or `owner`."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JOCC_BENCH_")}
        if process != "owner":
            for name in _OWNER_ONLY:
                kept.pop(name, None)
        url = {"web": self.web_url, "ingest": self.ingest_url, "owner": self.owner_url}[process]
        own = {"DATABASE_URL": url, "REDIS_URL": self.redis_url, "JOCC_PROCESS": process}
        # Debug mode keeps every statement; limits of deliveries a minute are not what is measured here.
        limits = {"JOCC_DEBUG": "0", "JOCC_DEVICE_RATE": "1000000/min", "JOCC_TOKEN_RATE": "1000000/min"}
        sealing = {
            "JOCC_AUDIT_KEY_FILE": str(self.sealing_key()),
            "JOCC_AUDIT_PUBLISH_DIR": str(self.folder / "published"),
        }
        return kept | own | limits | sealing | {"JOCC_LOG_FORMAT": "console", "JOCC_LOG_LEVEL": "WARNING"}


def refuse_unless_demonstration() -> None:
    """Invented lorries and known tokens have no place beside real data."""
    try:
        with acting_as(OWNER), transaction.atomic():
            marked = is_demonstration()
    except DatabaseError as error:
        raise CommandError(
            f"The database cannot be asked whether it is a demonstration one: {error}"
        ) from error
    if not marked:
        raise CommandError("This is not a demonstration database: the benchmark measures on those only.")


@contextmanager
def ground_made(screen: Screen) -> Iterator[Ground]:
    """Make the database, prepared and with the demonstration world; this process is connected to it inside.

    Everything is dropped at the end, also after a failure.
    """
    named = str(connection.settings_dict["NAME"])
    own = f"jocc_bench_{secrets.token_hex(4)}"
    with tempfile.TemporaryDirectory(prefix="jocc-bench-") as folder, _broker_emptied() as redis_url:
        ground = Ground(
            owner_url=_with_path(_url("JOCC_BENCH_OWNER_URL"), own),
            web_url=_with_path(_url("JOCC_BENCH_WEB_URL"), own),
            ingest_url=_with_path(_url("JOCC_BENCH_INGEST_URL"), own),
            redis_url=redis_url,
            folder=Path(folder),
        )
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(own)))
        try:
            _connect_to(own)
            screen.say("Preparing a database of its own …")
            with open(os.devnull, "w", encoding="utf-8") as quiet:
                call_command("database_prepare", demo=True, stdout=quiet, verbosity=0)
                call_command("demo_load", tokens=ground.folder / "tokens.json", stdout=quiet)
            yield ground
        finally:
            _connect_to(named)
            _drop(own)


def _drop(name: str) -> None:
    """Drop the database once the last connection to it has gone; its owner may not end other roles' ones."""
    for patience in range(6, -1, -1):  # each attempt waits five seconds by itself
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            return
        except OperationalError:
            if not patience:
                raise


def _url(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise CommandError(f"{name} is not set: start the benchmark with bin/jocc bench.") from None


def _with_path(url: str, path: str) -> str:
    return urllib.parse.urlsplit(url)._replace(path=f"/{path}").geturl()


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


@contextmanager
def _broker_emptied() -> Iterator[str]:
    """An unused database of the broker: a running centre's workers must not answer our bells, nor ours theirs."""
    for number in range(15, 0, -1):
        url = _with_path(settings.REDIS_URL, str(number))
        broker = Redis.from_url(url)
        if broker.dbsize() == 0:
            break
    else:
        raise BenchFailed("Every database of the broker is in use; name another server with REDIS_URL.")
    try:
        yield url
    finally:
        broker.flushdb()
        broker.close()
