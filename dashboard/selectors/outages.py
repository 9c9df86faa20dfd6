"""Outages and availability as their pages and tables show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agencies.facts import Principal
from dashboard.facts.needs import HistoryEntry
from dashboard.selectors.places import equipment_now
from dashboard.words import SENSOR_NAMES
from scanning.choices_care import OutageAct
from scanning.selectors.availability import AvailabilityFilter, AvailabilityRow
from scanning.selectors.outages import OutageCard, OutageNoteSeen


@dataclass(frozen=True, slots=True)
class AvailabilityLine:
    """One line of the table. `operational` in per cent, for the bar."""

    name: str
    url: str
    kinds: str
    row: AvailabilityRow
    operational: float | None
    operational_text: str
    inherent_text: str
    planned: str
    unplanned: str
    repair: str
    delay: str
    between: str


def duration_words(seconds: float | None) -> str:
    """A duration in its two largest units: minutes, hours, days; "–" for none."""
    if seconds is None:
        return "–"
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    if minutes < 24 * 60:
        return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}
    hours = round(minutes / 60)
    return _("%(days)s d %(hours)s h") % {"days": hours // 24, "hours": hours % 24}


def outage_history(notes: Sequence[OutageNoteSeen]) -> tuple[HistoryEntry, ...]:
    """The steps of an outage for the page's timeline; a step by the clock says so."""
    return tuple(
        HistoryEntry(
            at=note.at,
            what=" – ".join(
                part
                for part in (
                    str(note.act.label) if note.act != OutageAct.STAGE else "",
                    str(note.stage.label) if note.stage and note.act != OutageAct.CLOSE else "",
                )
                if part
            ),
            who=f"{note.agency} {note.officer}".strip() if note.agency else _("by the clock"),
            reason=note.text,
        )
        for note in notes
    )


def outage_rows(cards: Sequence[OutageCard]) -> list[tuple[object, ...]]:
    """The outages to take away, under a head of column names; times in UTC and in the officer's zone."""
    head = (
        _("begins (UTC)"), _("begins"), _("ends"), _("device"), _("technique"), _("site"), _("lane"), _("owner"),
        _("kind"), _("effect"), _("stage"), _("what is wrong"), _("cause"), _("what helped"), _("number at the firm"),
        _("hours"), _("record"),
    )  # fmt: skip
    rows: list[tuple[object, ...]] = [head]
    for card in cards:
        local = timezone.localtime
        rows.append((
            card.begins_at.strftime("%Y-%m-%d %H:%M:%S"), local(card.begins_at).strftime("%Y-%m-%d %H:%M:%S"),
            local(card.ends_at).strftime("%Y-%m-%d %H:%M:%S") if card.ends_at else "", card.device.code,
            SENSOR_NAMES[card.device.kind], card.site, card.lane, card.device.owner, card.kind.label, card.effect.label,
            card.stage.label, card.reason, card.cause.label if card.cause else "", card.remedy, card.ticket,
            f"{card.lasted_s / 3600:.2f}", card.uid,
        ))  # fmt: skip
    return rows


def availability_lines(
    principal: Principal, rows: Sequence[AvailabilityRow], wanted: AvailabilityFilter
) -> tuple[AvailabilityLine, ...]:
    """The lines, each with its name in the reader's language and its link."""
    equipment = equipment_now(principal)
    devices = {device.code: device for device in equipment.devices.values()}
    sites = {site.code: site.name for site in equipment.sites.values()}

    def named(row: AvailabilityRow) -> tuple[str, str]:
        if wanted.by == "kind":
            return str(SENSOR_NAMES[row.key]), ""
        if wanted.by == "site":
            return sites[row.key], ""
        if wanted.by == "device" and row.key in devices:
            return row.key, reverse("device-detail", args=[devices[row.key].uid])
        return row.key or _("not known"), ""

    found = []
    for row in rows:
        share = row.uptime.operational
        name, url = named(row)
        found.append(
            AvailabilityLine(
                name=name,
                url=url,
                kinds=", ".join(str(SENSOR_NAMES[kind]) for kind in row.kinds),
                row=row,
                operational=None if share is None else 100 * share,
                operational_text=_share(share),
                inherent_text=_share(row.uptime.inherent),
                planned=duration_words(row.uptime.planned_s),
                unplanned=duration_words(row.uptime.unplanned_s),
                repair=duration_words(row.uptime.repair_s),
                delay=duration_words(row.uptime.delay_s),
                between=duration_words(row.uptime.between_s),
            )
        )
    return tuple(found)


def availability_table(lines: Sequence[AvailabilityLine]) -> list[tuple[object, ...]]:
    """The table to take away: shares, and times in hours, under a head of column names."""
    head = (
        _("name"), _("techniques"), _("devices"), _("not watched"), _("hours in service"), _("planned hours"),
        _("unplanned hours"), _("operational availability"), _("inherent availability"), _("breakdowns"),
        _("mean hours to repair"), _("mean hours until taken up"), _("mean hours between breakdowns"),
    )  # fmt: skip
    rows: list[tuple[object, ...]] = [head]
    for line in lines:
        up = line.row.uptime
        rows.append((
            line.name, line.kinds, line.row.devices, line.row.unwatched, _hours(up.service_s), _hours(up.planned_s),
            _hours(up.unplanned_s), _plain(up.operational), _plain(up.inherent), up.breakdowns, _hours(up.repair_s),
            _hours(up.delay_s), _hours(up.between_s),
        ))  # fmt: skip
    return rows


def _share(share: float | None) -> str:
    return "–" if share is None else _("%(share)s %%") % {"share": number_format(100 * share, 2)}


def _plain(share: float | None) -> str:
    return "" if share is None else f"{share:.5f}"


def _hours(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds / 3600:.2f}"
