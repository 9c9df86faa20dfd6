"""Part `pages`: the first page of passages and hits for each agency, against the same page without any rule."""

import dataclasses
import json
import subprocess
import sys
from typing import Any

from django.conf import settings

from jocc.bench.ground import Ground
from jocc.bench.million import DEVICES, PASSAGES, Audience
from jocc.bench.report import BenchFailed, Report, Screen, median

RUNS = 60
#: Below this many milliseconds the page without a rule is taken to have cost so much.
LEAST_MS = 2.0


def pages_measure(ground: Ground, screen: Screen, report: Report, *, audiences: list[Audience]) -> None:
    """Time each agency's pages on a million passages; the worst ratio of each kind of reader counts."""
    screen.say(f"Reading first pages, {RUNS} times each …")
    plan = {"runs": RUNS, "readers": [dataclasses.asdict(audience) for audience in audiences]}
    pages = [_page(found) for found in in_web_process(ground, "jocc.bench.readers", plan)]
    for page in pages:
        screen.say(
            f"  {page['name']:<24} {page['ms']:6.2f} ms, without a rule {page['unruled_ms']:6.2f} ms: {page['ratio']:.2f}"
        )
        if not page["rows"]:
            raise BenchFailed(f"{page['name']}: the page is empty, so its time means nothing.")
    keys = {
        "first_page_dense_ratio": max(page["ratio"] for page in pages if page["is_dense"]),
        "first_page_sparse_ratio": max(page["ratio"] for page in pages if not page["is_dense"]),
    }
    raw: dict[str, Any] = {"passages": PASSAGES, "parts": PASSAGES * 4, "devices": DEVICES}
    for page in pages:
        raw |= {f"{page['name']} ms": page["ms"], f"{page['name']} without a rule ms": page["unruled_ms"]}
    report.add("pages", keys, raw)


def _page(found: dict[str, Any]) -> dict[str, Any]:
    ruled, unruled = median(found["ruled_ms"]), median(found["unruled_ms"])
    kind = "dense" if found["is_dense"] else "sparse"
    return {
        "name": f"{found['page']} {found['agency']} {kind}",
        "is_dense": found["is_dense"],
        "rows": found["rows"],
        "ms": ruled,
        "unruled_ms": unruled,
        "ratio": ruled / max(unruled, LEAST_MS),
    }


def in_web_process(ground: Ground, module: str, plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a module with the web's role, the plan on its standard input; what it measured comes back."""
    environment = ground.environment("web") | {"DATABASE_OWNER_URL": ground.owner_url}
    done = subprocess.run(  # noqa: S603  (a module of our own)
        [sys.executable, "-m", module],
        env=environment,
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(f"The readers failed: {done.stderr.strip()[-1500:]}")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
