"""How strongly a mark that was read agrees with a mark that is looked for.

A match is a system's result, never a decision: an officer confirms or rejects it. Exact comes before
folded, folded is always shown as such, and the country, which readers often get wrong, only ever
strengthens or weakens what an officer sees; it never hides a match.
"""

from typing import Literal

from intelligence.rules.marks import fold, normalise

Strength = Literal["exact", "folded"]


def match_strength(
    read_norm: str, sought_norm: str, read_folded: str = "", sought_folded: str = ""
) -> Strength | None:
    """Return "exact", "folded" or None for two normalised marks. An empty mark matches nothing.

    The folded forms may be handed over where they are stored; otherwise they are worked out here.
    """
    if not read_norm or not sought_norm:
        return None
    if read_norm == sought_norm:
        return "exact"
    if (read_folded or fold(read_norm)) == (sought_folded or fold(sought_norm)):
        return "folded"
    return None


def raw_match_strength(read: str, sought: str) -> Strength | None:
    """Return the strength for two marks as they were read or typed."""
    return match_strength(normalise(read), normalise(sought))


def countries_agree(read: str, sought: str) -> bool | None:
    """Return whether two alpha-2 codes agree, or None when either is not known."""
    if not read or not sought:
        return None
    return read == sought


def reading_rank(strength: str, confidence: float | None) -> tuple[bool, float]:
    """Order readings of one mark: exact before folded, then the surer one; an unknown confidence comes last."""
    return strength == "exact", confidence if confidence is not None else 0.0
