"""The rights matrix: who may do what to which kind of record. Data; agencies/rules/rights.py enforces it.

A right says what somebody may do at all. To which records is decided by the gate and by row-level security:
the audience, the clearance, the national caveat. So a right never opens a record; it can only be missing.
"""

import dataclasses

from agencies.actions import Action, Reach, RecordKind, Right
from agencies.choices import AccountKind, Role, Scope

Kind = RecordKind

_EVERYBODY = frozenset(Role.values)
_LANE = frozenset({Role.OFFICER, Role.ANALYST, Role.SUPERVISOR})
_CELL = frozenset({Role.ANALYST, Role.SUPERVISOR})
_KEEPERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
_NO_ROLE: frozenset[str] = frozenset()
_PARTNER = frozenset({AccountKind.PARTNER})
_ACCOUNTS = frozenset(AccountKind.values)


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One line of the matrix: what is done, to which kinds of record, by which roles of officers.

    `scope` is what a token needs for it, and `accounts` which kinds of service account may have that scope.
    `authority_only`: a competent authority (police, border, customs) may, the port operator may not, whatever
    the role (design: persons are none of its business).
    """

    right: Right
    action: Action
    kinds: tuple[RecordKind, ...]
    reach: Reach
    roles: frozenset[str] = _NO_ROLE
    scope: Scope | None = None
    accounts: frozenset[str] = frozenset()
    authority_only: bool = False


def _entry(
    right: Right,
    action: Action,
    kind: Kind | tuple[Kind, ...],
    reach: Reach,
    roles: frozenset[str],
    **more: object,
) -> Entry:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if more.get("scope"):
        more.setdefault("accounts", _PARTNER)
    return Entry(right, action, kinds, reach, roles, **more)  # type: ignore[arg-type]


_A, _R = Action, Right
_OWN, _AUDIENCE = Reach.OWN, Reach.AUDIENCE

#: Each right once, in the order in which an officer meets the records.
MATRIX: tuple[Entry, ...] = (
    # The board and what passes.
    _entry(_R.BOARD_VIEW, _A.VIEW, Kind.BOARD, _AUDIENCE, _EVERYBODY, scope=Scope.SCANNING_READ),
    _entry(_R.PASSAGE_VIEW, _A.VIEW, Kind.PASSAGE, _AUDIENCE, _EVERYBODY, scope=Scope.SCANNING_READ),
    # Which vehicle a finding belongs to may become evidence: none of the port operator's business.
    _entry(
        _R.PASSAGE_CORRECT, _A.CORRECT, Kind.PASSAGE, _AUDIENCE, _LANE, scope=Scope.PASSAGES_WRITE, authority_only=True
    ),
    _entry(_R.ALARM_VIEW, _A.VIEW, Kind.ALARM, _AUDIENCE, _EVERYBODY, scope=Scope.SCANNING_READ),
    _entry(_R.ALARM_ACT, _A.ACT, Kind.ALARM, _AUDIENCE, _LANE, scope=Scope.ALARMS_WRITE),
    _entry(_R.ENTRY_MAKE, _A.MAKE, Kind.ENTRY, _AUDIENCE, _LANE),
    # A picture may show people: none of the port operator's business, even where the camera is its own.
    _entry(_R.IMAGE_VIEW, _A.VIEW, Kind.IMAGE, _AUDIENCE, _LANE, scope=Scope.IMAGES_READ, authority_only=True),
    _entry(_R.IMAGE_ADD, _A.ADD, Kind.IMAGE, _OWN, _LANE, authority_only=True),
    _entry(_R.IMAGE_ACT, _A.KEEP, Kind.IMAGE, _AUDIENCE, _LANE, scope=Scope.IMAGES_WRITE, authority_only=True),
    _entry(_R.FIND_REPORT, _A.MAKE, Kind.LATER_FIND, _OWN, _LANE, scope=Scope.FINDS_WRITE),
    _entry(_R.REQUEST_VIEW, _A.VIEW, Kind.SCAN_REQUEST, _AUDIENCE, _EVERYBODY, scope=Scope.SCANNING_READ),
    _entry(_R.REQUEST_ASK, _A.SEEK, Kind.SCAN_REQUEST, _OWN, _LANE, scope=Scope.REQUESTS_WRITE),
    _entry(_R.REQUEST_ANSWER, _A.ANSWER, Kind.SCAN_REQUEST, _AUDIENCE, _LANE, scope=Scope.REQUESTS_WRITE),
    # What is looked for.
    _entry(
        _R.LOOKOUT_VIEW, _A.VIEW, Kind.LOOKOUT, _AUDIENCE, _LANE, scope=Scope.LOOKOUTS_READ, authority_only=True
    ),
    _entry(
        _R.ACCESS_ASK, _A.REQUEST, Kind.LOOKOUT, _OWN, _LANE, scope=Scope.LOOKOUTS_READ, authority_only=True
    ),
    _entry(
        _R.PROPOSAL_MAKE, _A.PROPOSE, Kind.LOOKOUT, _AUDIENCE, _LANE, scope=Scope.LOOKOUTS_READ, authority_only=True
    ),
    _entry(_R.LOOKOUT_CREATE, _A.OWN, Kind.LOOKOUT, _OWN, _CELL, scope=Scope.LOOKOUTS_WRITE, authority_only=True),
    _entry(
        _R.RECALL_CONFIRM, _A.CONFIRM, Kind.RECALL, _OWN, _CELL, scope=Scope.LOOKOUTS_READ, authority_only=True
    ),
    _entry(_R.HIT_VIEW, _A.VIEW, Kind.HIT, _AUDIENCE, _LANE, scope=Scope.HITS_READ, authority_only=True),
    _entry(_R.HIT_DECIDE, _A.DECIDE, Kind.HIT, _OWN, _LANE, scope=Scope.HITS_WRITE, authority_only=True),
    _entry(_R.NOTICE_VIEW, _A.VIEW, Kind.NOTICE, _AUDIENCE, _LANE, scope=Scope.HITS_READ),
    _entry(_R.NOTICE_ACT, _A.DECIDE, Kind.NOTICE, _AUDIENCE, _LANE, scope=Scope.HITS_WRITE),
    _entry(_R.CHECK_MAKE, _A.MAKE, Kind.CHECK, _OWN, _LANE, scope=Scope.CHECKS_WRITE, authority_only=True),
    # Equipment and what it sends.
    _entry(_R.OUTAGE_VIEW, _A.VIEW, (Kind.OUTAGE, Kind.CARE), _AUDIENCE, _EVERYBODY, scope=Scope.SCANNING_READ),
    _entry(_R.OUTAGE_WORK, _A.REPAIR, Kind.OUTAGE, _AUDIENCE, _LANE, scope=Scope.DEVICES_WRITE),
    _entry(_R.DEVICE_CARE, _A.MAKE, Kind.CARE, _OWN, _KEEPERS, scope=Scope.DEVICES_WRITE),
    _entry(_R.DEVICE_MANAGE, _A.MANAGE, (Kind.DEVICE, Kind.LANE), _OWN, _KEEPERS),
    _entry(_R.QUARANTINE_MANAGE, _A.REPLAY, Kind.DELIVERY, _OWN, _KEEPERS),
    _entry(
        _R.DELIVERY_POST, _A.POST, Kind.DELIVERY, Reach.ITSELF, _NO_ROLE,
        scope=Scope.DELIVERIES_WRITE, accounts=_ACCOUNTS,
    ),
    _entry(
        _R.DELIVERY_VIEW, _A.VIEW, Kind.DELIVERY, Reach.ITSELF, _NO_ROLE,
        scope=Scope.DELIVERIES_READ, accounts=_ACCOUNTS,
    ),
    # Who we are.
    _entry(_R.ADMIN_ENTER, _A.ENTER, Kind.ADMIN_SITE, _OWN, _KEEPERS | {Role.AUDITOR}),
    _entry(
        _R.OFFICER_MANAGE, _A.MANAGE, (Kind.OFFICER, Kind.COMPARTMENT, Kind.DESK, Kind.SHIFT), _OWN, _KEEPERS
    ),
    _entry(_R.FACTOR_RESET, _A.RESET, Kind.FACTOR, _OWN, _KEEPERS),
    _entry(
        _R.COUNTERSIGN_VIEW, _A.VIEW, Kind.COUNTERSIGN, _AUDIENCE, _CELL | _KEEPERS, scope=Scope.COUNTERSIGNS_READ
    ),
    _entry(_R.TOKEN_MANAGE, _A.MANAGE, Kind.SERVICE_ACCOUNT, _OWN, _KEEPERS),
    _entry(
        _R.AUDIT_VIEW, _A.VIEW, (Kind.AUDIT, Kind.OFFICER, Kind.DESK, Kind.SHIFT, Kind.SERVICE_ACCOUNT), _OWN,
        frozenset({Role.SUPERVISOR, Role.AUDITOR}), scope=Scope.AUDIT_READ,
    ),
    # Of what others share the auditor alone asks, and only about the own agency.
    _entry(
        _R.ASOF_ASK, _A.ASK, Kind.HISTORY, _OWN, frozenset({Role.SUPERVISOR, Role.AUDITOR}), scope=Scope.ASOF_READ
    ),
    _entry(_R.ASOF_RECEIVED, _A.ASK, Kind.HISTORY, _AUDIENCE, frozenset({Role.AUDITOR})),
)  # fmt: skip
