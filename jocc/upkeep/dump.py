"""Making a backup: every table as it was at one moment, the media folder, and a manifest that vouches for both.

The owner reads in one REPEATABLE READ transaction while everybody goes on working. It needs no program of
PostgreSQL's, so it works from the wheels alone and against any server (docs/adr/0012 has the comparison).
"""

import datetime as dt
import gzip
import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection

from jocc.upkeep.store import BackupFault, BackupWriter, backup_writing
from jocc.upkeep.tables import LEFT_OUT, partitions_now, sequences_now, tables_to_keep

FORMAT = 1
#: How values are written, whatever a server's own settings: the same rows give the same bytes.
PLAIN_TEXT = (
    "SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex';"
    " SET extra_float_digits = 1; SET timezone = 'UTC'; SET client_encoding = 'UTF8';"
    " SET search_path = public, pg_catalog; SET statement_timeout = 0"
)
Say = Callable[[str], None]


class _Counting:
    """A file that compresses what is written to it, and knows its digest."""

    def __init__(self, path: Path, title: str, say: Say) -> None:
        self._raw = path.open("wb")
        self._file = gzip.GzipFile(fileobj=self._raw, mode="wb", compresslevel=1, mtime=0, filename="")
        self.digest, self.size = hashlib.sha256(), 0
        self._title, self._say, self._spoken = title, say, time.monotonic()

    def write(self, data: bytes) -> int:
        """Take one piece."""
        self._file.write(data)
        self.digest.update(data)
        self.size += len(data)
        if time.monotonic() - self._spoken > 5:
            self._spoken = time.monotonic()
            self._say(f"  {self._title}: {self.size / 1e6:.0f} MB read …")
        return len(data)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()
        self._raw.close()


def backup_make(target: Path, say: Say) -> tuple[dict[str, Any], str]:
    """Write a backup to `target` (a folder, or a file that ends in .tar); returns the manifest and its digest."""
    begun = time.monotonic()
    with backup_writing(target) as writer:
        snapshot = psycopg2.connect(**_parameters())
        try:
            # Readers wait for no writer and keep none waiting.
            snapshot.set_session(isolation_level="REPEATABLE READ", readonly=True)
            with snapshot.cursor() as cursor:
                manifest = _database_save(cursor, writer, say)
            snapshot.rollback()
        finally:
            snapshot.close()
        manifest["media"] = _media_save(writer, say)
        raw = writer.finish(manifest)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    say(f"{rows} rows and {len(manifest['media'])} files in {time.monotonic() - begun:.1f} s")
    return manifest, hashlib.sha256(raw).hexdigest()


def _parameters() -> dict[str, Any]:
    known = connection.get_connection_params()
    wanted = {name: known[name] for name in ("host", "port", "user", "password") if known.get(name)}
    return wanted | {
        "dbname": connection.settings_dict["NAME"],
        "application_name": "jocc-backup",
        "connect_timeout": 10,
    } | {name: known[name] for name in ("sslmode", "sslrootcert", "options") if known.get(name)}  # fmt: skip


def _database_save(cursor: Any, writer: BackupWriter, say: Say) -> dict[str, Any]:
    cursor.execute(PLAIN_TEXT)
    cursor.execute("SELECT now(), pg_current_snapshot()::text, current_setting('server_version')")
    at, snapshot, server = cursor.fetchone()
    cursor.execute("SELECT uid FROM agencies_lineage ORDER BY id")
    lineages = [str(uid) for (uid,) in cursor.fetchall()]
    if not lineages:
        raise BackupFault("This database does not know its own life yet: run database_prepare first.")
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
    migrations = [list(row) for row in cursor.fetchall()]
    tables = tables_to_keep(cursor)
    saved = {}
    for number, table in enumerate(tables, 1):
        title = f"table {number} of {len(tables)}, {table.name}"
        saved[table.name] = _table_save(cursor, writer, table, title, say)
        say(f"{title}: {saved[table.name]['rows']} rows")
    return {
        "format": FORMAT,
        "at": at.astimezone(dt.UTC).isoformat(),
        "server": server,
        "lineages": lineages,
        "snapshot": snapshot,
        "migrations": migrations,
        "partitions": partitions_now(cursor),
        "sequences": sequences_now(cursor),
        "tables": saved,
        "left_out": LEFT_OUT,
        "keys": "none: JOCC_SECRET_KEY, passwords and signing keys are kept apart from this backup",
    }


def _table_save(cursor: Any, writer: BackupWriter, table: Any, title: str, say: Say) -> dict[str, Any]:
    name = f"tables/{table.name}.copy.gz"
    file = _Counting(writer.path(name), title, say)
    try:
        question = f'SELECT {table.listed} FROM "{table.name}"'  # noqa: S608  (from the catalogue, quoted)
        cursor.copy_expert(f"COPY ({question}) TO STDOUT", file, size=1 << 18)
    finally:
        file.close()
    rows = cursor.rowcount
    writer.add(name)
    return {
        "columns": list(table.columns), "rows": rows, "bytes": file.size, "sha256": file.digest.hexdigest(),
    }  # fmt: skip


def _media_save(writer: BackupWriter, say: Say) -> dict[str, dict[str, Any]]:
    """Copy the media folder; files are named by their content and never changed, so no snapshot is needed.

    What has gone since it was listed has expired; drafts (a name that begins with a dot) are nobody's yet.
    """
    root, found = Path(settings.MEDIA_ROOT), {}
    paths = sorted(path for path in root.rglob("*") if _is_whole(path))
    for number, path in enumerate(paths, 1):
        relative = path.relative_to(root).as_posix()
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            continue
        name = f"media/{relative}"
        writer.path(name).write_bytes(data)
        writer.add(name)
        found[relative] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        if number % 1000 == 0:
            say(f"  {number} of {len(paths)} files …")
    return found


def _is_whole(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith(".")
