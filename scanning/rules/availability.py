"""How much of its time in service a device was fit to work: pure sums over intervals.

Operational availability counts all downtime, inherent availability leaves the planned downtime out of the time that is
asked for (MIL-HDBK-338B §5.6.1 tells the two apart). What works with limits is not down.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Interval = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True)
class Spell:
    """One outage: from when until when (None: it goes on), planned or not, down or only limited."""

    begins_at: dt.datetime
    ends_at: dt.datetime | None
    is_planned: bool = False
    is_down: bool = True
    taken_at: dt.datetime | None = None


@dataclass(slots=True)
class Uptime:
    """What adds up over devices: seconds in service and down, breakdowns, and how long their ends took."""

    service_s: float = 0
    planned_s: float = 0
    unplanned_s: float = 0
    breakdowns: int = 0
    repairs_s: list[float] = field(default_factory=list)
    delays_s: list[float] = field(default_factory=list)

    @property
    def operational(self) -> float | None:
        """Share of the time in service without any downtime; None without time in service."""
        return self._share(self.service_s - self.planned_s - self.unplanned_s, self.service_s)

    @property
    def inherent(self) -> float | None:
        """Share of the time in service outside planned downtime that was not broken down."""
        wanted = self.service_s - self.planned_s
        return self._share(wanted - self.unplanned_s, wanted)

    @property
    def repair_s(self) -> float | None:
        """Mean time from the begin of a breakdown to its end, of those that ended in the period."""
        return sum(self.repairs_s) / len(self.repairs_s) if self.repairs_s else None

    @property
    def delay_s(self) -> float | None:
        """Mean time until somebody took a breakdown up, of those that were taken up."""
        return sum(self.delays_s) / len(self.delays_s) if self.delays_s else None

    @property
    def between_s(self) -> float | None:
        """Mean time of working between breakdowns; None without a breakdown."""
        up = self.service_s - self.planned_s - self.unplanned_s
        return up / self.breakdowns if self.breakdowns else None

    def add(self, other: "Uptime") -> None:
        """Count another one's time too."""
        self.service_s += other.service_s
        self.planned_s += other.planned_s
        self.unplanned_s += other.unplanned_s
        self.breakdowns += other.breakdowns
        self.repairs_s.extend(other.repairs_s)
        self.delays_s.extend(other.delays_s)

    @staticmethod
    def _share(part: float, whole: float) -> float | None:
        return max(0.0, part / whole) if whole > 0 else None


def uptime(
    service: Sequence[Interval], spells: Sequence[Spell], since: dt.datetime, until: dt.datetime
) -> Uptime:
    """The sums of one device over [since, until): downtime counts only while it is in service, planned before unplanned.

    A breakdown is counted where the device served when it broke down. `until` is not later than now, so that what goes
    on is counted to `until`.
    """
    served = _merged(_clipped(service, since, until))
    planned = _within(
        ((each.begins_at, each.ends_at or until) for each in spells if each.is_planned and each.is_down),
        served,
    )
    broken = [each for each in spells if not each.is_planned and each.is_down]
    down = _merged([*planned, *_within(((each.begins_at, each.ends_at or until) for each in broken), served)])
    found = Uptime(service_s=_seconds(served), planned_s=_seconds(planned))
    found.unplanned_s = _seconds(down) - found.planned_s
    for each in broken:
        if not any(begin <= each.begins_at < end for begin, end in service):
            continue
        if since <= each.begins_at < until:
            found.breakdowns += 1
            if each.taken_at is not None:
                found.delays_s.append(max(0.0, (each.taken_at - each.begins_at).total_seconds()))
        if each.ends_at is not None and since <= each.ends_at < until:
            found.repairs_s.append((each.ends_at - each.begins_at).total_seconds())
    return found


def _within(spans: Iterable[Interval], served: Sequence[Interval]) -> list[Interval]:
    return _merged([piece for span in spans for piece in _clipped(served, *span)])


def _clipped(intervals: Iterable[Interval], since: dt.datetime, until: dt.datetime) -> list[Interval]:
    return [
        (max(begin, since), min(end, until))
        for begin, end in intervals
        if max(begin, since) < min(end, until)
    ]


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    found: list[Interval] = []
    for begin, end in sorted(intervals):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _seconds(intervals: Iterable[Interval]) -> float:
    return sum((end - begin).total_seconds() for begin, end in intervals)
