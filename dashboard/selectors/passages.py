"""Passages for the board and for the list: the newest that the reader's devices saw, one line each."""

import dataclasses
import threading
import uuid
from collections import OrderedDict
from collections.abc import Hashable, Sequence

from agencies.facts import Principal
from agencies.paging import Page, Turn
from audit.choices import Topic
from dashboard.facts.board import PassagesPart
from dashboard.facts.passages import PassageLine, SensorColumn
from dashboard.markup import digest
from dashboard.selectors.flags import Flag, flagged_passages, flags_of
from dashboard.selectors.fresh import Fresh, audience, board_seconds
from dashboard.selectors.lines import columns_of, line_of
from dashboard.selectors.places import equipment_now
from scanning.choices import Result
from scanning.selectors.passages import PassageFilter, passages_by_uid, passages_page
from scanning.selectors.seen import Equipment, PassageSeen, SiteSeen

#: Lines on the board as it is opened; the page keeps twice as many.
BOARD_LINES = 60


@dataclasses.dataclass(frozen=True, slots=True)
class BoardWish:
    """Which passages the board shows: those of a site, of one lane there, only suspect ones or those with a hit."""

    site: SiteSeen | None
    lane: str = ""
    show: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class BoardPassages:
    """The lines for one audience and one wish, and the hits and notices whose signs stand on them."""

    part: PassagesPart
    hits: tuple[uuid.UUID, ...] = ()
    notices: tuple[uuid.UUID, ...] = ()


#: An alarm by itself changes nothing on the lines.
_newest: Fresh[BoardPassages] = Fresh(
    board_seconds, about=(Topic.PASSAGE, Topic.HIT, Topic.NOTICE, Topic.DEVICE)
)


def board_passages(principal: Principal, wish: BoardWish) -> BoardPassages:
    """The newest passages for the board, at most a second old; in the order of their first sighting."""
    name = _name(principal, wish)
    answer = _newest.get(name, lambda: _board_passages(principal, wish, name))
    _snapshots.keep(name, answer.part)
    return answer


def passages_since(
    principal: Principal, wish: BoardWish, as_of: str
) -> tuple[BoardPassages, PassagesPart | None]:
    """What changed since the reader's page was as of then: None for nothing, everything when that is not known."""
    answer = board_passages(principal, wish)
    if as_of == answer.part.as_of:
        return answer, None
    known = _snapshots.versions(_name(principal, wish), as_of)
    # A line may cease to fit what was wished for: then only the whole list lets it leave the page.
    if known is None or wish.show:
        return answer, answer.part
    changed = tuple(line for line in answer.part.lines if known.get(line.id) != line.version)
    return answer, dataclasses.replace(answer.part, lines=changed, partial=True)


def passage_lines(
    principal: Principal,
    passages: Sequence[PassageSeen],
    equipment: Equipment,
    columns: Sequence[SensorColumn],
) -> tuple[tuple[PassageLine, ...], dict[uuid.UUID, Flag]]:
    """Lines under the time of the last sighting, in the given order, and the flags on them."""
    flags = flags_of(principal, [passage.uid for passage in passages])
    lines = tuple(
        line_of(
            passage, at=passage.last_at, equipment=equipment, columns=columns, flag=flags.get(passage.uid)
        )
        for passage in passages
    )
    return lines, flags


def passages_listed(principal: Principal, turn: Turn, wanted: PassageFilter) -> Page[PassageSeen]:
    """One page of the list, those seen last first."""
    equipment_now(principal)
    return passages_page(principal, turn, wanted)


def _name(principal: Principal, wish: BoardWish) -> Hashable:
    return audience(principal), wish.site.code if wish.site else "", wish.lane, wish.show


def _board_passages(principal: Principal, wish: BoardWish, name: Hashable) -> BoardPassages:
    equipment = equipment_now(principal)
    columns = columns_of(equipment, wish.site.id if wish.site else None)
    passages = _wished(principal, wish)
    flags = flags_of(principal, [passage.uid for passage in passages])
    known = _drawn.of(name, equipment)
    drawn: dict[uuid.UUID, Drawn] = {}
    for passage in passages:
        flag, before = flags.get(passage.uid), known.get(passage.uid)
        # Most of the lines say what they said a moment ago: comparing costs a tenth of putting one together.
        if before is not None and before.passage == passage and before.flag == flag:
            drawn[passage.uid] = before
        else:
            line = line_of(passage, at=passage.first_at, equipment=equipment, columns=columns, flag=flag)
            drawn[passage.uid] = Drawn(passage, flag, line)
    _drawn.keep(name, equipment, drawn)
    lines = sorted((one.line for one in drawn.values()), key=lambda line: (line.at, line.id), reverse=True)
    part = PassagesPart(
        columns=columns,
        lines=tuple(lines),
        as_of=digest([(line.id, line.version) for line in lines]),
        filtered=bool(wish.lane or wish.show),
    )
    return BoardPassages(
        part,
        hits=tuple(hit for flag in flags.values() for hit in flag.hits),
        notices=tuple(notice for flag in flags.values() for notice in flag.notices),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Drawn:
    """A line, and all from which it was made besides the equipment."""

    passage: PassageSeen
    flag: Flag | None
    line: PassageLine


class _Drawn:
    """The lines as they were made last, by audience and wish; they hold for the same equipment only."""

    def __init__(self, most: int = 200) -> None:
        self._kept: OrderedDict[Hashable, tuple[Equipment, dict[uuid.UUID, Drawn]]] = OrderedDict()
        self._most = most
        self._guard = threading.Lock()

    def of(self, name: Hashable, equipment: Equipment) -> dict[uuid.UUID, Drawn]:
        """The last ones under this name by passage; none when the equipment is another."""
        with self._guard:
            then, drawn = self._kept.get(name, (None, {}))
        return drawn if then is equipment or then == equipment else {}

    def keep(self, name: Hashable, equipment: Equipment, drawn: dict[uuid.UUID, Drawn]) -> None:
        """Remember these instead."""
        with self._guard:
            self._kept[name] = equipment, drawn
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


_drawn = _Drawn()


def _wished(principal: Principal, wish: BoardWish) -> Sequence[PassageSeen]:
    if wish.site is None:
        return ()
    if wish.show == "hits":
        flagged = flagged_passages(principal, limit=BOARD_LINES * 2)
        equipment = equipment_now(principal)
        found = passages_by_uid(principal, flagged)
        here = [found[uid] for uid in flagged if uid in found and found[uid].site_id == wish.site.id]
        lanes = {lane.id for lane in equipment.lanes.values() if lane.code == wish.lane}
        return [passage for passage in here if not wish.lane or passage.lane_id in lanes][:BOARD_LINES]
    wanted = PassageFilter(
        site=wish.site.code, lane=wish.lane, result=Result.SUSPECT if wish.show == "suspect" else ""
    )
    return passages_page(principal, Turn(limit=BOARD_LINES), wanted).rows


class _Snapshots:
    """Which line had which version when a page was as of then, so that only what changed need travel.

    A snapshot belongs to one audience and one wish: nobody can name that of another.
    """

    def __init__(self, most: int = 600) -> None:
        self._kept: OrderedDict[Hashable, dict[str, str]] = OrderedDict()
        self._most = most
        self._guard = threading.Lock()

    def keep(self, name: Hashable, part: PassagesPart) -> None:
        """Remember the versions of this part's lines."""
        key = (name, part.as_of)
        with self._guard:
            if key not in self._kept:
                self._kept[key] = {line.id: line.version for line in part.lines}
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def versions(self, name: Hashable, as_of: str) -> dict[str, str] | None:
        """The versions as they were then; None when that is not known any more."""
        with self._guard:
            return self._kept.get((name, as_of))


_snapshots = _Snapshots()
