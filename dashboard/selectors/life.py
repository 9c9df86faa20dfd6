"""The life of one device beside what it said: its outages, its care, where it stood, and what it may lawfully do."""

import uuid
from dataclasses import dataclass

from django.utils import timezone

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import may
from scanning.selectors.care import CareDue, PlacementSeen, care_due, care_of, firmware_of, placements_of
from scanning.selectors.devices import device_state
from scanning.selectors.law import RuleSeen, rules_read
from scanning.selectors.outages import OutageCard, outages_of_device

#: So many outages and placements stand on the device's page; the rest is in the list.
_OUTAGES, _PLACES = 6, 6


@dataclass(frozen=True, slots=True)
class DeviceLife:
    """What stands beside a device's events."""

    uid: uuid.UUID
    code: str
    outages: tuple[OutageCard, ...]
    due: tuple[CareDue, ...]
    entries: int
    firmware: str
    places: tuple[PlacementSeen, ...]
    rules: tuple[RuleSeen, ...]
    may_report: bool


def device_life(principal: Principal, uid: uuid.UUID) -> DeviceLife | None:
    """The life of one device, for whoever may read of outages; None for others. Raises NotVisible."""
    device = device_state(principal, uid).device
    if not may(principal, Right.OUTAGE_VIEW):
        return None
    entries = care_of(principal, uid)
    rules: tuple[RuleSeen, ...] = ()
    if device.owner and may(principal, Right.BOARD_VIEW):
        rules = rules_read(principal, on=timezone.localdate(), agency=device.owner, technique=device.kind)
    return DeviceLife(
        uid=device.uid,
        code=device.code,
        outages=outages_of_device(principal, device.id, _OUTAGES),
        due=care_due(principal, [device.id]),
        entries=sum(entry.withdrawn_at is None for entry in entries),
        firmware=firmware_of(entries),
        places=placements_of(principal, uid)[:_PLACES],
        rules=tuple(rule for rule in rules if rule.in_force),
        may_report=may(principal, Right.OUTAGE_WORK),
    )
