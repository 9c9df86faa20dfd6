"""Part `lists`: what row-level security costs, list by list: the 95th percentile with it against that without."""

import dataclasses
from typing import Any

from jocc.bench.ground import Ground
from jocc.bench.million import Audience
from jocc.bench.pages import LEAST_MS, in_web_process
from jocc.bench.report import BenchFailed, Report, Screen, median, percentile

#: So many times in a round, and so many rounds: the ratio is the middle one of the rounds', because what else the machine
#: does falls on one way or the other, and a 95th percentile of sixty is three readings.
RUNS, ROUNDS = 60, 5


def lists_measure(ground: Ground, screen: Screen, report: Report, *, audiences: list[Audience]) -> None:
    """Time each list for each reader; the worst ratio counts. Both ways must show as many rows."""
    screen.say(f"Reading lists with and without row-level security, {ROUNDS} × {RUNS} times each …")
    plan = {"runs": RUNS * ROUNDS, "readers": [dataclasses.asdict(audience) for audience in audiences]}
    lists = [_list(found) for found in in_web_process(ground, "jocc.bench.listers", plan)]
    raw: dict[str, Any] = {}
    for each in lists:
        screen.say(
            f"  {each['name']:<32} p95 {each['ms']:6.2f} ms, without {each['plain_ms']:6.2f} ms: {each['ratio']:.2f}"
        )
        raw |= {f"{each['name']} p95 ms": each["ms"], f"{each['name']} without p95 ms": each["plain_ms"]}
    full = [each for each in lists if each["rows"]]
    if not full:
        raise BenchFailed("Every list is empty, so its time means nothing.")
    report.add("lists", {"rls_list_ratio": max(each["ratio"] for each in full)}, raw)


def _list(found: dict[str, Any]) -> dict[str, Any]:
    kind = "dense" if found["is_dense"] else "sparse"
    name = f"{found['list']} {found['agency']} {kind}"
    with_policies, without = found["rows"]
    if with_policies != without:
        raise BenchFailed(f"{name}: {with_policies} rows with row-level security, {without} without.")
    slow, plain = percentile(found["rls_ms"], 0.95), percentile(found["plain_ms"], 0.95)
    return {
        "name": name,
        "rows": with_policies,
        "ms": slow,
        "plain_ms": plain,
        "ratio": median([_ratio(found, round_) for round_ in range(ROUNDS)]),
    }


def _ratio(found: dict[str, Any], round_: int) -> float:
    part = slice(round_ * RUNS, (round_ + 1) * RUNS)
    slow, plain = (percentile(found[key][part], 0.95) for key in ("rls_ms", "plain_ms"))
    return slow / max(plain, LEAST_MS)
