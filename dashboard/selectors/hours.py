"""Today against usual for the strip below the board; kept for a minute, because an hour changes slowly."""

import datetime as dt
import statistics
from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import may
from dashboard.facts.board import HourSeries, HourValue, KindHours, KindStrip, PlotsPart
from dashboard.markup import digest
from dashboard.selectors.flags import hit_hours
from dashboard.selectors.fresh import Fresh, audience, plots_seconds
from dashboard.selectors.places import equipment_now
from dashboard.words import SENSOR_NAMES, SENSOR_ORDER, SENSOR_SHORT
from scanning.choices import DeviceKind
from scanning.selectors.plots import USUAL_DAYS, day_plots
from scanning.selectors.seen import DaySeries, HourCount, SiteSeen

_today: Fresh[PlotsPart] = Fresh(plots_seconds, about=())


def board_plots(principal: Principal, site: SiteSeen | None) -> PlotsPart:
    """The plots of the site's day, at most a minute old."""
    if site is None:
        return PlotsPart((), as_of="none")
    return _today.get((audience(principal), site.code), lambda: _plots(principal, site))


def _plots(principal: Principal, site: SiteSeen) -> PlotsPart:
    now = timezone.now()
    found = day_plots(principal, now=now, zone=timezone.get_current_timezone_name(), site=site.code)
    titles = {"passages": _("Passages"), "searches": _("Searches"), "findings": _("Findings")}
    minute = timezone.localtime(now).minute
    counted = [day for day in found if day.code in titles]
    # Who has no search team in sight would only ever see empty plots.
    equipment = equipment_now(principal)
    teams = any(d.kind == DeviceKind.SEARCH and d.site_id == site.id for d in equipment.devices.values())
    shown = [day for day in counted if day.code == "passages" or teams]
    series = [day_series(day, titles[day.code], minute) for day in shown]
    hits = _hits(principal, now)
    if hits is not None:
        series.append(day_series(hits, _("Hits"), minute))
    strip = _strip([day for day in found if day.code == "alarms"])
    return PlotsPart(
        series=tuple(series),
        as_of=digest([(each.code, each.total, each.unusual) for each in series], strip.total if strip else 0),
        strip=strip,
        day=now,
    )


def _hits(principal: Principal, now: dt.datetime) -> DaySeries | None:
    """Confirmed hits of the day; None for readers who may see none."""
    if not may(principal, Right.HIT_VIEW):
        return None
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight - dt.timedelta(days=USUAL_DAYS)
    counted = hit_hours(principal, start)
    return None if counted is None else count_series("hits", counted, now)


def count_series(code: str, counted: Mapping[dt.datetime, int], now: dt.datetime) -> DaySeries:
    """The day of `now` against the days before, from counts by hour."""
    here = timezone.localtime(now)
    by_day: dict[tuple[dt.date, int], int] = {}
    for at, number in counted.items():
        local = timezone.localtime(at)
        by_day[local.date(), local.hour] = by_day.get((local.date(), local.hour), 0) + number
    days = [here.date() - dt.timedelta(days=number) for number in range(1, USUAL_DAYS + 1)]
    hours = []
    for hour in range(24):
        before = sorted(by_day.get((day, hour), 0) for day in days)
        value = by_day.get((here.date(), hour), 0) if hour <= here.hour else None
        hours.append(
            HourCount(hour, value, statistics.fmean(before), before[1], before[-2], hour == here.hour)
        )
    return DaySeries(code, "", tuple(hours))


def day_series(day: DaySeries, title: str, minute: int) -> HourSeries:
    """One day of hours as it is drawn; `minute` is how far the running hour has come."""
    hours = tuple(
        HourValue(hour.hour, hour.value, hour.low, hour.usual, hour.high, hour.running) for hour in day.hours
    )
    by_now = sum(
        hour.usual * (minute / 60 if hour.running else 1) for hour in day.hours if hour.value is not None
    )
    return HourSeries(
        code=f"{day.code}-{day.kind}" if day.kind else day.code,
        title=title,
        hours=hours,
        total=day.total,
        usual_total=round(by_now),
        unusual=_unusual(hours),
    )


def _unusual(hours: Sequence[HourValue]) -> str:
    """The last hour that was out of the ordinary, if it was this one or the one before; "" where nothing is usual."""
    if not any(hour.usual for hour in hours):
        return ""
    begun = [hour for hour in hours if hour.value is not None][-2:]
    for hour in reversed(begun):
        if (hour.value or 0) > hour.high:
            return _("above usual at %(hour)s h") % {"hour": f"{hour.hour:02d}"}
        if (hour.value or 0) < hour.low and not hour.running:
            return _("below usual at %(hour)s h") % {"hour": f"{hour.hour:02d}"}
    return ""


def _strip(alarms: Sequence[DaySeries]) -> KindStrip | None:
    order = {kind: place for place, kind in enumerate(("anpr", *SENSOR_ORDER))}
    rows = tuple(
        KindHours(
            day.kind,
            str(SENSOR_SHORT.get(day.kind, day.kind)),
            str(SENSOR_NAMES.get(day.kind, day.kind)),
            tuple(hour.value for hour in day.hours),
        )
        for day in sorted(alarms, key=lambda day: order.get(day.kind, 99))
        if day.total
    )
    if not rows:
        return None
    return KindStrip(
        "alarm-kinds", _("Alarms by kind"), rows, sum(sum(v or 0 for v in row.values) for row in rows)
    )
