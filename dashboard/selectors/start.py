"""What an officer who takes over finds: what waits, what does not work, what is planned, and what has passed."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from agencies.actions import Right
from agencies.facts import Principal
from agencies.paging import Turn
from agencies.rules.rights import may, require
from dashboard.facts.needs import AlarmLoad, AlarmRow
from dashboard.selectors.alarms import alarm_load_now, alarm_rows
from dashboard.selectors.hits import Card, HitWish, hits_and_notices, row_of
from scanning.choices import Result
from scanning.choices_care import OutageKind
from scanning.models import PassagePart
from scanning.selectors.alarms import alarms_standing
from scanning.selectors.care import SOON, CareDue, care_due
from scanning.selectors.equipment import equipment_read
from scanning.selectors.outages import OutageCard, OutageFilter, outages_page
from scanning.selectors.requests import RequestCard, requests_page
from scanning.selectors.seen import DeviceSeen, SiteSeen

#: So many of each kind stand here; the lists have the rest.
MOST = 12
#: So many are looked at to find the most pressing.
_MOST_READ = 100
_PRESSING = ("stop", "high", "medium", "low", "quiet")
#: Downtime that begins within so many hours concerns the shift.
_AHEAD = dt.timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class ShiftStart:
    """Everything of the page. `cards` are the hits and notices that wait, whose reading the caller records."""

    since: dt.datetime
    cards: tuple[Card, ...]
    cards_more: int
    alarms: tuple[AlarmRow, ...]
    alarms_more: int
    load: AlarmLoad | None
    out: tuple[OutageCard, ...]
    planned: tuple[OutageCard, ...]
    out_more: int
    due: tuple[tuple[CareDue, DeviceSeen], ...]
    due_more: int
    requests: tuple[RequestCard, ...]
    vehicles: int
    suspect: int


def shift_start(principal: Principal, site: SiteSeen | None, since: dt.datetime) -> ShiftStart:
    """What stands now at a site, and how many vehicles have passed since. Raises RightMissing."""
    require(principal, Right.BOARD_VIEW)
    code, turn = site.code if site else "", Turn(limit=MOST)
    out, planned = _outages(principal, code)
    alarms, standing = alarms_standing(principal, site=code, limit=MOST)
    cards, due = _waiting(principal), _due(principal, site)
    vehicles, suspect = _passed(principal, site, since)
    return ShiftStart(
        since=since,
        cards=cards[:MOST],
        cards_more=max(0, len(cards) - MOST),
        alarms=alarm_rows(principal, alarms),
        alarms_more=standing - len(alarms),
        load=alarm_load_now(principal),
        out=out[:MOST],
        out_more=max(0, len(out) - MOST),
        planned=planned,
        due=due[:MOST],
        due_more=max(0, len(due) - MOST),
        requests=_requests(principal, turn),
        vehicles=vehicles,
        suspect=suspect,
    )


def _waiting(principal: Principal) -> tuple[Card, ...]:
    """What waits, the most pressing first and the newest of these."""
    if not (may(principal, Right.HIT_VIEW) or may(principal, Right.NOTICE_VIEW)):
        return ()
    found = hits_and_notices(principal, Turn(limit=_MOST_READ), HitWish(state="waiting")).rows
    return tuple(sorted(found, key=lambda card: _PRESSING.index(row_of(card, principal).tone)))


def _outages(principal: Principal, site: str) -> tuple[tuple[OutageCard, ...], tuple[OutageCard, ...]]:
    """What is out now, and what will be within the shift."""
    if not may(principal, Right.OUTAGE_VIEW):
        return (), ()
    cards = outages_page(principal, Turn(limit=100), OutageFilter(open=True, site=site)).rows
    soon = timezone.now() + _AHEAD
    planned = [
        c for c in cards if c.kind == OutageKind.PLANNED and not c.is_under_way and c.begins_at <= soon
    ]
    return tuple(card for card in cards if card.is_under_way), tuple(planned)


def _due(principal: Principal, site: SiteSeen | None) -> tuple[tuple[CareDue, DeviceSeen], ...]:
    if not may(principal, Right.OUTAGE_VIEW):
        return ()
    devices = {
        device.id: device
        for device in equipment_read(principal).devices.values()
        if site is None or device.site_id == site.id
    }
    until = timezone.localdate() + SOON
    found = [
        (one, devices[one.device_id]) for one in care_due(principal, list(devices)) if one.due_on <= until
    ]
    return tuple(found)


def _requests(principal: Principal, turn: Turn) -> tuple[RequestCard, ...]:
    if not may(principal, Right.REQUEST_VIEW):
        return ()
    return tuple(card for card in requests_page(principal, turn).rows if card.is_open)


def _passed(principal: Principal, site: SiteSeen | None, since: dt.datetime) -> tuple[int, int]:
    """How many vehicles visible devices of the site have seen since, and how many of them one found suspect."""
    devices = [
        device.id
        for device in equipment_read(principal).devices.values()
        if site is None or device.site_id == site.id
    ]
    parts = PassagePart.objects.visible_to(principal).filter(device_id__in=devices, last_at__gte=since)
    passages = parts.order_by().values("passage_id").distinct()
    return passages.count(), passages.filter(result=Result.SUSPECT).count()
