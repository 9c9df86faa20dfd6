"""Reading a protective marking as somebody wrote it; what is above the ceiling is refused at the door. Pure."""

import dataclasses
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext as _

from agencies.choices import STATE_OF_CAVEAT, Caveat, Classification
from agencies.rules.ladders import EQUIVALENT, LADDERS, Rung

MARKING_LENGTH = 80

#: What stands around a marking without changing it.
_NOISE = re.compile(r"[\W_]+")
_CAVEAT_WORDS = {Caveat.SPECIAL_FRANCE: "SPECIAL FRANCE", Caveat.UK_EYES_ONLY: "UK EYES ONLY"}


class MarkingRefused(ValueError):
    """The marking cannot be taken: unknown, of another time, or above what the centre may hold."""


class AboveCeiling(MarkingRefused):
    """Above OFFICIAL-SENSITIVE / DIFFUSION RESTREINTE."""


@dataclasses.dataclass(frozen=True, slots=True)
class Marking:
    """What a written marking says: the rung it names, the centre's level, the national caveat."""

    rung: Rung
    level: Classification
    caveat: Caveat


def marking_read(text: str, *, on: dt.date) -> Marking:
    """The marking that these words are on the day; raises MarkingRefused with a sentence for the reader.

    Old markings are known with their time: CONFIDENTIEL DÉFENSE of 2019 is refused as too high, RESTRICTED of
    2010 is taken for what it is equal to, and a word of another time is said to be that.
    """
    words, caveat = _without_caveat(_plain(text))
    named = [rung for rung in LADDERS if words in _names(rung)]
    above = next((rung for rung in named if rung.level is None), None)
    if above is not None:
        raise AboveCeiling(_ceiling_sentence(above))
    if not named:
        raise MarkingRefused(
            _("“%(marking)s” is no known marking of either state.") % {"marking": text.strip()}
        )
    rung = next((each for each in named if each.holds_on(on)), named[0])
    if rung.level is None:  # never: those are refused above
        raise AboveCeiling(_ceiling_sentence(rung))
    if caveat and STATE_OF_CAVEAT[caveat] != rung.state:
        raise MarkingRefused(_("This caveat belongs to the other state’s markings."))
    return Marking(rung, rung.level, Caveat(caveat))


def marking_is_old(marking: Marking, *, on: dt.date) -> bool:
    """Whether the marking could not be given on that day any more (or not yet)."""
    return not marking.rung.holds_on(on)


def higher_marking_at_start(text: str) -> str:
    """The marking above the ceiling that a free text begins with, as the ladder words it; "" for none.

    The first line counts, and only when it begins with the words in capitals: « secret » in a sentence is a word.
    """
    first = text.lstrip().splitlines()[0][:200] if text.strip() else ""
    plain = f"{_plain(first, fold=False)} "
    found = [
        rung.words
        for rung in LADDERS
        if rung.level is None and any(len(name) > 2 and plain.startswith(f"{name} ") for name in _names(rung))
    ]
    return max(found, key=len, default="")


def answering(words: str, state: str) -> tuple[str, ...]:
    """What a marking of one state is handled as in the other, for display; a conversion, never stored."""
    pairs = EQUIVALENT if state == "GB" else tuple((french, english) for english, french in EQUIVALENT)
    return tuple(other for own, other in pairs if own == words)


def ceiling_refused() -> str:
    """The sentence for a numeric level above the centre's ladder."""
    return _(
        "This centre holds nothing above OFFICIAL-SENSITIVE / DIFFUSION RESTREINTE. Use a system that is approved"
        " for it, and enter nothing of it here."
    )


def _ceiling_sentence(rung: Rung) -> str:
    return (
        _("“%(marking)s” is above what this centre may hold.") % {"marking": rung.words}
        + " "
        + ceiling_refused()
    )


def _names(rung: Rung) -> Iterator[str]:
    for words in (rung.words, *rung.also):
        plain = _plain(words)
        yield plain
        if rung.state == "GB":
            yield f"UK {plain}"


def _plain(text: str, *, fold: bool = True) -> str:
    """Letters without accents and single spaces; in capitals if folded."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOISE.sub(" ", bare.upper() if fold else bare).strip()


def _without_caveat(plain: str) -> tuple[str, str]:
    for caveat, words in _CAVEAT_WORDS.items():
        if plain.endswith(f" {words}"):
            return plain.removesuffix(words).strip(), caveat
    return plain, ""
