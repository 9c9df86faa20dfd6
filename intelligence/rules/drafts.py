"""What a lookout must be like before it is entered. Pure: who and what exists is checked by the service."""

import dataclasses
import datetime as dt
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Choices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.choices import Caveat, Classification
from agencies.rules.markings import (
    MARKING_LENGTH,
    MarkingRefused,
    ceiling_refused,
    higher_marking_at_start,
    marking_read,
)
from intelligence.choices import ActionCode, DisclosureMode, LookoutKind, Priority
from intelligence.facts import LookoutDraft
from intelligence.rules.countries import ALPHA2
from intelligence.rules.handling import handling_faults
from intelligence.rules.marks import MARK_LENGTH, is_container_number, normalise

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: A field and what is wrong with it, in a sentence for the officer.
Fault = tuple[str, "_StrPromise | str"]

RAW_LENGTH = 40
REASON_LENGTH = 2000
INSTRUCTION_LENGTH = 300
PURPOSE_LENGTH = 300


def is_storable(text: str, *, lines: bool = True) -> bool:
    """Whether the text holds no lone surrogates and no control characters, but for line ends and tabs."""
    allowed = "\r\n\t" if lines else ""
    return all(
        character in allowed or unicodedata.category(character) not in ("Cc", "Cs") for character in text
    )


def mark_faults(raw: str) -> Iterator[Fault]:
    """What is wrong with a mark as it was typed, whatever it is for."""
    norm = normalise(raw)
    if len(norm) < 2:
        yield "mark", _("A mark has at least two letters or digits.")
    if len(raw) > RAW_LENGTH or len(norm) > MARK_LENGTH or not is_storable(raw, lines=False):
        yield "mark", _("This is too long for a mark, or holds characters that no mark has.")


def draft_marked(draft: LookoutDraft, *, on: dt.date) -> tuple[LookoutDraft, list[Fault]]:
    """The draft with the level and caveat that its written marking says, and what is wrong with the marking.

    The words themselves stay as they came; the level is never lowered by them.
    """
    if draft.classification > max(Classification.values):
        return draft, [("classification", ceiling_refused())]
    if not draft.marking.strip():
        return draft, []
    if len(draft.marking) > MARKING_LENGTH or not is_storable(draft.marking, lines=False):
        return draft, [("marking", _("This text is too long or cannot be stored."))]
    try:
        marking = marking_read(draft.marking, on=on)
    except MarkingRefused as refused:
        return draft, [("marking", str(refused))]
    if marking.caveat and draft.caveat and marking.caveat != draft.caveat:
        return draft, [("caveat", _("This caveat is not the one that the marking names."))]
    level = max(draft.classification, int(marking.level))
    return dataclasses.replace(draft, classification=level, caveat=draft.caveat or marking.caveat.value), []


def draft_faults(draft: LookoutDraft, *, now: dt.datetime, longest: dt.timedelta) -> list[Fault]:
    """Every fault of the draft, as (field, sentence); empty when it may be entered."""
    return [
        *mark_faults(draft.mark),
        *_kind_faults(draft),
        *_word_faults(draft),
        *_audience_faults(draft),
        *_text_faults(draft),
        *(("handling", fault) for fault in handling_faults(draft.handling)),
        *time_faults(draft.expires_at, draft.review_due, now=now, longest=longest),
    ]


def time_faults(
    expires_at: dt.datetime, review_due: dt.date, *, now: dt.datetime, longest: dt.timedelta
) -> Iterator[Fault]:
    """What is wrong with an expiry and a day of review."""
    if expires_at.tzinfo is None:
        yield "expires_at", _("The time needs its offset.")
        return
    if expires_at <= now:
        yield "expires_at", _("The lookout would have expired already.")
    if expires_at > now + longest:
        yield "expires_at", _("That is too far away; renew the lookout when the time comes.")
    if review_due < now.date():
        yield "review_due", _("The day of review has passed.")
    elif review_due > expires_at.date():
        yield "review_due", _("The review comes before the expiry.")


def _kind_faults(draft: LookoutDraft) -> Iterator[Fault]:
    if draft.kind == LookoutKind.CONTAINER and not is_container_number(normalise(draft.mark)):
        yield "mark", _("This is no container number, or its check digit is wrong.")
    if draft.country and draft.country not in ALPHA2:
        yield "country", _("This is no country code of two letters.")


def _word_faults(draft: LookoutDraft) -> Iterator[Fault]:
    lists: tuple[tuple[str, type[Choices], object], ...] = (
        ("kind", LookoutKind, draft.kind),
        ("action_code", ActionCode, draft.action_code),
        ("mode", DisclosureMode, draft.mode),
        ("priority", Priority, draft.priority),
        ("classification", Classification, draft.classification),
        ("caveat", Caveat, draft.caveat),
    )
    for field, words, value in lists:
        if value not in words.values:
            yield field, _("This is none of the known values.")


def _audience_faults(draft: LookoutDraft) -> Iterator[Fault]:
    if draft.mode == DisclosureMode.SILENT and draft.notified_agencies:
        yield "notified_agencies", _("A silent lookout tells nobody.")
    if draft.mode in (DisclosureMode.REFER, DisclosureMode.STOP) and not draft.notified_agencies:
        yield "notified_agencies", _("Name at least one agency whose front line is to be told.")
    if draft.mode == DisclosureMode.REFER and not draft.desk:
        yield "desk", _("Name the desk that the front line is referred to.")
    if draft.mode != DisclosureMode.STOP and draft.instruction:
        yield "instruction", _("Only a stop shows an instruction.")


def _text_faults(draft: LookoutDraft) -> Iterator[Fault]:
    if len(draft.reason.strip()) < 3:
        yield "reason", _("Give the reason; nobody but the owner reads it.")
    if len(draft.reason) > REASON_LENGTH or not is_storable(draft.reason):
        yield "reason", _("This text is too long or cannot be stored.")
    if len(draft.instruction) > INSTRUCTION_LENGTH or not is_storable(draft.instruction):
        yield "instruction", _("This text is too long or cannot be stored.")
    if not draft.not_marked_higher:
        for field, text in (("reason", draft.reason), ("instruction", draft.instruction)):
            if words := higher_marking_at_start(text):
                yield field, begins_higher(words)


class HigherMarking(str):
    """The sentence of a warning that can be confirmed: a text begins like a marking above the ceiling."""

    __slots__ = ()


def begins_higher(words: str) -> HigherMarking:
    """The warning that a text begins like a marking above the ceiling."""
    warning = gettext(
        "This begins with “%(marking)s”, which is above what this centre may hold. If the text bears that marking,"
        " do not enter it. If it is only a word of the sentence, confirm that below and send again."
    )
    return HigherMarking(warning % {"marking": words})
