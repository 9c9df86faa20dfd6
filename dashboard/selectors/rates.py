"""The statistics as their page and their table show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agencies.facts import Principal
from dashboard.selectors.places import equipment_now
from dashboard.words import SENSOR_NAMES
from scanning.rules.rates import Rate, Tally
from scanning.selectors.rates import RateFilter, RateRow, Rates

#: The width of an interval's drawing, in units of its view box: one for each per cent.
WIDTH = 100
#: From so few cases on a share says little, and the page says so.
FEW = 30


@dataclass(frozen=True, slots=True)
class RateCell:
    """A share in words and as a bar from `low` to `high` with a mark at the share, in per cent."""

    text: str
    interval: str
    low: float = 0
    high: float = 0
    share: float = 0
    few: bool = False


@dataclass(frozen=True, slots=True)
class RateLine:
    """One line of the table."""

    name: str
    url: str
    kinds: str
    tally: Tally
    real_rate: RateCell
    false_rate: RateCell
    detection_rate: RateCell
    minutes: str

    @property
    def finds(self) -> str:
        """What the real ones were, in words."""
        counts = (
            (self.tally.persons, _("persons")),
            (self.tally.goods, _("goods")),
            (self.tally.radiation, _("radioactive")),
        )
        return ", ".join(f"{number_format(count)} {word}" for count, word in counts if count)


def rate_cell(rate: Rate) -> RateCell:
    """A rate as a cell; without a case there is nothing to show."""
    if rate.share is None or rate.low is None or rate.high is None:
        return RateCell("–", "")
    words = {
        "share": _per_cent(rate.share), "low": _per_cent(rate.low), "high": _per_cent(rate.high),
        "part": number_format(rate.part, force_grouping=True), "whole": number_format(rate.whole, force_grouping=True),
    }  # fmt: skip
    return RateCell(
        _("%(share)s %% (%(part)s of %(whole)s)") % words,
        _("%(low)s to %(high)s %%") % words,
        round(100 * rate.low, 2),
        round(100 * rate.high, 2),
        round(100 * rate.share, 2),
        rate.whole < FEW,
    )


def rate_lines(principal: Principal, rates: Rates, wanted: RateFilter) -> tuple[RateLine, ...]:
    """The lines, each with its name in the reader's language and its link."""
    devices = {device.code: device for device in equipment_now(principal).devices.values()}

    def named(row: RateRow) -> tuple[str, str]:
        if wanted.by == "kind":
            return str(SENSOR_NAMES[row.key]), ""
        if wanted.by == "device" and row.key in devices:
            return row.key, reverse("device-detail", args=[devices[row.key].uid])
        return row.key or _("not known"), ""

    return tuple(
        RateLine(
            *named(row),
            ", ".join(str(SENSOR_NAMES[kind]) for kind in row.kinds),
            row.tally,
            rate_cell(row.tally.real_rate),
            rate_cell(row.tally.false_rate),
            rate_cell(row.tally.detection_rate),
            number_format(row.tally.minutes_per_find, 0) if row.tally.minutes_per_find is not None else "–",
        )
        for row in rates.rows
    )


def rate_rows(lines: Sequence[RateLine], rates: Rates) -> list[tuple[object, ...]]:
    """The table to take away: counts and shares with their bounds, under a head of column names."""
    head = (
        _("name"), _("techniques"), _("looked at"), _("suspect"), _("real"), _("of them persons"),
        _("of them goods"), _("of them radioactive"), _("innocent"), _("false"), _("unresolved"),
        _("misses"), *(
            f"{what} {part}".strip()
            for what in (_("real of what was resolved"), _("false of all looked at"), _("detected of random finds"))
            for part in ("", _("low (95 %)"), _("high (95 %)"))
        ), _("minutes of searching per find"),
    )  # fmt: skip
    rows: list[tuple[object, ...]] = [head]
    for line in lines:
        tally = line.tally
        bounds = (
            value
            for rate in (tally.real_rate, tally.false_rate, tally.detection_rate)
            for value in (rate.share, rate.low, rate.high)
        )
        rows.append(
            (line.name, line.kinds, tally.looked, tally.suspect, tally.real, tally.persons, tally.goods,
             tally.radiation, tally.innocent, tally.false, tally.open,
             tally.misses, *("" if value is None else f"{value:.4f}" for value in bounds), tally.minutes_per_find or "")
        )  # fmt: skip
    return rows


def _per_cent(share: float) -> str:
    return number_format(100 * share, 0 if share in {0, 1} else 2 if share < 0.01 else 1)
