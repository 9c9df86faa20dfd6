"""Back up the database and the media folder, consistently, while everybody works. Run by the owner."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from agencies.acting import acting_as
from agencies.facts import OWNER
from agencies.models import Agency
from agencies.services.upkeep import upkeep_note
from audit.actions import AuditAction
from audit.services import audit_record
from jocc.upkeep.dump import backup_make
from jocc.upkeep.store import BackupFault


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Back up database and media folder to a new FOLDER, or to a new file that ends in .tar."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("target", type=Path, metavar="FOLDER|FILE.tar")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, say its digest, and let every agency's record know that its data were copied."""
        target = options["target"].resolve()
        try:
            manifest, digest = backup_make(target, self._say)
        except (BackupFault, OSError) as error:
            raise CommandError(str(error)) from error
        with acting_as(OWNER):
            for agency in Agency.objects.all():
                audit_record(
                    acting_party=OWNER,
                    action=AuditAction.CENTRE_BACKUP,
                    object_type="centre",
                    detail={"at": manifest["at"], "manifest": digest},
                    agency_group=agency.group_id,
                )
            upkeep_note(name="backup", is_fine=True, found=0)
        self._say(f"backup of {manifest['at']}: {target}")
        self._say(f"sha256 of its manifest: {digest}")
        self._say("It holds everything about everybody: encrypt it, and keep the keys elsewhere.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
