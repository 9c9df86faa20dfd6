"""Which passage an event belongs to: by its marks first, then by who stood in the lane.

Pure: the worker loads what is known of the passages around, asks for each event in turn, and writes what
came out. `Slot` is a passage as the joiner knows it; a new one has no id yet.
"""

import dataclasses
import datetime as dt
import itertools
import uuid
from bisect import bisect_right, insort
from collections.abc import Iterable

from scanning.facts import MarkRead

#: One visit lasts no longer than this; the same lorry later is another passage.
VISIT = dt.timedelta(hours=3)
#: Readers at the front and at the back of one lane see one lorry within this time.
FRONT_TO_BACK = dt.timedelta(seconds=20)
#: An unmarked observation belongs to the vehicle that was last seen in the lane within this time.
IN_LANE = dt.timedelta(seconds=180)
#: Clocks of two devices in one lane may differ by this much.
CLOCKS = dt.timedelta(seconds=5)
_AT_ONCE = dt.timedelta(0)
_LAST = 2**62
#: The same device sees the same vehicle again within this time only.
SAME_LOOK = dt.timedelta(seconds=8)


@dataclasses.dataclass(slots=True, eq=False)
class Slot:
    """A passage while it is being joined."""

    id: int | None
    uid: uuid.UUID
    site_id: int
    first_at: dt.datetime
    last_at: dt.datetime
    is_new: bool = False
    is_touched: bool = False
    devices: dict[int, dt.datetime] = dataclasses.field(default_factory=dict)
    mark_devices: set[int] = dataclasses.field(default_factory=set)
    kinds: set[str] = dataclasses.field(default_factory=set)

    def touch(self, device_id: int, at: dt.datetime) -> None:
        """Note that the device saw the vehicle."""
        self.first_at = min(self.first_at, at)
        self.last_at = max(self.last_at, at)
        known = self.devices.get(device_id)
        self.devices[device_id] = at if known is None else max(known, at)
        self.is_touched = True


class Joiner:
    """Places the events of one site, in the order of their time."""

    def __init__(self, site_id: int) -> None:
        self._site_id = site_id
        self._by_norm: dict[str, list[Slot]] = {}
        self._by_folded: dict[str, list[Slot]] = {}
        # Sightings of each lane in the order of time: (when, order of arrival, passage).
        self._by_lane: dict[int, list[tuple[dt.datetime, int, Slot]]] = {}
        self._arrivals = itertools.count()
        self.new: list[Slot] = []

    def know_mark(self, slot: Slot, norm: str, folded: str) -> None:
        """Tell the joiner that the passage carries this mark."""
        for index, key in ((self._by_norm, norm), (self._by_folded, folded)):
            slots = index.setdefault(key, [])
            if slot not in slots:
                slots.append(slot)

    def know_lane(self, slot: Slot, lane_id: int, at: dt.datetime) -> None:
        """Tell the joiner that the vehicle was seen in this lane at this time."""
        insort(self._by_lane.setdefault(lane_id, []), (at, next(self._arrivals), slot))

    def place(
        self, *, device_id: int, lane_id: int | None, at: dt.datetime, marks: tuple[MarkRead, ...]
    ) -> Slot:
        """The passage of one event; a new one when none fits."""
        slot = self._by_marks(marks, at) or self._in_lane(device_id, lane_id, at, marks)
        if slot is None:
            slot = Slot(id=None, uid=uuid.uuid4(), site_id=self._site_id, first_at=at, last_at=at, is_new=True)
            self.new.append(slot)
        slot.touch(device_id, at)
        for mark in marks:
            self.know_mark(slot, mark.norm, mark.folded)
            slot.kinds.add(mark.kind)
            slot.mark_devices.add(device_id)
        if lane_id is not None:
            self.know_lane(slot, lane_id, at)
        return slot

    def _by_marks(self, marks: Iterable[MarkRead], at: dt.datetime) -> Slot | None:
        for mark in marks:
            found = _nearest(self._by_norm.get(mark.norm, ()), at)
            if found is not None:
                return found
        for mark in marks:
            found = _nearest(self._by_folded.get(mark.folded, ()), at)
            if found is not None:
                return found
        return None

    def _in_lane(
        self, device_id: int, lane_id: int | None, at: dt.datetime, marks: tuple[MarkRead, ...]
    ) -> Slot | None:
        """The vehicle seen last in the lane, or just afterwards, that this device may have seen too."""
        sightings = self._by_lane.get(lane_id, []) if lane_id is not None else []
        after, before = (FRONT_TO_BACK, FRONT_TO_BACK) if marks else (IN_LANE, CLOCKS)
        best, distance = None, dt.timedelta.max
        for index in range(bisect_right(sightings, (at + before, _LAST)) - 1, -1, -1):
            seen, _, slot = sightings[index]
            gap = abs(at - seen)
            if seen < at - after or (seen < at and gap >= distance):
                break
            fits = _could_carry(slot, device_id, marks) if marks else _could_see(slot, device_id, at)
            if fits and gap < distance:
                best, distance = slot, gap
        return best


def _could_carry(slot: Slot, device_id: int, marks: tuple[MarkRead, ...]) -> bool:
    """A reader that has already read a mark of the vehicle would read the same one, not another."""
    return device_id not in slot.mark_devices and not any(
        mark.kind in slot.kinds and mark.kind != "unknown" for mark in marks
    )


def _could_see(slot: Slot, device_id: int, at: dt.datetime) -> bool:
    seen = slot.devices.get(device_id)
    return seen is None or abs(at - seen) <= SAME_LOOK


def _nearest(slots: Iterable[Slot], at: dt.datetime) -> Slot | None:
    """The passage nearest in time within one visit."""
    best, distance = None, VISIT
    for slot in slots:
        gap = max(at - slot.last_at, slot.first_at - at, _AT_ONCE)
        if gap <= distance:
            best, distance = slot, gap
    return best
