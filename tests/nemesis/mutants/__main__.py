"""Hunt mutants: `python -m tests.nemesis.mutants [--sample N] [--new] [--record] [--minutes M] [name …]`.

Started by `bin/jocc nemesis mutants`. What is known stands in killers.json beside this file (mutant: the test that
kills it) and in equivalent.json (mutant: why nothing can be told apart). The state of a long hunt is kept in the
folder of JOCC_NEMESIS_STATE, so that a stopped one goes on where it was.
"""

import argparse
import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
KILLERS, EQUIVALENT = HERE / "killers.json", HERE / "equivalent.json"
#: What takes servers or a browser of its own is no test of a predicate.
GROUND = [
    "tests/two_worlds", "tests/agencies", "tests/audit", "tests/admin", "tests/intelligence", "tests/scanning",
    "tests/dashboard", "tests/flows", "tests/live/test_hub.py",
]  # fmt: skip
_BEGAN = time.monotonic()


def say(text: str) -> None:
    """One line with the seconds since the start."""
    print(f"[{time.monotonic() - _BEGAN:6.1f} s] {text}", file=sys.__stdout__, flush=True)


def read(path: Path) -> Any:
    """A JSON file, or nothing when it is not there."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(path: Path, content: Any) -> None:
    """Write whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.write_text(
        json.dumps(content, indent=0, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    fresh.replace(path)


def main(words: list[str]) -> int:
    """Record if asked or needed, hunt, say who survived."""
    options = _arguments(words)
    folder = Path(os.environ.get("JOCC_NEMESIS_STATE", "var/nemesis"))
    folder.mkdir(parents=True, exist_ok=True)
    reach_file, state_file = folder / "reach.json", folder / "mutants.json"
    if options.record:
        _record(reach_file, options.names)
        return 0
    if not (options.sample or reach_file.exists()):
        # In a process of its own: two sessions of pytest in one would share what Django remembers.
        subprocess.run([sys.executable, "-m", "tests.nemesis.mutants", "--record"], check=True)
    names = _chosen(options, read(state_file) if options.resume else {})
    if not names:
        say("Every mutant asked for is dead already.")
        return 0
    return _hunt(names, options, read(reach_file) if not options.sample else {}, state_file)


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/jocc nemesis mutants", description=__doc__)
    parser.add_argument("names", nargs="*", help="mutants by (the beginning of) their names; default: all")
    parser.add_argument(
        "--sample", type=int, default=0, help="so many whose killer is known, chosen by the day"
    )
    parser.add_argument("--new", action="store_true", help="only those of which no killer is known")
    parser.add_argument(
        "--record", action="store_true", help="watch anew which test comes by which predicate"
    )
    parser.add_argument("--resume", action="store_true", help="leave out what an earlier hunt has killed")
    parser.add_argument("--minutes", type=float, default=1e6, help="stop after so long")
    parser.add_argument("--keep", action="store_true", help="write the killers found to killers.json")
    return parser.parse_args(words)


def _session(plan: Any, paths: list[str]) -> None:
    from tests.nemesis.mutants.plugin import Hunter  # noqa: PLC0415  (after pytest has rewritten the asserts)

    quiet = [
        "-q",
        "--no-header",
        "--tb=no",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
        "-m",
        "not engine and not browser",
    ]
    code = pytest.main([*quiet, *paths], plugins=[Hunter(plan)])
    if code not in (0, 1, 5):
        raise SystemExit(f"pytest could not begin ({code}).")


def _record(path: Path, only: list[str]) -> None:
    """Watch all tests, or watch some anew and keep what is known of the others."""
    say("Watching which test comes by which predicate …")
    from tests.nemesis.mutants.plugin import Plan  # noqa: PLC0415

    plan = Plan(tell=say)
    _session(plan, only or GROUND)
    kept = {
        name: [test for test in tests if not test.startswith(tuple(only))]
        for name, tests in (read(path) if only else {}).items()
    }
    for name, tests in plan.reach.items():
        kept[name] = [*tests, *kept.get(name, [])]
    write(path, kept)


def _names() -> list[str]:
    import django  # noqa: PLC0415

    import tests.environment  # noqa: F401, PLC0415  (before the settings are read)

    django.setup()
    from tests.nemesis.mutants.catalogue import catalogue_read  # noqa: PLC0415

    return [mutant.name for mutant in catalogue_read()]


def _chosen(options: argparse.Namespace, known: dict[str, Any]) -> list[str]:
    killers, equivalent = read(KILLERS), read(EQUIVALENT)
    names = [name for name in _names() if name not in equivalent]
    if options.names:
        names = [name for name in names if name.startswith(tuple(options.names))]
    if options.new:
        names = [name for name in names if name not in killers]
    names = [name for name in names if known.get(name, {}).get("verdict") != "killed"]
    if not options.sample:
        return names
    day = dt.datetime.now(dt.UTC).date().isoformat()
    names = [name for name in names if name in killers]
    return sorted(names, key=lambda name: hashlib.sha256((day + name).encode()).digest())[: options.sample]


def _hunt(names: list[str], options: argparse.Namespace, reach: dict[str, list[str]], state: Path) -> int:
    from tests.nemesis.mutants.plugin import Plan  # noqa: PLC0415

    killers = read(KILLERS)
    known = read(state) if options.resume else {}

    def keep(name: str, verdict: dict[str, Any]) -> None:
        known[name] = verdict
        write(state, known)
        if options.keep and verdict["verdict"] == "killed":
            write(KILLERS, read(KILLERS) | {name: verdict["by"]})

    plan = Plan(
        hunt=names, reach=reach, killers={name: [killers[name]] for name in names if name in killers},
        seconds=options.minutes * 60, tell=say, keep=keep,
    )  # fmt: skip
    say(f"Hunting {len(names)} mutants …")
    files = sorted({killers[name].split("::")[0] for name in names if name in killers})
    _session(plan, files if options.sample else GROUND)
    killed = {name: v["by"] for name, v in plan.verdicts.items() if v["verdict"] == "killed"}
    alive = {name: v for name, v in plan.verdicts.items() if v["verdict"] != "killed"}
    for name, verdict in alive.items():
        say(f"{verdict['verdict'].upper()} {name} (line {verdict['line']}: {verdict['text']})")
    say(f"{len(killed)} killed, {len(alive)} alive, {len(names) - len(plan.verdicts)} not reached in time.")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
