"""Gather the messages for translation; check that French is complete; compile it for Django."""

import argparse
from typing import Any

from django.core.management import BaseCommand, CommandError

from jocc.messages import (
    LANGUAGES,
    catalogue_compile,
    catalogue_faults,
    catalogue_path,
    catalogue_read,
    catalogue_update,
    messages_gather,
    strings_of,
)


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Gather all messages of templates and Python into locale/fr; needs no GNU gettext and no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Without a flag the text file is brought up to date and translations are kept."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--check", action="store_true", help="fail when a message is missing, empty or doubtful"
        )
        what.add_argument("--compile", action="store_true", help="write the file that Django reads")

    def handle(self, *args: Any, **options: Any) -> None:
        """Gather, check or compile."""
        for language in LANGUAGES:
            if options["compile"]:
                written = catalogue_compile(language)
                self.stdout.write(
                    f"{written.name}: {sum(1 for m in catalogue_read(language) if m.id)} messages"
                )
            elif options["check"]:
                self._check(language)
            else:
                self._gather(language)

    def _gather(self, language: str) -> None:
        catalog = catalogue_update(language, messages_gather())
        empty = sum(1 for message in catalog if message.id and not all(strings_of(message)))
        self.stdout.write(
            f"{catalogue_path(language).name} ({language}): {len(catalog)} messages, {empty} to translate"
        )

    def _check(self, language: str) -> None:
        faults = catalogue_faults(language, messages_gather())
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(
                f"{language}: {len(faults)} messages to see to (manage.py messages gathers them)"
            )
        self.stdout.write(f"{language}: every message is translated")
