"""Today against usual, hour by hour, over what the reader's devices saw."""
# ruff: noqa: S608  (only our own fragments are joined; every value travels as a parameter)

import datetime as dt
import hashlib
import statistics
import zoneinfo
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db import connection

from agencies.access import visible_devices
from agencies.facts import Principal
from scanning.choices import DeviceKind
from scanning.models import Device
from scanning.selectors.newest import VISIBLE, array_text
from scanning.selectors.seen import DaySeries, HourCount

#: What is usual is taken from so many days before.
USUAL_DAYS = 10
#: A day that is over changes only by what arrives late.
_KEPT_SECONDS = 6 * 3600

# One passage counts once, in the hour in which the reader's devices last saw it. Only columns of the index
# part_newest are asked for, so the table itself is hardly read.
_PASSAGES = (
    "SELECT extract(hour FROM w.seen AT TIME ZONE %(zone)s)::int, 'passages', '', count(*) FROM"
    " (SELECT max(p.last_at) AS seen FROM scanning_passagepart p WHERE p.last_at >= %(start)s AND p.last_at < %(end)s AND "
    + VISIBLE.format("p")
    + " GROUP BY p.passage_id) w GROUP BY 1"
)
_SEARCHES = (
    "SELECT extract(hour FROM p.last_at AT TIME ZONE %(zone)s)::int,"
    " CASE WHEN p.result = 'suspect' THEN 'findings' ELSE 'searches' END, '', count(*)"
    " FROM scanning_passagepart p WHERE p.device_id = ANY (%(searchers)s::bigint[])"
    " AND p.last_at >= %(start)s AND p.last_at < %(end)s GROUP BY 1, 2"
)
_ALARMS = (
    "SELECT extract(hour FROM a.raised_at AT TIME ZONE %(zone)s)::int, 'alarms', d.kind, count(*)"
    " FROM scanning_alarm a JOIN scanning_device d ON d.id = a.device_id"
    " WHERE a.raised_at >= %(start)s AND a.raised_at < %(end)s AND " + VISIBLE.format("a") + " GROUP BY 1, 3"
)

#: Counts of one day by (code, kind of device, hour); the kind stands with alarms only.
_Counts = dict[tuple[str, str, int], int]


def day_plots(principal: Principal, *, now: dt.datetime, zone: str, site: str = "") -> tuple[DaySeries, ...]:
    """Passages, searches, findings, and alarms by kind of device, for the day of `now` in the IANA zone.

    Searches include those with a finding. Kinds without an alarm today and on the usual days are left out.
    """
    devices = _devices(principal, site)
    today = now.astimezone(zoneinfo.ZoneInfo(zone)).date()
    counts = _day(devices, today, zone)
    usual = _days_before(devices, today, zone)
    kinds = sorted({kind for day in (counts, *usual) for code, kind, _ in day if code == "alarms"})
    wanted = [("passages", ""), ("searches", ""), ("findings", ""), *(("alarms", kind) for kind in kinds)]
    hour = now.astimezone(zoneinfo.ZoneInfo(zone)).hour
    return tuple(DaySeries(code, kind, _hours(counts, usual, code, kind, hour)) for code, kind in wanted)


def _devices(principal: Principal, site: str) -> dict[str, list[int]]:
    if not site:
        everything = visible_devices(principal)
    else:
        everything = list(
            Device.objects.visible_to(principal).filter(site__code=site).values_list("id", flat=True)
        )
    searchers = Device.objects.visible_to(principal).filter(kind=DeviceKind.SEARCH, pk__in=everything)
    return {"devices": sorted(everything), "searchers": sorted(searchers.values_list("id", flat=True))}


def _hours(
    counts: _Counts, usual: list[_Counts], code: str, kind: str, running: int
) -> tuple[HourCount, ...]:
    hours = []
    for hour in range(24):
        before = sorted(day.get((code, kind, hour), 0) for day in usual)
        middle = before[1:-1] or before or [0]
        hours.append(
            HourCount(
                hour=hour,
                value=counts.get((code, kind, hour), 0) if hour <= running else None,
                usual=statistics.fmean(before or [0]),
                low=middle[0],
                high=middle[-1],
                running=hour == running,
            )
        )
    return tuple(hours)


def _days_before(devices: dict[str, list[int]], today: dt.date, zone: str) -> list[_Counts]:
    """The counts of the days before, kept for a while under a name made of the very devices they are over."""
    days = [today - dt.timedelta(days=number) for number in range(1, USUAL_DAYS + 1)]
    audience = hashlib.sha256(array_text(devices["devices"]).encode()).hexdigest()
    names = {day: f"plots:{audience}:{zone}:{day}" for day in days}
    kept = cache.get_many(names.values())
    found = []
    for day, name in names.items():
        if name not in kept:
            kept[name] = [[*key, number] for key, number in _day(devices, day, zone).items()]
            cache.set(name, kept[name], _KEPT_SECONDS)
        found.append({(code, kind, hour): number for code, kind, hour, number in kept[name]})
    return found


def _day(devices: dict[str, list[int]], day: dt.date, zone: str) -> _Counts:
    if not devices["devices"]:
        return {}
    local = zoneinfo.ZoneInfo(zone)
    values: dict[str, Any] = {
        "zone": zone,
        "start": dt.datetime.combine(day, dt.time(), local),
        "end": dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), local),
    } | {name: array_text(ids) for name, ids in devices.items()}
    counts: Counter[tuple[str, str, int]] = Counter()
    for hour, code, kind, number in _rows((_PASSAGES, _SEARCHES, _ALARMS), values):
        counts[code, kind, hour] += number
        if code == "findings":
            counts["searches", "", hour] += number
    return dict(counts)


def _rows(statements: Iterable[str], values: dict[str, Any]) -> list[tuple[Any, ...]]:
    rows = []
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
            rows += cursor.fetchall()
    return rows
