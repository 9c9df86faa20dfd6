"""What the plates of one vehicle say, put together from the readings of several devices."""

from collections.abc import Collection, Iterable

from dashboard.countries import country_name
from dashboard.facts.passages import MarkCell
from intelligence.rules.marks import fold
from scanning.choices import MarkKind
from scanning.selectors.seen import MarkSeen

#: A reading below this confidence is shown as doubtful.
DOUBTFUL_BELOW = 0.7
_ORDER = {kind.value: place for place, kind in enumerate(MarkKind)}


def mark_cells(marks: Iterable[MarkSeen], keyboards: Collection[int] = ()) -> tuple[MarkCell, ...]:
    """One cell for each part of the lorry: what an officer typed in, else the surest reading.

    `keyboards` are the ids of devices at which officers type. A mark whose part is not known is left out
    where it is one of the others, read by a device that does not tell parts.
    """
    best: dict[str, MarkSeen] = {}
    unknown: dict[str, MarkSeen] = {}
    for mark in marks:
        of_part, key = (unknown, fold(mark.norm)) if mark.kind == MarkKind.UNKNOWN else (best, mark.kind)
        known = of_part.get(key)
        if known is None or _rank(mark, keyboards) > _rank(known, keyboards):
            of_part[key] = mark
    told = {fold(mark.norm) for mark in best.values()}
    rest = [mark for key, mark in unknown.items() if key not in told]
    ordered = sorted(best.values(), key=lambda mark: _ORDER.get(mark.kind, 9))
    return tuple(_cell(mark, keyboards) for mark in (*ordered, *rest))


def mark_cell(
    value: str, *, country: str = "", confidence: float | None = None, kind: str = "unknown"
) -> MarkCell:
    """One mark on its own, as a hit, a notice or an event names it."""
    return MarkCell(
        value=value,
        kind=kind,
        country=country,
        country_name=country_name(country) if country else "",
        confidence=confidence,
        doubtful=confidence is not None and confidence < DOUBTFUL_BELOW,
    )


def _rank(mark: MarkSeen, keyboards: Collection[int]) -> tuple[bool, float]:
    return mark.device_id in keyboards, mark.confidence if mark.confidence is not None else 0.5


def _cell(mark: MarkSeen, keyboards: Collection[int]) -> MarkCell:
    by_hand = mark.device_id in keyboards
    confidence = None if by_hand else mark.confidence
    return MarkCell(
        value=mark.raw,
        kind=mark.kind,
        country=mark.country,
        country_name=country_name(mark.country) if mark.country else "",
        confidence=confidence,
        doubtful=confidence is not None and confidence < DOUBTFUL_BELOW,
        by_hand=by_hand,
    )
