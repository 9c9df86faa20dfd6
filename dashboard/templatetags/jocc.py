"""Template tags of the pages: signs, marks, moments, numbers and plots, always the same way."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dashboard import words
from dashboard.facts.board import HourSeries, KindStrip, LaneRow
from dashboard.facts.device_wall import DeviceTile
from dashboard.facts.needs import NeedCard
from dashboard.facts.passages import MarkCell, PassageLine
from dashboard.markup import TOKEN_PLACE, digest, rendered
from dashboard.plots import hour_plot, spark_points, strip_plot

register = template.Library()

HOUR = timedelta(hours=1)


@register.simple_tag
def glyph(code: str, label: str = "") -> SafeString:
    """The sign of a code from the page's sprite; with a label it is read aloud, without it is mute."""
    sign = format_html(
        '<svg class="glyph glyph--{0}" aria-hidden="true" width="16" height="16">'
        '<use href="#g-{0}"></use></svg>',
        code,
    )
    return format_html('{}<span class="vh">{}</span>', sign, label) if label else sign


@register.simple_tag
def passage_line(line: PassageLine) -> SafeString:
    """One passage as a row of the table of lines."""
    return rendered.get("parts/line.html", (line.id, line.version), {"line": line})


@register.simple_tag
def lane_row(lane: LaneRow) -> SafeString:
    """One lane with its devices as an entry of the list of lanes."""
    return rendered.get("board/lane.html", (lane.id, lane.version), {"lane": lane})


@register.simple_tag
def device_tile(tile: DeviceTile) -> SafeString:
    """One device as a tile of the device wall."""
    return rendered.get("devices/tile.html", (tile.id, tile.version), {"tile": tile})


@register.simple_tag(takes_context=True)
def need_card(context: Context, card: NeedCard) -> SafeString:
    """One card that needs somebody; its forms carry this reader's token."""
    wall = bool(context.get("wall"))
    said = {"card": card, "wall": wall, "csrf_token": TOKEN_PLACE}
    markup = rendered.get("board/need.html", (card.id, digest(card, wall)), said)
    # Nothing but our own markup and Django's token, which has letters and digits only.
    return mark_safe(markup.replace(TOKEN_PLACE, str(context.get("csrf_token", ""))))  # noqa: S308


@register.inclusion_tag("parts/mark.html")
def mark(cell: MarkCell) -> dict[str, Any]:
    """A registration mark with its country, in the face that keeps 0 and O apart."""
    return {"cell": cell, "kind": words.MARK_KINDS.get(cell.kind, cell.kind)}


@register.filter
def result_word(code: str) -> str:
    """The word for a result code."""
    return str(words.RESULTS.get(code, code))


@register.filter
def state_word(code: str) -> str:
    """The word for a device's state."""
    return str(words.DEVICE_STATES.get(code, code))


@register.filter
def sensor_word(code: str) -> str:
    """The word for a kind of device."""
    return str(words.SENSOR_NAMES.get(code, code))


@register.filter
def tone_word(code: str) -> str:
    """The word for a priority."""
    return str(words.TONES.get(code, code))


@register.filter
def request_word(code: str) -> str:
    """The word for where a scan request stands."""
    return str(words.REQUEST_STATES.get(code, code))


@register.filter
def need_word(code: str) -> str:
    """The word for what kind of thing needs somebody."""
    return str(words.NEED_KINDS.get(code, code))


@register.filter
def number(value: float | int | None, places: int | None = None) -> str:
    """A number as the reader's language writes it; nothing for no value."""
    if value is None:
        return ""
    return formats.number_format(value, places, force_grouping=True)


@register.filter
def percent(share: float | None) -> str:
    """A share between 0 and 1 as a whole number of hundredths, without its sign."""
    return "" if share is None else str(round(share * 100))


@register.filter
def unlocal(value: float) -> str:
    """A coordinate as SVG reads it, whatever the reader's language."""
    return f"{value:g}"


@register.filter
def minus(value: float, other: float) -> str:
    """A difference of coordinates as SVG reads it."""
    return f"{value - other:g}"


@register.simple_tag
def moment(when: datetime | None, style: str = "time") -> SafeString | str:
    """A moment in the officer's zone with UTC on hover; `style` is time, short, day or full."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    shown = {
        "time": local.strftime("%H:%M:%S"),
        "short": local.strftime("%H:%M"),
        "day": local.strftime("%d/%m/%Y"),
        "full": local.strftime("%d/%m/%Y %H:%M:%S"),
    }[style]
    return _time_element(when, shown)


@register.simple_tag
def age(when: datetime | None) -> SafeString | str:
    """How long ago under one hour, the time of day on the same day, day and time beyond."""
    if when is None:
        return ""
    return _time_element(when, age_text(when, timezone.now()), "age")


def age_text(when: datetime, now: datetime) -> str:
    """The words of `age`; units are the same in both languages."""
    passed = now - when
    if timedelta(seconds=-10) < passed < HOUR:
        seconds = max(int(passed.total_seconds()), 0)
        return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"
    local, today = timezone.localtime(when), timezone.localtime(now)
    if local.date() == today.date():
        return local.strftime("%H:%M")
    return local.strftime("%d/%m/%Y %H:%M")


def _time_element(when: datetime, shown: str, css: str = "") -> SafeString:
    utc = when.astimezone(UTC)
    return format_html(
        '<time{} datetime="{}" title="{}">{}</time>',
        format_html(' class="{}" data-age', css) if css else "",
        when.isoformat(),
        _("%(moment)s UTC") % {"moment": utc.strftime("%d/%m/%Y %H:%M:%S")},
        shown,
    )


@register.simple_tag
def day_plot(series: HourSeries) -> SafeString:
    """Today against usual as an SVG with its table."""
    return rendered.get("parts/plot.html", (series.code, digest(series)), {"plot": hour_plot(series)})


@register.simple_tag
def kind_strip(strip: KindStrip) -> SafeString:
    """Counts by hour and kind of device as an SVG with its table."""
    return rendered.get("parts/strip.html", (strip.code, digest(strip)), {"plot": strip_plot(strip)})


@register.simple_tag
def spark(values: tuple[int, ...]) -> SafeString | str:
    """A sparkline of counts; what it says must also stand in words beside it."""
    if not values:
        return ""
    return format_html(
        '<svg class="spark" viewBox="0 0 96 20" width="96" height="20" aria-hidden="true">'
        '<polyline points="{}"></polyline></svg>',
        spark_points(values),
    )


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, autofocus: bool = False) -> dict[str, Any]:
    """A form field with its label, hint and error, tied together for screen readers."""
    kind = bound.widget_type
    return {
        "field": bound,
        "kind": kind,
        "choices": kind in {"radioselect", "checkboxselectmultiple"},
        "autofocus": autofocus,
    }


@register.inclusion_tag("parts/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """What is wrong with a form, each line a link to its field."""
    return {"form": form}
