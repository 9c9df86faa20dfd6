"""Fill a demonstration server with believable traffic, over HTTP, as the devices would."""

import asyncio
import logging
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scanning.simulator.drive import drive
from scanning.simulator.port import PortUnusable, port_from_file
from scanning.simulator.poster import NotDemonstration, Tally


class Command(BaseCommand):
    """Posts as every device of the tokens file. It never touches the database."""

    help = "Posts believable traffic to a demonstration server, as its devices. All figures are invented."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--url", default="http://127.0.0.1:8000", help="the server (default: %(default)s)"
        )
        parser.add_argument("--tokens", type=Path, required=True, help="the JSON file that demo_load wrote")
        parser.add_argument(
            "--rate", type=float, default=900.0, help="lorries per hour (default: %(default)s)"
        )
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same lorries")
        parser.add_argument("--minutes", type=float, default=0.0, help="how long; 0 (default) is without end")
        parser.add_argument(
            "--watch", type=Path, help="a file of marks, one a line, that shall turn up now and then"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Drive the port until the time is over or a signal comes."""
        logging.getLogger("httpx").setLevel(logging.WARNING)  # a line per request says nothing here
        if options["rate"] <= 0:
            raise CommandError("--rate must be above 0")
        try:
            port = port_from_file(options["tokens"], options["watch"])
            asyncio.run(self._drive(port, options))
        except (PortUnusable, NotDemonstration) as error:
            raise CommandError(str(error)) from error

    async def _drive(self, port: Any, options: dict[str, Any]) -> None:
        stop = asyncio.Event()
        for signal_ in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
        self.stdout.write(
            f"{len(port.lanes)} lanes, {options['rate']:g} lorries an hour to {options['url']}, seed"
            f" {options['seed']}; invented figures; Ctrl-C stops"
        )
        await drive(
            port,
            url=options["url"],
            seed=options["seed"],
            rate=options["rate"],
            minutes=options["minutes"],
            report=self._report,
            stop=stop,
        )

    def _report(self, tally: Tally) -> None:
        refusals = f" ({tally.refusals})" if tally.refusals else ""
        self.stdout.write(
            f"lorries {tally.lorries}  events {tally.events}  accepted {tally.accepted}"
            f"  refused {tally.refused}{refusals}  retries {tally.retries}  p95 {tally.p95_ms:.0f} ms"
        )
        self.stdout.flush()
