"""Measure what the centre reaches, in a database of its own. Start it with `bin/jocc bench`."""

import argparse
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from jocc.bench.audit import audit_measure
from jocc.bench.ground import Ground, ground_made, refuse_unless_demonstration
from jocc.bench.ingest import ingest_measure, lookouts_make
from jocc.bench.joining import joining_measure
from jocc.bench.lists import lists_measure
from jocc.bench.live import live_measure
from jocc.bench.million import DEVICES, PASSAGES, Audience, million_make
from jocc.bench.pages import pages_measure
from jocc.bench.passage import passage_measure
from jocc.bench.report import BenchFailed, Report, Screen
from jocc.bench.revocation import revocation_measure
from jocc.bench.soak import soak_measure
from jocc.bench.year import year_measure

#: In the order in which they are measured: the million passages come last, lest they stand in another part's way.
PARTS = ("ingest", "live", "soak", "joining", "revocation", "year", "audit", "pages", "lists", "passage")


class Command(BaseCommand):
    """See the module's docstring."""

    help = (
        "Measure ingest, live pages, a soak, joining to passages, the end of rights, first pages, lists, one passage's page, the replay of a year and the sealed record, as ratios within one"
        " run."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Parts by name; --json for the figures."""
        parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)} (default: all)")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
        parser.add_argument(
            "--size",
            type=float,
            default=1.0,
            help="share of the soak’s ten minutes and day; millions of events of the passage part (default: %(default)s)",
        )
        parser.add_argument("--workers", type=int, default=2, help="number of workers (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure the parts in their order, then show the table."""
        unknown = [part for part in options["parts"] if part not in PARTS]
        if unknown:
            raise CommandError(f"No part is called {unknown[0]}; there are {', '.join(PARTS)}.")
        refuse_unless_demonstration()
        screen, report = Screen(self._line), Report()
        chosen = [part for part in PARTS if part in (options["parts"] or PARTS)]
        try:
            with ground_made(screen) as ground:
                self._measure(chosen, ground, screen, report, options)
                for line in [*report.details(), *report.table()]:
                    screen.plain(line)
                if options["json"]:
                    report.write(options["json"])
        except BenchFailed as error:
            raise CommandError(str(error)) from error

    def _line(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _measure(
        self, chosen: list[str], ground: Ground, screen: Screen, report: Report, options: dict[str, Any]
    ) -> None:
        workers: int = options["workers"]
        lookouts = lookouts_make(screen) if {"ingest", "year"} & set(chosen) else []

        @functools.cache
        def million() -> list[Audience]:
            screen.say(f"Writing {PASSAGES:,} passages of four parts over {DEVICES} devices …")
            return million_make(screen)

        measures: dict[str, Callable[[], None]] = {
            "ingest": lambda: ingest_measure(ground, screen, report, workers=workers, lookouts=lookouts),
            "live": lambda: live_measure(ground, screen, report, workers=workers),
            "soak": lambda: soak_measure(ground, screen, report, workers=workers, size=options["size"]),
            "joining": lambda: joining_measure(ground, screen, report),
            "revocation": lambda: revocation_measure(ground, screen, report, workers=workers),
            "year": lambda: year_measure(ground, screen, report, workers=workers, lookouts=lookouts),
            "audit": lambda: audit_measure(screen, report),
            "pages": lambda: pages_measure(ground, screen, report, audiences=million()),
            "lists": lambda: lists_measure(ground, screen, report, audiences=million()),
            "passage": lambda: passage_measure(
                ground, screen, report, audiences=million(), size=options["size"]
            ),
        }
        for part in chosen:
            screen.say(f"Part {part}")
            measures[part]()
