"""Corrections of passages on pages: what was corrected, what can be picked, which passages are near."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import may
from dashboard.facts.passages import MarkCell, PassageLine
from dashboard.selectors.lines import columns_of, line_of
from dashboard.selectors.passage import event_marks, event_text
from dashboard.selectors.places import equipment_now
from dashboard.words import SENSOR_NAMES
from scanning.choices_corrections import CorrectionKind, CorrectionState
from scanning.selectors.corrections import CorrectionCard, corrections_of, passages_near
from scanning.selectors.passages import passage_events
from scanning.selectors.seen import PassageSeen


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One correction beside its passage; `other_url` leads to the passage at its other end, for whoever may open it."""

    what: str
    state: CorrectionState
    at: dt.datetime
    who: str
    reason: str
    fault: str = ""
    other_url: str = ""
    undo_url: str = ""

    @property
    def waits(self) -> bool:
        """Whether a worker still has to carry it out."""
        return self.state == CorrectionState.WAITING


@dataclass(frozen=True, slots=True)
class Pick:
    """One event that may be picked out of its passage."""

    uid: uuid.UUID
    at: dt.datetime
    title: str
    device: str
    result: str
    marks: tuple[MarkCell, ...]
    text: str


def correction_lines(principal: Principal, passage: uuid.UUID) -> tuple[CorrectionLine, ...]:
    """What was moved from this passage or to it, the newest first."""
    corrects = may(principal, Right.PASSAGE_CORRECT)
    return tuple(_line(card, passage, corrects=corrects) for card in corrections_of(principal, passage))


def correction_words(card: CorrectionCard, passage: uuid.UUID) -> str:
    """What a correction did, as seen from one of its passages."""
    if card.undoes:
        return _("A correction was undone")
    if card.kind == CorrectionKind.MERGE:
        return (
            _("Another passage was taken into this one")
            if card.target == passage
            else _("Taken into another passage")
        )
    return _("Split off from another passage") if card.target == passage else _("Events were split off")


def picks_of(principal: Principal, passage: PassageSeen) -> tuple[Pick, ...]:
    """The events of a passage that its reader sees, in the order of time."""
    devices = equipment_now(principal).devices
    return tuple(
        Pick(
            uid=event.uid,
            at=event.at,
            title=str(SENSOR_NAMES[devices[event.device_id].kind]),
            device=devices[event.device_id].code,
            result=event.result,
            marks=event_marks(event),
            text=event_text(event),
        )
        for event in passage_events(principal, passage)
        if event.device_id in devices
    )


def near_lines(principal: Principal, passage: PassageSeen) -> tuple[PassageLine, ...]:
    """Passages that may be the same vehicle, as lines; what is most alike comes first."""
    equipment = equipment_now(principal)
    columns = columns_of(equipment, passage.site_id)
    found: Iterable[PassageSeen] = passages_near(principal, passage)
    return tuple(line_of(each, at=each.first_at, equipment=equipment, columns=columns) for each in found)


def _line(card: CorrectionCard, passage: uuid.UUID, *, corrects: bool) -> CorrectionLine:
    other = card.source if card.target == passage else card.target
    return CorrectionLine(
        what=correction_words(card, passage),
        state=card.state,
        at=card.made_at,
        who=", ".join(part for part in (card.made_by, card.agency) if part),
        reason=card.reason,
        fault=str(card.fault.label) if card.fault else "",
        other_url=reverse("passage-detail", args=[other]) if other in card.seen else "",
        undo_url=reverse("correction-undo", args=[card.uid]) if corrects and card.is_undoable else "",
    )
