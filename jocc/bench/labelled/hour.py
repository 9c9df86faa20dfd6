"""What the devices of all lanes report in an hour, and in which order it reaches us."""

import dataclasses
import math
import random
from collections import defaultdict

from jocc.bench.labelled import figures, plates
from jocc.bench.labelled.lane import POSTS, Look, lane_passed


@dataclasses.dataclass(frozen=True, slots=True)
class Reported:
    """One event with its truth: the visit, and how many of its marks (kind, text) are misread."""

    key: str
    visit: int
    lane: int
    post: str
    at: float  # by the device's own clock, in seconds from the start of the hour
    marks: tuple[tuple[str, str], ...]
    misread: int


@dataclasses.dataclass(frozen=True, slots=True)
class Sent:
    """One delivery of one device, and when it reaches us by a true clock."""

    arrives: float
    lane: int
    post: str
    events: tuple[Reported, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Hour:
    """All deliveries in the order in which they reach us."""

    sent: tuple[Sent, ...]
    lanes: int

    @property
    def events(self) -> list[Reported]:
        """All events, as they reach us."""
        return [event for delivery in self.sent for event in delivery.events]

    def figures(self) -> dict[str, float]:
        """What came out of the assumptions."""
        events = self.events
        visits = len({event.visit for event in events})
        marks = sum(len(event.marks) for event in events)
        return {
            "visits": visits,
            "events": len(events),
            "deliveries": len(self.sent),
            "events_of_a_visit": len(events) / visits,
            "unmarked_share": sum(not event.marks for event in events) / len(events),
            "misread_share_of_marks": sum(event.misread for event in events) / marks,
        }


def hour_made(seed: int, lorries: int = figures.LORRIES_AN_HOUR, lanes: int = figures.LANES) -> Hour:
    """So many lorries over so many lanes. The same seed gives the same hour."""
    rng = random.Random(seed)  # noqa: S311  (invented lorries)
    sent: list[Sent] = []
    for lane in range(lanes):
        looks: defaultdict[str, list[Look]] = defaultdict(list)
        for look in lane_passed(rng, range(lane * lorries // lanes, (lane + 1) * lorries // lanes)):
            looks[look.post].append(look)
        for post, _kind in POSTS:
            sent += _device(rng, seed, lane, post, sorted(looks[post], key=lambda look: look.at))
    return Hour(tuple(sorted(sent, key=lambda delivery: delivery.arrives)), lanes)


def _device(rng: random.Random, seed: int, lane: int, post: str, looks: list[Look]) -> list[Sent]:
    """The deliveries of one device."""
    skew = rng.uniform(-figures.SKEW_MOST, figures.SKEW_MOST)
    events = []
    for number, look in enumerate(looks):
        marks, misread = _marks(rng, lane, post, look)
        key = f"{seed:x}-{lane}-{post}-{number}"
        told = Reported(key, look.lorry.visit, lane, post, look.at + skew, marks, misread)
        events.append((look.at, told))
    return [
        Sent(arrives, lane, post, tuple(rng.sample(batch, len(batch))))
        for arrives, batch in _batches(rng, events)
    ]


def _batches(rng: random.Random, events: list[tuple[float, Reported]]) -> list[tuple[float, list[Reported]]]:
    every = rng.uniform(*figures.BATCH_EVERY) if rng.random() < figures.BATCHING else 0.0
    cut_from = rng.uniform(0, 3_600) if rng.random() < figures.CUT else math.inf
    cut_to = cut_from + rng.uniform(*figures.CUT_FOR)
    batches: defaultdict[float, list[Reported]] = defaultdict(list)
    late: list[Reported] = []
    for at, event in events:
        if cut_from <= at < cut_to:
            late.append(event)
        else:
            batches[(math.floor(at / every) + 1) * every if every else at].append(event)
    sent = [(leaves + _on_the_way(rng), batch) for leaves, batch in batches.items()]
    if late:
        sent.append((cut_to + rng.uniform(*figures.COMES_AFTER), late))
    return sent


def _on_the_way(rng: random.Random) -> float:
    takes = rng.uniform(*figures.LINE_TAKES)
    if rng.random() < figures.HELD_UP:
        least, most = figures.HELD_UP_FOR
        takes += least * (most / least) ** rng.random()
    return takes


def _marks(rng: random.Random, lane: int, post: str, look: Look) -> tuple[tuple[tuple[str, str], ...], int]:
    """The marks that an event of this device bears, and how many of them are misread."""
    lorry = look.lorry
    painted: list[tuple[str, str]] = []
    if post == "F":
        painted = [("tractor", lorry.tractor)] if rng.random() >= figures.FRONT_UNREAD else []
    elif post == "R" and rng.random() >= figures.REAR_UNREAD:
        painted = [("trailer", lorry.trailer or lorry.tractor)]
        painted += [("container", lorry.container)] if lorry.container else []
    elif post in {"KEY", "BAY"}:
        both = lorry.trailer and rng.random() < figures.TYPES_BOTH
        painted = [("tractor", lorry.tractor), *([("trailer", lorry.trailer)] if both else [])]
    elif post in _UNMARKED and rng.random() >= _UNMARKED[post]:
        says_trailer = lorry.trailer and rng.random() < figures.SAYS_TRAILER
        painted = [("trailer", lorry.trailer) if says_trailer else ("tractor", lorry.tractor)]
    vague = post in {"F", "R"} and lane % figures.KIND_NOT_TOLD_EVERY == figures.KIND_NOT_TOLD_EVERY - 1
    marks, misread = [], 0
    for kind, mark in painted:
        text, wrong = plates.read(rng, mark)
        marks.append(("unknown" if vague else kind, text))
        misread += wrong
    return tuple(marks), misread


#: How often the devices beside the lorry give no mark.
_UNMARKED = {
    post: figures.DOG_UNMARKED if kind == "dog" else figures.MACHINE_UNMARKED[kind]
    for post, kind in POSTS
    if kind == "dog" or kind in figures.MACHINE_UNMARKED
}
