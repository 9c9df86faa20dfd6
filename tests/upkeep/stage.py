"""Databases and processes for the drill."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg2

from tests.launcher.started import REPOSITORY


class Place:
    """One centre: a database, a media folder, a journal."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.media, self.journal = folder / "media", folder / "journal"
        folder.mkdir()
        parts = urlsplit(os.environ["DATABASE_OWNER_URL"])._replace(path=f"/{name}")
        self.owner_url = parts.geturl()
        place = parts.netloc.rpartition("@")[2]
        self._urls = {"owner": self.owner_url} | {
            role: parts._replace(
                netloc=f"jocc_{role}:{quote(os.environ[f'JOCC_{role.upper()}_PASSWORD'], safe='')}@{place}"
            ).geturl()
            for role in ("web", "ingest")
        }

    def run(self, role: str, *words: str, fails: bool = False) -> str:
        """Run a process of the role; returns what it printed."""
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
        environment |= {
            "DATABASE_URL": self._urls[role], "JOCC_PROCESS": role, "JOCC_MEDIA_ROOT": str(self.media),
            "JOCC_JOURNAL_DIR": str(self.journal), "DJANGO_SETTINGS_MODULE": "jocc.settings",
        }  # fmt: skip
        if role == "owner":  # the roles stand already, and other test runs may be at the same line
            environment.pop("JOCC_WEB_PASSWORD")
            environment.pop("JOCC_INGEST_PASSWORD")
        done = subprocess.run(
            [sys.executable, *words],
            env=environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) is fails, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout + done.stderr

    def manage(self, *words: str, fails: bool = False) -> str:
        """Run a management command as the owner."""
        return self.run("owner", "manage.py", *words, fails=fails)

    def act(self, act: str, notes: Path) -> dict[str, Any]:
        """Run one act of the drill; returns its notes."""
        role = "ingest" if act in {"work", "events"} else "web"
        self.run(role, "-m", "tests.upkeep.acts", act, str(notes))
        return json.loads(notes.read_text())

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the database as its owner, past all walls."""
        connection = psycopg2.connect(self.owner_url)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


@contextmanager
def places(folder: Path, count: int) -> Iterator[list[Place]]:
    """So many centres with empty databases; the databases are dropped afterwards."""
    admin = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    admin.autocommit = True
    names = [f"test_upkeep_{secrets.token_hex(4)}" for _ in range(count)]
    try:
        with admin.cursor() as cursor:
            for name in names:
                cursor.execute(f"CREATE DATABASE {name}")
        yield [Place(folder / name, name) for name in names]
    finally:
        with admin.cursor() as cursor:
            for name in names:
                for patience in range(10, -1, -1):
                    try:
                        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
                        break
                    except psycopg2.OperationalError:
                        if not patience:
                            raise
                        time.sleep(0.3)
        admin.close()
