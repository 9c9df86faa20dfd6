"""Which passage an event belongs to: by its marks first, then by who stood in the lane.

Pure: the worker loads what is known of the passages around, asks for each event in turn, and writes what
came out. `Slot` is a passage as the joiner knows it; a new one has neither id nor uid yet.
"""

import itertools
from bisect import bisect_right, insort
from collections.abc import Iterable

import msgspec

from scanning.facts import MarkRead

# Times are seconds since 1970: a backlog is joined by the hundred thousand, and floats compare ten times
# faster than datetimes.

#: One visit lasts no longer than this; the same lorry later is another passage.
VISIT_S = 3 * 3600.0
#: Readers at the front and at the back of one lane see one lorry within this time.
FRONT_TO_BACK_S = 20.0
#: An unmarked observation belongs to the vehicle that was last seen in the lane within this time.
IN_LANE_S = 180.0
#: Clocks of two devices in one lane may differ by this much.
CLOCKS_S = 5.0
#: The same device sees the same vehicle again within this time only.
SAME_LOOK_S = 8.0
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
    devices: dict[int, float] = msgspec.field(default_factory=dict)
    mark_devices: set[int] = msgspec.field(default_factory=set)
    kinds: set[str] = msgspec.field(default_factory=set)
    # Devices whose part, and whose marks, are stored already: only theirs can meet a row that stands.
    stored_parts: set[int] = msgspec.field(default_factory=set)
    stored_marks: set[int] = msgspec.field(default_factory=set)

    def touch(self, device_id: int, at: float) -> None:
        """Note that the device saw the vehicle."""
        self.first_at = min(self.first_at, at)
        self.last_at = max(self.last_at, at)
        known = self.devices.get(device_id)
        if known is None or at > known:
            self.devices[device_id] = at
        self.is_touched = True


class Joiner:
    """Places the events of one site, in the order of their time."""

    def __init__(self, site_id: int) -> None:
        self._site_id = site_id
        self._by_norm: dict[str, list[Slot]] = {}
        self._by_folded: dict[str, list[Slot]] = {}
        # Sightings of each lane in the order of time: (when, order of arrival, passage).
        self._by_lane: dict[int, list[tuple[float, int, Slot]]] = {}
        self._arrivals = itertools.count()
        self.new: list[Slot] = []

    def know_mark(self, slot: Slot, norm: str, folded: str) -> None:
        """Tell the joiner that the passage carries this mark."""
        _remember(self._by_norm, norm, slot)
        _remember(self._by_folded, folded, slot)

    def know_lane(self, slot: Slot, lane_id: int, at: float) -> None:
        """Tell the joiner that the vehicle was seen in this lane at this time."""
        sighting = (at, next(self._arrivals), slot)
        sightings = self._by_lane.setdefault(lane_id, [])
        if sightings and at < sightings[-1][0]:
            insort(sightings, sighting)
        else:
            sightings.append(sighting)

    def place(self, *, device_id: int, lane_id: int | None, at: float, marks: tuple[MarkRead, ...]) -> Slot:
        """The passage of one event; a new one when none fits."""
        slot = self._by_marks(marks, at) if marks else None
        if slot is None:
            slot = self._in_lane(device_id, lane_id, at, marks)
        if slot is None:
            slot = Slot(id=None, uid="", site_id=self._site_id, first_at=at, last_at=at, is_new=True)
            self.new.append(slot)
        slot.touch(device_id, at)
        for mark in marks:
            self.know_mark(slot, mark.norm, mark.folded)
            slot.kinds.add(mark.kind)
            slot.mark_devices.add(device_id)
        if lane_id is not None:
            self.know_lane(slot, lane_id, at)
        return slot

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
        self, device_id: int, lane_id: int | None, at: float, marks: tuple[MarkRead, ...]
    ) -> Slot | None:
        """The vehicle seen last in the lane, or just afterwards, that this device may have seen too."""
        sightings = self._by_lane.get(lane_id) if lane_id is not None else None
        if not sightings:
            return None
        after, before = (FRONT_TO_BACK_S, FRONT_TO_BACK_S) if marks else (IN_LANE_S, CLOCKS_S)
        best, distance = None, float("inf")
        for index in range(bisect_right(sightings, (at + before, _LAST)) - 1, -1, -1):
            seen, _, slot = sightings[index]
            gap = abs(at - seen)
            if at - seen > after or (seen < at and gap >= distance):
                break
            if gap < distance and (
                _could_carry(slot, device_id, marks) if marks else _could_see(slot, device_id, at)
            ):
                best, distance = slot, gap
        return best


def _remember(index: dict[str, list[Slot]], key: str, slot: Slot) -> None:
    known = index.get(key)
    if known is None:
        index[key] = [slot]
    elif known[-1] is not slot and slot not in known:
        known.append(slot)


def _could_carry(slot: Slot, device_id: int, marks: tuple[MarkRead, ...]) -> bool:
    """A reader that has already read a mark of the vehicle would read the same one, not another."""
    if device_id in slot.mark_devices:
        return False
    kinds = slot.kinds
    for mark in marks:  # noqa: SIM110  (asked for each neighbour of each event: a generator costs twice as much)
        if mark.kind in kinds and mark.kind != "unknown":
            return False
    return True


def _could_see(slot: Slot, device_id: int, at: float) -> bool:
    seen = slot.devices.get(device_id)
    return seen is None or abs(at - seen) <= SAME_LOOK_S


def _nearest(slots: Iterable[Slot], at: float) -> Slot | None:
    """The passage nearest in time within one visit."""
    best, distance = None, VISIT_S
    for slot in slots:
        gap = max(at - slot.last_at, slot.first_at - at, 0.0)
        if gap <= distance:
            best, distance = slot, gap
    return best
