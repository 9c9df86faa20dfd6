"""Forms of adjudications, later finds and the statistics."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.forms import moment_field
from dashboard.forms_common import PageForm, PeriodForm, date_input
from dashboard.words import SENSOR_NAMES
from intelligence.rules.drafts import PURPOSE_LENGTH
from scanning.choices import Adjudged, Find
from scanning.rules.rates import FINDS
from scanning.selectors.rates import LONGEST, RateFilter
from scanning.selectors.seen import SiteSeen
from scanning.services.findings import MOST_PERSONS, PLACE_LENGTH

_USUAL = dt.timedelta(days=30)
_BY = (
    ("device", _("device")),
    ("kind", _("technique")),
    ("lane", _("lane")),
    ("agency", _("agency")),
)


class AdjudicateForm(PageForm):
    """What an alarm turned out to be."""

    code = forms.ChoiceField(label=_("What it was"), choices=Adjudged.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), max_length=PURPOSE_LENGTH, required=False)


class FindForm(PageForm):
    """Something found after the passage."""

    finds = forms.MultipleChoiceField(
        label=_("What was found"), choices=Find.choices, widget=forms.CheckboxSelectMultiple
    )
    persons = forms.IntegerField(label=_("Persons"), min_value=1, max_value=MOST_PERSONS, required=False)
    place = forms.CharField(
        label=_("Where"), max_length=PLACE_LENGTH, help_text=_("For example Dover, examination hall.")
    )
    found_at = moment_field(_("When"))
    note = forms.CharField(
        label=_("How it was hidden"),
        max_length=PURPOSE_LENGTH,
        help_text=_("What would have shown it here. No names."),
    )
    agencies = forms.MultipleChoiceField(
        label=_("Who is told"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("It counts as a miss in the statistics of whoever is told."),
    )

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].choices = agencies  # type: ignore[attr-defined]
        self.fields["found_at"].required = True


class RateFilters(PeriodForm):
    """Over which period, of which technique, by what."""

    longest = LONGEST
    too_long = _("A year at most: rates over more hide what has changed.")

    by = forms.ChoiceField(label=_("By"), choices=_BY, required=False)
    kind = forms.ChoiceField(label=_("Technique"), required=False)
    since = forms.DateField(label=_("From"), widget=date_input(), required=False)
    until = forms.DateField(label=_("Until (included)"), widget=date_input(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, word) for kind, word in SENSOR_NAMES.items() if kind in FINDS]
        self.fields["kind"].choices = [("", _("all")), *kinds]  # type: ignore[attr-defined]

    def wanted(self, site: SiteSeen | None) -> RateFilter:
        """The filter; the form must be valid. Days are those of the officer's zone."""
        given, zone = self.cleaned_data, timezone.get_current_timezone()
        last = given["until"] or timezone.localdate()
        until = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
        since = dt.datetime.combine(given["since"], dt.time(), zone) if given["since"] else until - _USUAL
        return RateFilter(
            since=since,
            until=until,
            site=site.code if site else "",
            kind=given["kind"],
            by=given["by"] or "device",
        )
