"""Reading who somebody is."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from agencies.acting import memory
from agencies.choices import AccountKind, CountersignKind, CountersignState
from agencies.facts import NOBODY, Actor, CountersignCard, Principal, SignatureCard
from agencies.models import (
    Agency,
    Compartment,
    Countersign,
    DemoMark,
    Desk,
    Officer,
    ServiceAccount,
    ServiceToken,
    Shift,
    Upkeep,
)
from agencies.rules.countersigns import group_to_sign, kinds_seen_by, state_now
from audit.models import AuditEvent


def principal_of(user: Any, *, request_id: str = "", purpose: str = "") -> Principal:
    """The principal of an officer as the database knows them now; an inactive one is nobody."""
    if not isinstance(user, Officer) and not getattr(user, "is_authenticated", False):
        return NOBODY
    officer = user
    if not officer.is_active or officer.agency_id is None:
        return NOBODY
    agency = officer.agency
    groups = officer.groups_read
    if groups is None:
        groups = officer.groups.values_list("id", flat=True)
    return Principal(
        actor=Actor.OFFICER,
        uid=officer.uid,
        label=str(officer),
        agency_code=agency.code,
        agency_group=agency.group_id,
        groups=tuple(sorted({agency.group_id, *groups})),
        clearance=officer.clearance,
        role=officer.role,
        is_authority=agency.is_authority,
        country=agency.country,
        language=officer.language,
        request_id=request_id,
        purpose=purpose,
    )


def principal_of_token(token: ServiceToken, *, request_id: str = "") -> Principal:
    """The principal of a service account; the token may hold fewer scopes than the account, never more."""
    account = token.account
    return Principal(
        actor=Actor.SERVICE,
        uid=account.uid,
        label=account.name,
        agency_code=account.agency.code,
        agency_group=account.agency.group_id,
        groups=(account.agency.group_id,),
        clearance=account.clearance,
        role=account.kind,
        is_authority=account.agency.is_authority and account.kind == AccountKind.PARTNER,
        country=account.agency.country,
        scopes=frozenset(token.scopes) & frozenset(account.scopes),
        request_id=request_id,
    )


def shift_of(officer: Officer, at: dt.datetime | None = None) -> Shift | None:
    """The shift that the officer works in at the moment, if any."""
    now = at or timezone.now()
    mine = Shift.objects.filter(starts_at__lte=now, ends_at__gt=now).select_related("desk", "lead")
    return (
        (mine.filter(officers=officer) | mine.filter(lead=officer)).distinct().order_by("-starts_at").first()
    )


def agencies_all() -> list[Agency]:
    """Every agency, by code."""
    return list(Agency.objects.select_related("group"))


def agency_codes_by_group() -> dict[int, str]:
    """Agency codes by the id of the agency's group; read once per request, task or poll."""
    notes = memory.get()
    if notes is not None and "agency_codes" in notes:
        known: dict[int, str] = notes["agency_codes"]
        return known
    codes = dict(Agency.objects.values_list("group_id", "code"))
    if notes is not None:
        notes["agency_codes"] = codes
    return codes


def agency_groups_of_compartments() -> dict[int, int]:
    """The group of the agency behind each compartment's group: its officers see what their agency sees."""
    return dict(Compartment.objects.values_list("group_id", "agency__group_id"))


def is_demonstration() -> bool:
    """Whether this database was prepared as a demonstration one."""
    return DemoMark.objects.exists()


def upkeep_last() -> dict[str, Upkeep]:
    """How each duty of upkeep went the last time, by its name."""
    return {row.name: row for row in Upkeep.objects.all()}


def agency_group_of(principal: Principal) -> int:
    """The agency's group; for whoever has no agency a group that is none, because NULL would match NULL."""
    return principal.agency_group if principal.agency_group is not None else -1


def officers_own(principal: Principal) -> QuerySet[Officer]:
    """The officers of the principal's agency."""
    return Officer.objects.filter(agency__group_id=agency_group_of(principal)).select_related("agency")


def compartments_of(principal: Principal) -> QuerySet[Compartment]:
    """The compartments that the principal is named in; of others nobody learns even the cover name."""
    return Compartment.objects.filter(group_id__in=principal.groups).select_related("agency")


def desks_own(principal: Principal) -> QuerySet[Desk]:
    """The desks of the principal's agency."""
    return Desk.objects.filter(agency__group_id=agency_group_of(principal)).select_related("agency")


def shifts_own(principal: Principal) -> QuerySet[Shift]:
    """The shifts at the desks of the principal's agency."""
    return Shift.objects.filter(desk__agency__group_id=agency_group_of(principal)).select_related(
        "desk", "lead"
    )


def officers_on_duty(principal: Principal) -> set[int]:
    """The officers (internal ids) of the principal's agency whose shift runs at the moment."""
    now = timezone.now()
    running = shifts_own(principal).filter(starts_at__lte=now, ends_at__gt=now).order_by()
    rows = running.values_list("lead", "officers")
    return {officer for row in rows for officer in row if officer is not None}


def accounts_own(principal: Principal) -> QuerySet[ServiceAccount]:
    """The service accounts of the principal's agency."""
    return ServiceAccount.objects.filter(agency__group_id=agency_group_of(principal)).select_related("agency")


def tokens_own(principal: Principal) -> QuerySet[ServiceToken]:
    """The tokens of the service accounts of the principal's agency."""
    own = ServiceToken.objects.filter(account__agency__group_id=agency_group_of(principal))
    return own.select_related("account__agency", "created_by")


def audit_visible_to(principal: Principal) -> QuerySet[AuditEvent]:
    """The record of the principal's own agency and compartments, newest first."""
    return AuditEvent.objects.filter(agency_group_id__in=principal.groups).order_by("-at", "-id")


def countersigns_of(principal: Principal) -> QuerySet[Countersign]:
    """The proposals that the principal may see, of the kinds that concern them, newest first."""
    return (
        Countersign.objects.visible_to(principal)
        .filter(kind__in=kinds_seen_by(principal))
        .select_related("proposed_by__agency")
        .prefetch_related("signatures__officer__agency")
        .order_by("-created_at", "-id")
    )


def countersign_cards(principal: Principal, proposals: Iterable[Countersign]) -> list[CountersignCard]:
    """Proposals as this reader may see them."""
    codes = agency_codes_by_group() | dict(Compartment.objects.values_list("group_id", "agency__code"))
    return [_countersign_card(principal, each, codes) for each in proposals]


def _countersign_card(
    principal: Principal, proposal: Countersign, codes: Mapping[int, str]
) -> CountersignCard:
    state = state_now(proposal.state, proposal.expires_at, timezone.now())
    signatures = list(proposal.signatures.all())
    signed = {signature.agency_group_id for signature in signatures}
    member = proposal.originator_id in principal.groups
    is_open = state == CountersignState.OPEN
    acts = is_open and principal.actor == Actor.OFFICER
    mine = group_to_sign(proposal.must_sign, signed, principal.groups)
    told = ", ".join(codes.get(group, "") for group in proposal.must_sign)
    return CountersignCard(
        uid=proposal.uid,
        kind=CountersignKind(proposal.kind),
        state=state,
        owner=codes.get(proposal.originator_id, ""),
        subject=proposal.subject_label if member else "",
        guest=f"{told} · {proposal.guest_badge}" if proposal.guest_badge else "",
        reason=proposal.reason,
        proposed_by=_named(proposal.proposed_by, principal),
        created_at=proposal.created_at,
        expires_at=proposal.expires_at,
        closed_at=proposal.closed_at,
        closing_reason=proposal.closing_reason,
        waits_for=tuple(codes.get(g, "") for g in proposal.must_sign if g not in signed) if is_open else (),
        signatures=tuple(
            SignatureCard(
                agency=codes.get(signature.agency_group_id, ""),
                officer=_named(signature.officer, principal),
                signed_at=signature.signed_at,
            )
            for signature in signatures
        ),
        may_sign=acts and mine is not None and proposal.proposed_by.uid != principal.uid,
        may_withdraw=acts and member,
    )


def _named(officer: Officer, reader: Principal) -> str:
    """An officer's name to the own agency; the agency's code to others."""
    if officer.agency is None:
        return ""
    return str(officer) if officer.agency.group_id == reader.agency_group else officer.agency.code
