"""Scan requests as asker and asked are shown them, and whom one can ask."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from agencies.actions import Right
from agencies.facts import Principal
from agencies.paging import Page, Turn, queryset_page
from agencies.rules.rights import require
from intelligence.selectors.parties import officer_names, parties
from scanning.choices import Body, DeviceKind, RequestState, Result, ScanPurpose, UseVerdict
from scanning.models import Passage, ScanRequest
from scanning.rules.requests import request_state
from scanning.selectors.equipment import equipment_read
from scanning.selectors.passages import passage_events, passage_seen
from scanning.selectors.seen import EventSeen

#: What cannot be asked for: a plate is read by itself, and a keyboard is no technique.
NOT_ASKED_FOR = frozenset({DeviceKind.ANPR.value, DeviceKind.KEYBOARD.value})
MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A scan request as one reader is shown it.

    `passage` is there for whoever sees the passage; officers' names are for their own agency; the asker's
    justification is part of what both sides answer for.
    """

    uid: uuid.UUID
    reference: str
    asker: str
    asked: str
    is_own: bool
    is_asked: bool
    technique: DeviceKind
    purpose: ScanPurpose
    note: str
    verdict: UseVerdict
    justification: str
    mark: str
    country: str
    body: Body | None
    site: str
    site_name: str
    lane: str
    passage: uuid.UUID | None
    created_at: dt.datetime
    needed_by: dt.datetime
    asked_by: str
    state: RequestState
    scheduled_at: dt.datetime | None
    answer: str
    answered_by: str
    answered_at: dt.datetime | None
    result: Result | None
    finding: str
    closed_by: str
    closed_at: dt.datetime | None
    closing: str

    @property
    def is_open(self) -> bool:
        """Whether somebody still has something to do about it."""
        return self.state in {RequestState.ASKED, RequestState.ACCEPTED}


def requests_page(
    principal: Principal, turn: Turn, *, state: str = "", own: bool | None = None, technique: str = ""
) -> Page[RequestCard]:
    """One page of the requests that the own agency made (`own`) or was made, newest first. Raises RightMissing."""
    require(principal, Right.REQUEST_VIEW)
    wanted = ScanRequest.objects.visible_to(principal)
    if state:
        wanted = wanted.filter(state=state)
    if technique:
        wanted = wanted.filter(technique=technique)
    if own is not None:
        mine = models.Q(originator_id__in=list(principal.groups))
        wanted = wanted.filter(mine if own else ~mine)
    page = queryset_page(_joined(wanted), turn, at="created_at")
    return Page(request_cards(principal, page.rows), page.older, page.newer)


def request_get(principal: Principal, uid: uuid.UUID | str) -> RequestCard:
    """One request; raises RightMissing or NotVisible."""
    require(principal, Right.REQUEST_VIEW)
    return request_cards(principal, [ScanRequest.objects.get_visible(principal, uid)])[0]


def requests_of_passage(principal: Principal, passage: uuid.UUID) -> tuple[RequestCard, ...]:
    """The requests about one passage that the principal may read, oldest first. Raises RightMissing."""
    require(principal, Right.REQUEST_VIEW)
    rows = ScanRequest.objects.visible_to(principal).filter(passage_uid=passage)
    return request_cards(principal, list(_joined(rows).order_by("created_at", "id")))


def requests_to_answer(principal: Principal) -> int:
    """How many requests wait for the own agency, counted up to a hundred."""
    waiting = ScanRequest.objects.visible_to(principal).filter(
        asked_group_id__in=list(principal.groups),
        state__in=[RequestState.ASKED, RequestState.ACCEPTED],
    )
    return waiting.order_by()[:MOST_COUNTED].count()


def techniques_offered(principal: Principal, site_id: int) -> tuple[tuple[str, str], ...]:
    """(technique, agency's code) of what can be asked for at a site: visible devices in service of other agencies."""
    devices = equipment_read(principal).devices.values()
    found = {
        (device.kind, device.owner)
        for device in devices
        if device.site_id == site_id
        and device.is_active
        and device.owner not in {"", principal.agency_code}
        and device.kind not in NOT_ASKED_FOR
    }
    return tuple(sorted(found))


def request_evidence(principal: Principal, card: RequestCard) -> EventSeen | None:
    """What the reader's devices of the technique said last about the passage since it was asked; None for nothing.

    It is a proposal for the answer: an officer says what the result is.
    """
    if card.passage is None:
        return None
    devices = equipment_read(principal).devices
    events = passage_events(principal, passage_seen(principal, card.passage))
    fitting = [
        event
        for event in events
        if event.device_id in devices
        and devices[event.device_id].kind == card.technique
        and devices[event.device_id].owner == card.asked
        and event.at >= card.created_at
    ]
    return fitting[-1] if fitting else None


def request_cards(principal: Principal, rows: Iterable[ScanRequest]) -> tuple[RequestCard, ...]:
    """The cards of rows that the gate has let through."""
    rows = list(rows)
    passages = Passage.objects.visible_to(principal).filter(uid__in=[row.passage_uid for row in rows])
    seen = set(passages.values_list("uid", flat=True)) if rows else set()
    return tuple(_card(row, principal, seen) for row in rows)


def _joined(rows: "models.QuerySet[ScanRequest]") -> "models.QuerySet[ScanRequest]":
    return rows.select_related("site").prefetch_related(
        "asked_by__agency", "answered_by__agency", "closed_by__agency"
    )


def _card(row: ScanRequest, reader: Principal, passages: set[uuid.UUID]) -> RequestCard:
    return RequestCard(
        uid=row.uid,
        reference=row.reference,
        asker=parties().code(row.originator_id),
        asked=parties().code(row.asked_group_id),
        is_own=row.originator_id in reader.groups,
        is_asked=row.asked_group_id in reader.groups,
        technique=DeviceKind(row.technique),
        purpose=ScanPurpose(row.purpose),
        note=row.note,
        verdict=UseVerdict(row.verdict),
        justification=row.justification,
        mark=row.mark,
        country=row.country,
        body=Body(row.body) if row.body else None,
        site=row.site.code,
        site_name=row.site.name,
        lane=row.lane_code,
        passage=row.passage_uid if row.passage_uid in passages else None,
        created_at=row.created_at,
        needed_by=row.needed_by,
        asked_by=officer_names(row.asked_by, reader)[0],
        state=request_state(row.state, row.needed_by),
        scheduled_at=row.scheduled_at,
        answer=row.answer,
        answered_by=officer_names(row.answered_by, reader)[0],
        answered_at=row.answered_at,
        result=Result(row.result) if row.result else None,
        finding=row.finding,
        closed_by=officer_names(row.closed_by, reader)[0],
        closed_at=row.closed_at,
        closing=row.closing,
    )
