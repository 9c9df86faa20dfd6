"""After PostgreSQL's own point-in-time recovery or a physical copy: carry out again what ended since. Run by the owner."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection

from agencies.acting import acting_as
from agencies.facts import OWNER
from agencies.models import Lineage
from jocc.upkeep.after import gap_sentences, restored
from jocc.upkeep.journal import JournalBroken, journal_read
from jocc.upkeep.reconcile import walls_differences

# A number that this cluster has not reached belongs to a transaction that it never saw; one that it saw begin and
# never end was lost. Numbers too old to be known of were settled long ago.
_REACHED = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
_STATUS = "SELECT pg_xact_status(%s::text::xid8)"


class Command(BaseCommand):
    """See the module's docstring."""

    help = (
        "After a point-in-time recovery: end again, by the journal, the rights that ended after that point."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The journal, or the decision to do without; and the point of the recovery, for the record."""
        parser.add_argument(
            "--point", required=True, metavar="TIME", help="the point of the recovery, ISO 8601"
        )
        journal = parser.add_mutually_exclusive_group(required=True)
        journal.add_argument("--journal", type=Path, metavar="FOLDER", help="the journal of ended rights")
        journal.add_argument(
            "--without-journal", action="store_true", help="it is lost: put every share on hold instead"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Begin a new life of this database."""
        try:
            entries, covered = journal_read(options["journal"]) if options["journal"] else (None, None)
        except JournalBroken as error:
            raise CommandError(str(error)) from error
        lives = list(Lineage.objects.order_by("id").values_list("uid", flat=True))
        if entries is not None:
            entries = [entry for entry in entries if not self._knows(entry, [str(uid) for uid in lives])]
        gap = restored(backup_at=options["point"], entries=entries, covered=covered)
        for sentence in gap_sentences(gap):
            self.stdout.write(sentence)
        with acting_as(OWNER):
            found = walls_differences()
        if found:
            raise CommandError("The walls are not what they should be: " + "; ".join(found))

    def _knows(self, entry: dict[str, Any], lives: list[str]) -> bool:
        if entry["lineage"] != lives[-1]:
            return entry["lineage"] in lives
        with connection.cursor() as cursor:
            cursor.execute(_REACHED)
            if int(entry["xid"]) >= cursor.fetchone()[0]:
                return False
            cursor.execute(_STATUS, [str(entry["xid"])])
            return cursor.fetchone()[0] in {"committed", None}
