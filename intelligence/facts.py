"""Frozen values of intelligence: what was seen, what is to be entered, and what a reader may see of a record."""

import dataclasses
import datetime as dt
import uuid

from intelligence.choices import (
    AccessState,
    ActionCode,
    CaseState,
    CheckOutcome,
    DisclosureMode,
    Ending,
    HitState,
    LookoutKind,
    LookoutState,
    NoticeState,
    Priority,
    ProposalState,
    RecallState,
    RejectReason,
    SharedKind,
    Strength,
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One mark as a device read it on one vehicle at one visit (passage).

    `mark_norm` and `mark_folded` come from intelligence/rules/marks.py; `place` is what an officer finds the
    lane by; `seen_at` is the corrected event time; `is_late` says that it was found in a backlog. `seen_by` are
    the groups that may see the device: nobody learns through a lookout of what a hidden device saw. None means
    that no device is behind it (a check by hand).
    """

    mark_raw: str
    mark_norm: str
    mark_folded: str
    country: str = ""
    confidence: float | None = None
    passage_uid: uuid.UUID
    device_id: int | None = None
    lane_id: int | None = None
    place: str = ""
    seen_at: dt.datetime
    is_late: bool = False
    seen_by: frozenset[int] | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Handling:
    """One handling instruction as received: scheme, its version, its codes, and the text that came with them."""

    scheme: str
    version: str
    codes: tuple[str, ...]
    conditions: str = ""

    def stored(self) -> dict[str, object]:
        """As the record keeps it."""
        return dataclasses.asdict(self) | {"codes": list(self.codes)}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LookoutDraft:
    """A lookout as it is entered. Agencies and desks are named by their codes, a compartment by its uid.

    Without a compartment the lookout belongs to the agency of whoever enters it. `marking` is a protective marking
    in the words of either state as it was received; `not_marked_higher` is the officer's word that a text which
    begins like a marking above the ceiling bears none.
    """

    mark: str
    kind: str = LookoutKind.PLATE.value
    country: str = ""
    action_code: str
    mode: str = DisclosureMode.SILENT.value
    notified_agencies: tuple[str, ...] = ()
    desk: str = ""
    priority: str = Priority.MEDIUM.value
    reason: str
    instruction: str = ""
    classification: int = 0
    caveat: str = ""
    marking: str = ""
    handling: tuple[Handling, ...] = ()
    not_marked_higher: bool = False
    expires_at: dt.datetime
    review_due: dt.date
    compartment: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DeskCard:
    """The desk that the front line is referred to."""

    code: str
    name_en: str
    name_fr: str
    phone: str
    agency: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LookoutCard:
    """A lookout as one reader may see it.

    Only the owner sees the reason, the agencies told, who may read it and who entered it; a reader with whom
    it was shared sees the rest. `recipients` are those whom the owner lets such a reader know of.
    """

    uid: uuid.UUID
    reference: str
    owner: str
    is_own: bool
    kind: LookoutKind
    mark: str
    country: str
    action_code: ActionCode
    mode: DisclosureMode
    priority: Priority
    desk: DeskCard | None
    instruction: str
    state: LookoutState
    is_active: bool
    classification: int
    caveat: str = ""
    marking_received: str = ""
    handling: tuple[Handling, ...] = ()
    created_at: dt.datetime
    expires_at: dt.datetime | None
    review_due: dt.date
    review_overdue: bool
    withdrawn_at: dt.datetime | None
    reason: str = ""
    notified_agencies: tuple[str, ...] = ()
    shared_with: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    compartment: str = ""
    entered_by: str = ""
    withdrawn_reason: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class ReadingsFact:
    """How often somebody has read a record, and when first and last."""

    count: int
    first: dt.datetime | None
    last: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DisseminationCard:
    """One record given to one agency, for the originator's eyes. `readings` counts how often it was read there."""

    uid: uuid.UUID
    kind: SharedKind
    record: uuid.UUID
    reference: str
    recipient: str
    purpose: str
    show_recipients: bool
    given_at: dt.datetime
    given_by: str
    expires_at: dt.datetime | None
    readings: int
    last_read_at: dt.datetime | None
    ended_at: dt.datetime | None
    ended_by: str
    ending: Ending | None
    ended_reason: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecallCard:
    """A record taken back from one agency. `record` and `reason` are the owner's; the rest both sides see."""

    uid: uuid.UUID
    kind: SharedKind
    record: uuid.UUID | None
    reference: str
    owner: str
    is_own: bool
    recipient: str
    recalled_at: dt.datetime
    reason: str
    readings: int
    first_read_at: dt.datetime | None
    last_read_at: dt.datetime | None
    state: RecallState
    confirmed_at: dt.datetime | None
    confirmed_by: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SeenCard:
    """Where, when and how well a mark was seen: the part that hits and notices have in common.

    `version` changes whenever anything that a reader sees of the card does. `sounds` is true only for a stop
    that nobody has taken and that was not found late.
    """

    uid: uuid.UUID
    reference: str
    owner: str
    is_own: bool
    priority: Priority
    strength: Strength
    mark_seen: str
    mark_sought: str
    country_seen: str
    mark_confidence: float | None
    passage_uid: uuid.UUID | None
    lane_id: int | None
    device_id: int | None
    place: str
    seen_at: dt.datetime
    last_seen_at: dt.datetime
    sightings: int
    is_late: bool
    by_check: bool
    created_at: dt.datetime
    decided_by: str
    decided_agency: str
    decided_at: dt.datetime | None
    reject_reason: RejectReason | None
    outcome: str
    version: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class HitCard(SeenCard):
    """A hit, for its owner. `checked_by` is the agency that asked, when a check by hand found the mark."""

    state: HitState
    lookout_uid: uuid.UUID | None
    lookout_reference: str
    mode: DisclosureMode | None
    action_code: ActionCode | None
    country_sought: str
    notice_uid: uuid.UUID | None
    notice_state: NoticeState | None
    checked_by: str
    may_decide: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCard(SeenCard):
    """A notice, for the front line: the action or the desk, never the reason.

    `taken_by` and `decided_by` name officers of the reader's own agency only; of others the agency stands.
    """

    state: NoticeState
    mode: DisclosureMode
    action_code: ActionCode
    instruction: str
    desk: DeskCard | None
    sounds: bool
    escalated_at: dt.datetime | None
    escalations: int
    taken_by: str
    taken_agency: str
    taken_at: dt.datetime | None
    may_take: bool
    may_decide: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CheckCard:
    """A check by hand for the one who made it; `outcome` is None until it is answered."""

    uid: uuid.UUID
    mark: str
    purpose: str
    place: str
    asked_at: dt.datetime
    asked_by: str
    answered_at: dt.datetime | None
    outcome: CheckOutcome | None
    notice_uids: tuple[uuid.UUID, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CheckBudget:
    """How many checks the officer has made in the last hour, and how many are allowed."""

    used: int
    allowed: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequestCard:
    """An access request for its asker: the same whether there is such a record or not, until its owner speaks."""

    uid: uuid.UUID
    reference: str
    purpose: str
    asked_at: dt.datetime
    asked_by: str
    closes_at: dt.datetime
    state: AccessState
    message: str
    answered_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AccessCaseCard:
    """An access case for the owner; `asked_by` is the agency."""

    uid: uuid.UUID
    kind: SharedKind
    record_uid: uuid.UUID
    reference: str
    asked_by: str
    purpose: str
    asked_at: dt.datetime
    closes_at: dt.datetime | None
    state: CaseState
    is_open: bool
    probing: bool
    message: str
    answered_by: str
    answered_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MergeLine:
    """One field of a proposal: as it was seen, as proposed, and (for the owner) as it stands now."""

    field: str
    base: str
    proposed: str
    current: str | None
    conflict: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ProposalCard:
    """A proposal as its reader may see it. `version` and the current values are the owner's."""

    uid: uuid.UUID
    lookout_uid: uuid.UUID | None
    reference: str
    owner: str
    is_own: bool
    proposer: str
    proposed_by: str
    reason: str
    lines: tuple[MergeLine, ...]
    state: ProposalState
    taken: tuple[str, ...]
    created_at: dt.datetime
    decided_at: dt.datetime | None
    decided_by: str
    decision_reason: str
    version: str
    stale: bool
