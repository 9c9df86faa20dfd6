"""Which passage an event belongs to: by its marks first, then by who was due at the device (docs/adr/0022).

Pure: the worker loads what is known of the passages around, asks for each event in turn, and writes what
came out. `Slot` is a passage as the joiner knows it; a new one has neither id nor uid yet.

An event without a mark that is known is weighed: how usual is the time since the lane's other devices saw that
lorry (habits.py), which devices on the way has it passed unseen, and does it bear nearly the same mark? Against
that stands the weight of a lorry that nobody has seen yet. Weights are natural logarithms of
probabilities; the smallest wins.
"""

import itertools
import math
from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping

import msgspec

from scanning.facts import MarkRead
from scanning.rules.habits import Habits

# Times are seconds since 1970: a backlog is joined by the hundred thousand, and floats compare ten times
# faster than datetimes.

#: One visit lasts no longer than this; the same lorry later is another passage.
VISIT_S = 3 * 3600.0
#: A lorry that came into the lane earlier than this has left it, and one that came in so much later was not there yet.
IN_LANE_S, BEFORE_LANE_S = 300.0, 180.0
#: The same device sees the same vehicle again within this time only; the sooner the likelier.
SAME_LOOK_S = 8.0
_SAME_LOOK, _SAME_LOOK_LATER = 2.0, 0.5
#: A device that sees everybody may still miss one, and word of it may be late. So likely is that for a lorry that was seen
#: by others, and for one that nobody has seen yet: lines are cut for several devices at once.
_MISSED, _MISSED_BY_ALL = 0.2, 0.3
#: A lorry that nobody has seen, beyond one lorry in the lane's usual headway.
_UNSEEN = 1.1
#: Two edits at most make a mark nearly the same; it then weighs as much as this.
_ALIKE = 6.0
_EDITS = 2
#: A choice is sure, and worth learning from, when the next best is so much worse.
_SURE = 3.0
_LAST = 2**62


class Slot(msgspec.Struct, eq=False):
    """A passage while it is being joined."""

    id: int | None
    uid: str
    site_id: int
    first_at: float
    last_at: float
    is_new: bool = False
    is_touched: bool = False
    # When the devices of each lane saw the vehicle last.
    looks: dict[int, dict[int, float]] = msgspec.field(default_factory=dict)
    marks: list[str] = msgspec.field(default_factory=list)
    mark_devices: set[int] = msgspec.field(default_factory=set)
    kinds: set[str] = msgspec.field(default_factory=set)
    # Devices whose part, and whose marks, are stored already: only theirs can meet a row that stands.
    stored_parts: set[int] = msgspec.field(default_factory=set)
    stored_marks: set[int] = msgspec.field(default_factory=set)

    def touch(self, at: float) -> None:
        """Note that the vehicle was seen."""
        self.first_at = min(self.first_at, at)
        self.last_at = max(self.last_at, at)
        self.is_touched = True


class _Lane:
    """Who was seen in one lane: when each lorry was first seen there, the order of arrival, the lorry and its looks."""

    __slots__ = ("devices", "lorries")

    def __init__(self, devices: Iterable[int]) -> None:
        self.devices = set(devices)
        self.lorries: list[tuple[float, int, Slot, dict[int, float]]] = []


class Joiner:
    """Places the events of one site, in the order of their time.

    `lanes` names the devices of each lane. `habits` learns from what is joined; whoever keeps it joins better the next time.
    """

    def __init__(
        self,
        site_id: int,
        lanes: Mapping[int, Iterable[int]] | None = None,
        habits: Habits | None = None,
    ) -> None:
        self._site_id = site_id
        self._habits = habits if habits is not None else Habits()
        self._devices = lanes or {}
        self._lanes: dict[int, _Lane] = {}
        self._by_norm: dict[str, list[Slot]] = {}
        self._by_folded: dict[str, list[Slot]] = {}
        self._arrivals = itertools.count()
        self.new: list[Slot] = []

    def know_mark(self, slot: Slot, norm: str, folded: str) -> None:
        """Tell the joiner that the passage carries this mark."""
        _remember(self._by_norm, norm, slot)
        _remember(self._by_folded, folded, slot)
        if folded not in slot.marks:
            slot.marks.append(folded)

    def know_look(self, slot: Slot, lane_id: int, device_id: int, at: float) -> None:
        """Tell the joiner that this device of the lane saw the vehicle at this time."""
        looks = slot.looks.get(lane_id)
        if looks is None:
            looks = slot.looks[lane_id] = {}
            lane = self._lane(lane_id)
            lorry = (at, next(self._arrivals), slot, looks)
            if lane.lorries and at < lane.lorries[-1][0]:
                insort(lane.lorries, lorry)
            else:
                lane.lorries.append(lorry)
        known = looks.get(device_id)
        if known is None or at > known:
            looks[device_id] = at

    def place(self, *, device_id: int, lane_id: int | None, at: float, marks: tuple[MarkRead, ...]) -> Slot:
        """The passage of one event; a new one when none fits."""
        slot = self._by_marks(marks, at) if marks else None
        is_sure = slot is not None
        if slot is None and lane_id is not None:
            slot, is_sure = self._in_lane(device_id, self._lane(lane_id), at, marks)
        if slot is None:
            slot = Slot(id=None, uid="", site_id=self._site_id, first_at=at, last_at=at, is_new=True)
            self.new.append(slot)
        slot.touch(at)
        for mark in marks:
            self.know_mark(slot, mark.norm, mark.folded)
            slot.kinds.add(mark.kind)
            slot.mark_devices.add(device_id)
        if lane_id is not None:
            self._looked(slot, lane_id, device_id, at, is_sure=is_sure)
        return slot

    def _looked(self, slot: Slot, lane_id: int, device_id: int, at: float, *, is_sure: bool) -> None:
        looks = slot.looks.get(lane_id)
        if looks is None or device_id not in looks:
            self._habits.saw(device_id)
            if is_sure and looks:
                self._habits.learn(device_id, at, looks)
        self.know_look(slot, lane_id, device_id, at)

    def _lane(self, lane_id: int) -> _Lane:
        lane = self._lanes.get(lane_id)
        if lane is None:
            lane = self._lanes[lane_id] = _Lane(self._devices.get(lane_id, ()))
        return lane

    def _by_marks(self, marks: Iterable[MarkRead], at: float) -> Slot | None:
        for mark in marks:
            known = self._by_norm.get(mark.norm)
            found = _nearest(known, at) if known else None
            if found is not None:
                return found
        for mark in marks:
            known = self._by_folded.get(mark.folded)
            found = _nearest(known, at) if known else None
            if found is not None:
                return found
        return None

    def _in_lane(
        self, device_id: int, lane: _Lane, at: float, marks: tuple[MarkRead, ...]
    ) -> tuple[Slot | None, bool]:
        """The lorry that was most likely before this device, and whether that is sure; None for one not seen yet."""
        best, least, next_least = None, math.inf, math.inf
        lorries, before = lane.lorries, 0
        for index in range(bisect_right(lorries, (at + BEFORE_LANE_S, _LAST)) - 1, -1, -1):
            came, _, slot, looks = lorries[index]
            if at - came > IN_LANE_S:
                break
            before += came <= at
            seen = looks.get(device_id)
            if seen is not None and abs(at - seen) > SAME_LOOK_S:
                continue
            weight = self._weight(device_id, lane, at, looks)
            if marks:
                weight += _weight_of_marks(slot, device_id, marks)
            if weight < least:
                best, least, next_least = slot, weight, least
            elif weight < next_least:
                next_least = weight
        unseen = _UNSEEN + math.log(IN_LANE_S / max(1, before))
        if best is None or (least > unseen and least > unseen + self._weight_missed(device_id, lane)):
            return None, False
        return best, next_least - least > _SURE

    def _weight(self, device_id: int, lane: _Lane, at: float, looks: Mapping[int, float]) -> float:
        """Of the lorry's last look before and its first after, the one that fits worse tells."""
        again = looks.get(device_id)
        if again is not None:
            return _SAME_LOOK + _SAME_LOOK_LATER * abs(at - again)
        earlier = later = None
        since, until = -math.inf, math.inf
        for device, seen in looks.items():
            if seen <= at:
                if seen > since:
                    since, earlier = seen, device
            elif seen < until:
                until, later = seen, device
        habits = self._habits
        if earlier is None:
            return math.inf if later is None else -math.log(habits.density(device_id, later, until - at))
        likely = habits.density(earlier, device_id, at - since)
        if later is not None:
            return -math.log(min(likely, habits.density(device_id, later, until - at)))
        weight = -math.log(likely)
        for device in habits.between(earlier, device_id, lane.devices):
            if device not in looks:
                weight -= math.log(max(_MISSED, 1 - habits.share(device, lane.devices)))
        return weight

    def _weight_missed(self, device_id: int, lane: _Lane) -> float:
        """Of a lorry that has come to this device unseen by all those before it."""
        habits, weight = self._habits, 0.0
        for device in habits.between(None, device_id, lane.devices):
            weight -= math.log(max(_MISSED_BY_ALL, 1 - habits.share(device, lane.devices)))
        return weight


def _remember(index: dict[str, list[Slot]], key: str, slot: Slot) -> None:
    known = index.get(key)
    if known is None:
        index[key] = [slot]
    elif known[-1] is not slot and slot not in known:
        known.append(slot)


def _weight_of_marks(slot: Slot, device_id: int, marks: tuple[MarkRead, ...]) -> float:
    if _bears_alike(slot, marks):
        return -_ALIKE
    return 0.0 if _could_carry(slot, device_id, marks) else math.inf


def _could_carry(slot: Slot, device_id: int, marks: tuple[MarkRead, ...]) -> bool:
    """A reader that has already read a mark of the vehicle would read the same one, not another."""
    if device_id in slot.mark_devices:
        return False
    kinds = slot.kinds
    for mark in marks:  # noqa: SIM110  (asked for each neighbour of each event: a generator costs twice as much)
        if mark.kind in kinds and mark.kind != "unknown":
            return False
    return True


def _bears_alike(slot: Slot, marks: tuple[MarkRead, ...]) -> bool:
    """Whether a mark of the vehicle is nearly one of these: a letter or two read wrongly, lost or doubled."""
    for mark in marks:
        signs = set(mark.folded)
        for known in slot.marks:
            # Two edits take away two signs and bring in two at most; nearly all other marks differ in more.
            if len(signs.symmetric_difference(known)) <= 2 * _EDITS and edits(mark.folded, known) <= _EDITS:
                return True
    return False


def edits(one: str, other: str) -> int:
    """How many characters must be put in, taken out or changed to make one text the other."""
    row = list(range(len(other) + 1))
    for place, sign in enumerate(one, start=1):
        above, row[0] = row[0], place
        for column, other_sign in enumerate(other, start=1):
            above, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, above + (sign != other_sign)),
            )
    return row[-1]


def _nearest(slots: Iterable[Slot], at: float) -> Slot | None:
    """The passage nearest in time within one visit."""
    best, distance = None, VISIT_S
    for slot in slots:
        gap = max(at - slot.last_at, slot.first_at - at, 0.0)
        if gap <= distance:
            best, distance = slot, gap
    return best
