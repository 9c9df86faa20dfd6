"""Corrections of passages as their reader may see them, and which passages might be the same vehicle."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.paging import Turn
from agencies.rules.rights import require
from intelligence.rules.marks import fold
from intelligence.selectors.parties import officer_names
from scanning.choices_corrections import CorrectionFault, CorrectionKind, CorrectionState
from scanning.models import PassageMove
from scanning.selectors.equipment import equipment_read
from scanning.selectors.passages import PassageFilter, passages_by_uid, passages_page
from scanning.selectors.seen import PassageSeen

#: Passages so long before and after may be other sightings of the vehicle whose mark was read wrongly or not at all.
_NEAR = dt.timedelta(minutes=20)
_MOST_NEAR = 40


@dataclass(frozen=True, slots=True)
class CorrectionCard:
    """One correction: what its reader may see of it. The officer's name is for the own agency.

    `source` and `target` are where it took the events from and to; `seen` are those of both which the reader may open.
    """

    uid: uuid.UUID
    kind: CorrectionKind
    state: CorrectionState
    fault: CorrectionFault | None
    source: uuid.UUID
    target: uuid.UUID
    seen: frozenset[uuid.UUID]
    devices: tuple[int, ...]
    events: int
    reason: str
    made_at: dt.datetime
    made_by: str
    agency: str
    done_at: dt.datetime | None
    undoes: uuid.UUID | None
    undone_by: uuid.UUID | None

    @property
    def is_undoable(self) -> bool:
        """Whether it has been carried out and stands."""
        return (
            self.state == CorrectionState.DONE
            and self.kind != CorrectionKind.UNDO
            and self.undone_by is None
            and self.target in self.seen
        )


def corrections_of(principal: Principal, passage: uuid.UUID | str) -> tuple[CorrectionCard, ...]:
    """The corrections that took events from this passage or to it, the newest first. Raises RightMissing."""
    require(principal, Right.PASSAGE_VIEW)
    rows = PassageMove.objects.visible_to(principal).filter(
        models.Q(source_uid=passage) | models.Q(target_uid=passage)
    )
    return _cards(principal, rows)


def correction_get(principal: Principal, uid: uuid.UUID | str) -> CorrectionCard:
    """One correction; NotVisible when it is absent or moved nothing that the principal may see."""
    try:
        cards = _cards(principal, PassageMove.objects.visible_to(principal).filter(correction=uid))
    except ValidationError as error:  # a text that is no UUID
        raise NotVisible("correction") from error
    if not cards:
        raise NotVisible("correction")
    return cards[0]


def moved_to(principal: Principal, passage: uuid.UUID | str) -> uuid.UUID | None:
    """Where what the principal saw of a passage went last, of which nothing is left for that reader; None when that is unknown."""
    rows = PassageMove.objects.visible_to(principal).filter(source_uid=passage, state=CorrectionState.DONE)
    target = rows.order_by("-done_at").values_list("target_uid", flat=True).first()
    return target if target is not None and passages_by_uid(principal, [target]) else None


def passages_near(principal: Principal, passage: PassageSeen) -> tuple[PassageSeen, ...]:
    """Visible passages of the site that may be the same vehicle: nearly the same marks first, then the nearest in time."""
    site = equipment_read(principal).sites[passage.site_id].code
    around = PassageFilter(site=site, since=passage.first_at - _NEAR, until=passage.last_at + _NEAR)
    found = passages_page(principal, Turn(limit=_MOST_NEAR), around).rows
    own = {fold(mark.norm) for mark in passage.marks}

    def order(other: PassageSeen) -> tuple[int, float]:
        theirs = {fold(mark.norm) for mark in other.marks}
        alike = 0 if own & theirs else 1 if not theirs or not own else 2
        return alike, abs((other.first_at - passage.first_at).total_seconds())

    return tuple(sorted((other for other in found if other.id != passage.id), key=order))


def _cards(principal: Principal, rows: models.QuerySet[PassageMove]) -> tuple[CorrectionCard, ...]:
    found: dict[uuid.UUID, list[PassageMove]] = {}
    for row in rows.select_related("agency").prefetch_related("made_by__agency").order_by("-made_at", "-id"):
        found.setdefault(row.correction, []).append(row)
    undone = dict(
        PassageMove.objects.visible_to(principal)
        .filter(undoes__in=list(found))
        .exclude(state=CorrectionState.FAILED)
        .values_list("undoes", "correction")
    )
    ends = {uid for moves in found.values() for uid in (moves[0].source_uid, moves[0].target_uid)}
    seen = frozenset(passages_by_uid(principal, ends)) if ends else frozenset()
    return tuple(_card(principal, moves, seen, undone.get(uid)) for uid, moves in found.items())


def _card(
    principal: Principal,
    moves: Iterable[PassageMove],
    seen: frozenset[uuid.UUID],
    undone_by: uuid.UUID | None,
) -> CorrectionCard:
    moves = list(moves)
    first = moves[-1]  # the officer's own rows were made first
    return CorrectionCard(
        uid=first.correction,
        kind=CorrectionKind(first.kind),
        state=CorrectionState(first.state),
        fault=CorrectionFault(first.fault) if first.fault else None,
        source=first.source_uid,
        target=first.target_uid,
        seen=seen & {first.source_uid, first.target_uid},
        devices=tuple(sorted(move.device_id for move in moves)),
        events=sum(len(move.events) for move in moves),
        reason=first.reason,
        made_at=first.made_at,
        made_by=officer_names(first.made_by, principal)[0],
        agency=first.agency.code if first.agency else "",
        done_at=first.done_at,
        undoes=first.undoes,
        undone_by=undone_by,
    )
