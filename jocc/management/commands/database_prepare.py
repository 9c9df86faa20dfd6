"""Prepare the database: roles, migrations, partitions, walls, permissions. Run by the owner; repeatable."""

import argparse
import os
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections, transaction
from django.utils import timezone
from psycopg2 import sql

from agencies.acting import acting_as
from agencies.facts import OWNER
from agencies.models import DemoMark
from agencies.walls import INGEST, WEB, walls_apply
from jocc.partitions import partitions_ensure
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
        self._roles(alias)
        call_command("migrate", database=alias, interactive=False, verbosity=options["verbosity"])
        with acting_as(OWNER), transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            made = partitions_ensure(cursor, today=timezone.now().date())
            walls_apply(cursor, WALLS)
            if fresh and options["demo"]:
                DemoMark.objects.using(alias).create()
        self.stdout.write(f"database prepared: {len(made)} partitions made, {len(WALLS)} walls stand")

    def _is_fresh(self, alias: str) -> bool:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT to_regclass('public.django_migrations') IS NULL")
            return bool(cursor.fetchone()[0])

    def _roles(self, alias: str) -> None:
        with connections[alias].cursor() as cursor:
            for role, variable in ((WEB, "JOCC_WEB_PASSWORD"), (INGEST, "JOCC_INGEST_PASSWORD")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                exists = cursor.fetchone() is not None
                password = os.environ.get(variable, "")
                if not exists and not password:
                    raise CommandError(
                        f"{variable} is not set: the role {role} cannot be created without a password."
                    )
                if password:
                    verb = "ALTER" if exists else "CREATE"
                    cursor.execute(
                        sql.SQL(verb + " ROLE {} LOGIN NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD {}").format(
                            sql.Identifier(role), sql.Literal(password)
                        )
                    )
                cursor.execute(
                    sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                        sql.Identifier(connections[alias].settings_dict["NAME"]), sql.Identifier(role)
                    )
                )
