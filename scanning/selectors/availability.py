"""How much of its time in service each visible device was fit to work, and sums by technique, site and agency."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from scanning.choices import DeviceKind
from scanning.choices_care import OutageEffect, OutageKind, OutageStage
from scanning.models import Device, Outage, Placement
from scanning.rules.availability import Interval, Spell, Uptime, uptime
from scanning.selectors.equipment import equipment_read
from scanning.selectors.seen import DeviceSeen

BY = ("device", "kind", "site", "agency")
LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class AvailabilityFilter:
    """Over which period (UTC, the end not later than now), of what, by what."""

    since: dt.datetime
    until: dt.datetime
    by: str = "device"
    kind: str = ""
    site: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True)
class AvailabilityRow:
    """One device, technique, site or agency. `unwatched`: of so many of its devices the silence is not watched for."""

    key: str
    kinds: tuple[str, ...]
    devices: int
    unwatched: int
    uptime: Uptime


def availability_read(principal: Principal, wanted: AvailabilityFilter) -> tuple[AvailabilityRow, ...]:
    """The rows, the least available first. Time counts at the site where the device stood then. Raises RightMissing.

    A device for which no placement is known did not serve.
    """
    require(principal, Right.OUTAGE_VIEW)
    until = min(wanted.until, timezone.now())
    equipment = equipment_read(principal)
    devices = {
        device.id: device
        for device in equipment.devices.values()
        if device.kind != DeviceKind.KEYBOARD  # a keyboard detects nothing
        and wanted.kind in {"", device.kind}
        and wanted.agency in {"", device.owner}
    }
    sites = {site.id: site.code for site in equipment.sites.values()}
    watched = set(Device.objects.visible_to(principal).filter(rhythm_s__gt=0).values_list("pk", flat=True))
    spells = _spells(principal, list(devices), wanted.since, until)
    sums: dict[str, Uptime] = defaultdict(Uptime)
    members: dict[str, set[int]] = defaultdict(set)
    for (device_id, site_id), service in _service(principal, list(devices), wanted.since, until).items():
        if wanted.site not in {"", sites[site_id]}:
            continue
        key = _key(devices[device_id], sites[site_id], wanted.by)
        sums[key].add(uptime(service, spells[device_id], wanted.since, until))
        members[key].add(device_id)
    rows = [
        AvailabilityRow(
            key=key,
            kinds=tuple(sorted({devices[number].kind for number in members[key]})),
            devices=len(members[key]),
            unwatched=len(members[key] - watched),
            uptime=found,
        )
        for key, found in sums.items()
    ]
    return tuple(sorted(rows, key=lambda row: (_share(row.uptime.operational), row.key)))


def _service(
    principal: Principal, devices: list[int], since: dt.datetime, until: dt.datetime
) -> dict[tuple[int, int], list[Interval]]:
    """When each device was in service at each site."""
    found: dict[tuple[int, int], list[Interval]] = defaultdict(list)
    rows = Placement.objects.visible_to(principal).filter(
        models.Q(until_at__isnull=True) | models.Q(until_at__gt=since),
        device_id__in=devices,
        in_service=True,
        from_at__lt=until,
    )
    for device, site, begin, end in rows.values_list("device_id", "site_id", "from_at", "until_at"):
        found[device, site].append((begin, end or until))
    return found


def _spells(
    principal: Principal, devices: list[int], since: dt.datetime, until: dt.datetime
) -> dict[int, list[Spell]]:
    found: dict[int, list[Spell]] = defaultdict(list)
    rows = (
        Outage.objects.visible_to(principal)
        .filter(
            models.Q(ends_at__isnull=True) | models.Q(ends_at__gte=since),
            device_id__in=devices,
            begins_at__lt=until,
        )
        .exclude(stage=OutageStage.CANCELLED)
    )
    for row in rows.values_list("device_id", "begins_at", "ends_at", "kind", "effect", "taken_at"):
        device, begin, end, kind, effect, taken = row
        found[device].append(Spell(begin, end, kind == OutageKind.PLANNED, effect == OutageEffect.OUT, taken))
    return found


def _key(device: DeviceSeen, site: str, by: str) -> str:
    if by == "kind":
        return device.kind
    if by == "agency":
        return device.owner
    return site if by == "site" else device.code


def _share(share: float | None) -> float:
    return 2.0 if share is None else share
