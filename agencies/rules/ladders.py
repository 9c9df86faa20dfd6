"""The ladders of protective marking of both states, by date, and how one answers to the other. Data.

UK-FR equivalence: the exchange of letters that amends the agreement of 27 March 2008 (décret 2008-1333).
The centre holds nothing above OFFICIAL-SENSITIVE / DIFFUSION RESTREINTE. `level` is the centre's own rung; None
means: above the ceiling, refused at the door.
"""

import dataclasses
import datetime as dt

from agencies.choices import Classification

#: The British ladder of before is RESTRICTED, CONFIDENTIAL …; the French one has two secret rungs since 2021.
GPMS_ENDS = dt.date(2014, 4, 2)
IGI_2021 = dt.date(2021, 7, 1)

_LETTERS = "UK-FR exchange of letters of 2014 on the agreement of 27 March 2008 (décret 2008-1333)"
_GPMS = "Government Protective Marking Scheme, until 2 April 2014"
_GSC = "Government Security Classifications, from 2 April 2014"
_IGI_OLD = "IGI 1300 before the reform of 2021"
_IGI_NEW = "IGI 1300/2021"
_MENTION = "IGI 1300: a mention that is no classification"


@dataclasses.dataclass(frozen=True, slots=True)
class Rung:
    """One marking of one state. `since` and `until` (the first day without it) bound its validity."""

    state: str
    words: str
    level: Classification | None
    rank: int
    source: str
    since: dt.date | None = None
    until: dt.date | None = None
    also: tuple[str, ...] = ()

    def holds_on(self, day: dt.date) -> bool:
        """Whether the marking could be given on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


_OPEN, _SENSITIVE = Classification.OPEN, Classification.SENSITIVE

LADDERS: tuple[Rung, ...] = (
    Rung("GB", "UNCLASSIFIED", _OPEN, 0, _GPMS, until=GPMS_ENDS, also=("NOT PROTECTIVELY MARKED",)),
    Rung("GB", "PROTECT", _SENSITIVE, 10, _GPMS, until=GPMS_ENDS),
    Rung("GB", "RESTRICTED", _SENSITIVE, 11, _GPMS, until=GPMS_ENDS),
    Rung("GB", "CONFIDENTIAL", None, 20, _GPMS, until=GPMS_ENDS),
    Rung("GB", "SECRET", None, 30, _GPMS, until=GPMS_ENDS),
    Rung("GB", "TOP SECRET", None, 40, _GPMS, until=GPMS_ENDS),
    Rung("GB", "OFFICIAL", _OPEN, 0, _GSC, since=GPMS_ENDS),
    Rung("GB", "OFFICIAL-SENSITIVE", _SENSITIVE, 10, _LETTERS, since=GPMS_ENDS, also=("O-S",)),
    Rung("GB", "SECRET", None, 30, _LETTERS, since=GPMS_ENDS),
    Rung("GB", "TOP SECRET", None, 40, _LETTERS, since=GPMS_ENDS),
    Rung("FR", "NON PROTÉGÉ", _OPEN, 0, _MENTION, also=("NP",)),
    Rung("FR", "DIFFUSION RESTREINTE", _SENSITIVE, 10, _LETTERS, also=("DR",)),
    Rung("FR", "CONFIDENTIEL DÉFENSE", None, 20, _IGI_OLD, until=IGI_2021, also=("CD",)),
    Rung("FR", "SECRET DÉFENSE", None, 30, _IGI_OLD, until=IGI_2021, also=("SD",)),
    Rung("FR", "TRÈS SECRET DÉFENSE", None, 40, _IGI_OLD, until=IGI_2021, also=("TSD",)),
    Rung("FR", "SECRET", None, 30, _IGI_NEW, since=IGI_2021),
    Rung("FR", "TRÈS SECRET", None, 40, _IGI_NEW, since=IGI_2021),
)

#: Rungs that answer to each other: by the letters of 2014, and since 2021 by inference (no later table is public).
EQUIVALENT: tuple[tuple[str, str], ...] = (
    ("OFFICIAL", "NON PROTÉGÉ"),
    ("OFFICIAL-SENSITIVE", "DIFFUSION RESTREINTE"),
    ("SECRET", "SECRET DÉFENSE"),
    ("SECRET", "CONFIDENTIEL DÉFENSE"),
    ("SECRET", "SECRET"),
    ("TOP SECRET", "TRÈS SECRET DÉFENSE"),
    ("TOP SECRET", "TRÈS SECRET"),
)
