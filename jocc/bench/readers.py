"""Timing first pages, in a process of its own with the web's role: `python -m jocc.bench.readers` (a JSON plan on
standard input, the measured times on standard output).

Each page is read as an officer's request reads it (a transaction with its principal, the devices of the reader,
the page), and in turn as the same page without any rule: the same tables, the same order, the same number of
rows, put together in the same way, by the owner, whose policy is "true".
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connections, models, transaction  # noqa: E402  (Django must be set up first)

from agencies.acting import acting_as  # noqa: E402
from agencies.facts import OWNER, Actor, Principal  # noqa: E402
from agencies.paging import Turn, queryset_page  # noqa: E402
from intelligence.models import Hit, Lookout, Notice  # noqa: E402
from intelligence.selectors.hits import hit_card, hits_page  # noqa: E402
from scanning.selectors.passages import passages_page  # noqa: E402
from scanning.selectors.seen import MarkSeen, PartSeen, PassageSeen  # noqa: E402

_TURN = Turn()
_NEWEST = """
SELECT max(w.last_at), w.passage_id FROM (SELECT last_at, passage_id FROM scanning_passagepart
 ORDER BY last_at DESC, passage_id DESC LIMIT %s) w GROUP BY w.passage_id ORDER BY 1 DESC, 2 DESC LIMIT %s
"""
_PARTS = (
    "SELECT passage_id, device_id, lane_id, first_at, last_at, result, events FROM scanning_passagepart"
    " WHERE passage_id = ANY (%s)"
)
_MARKS = (
    "SELECT passage_id, device_id, kind, raw, norm, country, confidence, first_at, last_at FROM scanning_passagemark"
    " WHERE passage_id = ANY (%s)"
)
_PASSAGES = "SELECT id, uid, site_id FROM scanning_passage WHERE id = ANY (%s)"


def passages_unruled() -> int:
    """The newest fifty passages of the table, whole."""
    with acting_as(OWNER), transaction.atomic(using="owner"):
        newest = _rows(_NEWEST, [(_TURN.limit + 1) * 5, _TURN.limit + 1])[: _TURN.limit]
        ids = [number for _, number in newest]
        parts: dict[int, list[PartSeen]] = {}
        for part in map(PartSeen._make, _rows(_PARTS, [ids])):
            parts.setdefault(part.passage_id, []).append(part)
        marks: dict[int, list[MarkSeen]] = {}
        for mark in map(MarkSeen._make, _rows(_MARKS, [ids])):
            marks.setdefault(mark.passage_id, []).append(mark)
        seen = {
            number: PassageSeen(
                number,
                uid,
                site,
                tuple(sorted(parts[number], key=lambda part: (part.last_at, part.device_id))),
                tuple(sorted(marks.get(number, ()), key=lambda m: (m.first_at, m.device_id, m.norm))),
            )
            for number, uid, site in _rows(_PASSAGES, [ids])
        }
        return len([seen[number] for number in ids])


def _rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def hits_unruled(reader: Principal) -> int:
    """The newest fifty hits of the table, with their lookouts and notices."""
    with acting_as(OWNER), transaction.atomic(using="owner"):
        hits = Hit.objects.using("owner")
        for part in (
            models.Prefetch("lookout", Lookout.objects.using("owner").defer("reason")),
            models.Prefetch("notice", Notice.objects.using("owner")),
            models.Prefetch("decided_by__agency"),
        ):
            hits = hits.prefetch_related(part)
        page = queryset_page(hits, _TURN, at="seen_at")
        return len([hit_card(row, reader) for row in page.rows])


def passages_ruled(reader: Principal) -> int:
    """The reader's first page of passages."""
    with acting_as(reader), transaction.atomic():
        return len(passages_page(reader, _TURN).rows)


def hits_ruled(reader: Principal) -> int:
    """The reader's first page of hits."""
    with acting_as(reader), transaction.atomic():
        return len(hits_page(reader, _TURN).rows)


def measure(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """For each reader and kind of page the times of both ways, taken in turn so that noise meets both."""
    found = []
    for reader in plan["readers"]:
        principal = Principal(
            actor=Actor.OFFICER,
            agency_code=reader["agency"],
            agency_group=reader["group_id"],
            groups=(reader["group_id"],),
            clearance=0,
            role="officer",
            is_authority=reader["agency"] != "CCIC",
        )
        pages: dict[str, tuple[Callable[[], int], Callable[[], int]]] = {
            "passages": (lambda p=principal: passages_ruled(p), passages_unruled)  # type: ignore[misc]
        }
        if principal.is_authority:
            pages["hits"] = (lambda p=principal: hits_ruled(p), lambda p=principal: hits_unruled(p))  # type: ignore[misc]
        for page, ways in pages.items():
            rows = [way() for way in ways for _ in range(3)]
            times: tuple[list[float], list[float]] = ([], [])
            for _ in range(plan["runs"]):
                for way, kept in zip(ways, times, strict=True):
                    began = time.perf_counter()
                    way()
                    kept.append((time.perf_counter() - began) * 1000)
            found.append(
                reader | {"page": page, "rows": rows[0], "ruled_ms": times[0], "unruled_ms": times[1]}
            )
    return found


if __name__ == "__main__":
    json.dump(measure(json.load(sys.stdin)), sys.stdout)
