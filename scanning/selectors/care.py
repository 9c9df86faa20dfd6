"""What was done to a device, what is due, which firmware runs, and where the device stood."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from intelligence.selectors.parties import officer_names
from scanning.choices_care import CareKind
from scanning.models import Care, Device, Placement
from scanning.selectors.equipment import equipment_read

#: So many entries of one device are read.
_MOST = 200
#: What is due within so many days is announced.
SOON = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class CareSeen:
    """One entry; a withdrawn one was wrong. The officer's name is for the own agency."""

    uid: uuid.UUID
    device_id: int
    kind: CareKind
    done_on: dt.date
    due_on: dt.date | None
    firmware: str
    by: str
    certificate: str
    note: str
    made_at: dt.datetime
    made_by: str
    withdrawn_at: dt.datetime | None
    withdrawn_why: str


@dataclass(frozen=True, slots=True)
class CareDue:
    """What is due next of one kind for one device."""

    device_id: int
    kind: CareKind
    due_on: dt.date

    @property
    def is_over(self) -> bool:
        """Whether the day has passed."""
        return self.due_on < timezone.localdate()


@dataclass(frozen=True, slots=True)
class PlacementSeen:
    """Where a device stood, from when until when (None: still). `lane` is "" where the reader may not see it."""

    site: str
    site_name: str
    lane: str
    in_service: bool
    from_at: dt.datetime
    until_at: dt.datetime | None


def care_of(principal: Principal, device: uuid.UUID | str) -> tuple[CareSeen, ...]:
    """The entries of one device, the latest first. Raises RightMissing or NotVisible."""
    require(principal, Right.OUTAGE_VIEW)
    stored = Device.objects.get_visible(principal, device)
    rows = Care.objects.visible_to(principal).filter(device_id=stored.pk)
    return care_seen(principal, rows.prefetch_related("made_by__agency").order_by("-done_on", "-id")[:_MOST])


def care_get(principal: Principal, uid: uuid.UUID | str) -> CareSeen:
    """One entry; raises RightMissing or NotVisible."""
    require(principal, Right.OUTAGE_VIEW)
    return care_seen(principal, [Care.objects.get_visible(principal, uid)])[0]


def care_due(principal: Principal, device_ids: Iterable[int] | None = None) -> tuple[CareDue, ...]:
    """What is due of each kind for each visible device in service, or of these, the first due first.

    The latest entry that stands decides: with one that names no next day, nothing is due.
    """
    rows = Care.objects.visible_to(principal).filter(withdrawn_at__isnull=True)
    if device_ids is not None:
        rows = rows.filter(device_id__in=list(device_ids))
    latest = (
        rows.order_by("device_id", "kind", "-done_on", "-id")
        .distinct("device_id", "kind")
        .values_list("device_id", "kind", "due_on")
    )
    active = {device.id for device in equipment_read(principal).devices.values() if device.is_active}
    found = [
        CareDue(device, CareKind(kind), due)
        for device, kind, due in latest
        if due is not None and device in active
    ]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.device_id, one.kind)))


def firmware_of(entries: Iterable[CareSeen]) -> str:
    """The version that runs by the latest standing entry that names one; "" when none does."""
    return next((one.firmware for one in entries if one.firmware and one.withdrawn_at is None), "")


def placements_of(principal: Principal, device: uuid.UUID | str) -> tuple[PlacementSeen, ...]:
    """Where one device stood, the latest first. Raises RightMissing or NotVisible."""
    require(principal, Right.OUTAGE_VIEW)
    stored = Device.objects.get_visible(principal, device)
    equipment = equipment_read(principal)
    rows = Placement.objects.visible_to(principal).filter(device_id=stored.pk).order_by("-from_at", "-id")
    found = []
    for row in rows[:_MOST]:
        site, lane = equipment.sites[row.site_id], equipment.lane(row.lane_id)
        found.append(
            PlacementSeen(
                site=site.code,
                site_name=site.name,
                lane=lane.code if lane else "",
                in_service=row.in_service,
                from_at=row.from_at,
                until_at=row.until_at,
            )
        )
    return tuple(found)


def care_seen(principal: Principal, rows: Iterable[Care]) -> tuple[CareSeen, ...]:
    """The frozen form of rows that the gate has let through."""
    return tuple(
        CareSeen(
            uid=row.uid,
            device_id=row.device_id,
            kind=CareKind(row.kind),
            done_on=row.done_on,
            due_on=row.due_on,
            firmware=row.firmware,
            by=row.by,
            certificate=row.certificate,
            note=row.note,
            made_at=row.made_at,
            made_by=officer_names(row.made_by, principal)[0],
            withdrawn_at=row.withdrawn_at,
            withdrawn_why=row.withdrawn_why,
        )
        for row in rows
    )
