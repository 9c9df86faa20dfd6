"""Restore a backup into an empty database and an empty media folder. Run by the owner."""

import argparse
import hashlib
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import DatabaseError

from agencies.acting import acting_as
from agencies.facts import OWNER
from jocc.roles import roles_ensure
from jocc.upkeep.after import gap_sentences, known_to, restored
from jocc.upkeep.journal import Covered, JournalBroken, journal_read
from jocc.upkeep.load import (
    left_empty_on_failure,
    manifest_check,
    media_load,
    require_empty,
    rows_load,
    schema_make,
)
from jocc.upkeep.reconcile import walls_differences
from jocc.upkeep.store import BackupFault, BackupReader


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Restore a backup into an empty database; rights that ended since end again, by the journal."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The backup, and the journal or the decision to do without."""
        parser.add_argument("source", type=Path, metavar="FOLDER|FILE.tar")
        parser.add_argument("--expect", metavar="SHA256", help="refuse any other manifest than this one")
        journal = parser.add_mutually_exclusive_group(required=True)
        journal.add_argument("--journal", type=Path, metavar="FOLDER", help="the journal of ended rights")
        journal.add_argument(
            "--without-journal", action="store_true", help="it is lost: put every share on hold instead"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """All steps; every refusal comes before the first change."""
        try:
            self._restore(options)
        except (BackupFault, JournalBroken, ImproperlyConfigured, OSError) as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"The database refused: {error}".strip()) from error

    def _restore(self, options: dict[str, Any]) -> None:
        reader = BackupReader(options["source"])
        digest = hashlib.sha256(reader.manifest_raw).hexdigest()
        if options["expect"] not in {None, digest}:
            raise BackupFault(f"The manifest is another one: its sha256 is {digest}.")
        entries, covered = self._journal(options["journal"])
        require_empty()
        manifest = manifest_check(reader)
        self._say(f"Restoring the backup of {manifest['at']} (manifest {digest})")
        roles_ensure("default")
        with left_empty_on_failure():
            schema_make(manifest, self._say)
            rows = rows_load(reader, manifest, self._say)
            files = media_load(reader, manifest, self._say)
        self._say(f"{rows} rows and {files} files are those of the manifest; the walls go up …")
        call_command("database_prepare", stdout=self.stdout, verbosity=0)
        if entries is not None:
            entries = [e for e in entries if not known_to(manifest["snapshot"], manifest["lineages"], e)]
        gap = restored(backup_at=manifest["at"], entries=entries, covered=covered)
        for sentence in gap_sentences(gap):
            self._say(sentence)
        self._prove()

    def _journal(self, folder: Path | None) -> tuple[list[dict[str, Any]] | None, Covered | None]:
        return journal_read(folder) if folder else (None, None)

    def _prove(self) -> None:
        with acting_as(OWNER):
            found = walls_differences()
        if found:
            raise BackupFault("The walls are not what they should be: " + "; ".join(found))
        self._say("The walls hold: viewers are what the grants say, policies are what is declared.")
        if "audit_verify" in get_commands():
            call_command("audit_verify", stdout=self.stdout)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
