"""What calls the duty supervisor, on whatever page: alarms that have escalated, until they are looked at."""

from django.urls import reverse

from agencies.choices import Role
from agencies.facts import Principal
from agencies.models import Officer
from agencies.selectors import shift_of
from dashboard.facts.shell import Call
from dashboard.selectors.cards import rule_word
from dashboard.selectors.lines import lane_short
from dashboard.selectors.places import equipment_now
from scanning.selectors.alarms import alarms_calling

#: So many are named; whoever has more of them opens the list.
_MOST = 5


def calls_now(principal: Principal, officer: Officer) -> tuple[Call, ...] | None:
    """The alarms that call this officer, the gravest first; None unless a duty supervisor whose shift runs."""
    if officer.role != Role.SUPERVISOR or shift_of(officer) is None:
        return None
    found = alarms_calling(principal, limit=_MOST)
    if not found:
        return ()
    equipment = equipment_now(principal)
    calls = []
    for alarm in found:
        device, lane = equipment.devices.get(alarm.device_id), equipment.lane(alarm.lane_id)
        site = equipment.sites.get(device.site_id) if device else None
        # The duty supervisor is called on whatever page, for whatever site: L2 alone is a lane of each.
        places = (
            site.name if site else "",
            lane_short(lane.code) if lane else "",
            device.code if device else "",
        )
        calls.append(
            Call(
                id=str(alarm.uid),
                url=reverse("alarm-detail", args=[alarm.uid]),
                title=rule_word(alarm.rule),
                where=" ".join(place for place in places if place),
                since=alarm.escalated_at or alarm.raised_at,
            )
        )
    return tuple(calls)
