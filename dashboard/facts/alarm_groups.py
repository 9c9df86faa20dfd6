"""The list of alarms as it is read: those of one vehicle together, the gravest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.facts.needs import AlarmLoad, AlarmRow
from dashboard.markup import digest

_RANK = {"high": 0, "medium": 1, "low": 2}
#: What stands above all others comes first, whatever its time; seconds of our age have ten digits.
_ABOVE, _AGE = 10**12, 10**10


@dataclass(frozen=True, slots=True)
class AlarmGroup:
    """The alarms of one vehicle that the reader may see and that fit the filters, or one alarm by itself."""

    key: str
    rows: tuple[AlarmRow, ...]
    called: bool = False

    @property
    def order(self) -> int:
        """The greatest stands first: the newest; of what has escalated the gravest, and what waits longest."""
        times = [int(row.raised.timestamp()) for row in self.rows]
        if self.called:
            return _ABOVE + (3 - _RANK.get(self.head.tone, 3)) * _AGE + _AGE - min(times)
        return max(times)

    @property
    def version(self) -> str:
        """Changes whenever anything that is shown of them does."""
        return digest(self.rows)

    @property
    def head(self) -> AlarmRow:
        """The gravest."""
        return self.rows[0]


def alarm_groups(rows: Sequence[AlarmRow], *, called: bool = False) -> tuple[AlarmGroup, ...]:
    """The rows, in their order, by vehicle; an alarm without a vehicle that the reader sees stands alone."""
    found: dict[str, list[AlarmRow]] = {}
    for row in rows:
        found.setdefault(row.passage_url or row.id, []).append(row)
    return tuple(
        AlarmGroup(f"{'called' if called else 'list'}-{name}", tuple(sorted(group, key=_pressing)), called)
        for name, group in found.items()
    )


def _pressing(row: AlarmRow) -> tuple[bool, int, bool, float]:
    return row.escalated is None, _RANK.get(row.tone, 9), row.acknowledged, -row.raised.timestamp()


@dataclass(frozen=True, slots=True)
class AlarmList:
    """A page of alarms and the load they make; `called` are those that have escalated, above all others."""

    rows: tuple[AlarmRow, ...]
    called: tuple[AlarmRow, ...] = ()
    load: AlarmLoad | None = None
    older: str = ""
    newer: str = ""
    filtered: bool = False
    #: The filters as they stand in the address, for the export and for asking again.
    export_query: str = ""
    #: The first page is asked for again as alarms change; older pages stand still.
    live: bool = False
    may_act: bool = False

    @property
    def groups(self) -> tuple[AlarmGroup, ...]:
        """What stands in the table, from top to bottom."""
        return (*alarm_groups(self.called, called=True), *alarm_groups(self.rows))

    @property
    def as_of(self) -> str:
        """A name of all that the page says."""
        return digest([(group.key, group.version) for group in self.groups], self.load)
