"""How long lorries take between two devices of a lane, learned from the passages themselves.

Pure. Nobody measures the way from the front reader to the probe: it differs from lane to lane, and with it the offset
of two clocks that are never quite right. So the joiner notes what it is sure of, and asks here how likely it is that
a lorry seen by one device is seen by another so much later or earlier.

Each pair of devices has its own habit, and so has each pair of posts ("second plate reader", "first CO₂ probe") over all lanes
of the site: a lane is told by the others until it has seen lorries of its own.
"""

import math
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Mapping

import msgspec

#: What lies further apart is no way through a lane: the lorry came again, or was searched meanwhile.
_LONGEST_S = 300.0
#: So many times of a pair are remembered; the oldest are forgotten, because queues come and go.
_REMEMBERED = 60
#: The shortest and the longest few are left out: some of what was learned is wrong.
_TRIMMED = 0.06
#: And so is what lies further from the middle half than so many times its width.
_FENCE = 2.0
#: A lorry is hardly ever quicker than those before it, but in a queue it may well be slower (seconds).
_QUICKER_S = 1.5
_SLOWER_S, _SLOWER_SHARE = 2.0, 0.6
#: What stands in for a habit while there is none: up to so many seconds are as likely as each other, then ever less.
_UNKNOWN_S, _UNKNOWN_FADES_S, _BACKWARDS_S = 20.0, 40.0, 2.0
#: It weighs as much as so many lorries; and what the other lanes tell weighs as much as so many of the lane's own.
_UNKNOWN_WEIGHT, _ELSEWHERE_WEIGHT = 0.5, 10.0
_NEVER = 1e-6
#: Which devices stand between two others is worked out again after so many lessons.
_ORDER_GOOD_FOR = 200
#: A habit tells the order of its devices from so many lorries on.
_ENOUGH = 5
#: When so much is known, only every so manieth lesson is taken: learning costs time.
_WELL_KNOWN, _EVERY = 2000, 8


class Post(msgspec.Struct, frozen=True):
    """Where a device stands: its lane, its order there as it was entered, and what it is there (`anpr1`)."""

    lane_id: int | None
    order: int
    role: str


class Habit:
    """The times between two devices, of which the first is named first; negative when the second saw the lorry first."""

    __slots__ = ("_high", "_low", "_recent", "_scale_high", "_scale_low", "_sorted", "even", "lorries")

    def __init__(self) -> None:
        self._recent: deque[float] = deque()
        self._sorted: list[float] = []
        self.lorries = 0

    def learn(self, seconds: float) -> None:
        """Take in the time of one more lorry."""
        known = self._sorted
        insort(known, seconds)
        self._recent.append(seconds)
        if len(known) > _REMEMBERED:
            del known[bisect_left(known, self._recent.popleft())]
        self.lorries = count = len(known)
        trimmed, quarter = int(count * _TRIMMED), count // 4
        low, high = known[trimmed], known[count - 1 - trimmed]
        nearer, farther = known[quarter], known[count - 1 - quarter]
        fence = (farther - nearer) * _FENCE
        forwards = known[count // 2] >= 0
        if forwards:
            low = max(low, nearer - fence)
        else:
            high = min(high, farther + fence)
        slower = max(_SLOWER_S, (high - low) * _SLOWER_SHARE)
        self._low, self._high = low, high
        self._scale_low, self._scale_high = (_QUICKER_S, slower) if forwards else (slower, _QUICKER_S)
        self.even = 1 / (high - low + slower + _QUICKER_S)

    @property
    def usual(self) -> float:
        """The time in the middle."""
        return self._sorted[len(self._sorted) // 2]

    def density(self, seconds: float) -> float:
        """How likely this time is, per second: even between the shortest and the longest, fading out on both sides."""
        if seconds < self._low:
            return math.exp((seconds - self._low) / self._scale_low) * self.even
        if seconds > self._high:
            return math.exp((self._high - seconds) / self._scale_high) * self.even
        return self.even

    def is_usual(self, seconds: float) -> bool:
        """Whether it is neither quicker nor slower than nearly all before."""
        return self._low <= seconds <= self._high


class Habits:
    """What is known of the lanes of one site. The joiner teaches it and asks it."""

    def __init__(self, posts: Mapping[int, Post] | None = None) -> None:
        self.posts: Mapping[int, Post] = posts or {}
        self._pairs: dict[tuple[int, int], Habit] = {}
        self._posts: dict[tuple[str, str], Habit] = {}
        self._seen: dict[int, int] = {}
        self._lessons = 0
        self._between: dict[tuple[int, int], tuple[int, ...]] = {}

    def saw(self, device: int) -> None:
        """Note that the device has seen one more lorry."""
        self._seen[device] = self._seen.get(device, 0) + 1

    def learn(self, device: int, at: float, looks: Mapping[int, float]) -> None:
        """Note that the lorry of these looks was seen by this device too."""
        self._lessons += 1
        if self._lessons > _WELL_KNOWN and self._lessons % _EVERY:
            return
        if self._lessons % _ORDER_GOOD_FOR == 0:
            self._between.clear()
        for other, seen in looks.items():
            if other != device and abs(at - seen) <= _LONGEST_S:
                self._learn(other, device, at - seen)

    def _learn(self, first: int, second: int, seconds: float) -> None:
        if first > second:
            first, second, seconds = second, first, -seconds
        habit = self._pairs.get((first, second))
        if habit is None:
            habit = self._pairs[first, second] = Habit()
        habit.learn(seconds)
        one, other = self.posts.get(first), self.posts.get(second)
        if one is not None and other is not None:
            key = (one.role, other.role)
            if one.role > other.role:
                key, seconds = (other.role, one.role), -seconds
            habit = self._posts.get(key)
            if habit is None:
                habit = self._posts[key] = Habit()
            habit.learn(seconds)

    def density(self, first: int, second: int, seconds: float) -> float:
        """How likely it is, per second, that the second device sees a lorry so long after the first."""
        turned = first > second
        pair = self._pairs.get((second, first) if turned else (first, second))
        if (
            pair is not None
            and pair.lorries == _REMEMBERED
            and pair.is_usual(-seconds if turned else seconds)
        ):
            return pair.even  # what others tell matters where it is unusual
        likely = self._elsewhere(first, second, seconds)
        if pair is not None:
            likely = _with(pair, -seconds if turned else seconds, likely, _ELSEWHERE_WEIGHT)
        return likely + _NEVER

    def _elsewhere(self, first: int, second: int, seconds: float) -> float:
        """What the other lanes tell."""
        one, other = self.posts.get(first), self.posts.get(second)
        if one is None or other is None:
            return _unknown(0, seconds)
        likely = _unknown(other.order - one.order, seconds)
        turned = one.role > other.role
        habit = self._posts.get((other.role, one.role) if turned else (one.role, other.role))
        return (
            likely
            if habit is None
            else _with(habit, -seconds if turned else seconds, likely, _UNKNOWN_WEIGHT)
        )

    def between(self, first: int | None, second: int, devices: Iterable[int]) -> tuple[int, ...]:
        """Those of the lane's devices that stand between the two; before the second, when no first is given."""
        key = (first or 0, second)
        known = self._between.get(key)
        if known is None:
            known = self._between[key] = tuple(
                device
                for device in devices
                if device not in key
                and (first is None or self._is_before(first, device))
                and self._is_before(device, second)
            )
        return known

    def _is_before(self, first: int, second: int) -> bool:
        turned = first > second
        habit = self._pairs.get((second, first) if turned else (first, second))
        if habit is not None and habit.lorries >= _ENOUGH:
            return (habit.usual > 0) is not turned
        one, other = self.posts.get(first), self.posts.get(second)
        return one is not None and other is not None and one.order < other.order

    def share(self, device: int, devices: Iterable[int]) -> float:
        """Which share of the lane's lorries the device sees."""
        seen = self._seen
        most = max([seen.get(each, 0) for each in devices], default=0)
        return seen.get(device, 0) / most if most else 0.0


def _with(habit: Habit, seconds: float, likely: float, weight: float) -> float:
    lorries = habit.lorries
    return (lorries * habit.density(seconds) + weight * likely) / (lorries + weight)


def _unknown(order: int, seconds: float) -> float:
    if order < 0:
        seconds = -seconds
    elif order == 0:
        seconds = abs(seconds)
    if seconds < 0:
        return math.exp(seconds / _BACKWARDS_S) / (_UNKNOWN_S + _UNKNOWN_FADES_S)
    fades = 1.0 if seconds < _UNKNOWN_S else math.exp((_UNKNOWN_S - seconds) / _UNKNOWN_FADES_S)
    return fades / (_UNKNOWN_S + _UNKNOWN_FADES_S)
