"""Load the demonstration world. Run by the owner; a second run adds what is missing and keeps the rest."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from agencies.acting import acting_as
from agencies.facts import OWNER
from agencies.selectors import is_demonstration
from jocc.demo.law import rules_load
from jocc.demo.life import life_load
from jocc.demo.load_equipment import devices_load, partners_load, sites_load
from jocc.demo.load_lookouts import lookouts_load
from jocc.demo.load_people import agencies_load, desks_load, officers_load, shifts_load
from jocc.demo.load_tokens import tokens_write
from jocc.demo.people import AGENCIES, OFFICERS, PASSWORD


class Command(BaseCommand):
    """See the module's docstring."""

    help = (
        "Load the demonstration world: agencies, officers, equipment, lookouts. Refuses any other database."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """--tokens names the file that the simulator reads."""
        parser.add_argument(
            "--tokens", type=Path, metavar="FILE", help="write the demonstration's tokens to FILE"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all, then say who may sign in."""
        with acting_as(OWNER), transaction.atomic():
            if not is_demonstration():
                raise CommandError(
                    "This is not a demonstration database: no demonstration accounts are made in it."
                )
            groups = agencies_load()
            counts = {
                "officers": officers_load(groups),
                "lanes": sites_load(groups),
                "devices": devices_load(groups),
            }
            counts["outages"] = life_load()
            counts["rules of lawful use"] = rules_load(groups)
            desks_load()
            counts["shifts"] = shifts_load()
            counts["lookouts"] = lookouts_load(groups)
            partners_load()
            if options["tokens"]:
                counts["tokens"] = tokens_write(options["tokens"])
        self.stdout.write(
            "Demonstration world: " + ", ".join(f"{n} {what} added" for what, n in counts.items())
        )
        self._accounts()

    def _accounts(self) -> None:
        self.stdout.write("")
        self.stdout.write(f"Sign in as any of these; the password of all is: {PASSWORD}")
        for agency in AGENCIES:
            names = [f"{o.agency}.{o.role}".lower() for o in OFFICERS if o.agency == agency.code]
            self.stdout.write("")
            self.stdout.write(f"{agency.code}  {agency.name_en} / {agency.name_fr}")
            self.stdout.write("  " + "  ".join(names))
