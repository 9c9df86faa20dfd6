"""Timing lists with and without row-level security: `python -m jocc.bench.listers` (plan and times as in readers.py).

Each list is the API's own selector, asked by an officer of the reader's group. Without row-level security it is the same
code with the same gate on the owner's connection, whose policies let everything through; so nothing but the
policies differs.
"""

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

django.setup()

from django.db import connections, transaction  # noqa: E402  (Django must be set up first)

from agencies.acting import acting_as  # noqa: E402
from agencies.facts import Actor, Principal  # noqa: E402
from agencies.paging import Turn  # noqa: E402
from intelligence.selectors.hits import hits_page  # noqa: E402
from intelligence.selectors.lookouts import lookouts_page  # noqa: E402
from scanning.selectors.alarms import alarms_page  # noqa: E402
from scanning.selectors.devices import device_states, lane_states  # noqa: E402
from scanning.selectors.passages import PassageFilter, passages_page  # noqa: E402

_TURN = Turn()
LISTS: dict[str, Callable[[Principal], int]] = {
    "passages": lambda who: len(passages_page(who, _TURN).rows),
    "suspect passages": lambda who: len(passages_page(who, _TURN, PassageFilter(result="suspect")).rows),
    "alarms": lambda who: len(alarms_page(who, _TURN).rows),
    "devices": lambda who: len(device_states(who)),
    "lanes": lambda who: len(lane_states(who)),
    "lookouts": lambda who: len(lookouts_page(who, _TURN).rows),
    "hits": lambda who: len(hits_page(who, _TURN).rows),
}
#: What the port operator has no right to.
_AUTHORITIES = {"lookouts", "hits"}


@contextlib.contextmanager
def _as_owner() -> Iterator[None]:
    """The default connection is the owner's for a while."""
    web = connections["default"]
    connections["default"] = connections["owner"]
    try:
        yield
    finally:
        connections["default"] = web


def _timed(ask: Callable[[Principal], int], principal: Principal) -> tuple[float, int]:
    began = time.perf_counter()
    with acting_as(principal), transaction.atomic():
        rows = ask(principal)
    return (time.perf_counter() - began) * 1000, rows


def measure(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """For each reader and list the times of both ways, taken in turn so that noise meets both."""
    found = []
    for reader in plan["readers"]:
        principal = Principal(
            actor=Actor.OFFICER, agency_code=reader["agency"], agency_group=reader["group_id"],
            groups=(reader["group_id"],), clearance=0, role="officer", is_authority=reader["agency"] != "CCIC",
        )  # fmt: skip
        for name, ask in LISTS.items():
            if name in _AUTHORITIES and not principal.is_authority:
                continue
            times: tuple[list[float], list[float]] = ([], [])
            rows = [0, 0]
            for run in range(plan["runs"] + 4):
                for way in (0, 1) if run % 2 else (1, 0):  # neither always finds the other's cache
                    with _as_owner() if way else contextlib.nullcontext():
                        took, rows[way] = _timed(ask, principal)
                    if run >= 4:  # plans and caches are warm by then
                        times[way].append(took)
            found.append(reader | {"list": name, "rows": rows, "rls_ms": times[0], "plain_ms": times[1]})
    return found


if __name__ == "__main__":
    json.dump(measure(json.load(sys.stdin)), sys.stdout)
