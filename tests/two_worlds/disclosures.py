"""The register of declared disclosures: what reveals something of a record on purpose, to whom, and exactly what."""

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True, kw_only=True)
class Disclosure:
    """One thing that its owner chose to reveal.

    `path` is the list in which `to` (an agency's partner system) finds it; `shows` is the row, all of it, that stands
    there and stood nowhere before. `not_to` get the same bytes as without it.
    """

    name: str
    why: str
    path: str
    to: str
    not_to: tuple[str, ...]
    shows: dict[str, Any]


_SIGHTING = {
    "uid": "5ee70000-0000-4000-8000-0000000002be",
    "reference": "UKBA-N-2026-000077",  # the owner's running number of notices: how many it has sent this year
    "owner": "UKBA",
    "is_own": False,
    "priority": "high",
    "strength": "exact",
    "mark_seen": "AB-123-CD",
    "mark_sought": "AB-123-CD",
    "country_seen": "",
    "mark_confidence": None,
    "passage": "5ee70000-0000-4000-8000-000000000001",
    "place": "CALAIS L1",
    "seen_at": "2026-11-22T12:06:00Z",
    "last_seen_at": "2026-11-22T12:06:00Z",
    "sightings": 1,
    "is_late": False,
    "by_check": False,
    "decided_by": "",
    "decided_agency": "",
    "decided_at": None,
    "reject_reason": None,
    "outcome": "",
    "escalated_at": None,
    "escalations": 0,
}
_DESK = {"code": "UKBA-DESK", "name_en": "UKBA desk", "name_fr": "Bureau UKBA", "phone": "", "agency": "UKBA"}
_OPEN = {"state": "open", "taken_by": "", "taken_agency": "", "taken_at": None}
_STOP = {"mode": "stop", "action_code": "stop", "instruction": "Hold it.", "desk": _DESK}

DISCLOSURES = [
    Disclosure(
        name="refer",
        why="A referral tells the lane whom to call, and neither what to do nor why.",
        path="/api/v1/notices/",
        to="PAF",
        not_to=("CCIC", "DOUANES"),
        shows=_SIGHTING
        | _OPEN
        | {"mode": "refer", "action_code": "refer", "instruction": "", "desk": _DESK, "sounds": False},
    ),
    Disclosure(
        name="stop",
        why="A stop tells the lane what to do; the owner was told so when choosing it.",
        path="/api/v1/notices/",
        to="PAF",
        not_to=("CCIC", "DOUANES"),
        shows=_SIGHTING | _OPEN | _STOP | {"sounds": True},
    ),
    Disclosure(
        name="taken",
        why="Whoever else was told sees that an agency has taken the notice, and not which officer.",
        path="/api/v1/notices/",
        to="PAF",
        not_to=("CCIC",),
        shows=_SIGHTING
        | _STOP
        | {"state": "taken", "taken_by": "", "taken_agency": "DOUANES", "taken_at": "2026-11-22T12:07:00Z"}
        | {"sounds": False},
    ),
    Disclosure(
        name="shared",
        why="A shared lookout shows the mark and what to do; the reason and the other recipients stay with the owner.",
        path="/api/v1/lookouts/",
        to="PAF",
        not_to=("CCIC",),
        shows={
            "uid": "5ee70000-0000-4000-8000-0000000002bc",
            "reference": "UKBA-L-2026-000065",  # the owner's running number of lookouts
            "owner": "UKBA",
            "is_own": False,
            "kind": "plate",
            "mark": "AB-123-CD",
            "country": "",
            "action_code": "stop",
            "mode": "silent",
            "priority": "high",
            "desk": None,
            "instruction": "",
            "state": "active",
            "classification": 0,
            "caveat": "",
            "marking_received": "",
            "handling": [],
            "created_at": "2026-11-22T12:04:00Z",
            "expires_at": "2126-10-29T12:00:00Z",
            "review_due": "2026-11-30",
            "review_overdue": False,
            "withdrawn_at": None,
            "reason": "",
            "notified_agencies": [],
            "shared_with": [],
            "recipients": [],
            "withdrawn_reason": "",
        },
    ),
    Disclosure(
        name="recalled",
        why="Whoever had a record learns that it was taken back, and how often the own agency read it; not why, and nothing of it.",
        path="/api/v1/recalls/",
        to="PAF",
        not_to=("CCIC", "DOUANES"),
        shows={
            "uid": "5ee70000-0000-4000-8000-0000000002c0",
            "kind": "lookout",
            "record": None,
            "reference": "UKBA-L-2026-000065",
            "owner": "UKBA",
            "is_own": False,
            "recipient": "PAF",
            "recalled_at": "2026-11-22T12:09:00Z",
            "reason": "",
            "readings": 3,
            "first_read_at": "2026-11-22T12:05:00Z",
            "last_read_at": "2026-11-22T12:06:00Z",
            "state": "open",
            "confirmed_at": None,
            "confirmed_by": "",
        },
    ),
]
