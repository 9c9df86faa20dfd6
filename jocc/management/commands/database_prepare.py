"""Prepare the database: roles, migrations, partitions, walls, permissions. Run by the owner; repeatable."""

import argparse
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections, transaction
from django.utils import timezone

from agencies.acting import acting_as
from agencies.facts import OWNER
from agencies.models import DemoMark
from agencies.walls import walls_apply
from agencies.witness import witness_apply
from jocc.partitions import partitions_ensure
from jocc.roles import roles_ensure
from jocc.upkeep.ends import ends_apply
from jocc.upkeep.lineage import lineage_ensure
from jocc.upkeep.reconcile import structure_remember
from jocc.walls import WALLS


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Create the restricted roles, migrate, make partitions and walls. Connect as the owner."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """--demo marks a new database as a demonstration one."""
        parser.add_argument(
            "--demo", action="store_true", help="mark an empty database as a demonstration one"
        )
        parser.add_argument("--database", default="default", help=argparse.SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do all steps, saying each."""
        alias = options["database"]
        fresh = self._is_fresh(alias)
        try:
            roles_ensure(alias)
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        call_command("migrate", database=alias, interactive=False, verbosity=options["verbosity"])
        with acting_as(OWNER), transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            made = partitions_ensure(cursor, today=timezone.now().date())
            walls_apply(cursor, WALLS)
            witness_apply(cursor, WALLS)
            ends_apply(cursor)
            lineage_ensure(alias)
            structure_remember(cursor)
            if fresh and options["demo"]:
                DemoMark.objects.using(alias).create()
        self.stdout.write(f"database prepared: {len(made)} partitions made, {len(WALLS)} walls stand")

    def _is_fresh(self, alias: str) -> bool:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT to_regclass('public.django_migrations') IS NULL")
            return bool(cursor.fetchone()[0])
