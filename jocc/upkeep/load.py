"""Putting a backup into an empty database: the schema by its own migrations, then every row, then proof.

The rows go in before the walls stand (COPY is refused under row-level security), in one transaction: a restore
that fails leaves tables without rows, which no process serves.
"""

import gzip
import hashlib
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from jocc.upkeep.dump import FORMAT, PLAIN_TEXT
from jocc.upkeep.store import BackupFault, BackupReader
from jocc.upkeep.tables import LEFT_OUT, Table, sequence_names, tables_in_order

Say = Callable[[str], None]

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_OWN_TABLES = """
SELECT c.relname FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""
_BOUNDS = re.compile(r"FOR VALUES FROM \('[0-9 :.+-]+'\) TO \('[0-9 :.+-]+'\)|DEFAULT")


def require_empty() -> None:
    """Refuse to restore over anything: the database and the media folder must be empty."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN_TABLES)
        tables = len(cursor.fetchall())
    if tables:
        raise BackupFault(
            f"The database holds {tables} tables. A backup is restored into an empty database only."
        )
    media = Path(settings.MEDIA_ROOT)
    if media.exists() and any(media.iterdir()):
        raise BackupFault(f"{media} is not empty. Files are restored into an empty folder only.")


@contextmanager
def left_empty_on_failure() -> Iterator[None]:
    """What was empty before is empty again when the block fails, so that the restore can be tried anew."""
    try:
        yield
    except BaseException:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute(
                "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC"
            )
        media = Path(settings.MEDIA_ROOT)
        for path in media.iterdir() if media.exists() else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def manifest_check(reader: BackupReader) -> dict[str, Any]:
    """The manifest, if this version of the centre can restore it."""
    manifest = reader.manifest
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BackupFault(f"{reader.source} has a form that this version does not know.")
    for name in [*manifest["tables"], *(part for row in manifest["partitions"] for part in row[:2])]:
        if not _NAME.fullmatch(name):
            raise BackupFault(f"{reader.source}: {name!r} is no name of a table.")
    unknown = {tuple(row) for row in manifest["migrations"]} - set(
        MigrationExecutor(connection).loader.disk_migrations
    )
    if unknown:
        newest = ".".join(max(unknown))
        raise BackupFault(
            f"The backup comes from a newer version of the centre: migration {newest} is not known here."
        )
    return manifest


def schema_make(manifest: dict[str, Any], say: Say) -> None:
    """Bring the empty database exactly to the migrations that the backup was made at."""
    executor = MigrationExecutor(connection)
    wanted = {tuple(row) for row in manifest["migrations"]}
    graph = executor.loader.graph
    wanted &= set(graph.nodes)
    newest = [key for key in wanted if not _child(graph, key, wanted)]
    say(f"schema: {len(wanted)} migrations …")
    executor.migrate(sorted(newest))


def _child(graph: Any, key: Any, wanted: set[Any]) -> bool:
    return any(child.key in wanted and child.key[0] == key[0] for child in graph.node_map[key].children)


def rows_load(reader: BackupReader, manifest: dict[str, Any], say: Say) -> int:
    """Load all tables and prove each against the manifest; returns the number of rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLAIN_TEXT)
        _partitions_make(cursor, manifest)
        cursor.execute(_OWN_TABLES)
        present = sorted(name for (name,) in cursor.fetchall())
        unknown = sorted(set(manifest["tables"]) - set(present))
        if unknown:
            raise BackupFault(f"The table {unknown[0]} of the backup is not in the schema of its migrations.")
        triggers = _triggers_hold(cursor, present)
        emptied = ", ".join(f'"{name}"' for name in present if name != "django_migrations")
        cursor.execute(f"TRUNCATE {emptied}")
        ordered = tables_in_order(cursor, sorted(manifest["tables"]))
        total = 0
        for number, name in enumerate(ordered, 1):
            say(f"table {number} of {len(ordered)}, {name}: {manifest['tables'][name]['rows']} rows")
            total += _table_load(cursor, reader, name, manifest["tables"][name])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _sequences_set(cursor, manifest["sequences"])
        _triggers_release(cursor, triggers)
        cursor.execute("SET search_path = public; RESET statement_timeout")
    return total


def _partitions_make(cursor: Any, manifest: dict[str, Any]) -> None:
    for table, partition, bounds in manifest["partitions"]:
        if not _BOUNDS.fullmatch(bounds):
            raise BackupFault(f"The bounds of partition {partition} cannot be read.")
        cursor.execute("SELECT to_regclass(%s)", [partition])
        if cursor.fetchone()[0] is None:
            cursor.execute(f'CREATE TABLE "{partition}" PARTITION OF "{table}" {bounds}')


def _triggers_hold(cursor: Any, tables: list[str]) -> list[tuple[str, str, str]]:
    """Nothing happens by itself while rows go in; returns how each trigger stood."""
    cursor.execute(
        "SELECT c.relname, t.tgname, t.tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition"
    )
    triggers = [tuple(row) for row in cursor.fetchall()]
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    for table, trigger, _ in triggers:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{trigger}"')
    return triggers


def _triggers_release(cursor: Any, triggers: list[tuple[str, str, str]]) -> None:
    verbs = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA"}
    for table, trigger, state in triggers:
        if state in verbs:
            cursor.execute(f'ALTER TABLE "{table}" {verbs[state]} TRIGGER "{trigger}"')


class _Proving:
    """Reads a table's file and keeps its digest."""

    def __init__(self, raw: BinaryIO) -> None:
        self._file, self.digest = gzip.GzipFile(fileobj=raw), hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """One piece."""
        data = self._file.read(size)
        self.digest.update(data)
        return data


def _table_load(cursor: Any, reader: BackupReader, name: str, told: dict[str, Any]) -> int:
    table = Table(name, tuple(told["columns"]))
    cursor.execute(
        "SELECT array_agg(quote_ident(attname)) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = ''",
        [name],
    )
    if set(cursor.fetchone()[0]) != set(table.columns):
        raise BackupFault(f"{name}: the columns of the backup are not those of its migrations.")
    with reader.open(f"tables/{name}.copy.gz") as raw:
        file = _Proving(raw)
        try:
            cursor.copy_expert(f'COPY "{name}" ({table.listed}) FROM STDIN', file, size=1 << 18)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise BackupFault(f"{name}: its file is damaged ({error}).") from error
    if cursor.rowcount != told["rows"] or file.digest.hexdigest() != told["sha256"]:
        raise BackupFault(f"{name}: its rows are not those that the manifest vouches for.")
    return int(cursor.rowcount)


def _sequences_set(cursor: Any, told: dict[str, int]) -> None:
    here = sequence_names(cursor)
    for key, last in told.items():
        if key in here and last and key.split(".")[0] not in LEFT_OUT:
            cursor.execute("SELECT setval(%s::regclass, %s)", [here[key], last])


def media_load(reader: BackupReader, manifest: dict[str, Any], say: Say) -> int:
    """Put the files back, each proved against the manifest; returns how many."""
    root = Path(settings.MEDIA_ROOT)
    for number, (relative, told) in enumerate(sorted(manifest["media"].items()), 1):
        target = root / relative
        if not target.resolve().is_relative_to(root.resolve()):
            raise BackupFault(f"{relative!r} leads out of the media folder.")
        with reader.open(f"media/{relative}") as raw:
            data = raw.read()
        if hashlib.sha256(data).hexdigest() != told["sha256"]:
            raise BackupFault(f"{relative}: the file is not the one that the manifest vouches for.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        if number % 1000 == 0:
            say(f"  {number} of {len(manifest['media'])} files …")
    return len(manifest["media"])
