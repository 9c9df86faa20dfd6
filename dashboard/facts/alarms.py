"""Facts of an alarm's own page."""

from dataclasses import dataclass

from dashboard.facts.acts import Act, Detail
from dashboard.facts.needs import AlarmRow, HistoryEntry


@dataclass(frozen=True, slots=True)
class AlarmPage:
    """One alarm: the row of the list, all that its reading told, what may be done with a comment, and who did what
    about it, oldest first."""

    row: AlarmRow
    details: tuple[Detail, ...]
    acts: tuple[Act, ...]
    history: tuple[HistoryEntry, ...]
    may_act: bool
    may_silence: bool
    late: bool = False
