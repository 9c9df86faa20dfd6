"""Make the sealing key, let it name its successor, or take a new one when it is lost."""

import argparse
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from agencies.acting import acting_as
from agencies.facts import INGEST, OWNER
from audit.services.keys import SealingRefused, key_endorse, key_introduce, key_read


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Make a sealing key (--make), rotate it (--next), or replace a lost one (--introduce)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """One of three acts; without any, show the key in use."""
        acts = parser.add_mutually_exclusive_group()
        acts.add_argument(
            "--make", type=Path, metavar="FILE", help="write a new key to FILE, and nothing else"
        )
        acts.add_argument(
            "--next",
            type=Path,
            metavar="FILE",
            help="the key in use endorses the key in FILE (made if absent)",
        )
        acts.add_argument(
            "--introduce", type=Path, metavar="FILE", help="the key in FILE seals without endorsement"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and name the public key, which agencies compare by telephone."""
        try:
            with acting_as(OWNER if settings.JOCC_PROCESS == "owner" else INGEST):
                self._act(options)
        except SealingRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error

    def _act(self, options: dict[str, Any]) -> None:
        path = options["make"] or options["next"] or options["introduce"]
        if options["make"] or (options["next"] and not path.exists()):
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32) + "\n")
        key = key_read(path)
        if options["next"]:
            key_endorse(current=key_read(), following=key)
            self.stdout.write(f"Now let JOCC_AUDIT_KEY_FILE name {path}, and start the scheduler again.")
        elif options["introduce"]:
            key_introduce(key=key)
            self.stdout.write("Tell every agency by telephone: their verifiers will ask for this key.")
        self.stdout.write(f"key {key.id}, public {key.public.hex()}")
