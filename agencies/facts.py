"""Frozen values about who is acting."""

import dataclasses
import datetime as dt
import enum
import uuid

from agencies.choices import STATE_OF_CAVEAT, CountersignKind, CountersignState


class Actor(enum.StrEnum):
    """What kind of somebody acts."""

    NOBODY = "nobody"
    OFFICER = "officer"
    SERVICE = "service"  # a device or a partner's system, by its token
    INGEST = "ingest"  # the workers' own work: events, matches, hits, notices
    OWNER = "owner"  # migrations and preparation


def caveats_of(country: str) -> tuple[str, ...]:
    """The national caveats that hide nothing from a party of this state."""
    return ("", *(caveat for caveat, state in STATE_OF_CAVEAT.items() if state == country))


@dataclasses.dataclass(frozen=True, slots=True)
class Principal:
    """Who acts, with the rights as read at the start of this request, task or poll.

    `groups` are the ids of the agency's group and of the compartments the officer is named in.
    """

    actor: Actor = Actor.NOBODY
    uid: uuid.UUID | None = None
    label: str = ""
    agency_code: str = ""
    agency_group: int | None = None
    groups: tuple[int, ...] = ()
    clearance: int = -1
    role: str = ""
    is_authority: bool = False
    country: str = ""
    language: str = "en"
    scopes: frozenset[str] = frozenset()
    request_id: str = ""
    purpose: str = ""

    def settings(self) -> tuple[str, ...]:
        """The transaction-local settings: four that row-level security reads, two for the witness."""
        groups = "{" + ",".join(map(str, self.groups)) + "}" if self.groups else ""
        uid = str(self.uid) if self.uid else ""
        return groups, str(self.clearance), self.actor.value, self.country, uid, self.request_id[:64]

    @property
    def caveats(self) -> tuple[str, ...]:
        """The national caveats that hide nothing from this party: none, and that of its own state."""
        return caveats_of(self.country)

    @property
    def groups_literal(self) -> str:
        """The groups as a PostgreSQL array literal; `{}` sees nothing."""
        return "{" + ",".join(map(str, self.groups)) + "}"


NOBODY = Principal()
INGEST = Principal(actor=Actor.INGEST, label="ingest", clearance=99)
OWNER = Principal(actor=Actor.OWNER, label="owner", clearance=99)


class Ground(enum.StrEnum):
    """Why a record could be seen at a moment, or could not."""

    OWNER = "owner"
    GRANT = "grant"
    NOT_GIVEN = "not_given"
    NOT_YET = "not_yet"  # the record did not exist, or the officer had no account
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CLEARANCE = "clearance"
    CAVEAT = "caveat"
    SUSPENDED = "suspended"
    MOVED = "moved"
    ROLE = "role"
    NO_AUTHORITY = "no_authority"
    UNKNOWN = "unknown"  # before recording began


#: The grounds on which a record is seen.
SEEN_ON = frozenset({Ground.OWNER, Ground.GRANT})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecordMoment:
    """From here on a group held a record with these deciding values, or held it no more. `seq` orders a record's."""

    seq: int
    at: dt.datetime
    event: str
    group: int
    originator: int
    classification: int = 0
    caveat: str = ""
    expires_at: dt.datetime | None = None
    state: str = ""
    actor: str = ""
    actor_uid: uuid.UUID | None = None
    request_id: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OfficerMoment:
    """From here on an officer was this."""

    seq: int
    at: dt.datetime
    event: str
    agency_group: int
    role: str
    clearance: int
    is_active: bool
    groups: frozenset[int]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who is asked about: groups, and the caveats that hide nothing from them; an officer has a clearance and a role as well, an agency none."""

    groups: frozenset[int]
    caveats: frozenset[str] = frozenset({""})
    clearance: int | None = None
    role: str | None = None
    is_authority: bool = True


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The answer: on which ground, and by which moment of the record's history (None where there is none)."""

    ground: Ground
    moment: RecordMoment | None = None

    @property
    def seen(self) -> bool | None:
        """Yes, no, or None where nobody can tell."""
        return None if self.ground == Ground.UNKNOWN else self.ground in SEEN_ON


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One line of a record's story as its reader may read it. `by` names officers of the reader's agency only.

    `changes` are (field, before, after) as stored; `why` is the purpose of the sharing, for the owner.
    """

    at: dt.datetime
    event: str
    party: str
    by: str
    why: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Somebody read the record. Of another agency only the agency, the time and the door are told."""

    at: dt.datetime
    agency: str
    act: str
    channel: str
    who: str = ""
    purpose: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AsOfAnswer:
    """Who could see a record at a moment, why, who did, and what has been changed since.

    `needs_clearance` is the marking that a reader had to be cleared for. `officers` are those of the asker's
    own agency who could. `through` are the answers for the devices that an inheriting record is seen through.
    """

    kind: str
    uid: uuid.UUID
    label: str
    owner: str
    is_own: bool
    agency: str
    officer: str
    at: dt.datetime
    ground: Ground
    given: HistoryLine | None
    needs_clearance: int
    readings_recorded: bool
    readings: tuple[Reading, ...] = ()
    timeline: tuple[HistoryLine, ...] = ()
    since: tuple[HistoryLine, ...] = ()
    officers: tuple[str, ...] = ()
    through: tuple["AsOfAnswer", ...] = ()

    @property
    def seen(self) -> bool | None:
        """Yes, no, or None where nobody can tell."""
        return Sight(ground=self.ground).seen


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SignatureCard:
    """One signature: which agency, when, and (to the own agency) who."""

    agency: str
    officer: str
    signed_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CountersignCard:
    """A proposal as one reader may see it: the record's name is for its originator's own members."""

    uid: uuid.UUID
    kind: CountersignKind
    state: CountersignState
    owner: str
    subject: str
    guest: str
    reason: str
    proposed_by: str
    created_at: dt.datetime
    expires_at: dt.datetime | None
    closed_at: dt.datetime | None
    closing_reason: str
    waits_for: tuple[str, ...]
    signatures: tuple[SignatureCard, ...]
    may_sign: bool
    may_withdraw: bool
