"""Adjudications and later finds, as their readers are shown them."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from intelligence.selectors.parties import officer_names, parties
from scanning.choices import Adjudged, Find
from scanning.models import Adjudication, LaterFind


@dataclass(frozen=True, slots=True)
class AdjudicationSeen:
    """What an alarm turned out to be; the officer's name is for the own agency."""

    uid: uuid.UUID
    code: Adjudged
    note: str
    made_at: dt.datetime
    made_by: str
    agency: str
    replaced_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class LaterFindSeen:
    """Something that was found in the vehicle later."""

    uid: uuid.UUID
    reference: str
    passage: uuid.UUID
    owner: str
    found_at: dt.datetime
    place: str
    finds: tuple[Find, ...]
    persons: int | None
    note: str
    reported_by: str
    created_at: dt.datetime


def adjudications_of(principal: Principal, alarms: Collection[int]) -> dict[int, list[AdjudicationSeen]]:
    """All statements about these alarms (internal ids), the newest first."""
    rows = (
        Adjudication.objects.visible_to(principal)
        .filter(alarm_id__in=list(alarms))
        .prefetch_related("made_by__agency")
        .order_by("-made_at", "-id")
    )
    found: dict[int, list[AdjudicationSeen]] = {}
    for row in rows if alarms else ():
        found.setdefault(row.alarm_id, []).append(
            AdjudicationSeen(
                uid=row.uid,
                code=Adjudged(row.code),
                note=row.note,
                made_at=row.made_at,
                made_by=officer_names(row.made_by, principal)[0],
                agency=parties().code(row.agency_group_id),
                replaced_at=row.replaced_at,
            )
        )
    return found


def finds_of_passage(principal: Principal, passage: uuid.UUID) -> tuple[LaterFindSeen, ...]:
    """What was found later in this vehicle, as far as the principal was told. Raises RightMissing."""
    require(principal, Right.PASSAGE_VIEW)
    rows = LaterFind.objects.visible_to(principal).filter(passage_uid=passage).order_by("found_at", "id")
    return tuple(find_seen(row, principal) for row in rows.prefetch_related("reported_by__agency"))


def find_seen(row: LaterFind, principal: Principal) -> LaterFindSeen:
    """The frozen form of a row that the gate has let through."""
    return LaterFindSeen(
        uid=row.uid,
        reference=row.reference,
        passage=row.passage_uid,
        owner=parties().code(row.originator_id),
        found_at=row.found_at,
        place=row.place,
        finds=tuple(Find(each) for each in row.finds),
        persons=row.persons,
        note=row.note,
        reported_by=officer_names(row.reported_by, principal)[0],
        created_at=row.created_at,
    )
