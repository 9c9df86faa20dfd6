"""Compare the walls with what they should be; a difference is reported and never repaired silently."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from agencies.acting import acting_as
from agencies.facts import INGEST, OWNER
from jocc.settings.environment import PROCESS
from jocc.upkeep.reconcile import walls_differences


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Compare grants, viewers, policies, privileges and triggers with what they should be."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Say each difference; fail when there is one."""
        with acting_as(OWNER if PROCESS == "owner" else INGEST):
            found = walls_differences()
        for difference in found:
            self.stderr.write(difference)
        if found:
            raise CommandError(
                f"{len(found)} differences. `manage.py database_prepare` puts the walls up again."
            )
        self.stdout.write("The walls are what they should be.")
