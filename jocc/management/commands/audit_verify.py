"""Verify the audit record: every row, tree, block and signature, and what was published to the agencies."""

import argparse
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from agencies.acting import acting_as
from agencies.facts import INGEST, OWNER
from agencies.selectors import agencies_all
from audit.selectors.verification import record_verify
from audit.services.publication import file_of


class Command(BaseCommand):
    """See the module's docstring. Exit code 1 when something does not hold."""

    help = "Verify the sealed audit record, and compare it with the published roots."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Where the published files lie."""
        parser.add_argument(
            "--published",
            type=Path,
            default=Path(settings.AUDIT_PUBLISH_DIR) if settings.AUDIT_PUBLISH_DIR else None,
            help="the folder of published roots (default: JOCC_AUDIT_PUBLISH_DIR)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, and say what was found; the first bad block last."""
        begun = time.monotonic()
        with acting_as(OWNER if settings.JOCC_PROCESS == "owner" else INGEST), transaction.atomic():
            codes = [agency.code for agency in agencies_all()] if options["published"] else []
            verdict = record_verify({code: file_of(options["published"], code) for code in codes})
        for finding in verdict.findings:
            self.stdout.write(f"block {finding.block}: {finding.text} ({finding.code})")
        self.stdout.write(
            f"{verdict.blocks} blocks, {verdict.rows} records sealed, {verdict.unsealed} not yet,"
            f" {time.monotonic() - begun:.1f} s; last block {verdict.last}, root {verdict.root}"
        )
        if not codes:
            self.stdout.write("Not compared with what was published: no folder is named.")
        if verdict.findings:
            raise CommandError(f"FIRST BAD BLOCK: {verdict.first_bad}")
        self.stdout.write("Everything holds.")
