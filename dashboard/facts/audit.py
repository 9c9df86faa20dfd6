"""Facts of the pages of the audit record."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.facts.acts import Detail


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record in the list."""

    id: str
    at: datetime
    who: str
    kind: str
    act: str
    code: str
    objects: str
    purpose: str


@dataclass(frozen=True, slots=True)
class RecordList:
    """A page of the record; `whole` when the reader may read the agency's, and not the own acts alone."""

    rows: tuple[RecordRow, ...]
    older: str = ""
    newer: str = ""
    filtered: bool = False
    whole: bool = False
    export_query: str = ""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One record with its seal; `may_prove` when its proof may be taken away."""

    row: RecordRow
    details: tuple[Detail, ...]
    seal: tuple[Detail, ...] = ()
    may_prove: bool = False


@dataclass(frozen=True, slots=True)
class RootsPage:
    """What the agency was given, and with what it verifies."""

    details: tuple[Detail, ...]
    sealed: bool = False
    #: What is typed at the agency, with the names that the files have when they are downloaded.
    command: str = "python3 jocc_audit_verify.py roots.ndjson --records evidence.ndjson"
