"""Filters of the lists, and the officer's preferences."""

import zoneinfo
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.choices import Density, Language, Theme
from dashboard.forms_common import PageForm
from dashboard.words import DEVICE_STATES, SENSOR_NAMES
from scanning.choices import Result, Severity
from scanning.selectors.seen import Equipment, SiteSeen

#: Zones in which an officer of the centre may work; others stay as they are where one has them.
ZONES = ("Europe/Paris", "Europe/London", "Europe/Brussels", "UTC")


def moment_field(label: Any) -> forms.DateTimeField:
    """A field for a moment in the officer's zone, by the browser's own control."""
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, required=False, widget=widget)


class FilterForm(PageForm):
    """A filter over what the reader may see at one site; its choices are never anybody else's."""

    lane = forms.ChoiceField(label=_("Lane"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args: Any, equipment: Equipment, site: SiteSeen | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = site.id if site else None
        lanes = [lane for lane in equipment.lanes.values() if lane.site_id == here]
        kinds = {device.kind for device in equipment.devices.values() if device.site_id == here}
        self._offer("lane", _("all lanes"), ((lane.code, f"{lane.code} {lane.name}") for lane in lanes))
        self._offer("kind", _("all kinds"), ((k, word) for k, word in SENSOR_NAMES.items() if k in kinds))

    def _offer(self, name: str, everything: Any, choices: Iterable[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        field.choices = [("", everything), *choices]

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return any(self.data.get(name) for name in self.fields)


class PassageFilters(FilterForm):
    """Which passages to list."""

    result = forms.ChoiceField(
        label=_("Result"), required=False, choices=[("", _("any result")), *Result.choices]
    )
    since = moment_field(_("From"))
    until = moment_field(_("Until"))

    def clean(self) -> dict[str, Any]:
        """The period has a beginning before its end."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = values.get("since"), values.get("until")
        if since and until and since >= until:
            self.add_error("until", _("The period ends before it begins."))
        return values


class DeviceFilters(FilterForm):
    """Which devices to list."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("any state")), *DEVICE_STATES.items()],
    )


class AlarmFilters(FilterForm):
    """Which alarms to list: those that nobody has acknowledged, unless something else is wished for."""

    STATES = (
        ("", _("not acknowledged")),
        ("active", pgettext_lazy("an alarm", "active")),
        ("escalated", pgettext_lazy("an alarm", "escalated")),
        ("silenced", _("silenced")),
        ("cleared", _("cleared")),
        ("all", _("all")),
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    severity = forms.ChoiceField(
        label=_("Priority"), required=False, choices=[("", _("any priority")), *Severity.choices]
    )
    whose = forms.ChoiceField(
        label=_("Assigned to"),
        required=False,
        choices=[("", _("anybody or nobody")), ("mine", _("me")), ("nobody", _("nobody"))],
    )
    reviewed = forms.ChoiceField(
        label=_("Reviewed by me"),
        required=False,
        choices=[("", _("all")), ("no", _("not yet")), ("yes", _("yes"))],
    )


class PreferencesForm(PageForm):
    """What the officer chooses for the own screen."""

    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, widget=forms.RadioSelect)
    theme = forms.ChoiceField(label=_("Appearance"), choices=Theme.choices, widget=forms.RadioSelect)
    density = forms.ChoiceField(label=_("Line spacing"), choices=Density.choices, widget=forms.RadioSelect)
    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("All times are shown in this zone; UTC stands beside the clock.")
    )
    shortcuts = forms.BooleanField(
        label=_("Single-key shortcuts"),
        required=False,
        help_text=_("Switch them off if you use speech input. This lasts until you sign out."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = timezone.get_current_timezone_name()
        zones = ZONES if own in ZONES or own not in zoneinfo.available_timezones() else (own, *ZONES)
        field = self.fields["zone"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        field.choices = [(zone, zone.replace("_", " ")) for zone in zones]
