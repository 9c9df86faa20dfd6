"""Outages of the devices that a reader sees, and their histories."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from agencies.actions import Right
from agencies.facts import Principal
from agencies.paging import Page, Turn, queryset_page
from agencies.rules.rights import require
from intelligence.selectors.parties import officer_names
from scanning.choices_care import OutageAct, OutageCause, OutageEffect, OutageKind, OutageStage
from scanning.models import Device, Outage, OutageNote
from scanning.rules.outages import DONE, is_under_way
from scanning.selectors.equipment import equipment_read
from scanning.selectors.seen import DeviceSeen

#: So many steps of one outage are read; nobody has ever needed more.
_MOST = 500


@dataclass(frozen=True, slots=True)
class OutageCard:
    """An outage as one reader is shown it; officers' names are for their own agency. `is_own`: of an own device."""

    id: int
    uid: uuid.UUID
    device: DeviceSeen
    site: str
    site_name: str
    lane: str
    is_own: bool
    kind: OutageKind
    effect: OutageEffect
    stage: OutageStage
    begins_at: dt.datetime
    ends_at: dt.datetime | None
    reason: str
    cause: OutageCause | None
    remedy: str
    ticket: str
    expected_at: dt.datetime | None
    opened_at: dt.datetime
    opened_by: str
    opened_by_agency: str
    taken_at: dt.datetime | None
    closed_at: dt.datetime | None
    closed_by: str

    @property
    def is_under_way(self) -> bool:
        """Whether the device is out, or limited, now."""
        return is_under_way(self.begins_at, self.ends_at, timezone.now()) and self.stage not in DONE

    @property
    def is_open(self) -> bool:
        """Whether somebody still has something to do about it."""
        return self.stage not in DONE

    @property
    def device_code(self) -> str:
        """The code of its device."""
        return self.device.code

    @property
    def lasted_s(self) -> float:
        """Seconds from its begin to its end, or to now; 0 before it begins."""
        now = timezone.now()
        return max(0.0, (min(self.ends_at or now, now) - self.begins_at).total_seconds())


@dataclass(frozen=True, slots=True)
class OutageNow:
    """What of an outage that is under way stands beside a device. `until`: the plan's end, or when it is expected back."""

    uid: uuid.UUID
    kind: OutageKind
    effect: OutageEffect
    begins_at: dt.datetime
    until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class OutageNoteSeen:
    """One step. No agency: the clock. Officers' names are for the agency of the step."""

    at: dt.datetime
    act: OutageAct
    stage: OutageStage | None
    officer: str
    agency: str
    text: str


@dataclass(frozen=True, slots=True)
class OutageFilter:
    """What to narrow the list to; "" and None mean any."""

    open: bool | None = None
    kind: str = ""
    technique: str = ""
    site: str = ""
    device: str = ""
    agency: str = ""


def outages_page(principal: Principal, turn: Turn, wanted: OutageFilter | None = None) -> Page[OutageCard]:
    """One page of outages of visible devices, the latest begun first. Raises RightMissing."""
    require(principal, Right.OUTAGE_VIEW)
    rows = _narrowed(principal, wanted or OutageFilter())
    page = queryset_page(_joined(rows), turn, at="begins_at")
    return Page(outage_cards(principal, page.rows), page.older, page.newer)


def outage_get(principal: Principal, uid: uuid.UUID | str) -> OutageCard:
    """One outage; raises RightMissing or NotVisible."""
    require(principal, Right.OUTAGE_VIEW)
    return outage_cards(principal, [Outage.objects.get_visible(principal, uid)])[0]


def outages_of_device(principal: Principal, device_id: int, most: int) -> tuple[OutageCard, ...]:
    """The latest outages of one device (internal id), the newest first. Raises RightMissing."""
    require(principal, Right.OUTAGE_VIEW)
    rows = Outage.objects.visible_to(principal).filter(device_id=device_id)
    return outage_cards(principal, _joined(rows).order_by("-begins_at", "-id")[:most])


def outages_under_way(principal: Principal, *, now: dt.datetime) -> dict[int, OutageNow]:
    """The outage that tells most of each visible device (internal ids) at this moment. Raises RightMissing.

    What detects nothing before what works with limits, and of these what was planned.
    """
    require(principal, Right.OUTAGE_VIEW)
    rows = (
        Outage.objects.visible_to(principal)
        .filter(models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=now), begins_at__lte=now)
        .exclude(stage__in=DONE)
        .order_by("begins_at", "id")
    )
    found: dict[int, OutageNow] = {}
    for device, uid, kind, effect, begins_at, ends_at, expected_at in rows.values_list(
        "device_id", "uid", "kind", "effect", "begins_at", "ends_at", "expected_at"
    ):
        one = OutageNow(uid, OutageKind(kind), OutageEffect(effect), begins_at, ends_at or expected_at)
        if device not in found or _tells(one) > _tells(found[device]):
            found[device] = one
    return found


def outages_unfinished(principal: Principal, most: int = 99) -> int:
    """How many outages of own devices nobody has taken up yet, or work again and are to be closed, up to `most`."""
    own = Device.objects.visible_to(principal).filter(originator_id__in=list(principal.groups))
    rows = Outage.objects.visible_to(principal).filter(
        models.Q(stage=OutageStage.REPORTED) | models.Q(ends_at__isnull=False, ends_at__lte=timezone.now()),
        closed_at__isnull=True,
        device_id__in=list(own.values_list("pk", flat=True)),
    )
    return rows.order_by()[:most].count()


def outage_notes(principal: Principal, outage: OutageCard) -> tuple[OutageNoteSeen, ...]:
    """The steps of an outage that the principal has been shown, oldest first."""
    notes = OutageNote.objects.visible_to(principal).filter(outage_id=outage.id)
    rows = notes.select_related("officer__agency", "agency").order_by("at", "id")[:_MOST]
    return tuple(
        OutageNoteSeen(
            at=row.at,
            act=OutageAct(row.act),
            stage=OutageStage(row.stage) if row.stage else None,
            officer=officer_names(row.officer, principal)[0],
            agency=row.agency.code if row.agency else "",
            text=row.text,
        )
        for row in rows
    )


def outage_cards(principal: Principal, rows: Iterable[Outage]) -> tuple[OutageCard, ...]:
    """The cards of rows that the gate has let through."""
    return tuple(_card(row, principal) for row in rows)


def _tells(outage: OutageNow) -> tuple[bool, bool]:
    return outage.effect == OutageEffect.OUT, outage.kind == OutageKind.PLANNED


def _narrowed(principal: Principal, wanted: OutageFilter) -> "models.QuerySet[Outage]":
    rows = Outage.objects.visible_to(principal)
    if wanted.open is not None:
        rows = rows.filter(closed_at__isnull=wanted.open)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.technique or wanted.site or wanted.device or wanted.agency:
        equipment = equipment_read(principal)
        rows = rows.filter(
            device_id__in=[
                device.id
                for device in equipment.devices.values()
                if wanted.technique in {"", device.kind}
                and wanted.site in {"", equipment.sites[device.site_id].code}
                and wanted.device in {"", device.code}
                and wanted.agency in {"", device.owner}
            ]
        )
    return rows


def _joined(rows: "models.QuerySet[Outage]") -> "models.QuerySet[Outage]":
    return rows.prefetch_related("opened_by__agency", "closed_by__agency")


def _card(row: Outage, reader: Principal) -> OutageCard:
    equipment = equipment_read(reader)
    device = equipment.devices[row.device_id]
    lane, site = equipment.lane(device.lane_id), equipment.sites[device.site_id]
    opened_by, opened_by_agency = officer_names(row.opened_by, reader)
    return OutageCard(
        id=row.pk,
        uid=row.uid,
        device=device,
        site=site.code,
        site_name=site.name,
        lane=lane.code if lane else "",
        is_own=device.is_own,
        kind=OutageKind(row.kind),
        effect=OutageEffect(row.effect),
        stage=OutageStage(row.stage),
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        reason=row.reason,
        cause=OutageCause(row.cause) if row.cause else None,
        remedy=row.remedy,
        ticket=row.ticket,
        expected_at=row.expected_at,
        opened_at=row.opened_at,
        opened_by=opened_by,
        opened_by_agency=opened_by_agency,
        taken_at=row.taken_at,
        closed_at=row.closed_at,
        closed_by=officer_names(row.closed_by, reader)[0],
    )
