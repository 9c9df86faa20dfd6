"""A record that is really committed, sealed and published; and hands that tamper with it past every wall."""

import contextlib
import json
import secrets
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from agencies.acting import acting_as
from audit.actions import AuditAction
from audit.models import AuditEvent
from audit.rules.signatures import SealingKey
from audit.selectors.verification import Verdict, record_verify
from audit.services import audit_record
from audit.services.publication import blocks_publish, file_of
from audit.services.sealing import Sealed, block_seal

VERIFIER = Path(__file__).parents[2] / "audit" / "verifier" / "jocc_audit_verify.py"
CODES = ("UKBA", "PAF")
SEALED_TABLES = ("audit_auditevent", "audit_auditblock", "audit_ledgerseal", "audit_sealkey")


class Log:
    """The record under test."""

    def __init__(self, world: Any, ingest: Callable, owner: Callable, folder: Path) -> None:
        self.world, self.ingest, self.owner = world, ingest, owner
        self.key = SealingKey(secrets.token_hex(32))
        self.folder = folder / "published"

    def record(self, username: str = "paf.officer", number: int = 1, purpose: str = "patrol") -> None:
        """Some acts of an officer, each committed."""
        principal = self.world.principal(username)
        with acting_as(principal):
            for _ in range(number):
                with transaction.atomic():
                    audit_record(
                        acting_party=principal,
                        action=AuditAction.LOOKOUT_READ,
                        object_type="lookout",
                        object_uids=[uuid.uuid4()],
                        purpose=purpose,
                        detail={"words": 'quotes " and \\ and\ttabs\nlines é', "n": 1.50},
                    )

    def seal(self, key: SealingKey | None = None, *, wait: bool = True) -> Sealed | None:
        """One block; before it, everything that runs on the server now comes to its end, whichever test's it is."""
        if wait:
            _ended()
        with self.ingest():
            return block_seal(key or self.key)

    def publish(self, folder: Path | None = None) -> int:
        """To two agencies."""
        with self.ingest():
            return blocks_publish(folder or self.folder, {code: self.world.group(code) for code in CODES})

    def block(self, **kinds: int) -> None:
        """A block with so many records of each officer, published."""
        for username, number in (kinds or {"paf": 3, "ukba": 2}).items():
            self.record(f"{username}.officer", number)
        assert self.seal() is not None
        self.publish()

    def verify(self, *, published: bool = True) -> Verdict:
        """The operator's verification."""
        with self.ingest(), transaction.atomic():
            return record_verify({code: file_of(self.folder, code) for code in CODES} if published else None)

    def roots(self, code: str = "PAF") -> Path:
        """An agency's file."""
        return file_of(self.folder, code)

    def lines(self, code: str = "PAF") -> list[dict[str, Any]]:
        """What stands in it."""
        return [json.loads(line) for line in self.roots(code).read_text().splitlines()]

    def stand_alone(self, *words: object, code: str = "PAF") -> tuple[int, str]:
        """The agency's own verification: another program, without the database."""
        done = subprocess.run(
            [sys.executable, "-I", str(VERIFIER), str(self.roots(code)), *map(str, words)],
            capture_output=True, text=True, env={}, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    @contextlib.contextmanager
    def tampering(self) -> Iterator[Any]:
        """A cursor of the owner's, with the triggers that refuse put out of the way."""
        with self.owner(), transaction.atomic(), connection.cursor() as cursor:
            for table in SEALED_TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER refuse_change")
            yield cursor
            for table in SEALED_TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER refuse_change")

    def row_of_block(self, number: int, *, nth: int = 0) -> AuditEvent:
        """A row that was taken up by this block."""
        with self.owner(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT e.id FROM audit_auditevent e JOIN audit_auditblock b"
                " ON e.tx >= b.from_tx AND e.tx < b.before_tx WHERE b.number = %s ORDER BY e.id OFFSET %s LIMIT 1",
                [number, nth],
            )
            return AuditEvent.objects.get(pk=cursor.fetchone()[0])


def _ended() -> None:
    """Wait until no transaction is open that began before now: the horizon is the whole server's.

    Tests in other processes hold theirs for minutes on a slow machine.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        now = cursor.fetchone()[0]
        until = time.monotonic() + 480
        while True:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > now:
                return
            assert time.monotonic() < until, "a transaction stays open on the server"
            time.sleep(0.02)


@pytest.fixture
def log(world, ingest, owner, tmp_path) -> Log:
    """An empty record."""
    return Log(world, ingest, owner, tmp_path)


@pytest.fixture
def sealed(log) -> Log:
    """Three blocks with records of two agencies."""
    for _ in range(3):
        log.block()
    return log


@pytest.fixture
def sign_in(world) -> Callable[[str], Client]:
    """`sign_in("paf.auditor")`: a client with that officer's session."""

    def act(username: str) -> Client:
        client = Client()
        client.force_login(world.officer(username), "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return act
