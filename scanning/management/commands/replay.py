"""Post files as a device does, and tell what became of each."""

import logging
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import httpx
from django.core.management.base import BaseCommand, CommandError

from scanning.simulator.poster import DELIVERIES

_TYPES = {".json": "application/json", ".xml": "application/xml", ".n42": "application/xml"}
_WAITING = frozenset({"waiting", "accepted", ""})


class Command(BaseCommand):
    """Posts each file with one token; the device's profile decides how it is read."""

    help = "Posts sample files as a device and prints the receipt and what became of it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--token", required=True, help="the device's token")
        parser.add_argument(
            "--url", default="http://127.0.0.1:8000", help="the server (default: %(default)s)"
        )
        parser.add_argument("--content-type", help="the content type; by default from the file's name")
        parser.add_argument("--device", help="the device's code, where the token speaks for several")
        parser.add_argument("--wait", type=float, default=15.0, help="seconds to wait for the final state")

    def handle(self, *args: Any, **options: Any) -> None:
        """Post the files in order; stop at a server that cannot be reached."""
        logging.getLogger("httpx").setLevel(logging.WARNING)  # the answers are printed below
        headers = {"Authorization": f"Token {options['token']}"}
        if options["device"]:
            headers["X-JOCC-Device"] = options["device"]
        with httpx.Client(base_url=options["url"], headers=headers, timeout=30.0) as client:
            for path in options["files"]:
                try:
                    self._replay(client, path, options)
                except OSError as error:
                    raise CommandError(f"{path} cannot be read: {error.strerror}") from error
                except httpx.TransportError as error:
                    raise CommandError(
                        f"{options['url']} does not answer ({type(error).__name__})"
                    ) from error

    def _replay(self, client: httpx.Client, path: Path, options: dict[str, Any]) -> None:
        body = path.read_bytes()
        content_type = options["content_type"] or content_type_of(path, body)
        answer = client.post(DELIVERIES, content=body, headers={"Content-Type": content_type})
        told = _object(answer)
        receipt = str(told.get("receipt") or told.get("quarantine") or "")
        self.stdout.write(
            f"{path.name}: {answer.status_code} {told.get('code') or told.get('state') or ''} {receipt}"
        )
        if told.get("detail"):
            self.stdout.write(f"  {told['detail']}")
        if receipt:
            self._tell_final_state(client, receipt, options["wait"])

    def _tell_final_state(self, client: httpx.Client, receipt: str, wait: float) -> None:
        deadline = time.monotonic() + wait
        while True:
            answer = client.get(f"{DELIVERIES}{receipt}/")
            told = _object(answer)
            if answer.status_code != 200:
                self.stdout.write(f"  the state may not be read with this token ({answer.status_code})")
                return
            if told.get("state", "") not in _WAITING or time.monotonic() >= deadline:
                break
            time.sleep(0.3)
        for name, value in told.items():
            self.stdout.write(f"  {name}: {value}")


def content_type_of(path: Path, body: bytes) -> str:
    """Return the content type that a device would send with such a file."""
    if body.startswith(b"--"):
        boundary = body.split(b"\n", 1)[0].strip()[2:].decode("latin-1")
        return f"multipart/form-data; boundary={boundary}"
    return _TYPES.get(path.suffix.lower(), "application/octet-stream")


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
