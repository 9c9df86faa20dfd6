"""How well events were joined to passages, against the truth."""

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from jocc.bench.labelled import figures
from jocc.bench.labelled.hour import Hour, Reported


@dataclasses.dataclass(frozen=True, slots=True)
class Score:
    """Shares of events in the right passage, and how many visits and passages are wrong."""

    accuracy: float
    unmarked: float
    misread: float
    late: float
    visits: int
    visits_split: int
    passages: int
    passages_mixed: int
    wrong: tuple[str, ...]  # the keys of the events that are in a wrong passage


def joined_score(hour: Hour, passages: Mapping[str, int]) -> Score:
    """Judge `passages`: the passage of each event, by the event's key.

    A visit's own passage is the one that holds most of its events, one to one: the pairs with most events in
    common come first, and each visit and each passage is taken once. That is never more than the best matching gives. An event is
    right in its visit's own passage, and wrong anywhere else.
    """
    events = hour.events
    shared = Counter((event.visit, passages[event.key]) for event in events)
    own = _own_passages(shared)
    right = {event.key: own.get(event.visit) == passages[event.key] for event in events}
    late = {
        event.key
        for delivery in hour.sent
        for event in delivery.events
        if delivery.arrives - event.at > figures.LATE
    }
    of_visit, of_passage = defaultdict(set), defaultdict(set)
    for visit, passage in shared:
        of_visit[visit].add(passage)
        of_passage[passage].add(visit)

    def share(chosen: Iterable[Reported]) -> float:
        verdicts = [right[event.key] for event in chosen]
        return sum(verdicts) / len(verdicts) if verdicts else 1.0

    return Score(
        accuracy=share(events),
        unmarked=share(event for event in events if not event.marks),
        misread=share(event for event in events if event.misread),
        late=share(event for event in events if event.key in late),
        visits=len(of_visit),
        visits_split=sum(len(held) > 1 for held in of_visit.values()),
        passages=len(of_passage),
        passages_mixed=sum(len(held) > 1 for held in of_passage.values()),
        wrong=tuple(key for key, is_right in right.items() if not is_right),
    )


def _own_passages(shared: Mapping[tuple[int, int], int]) -> dict[int, int]:
    own: dict[int, int] = {}
    taken: set[int] = set()
    for visit, passage in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if visit not in own and passage not in taken:
            own[visit] = passage
            taken.add(passage)
    return own
