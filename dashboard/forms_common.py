"""What the pages' forms have in common: the house's looks, and a service's faults at their fields."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_LISTS = (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.CheckboxInput)


class PageForm(forms.Form):
    """A form of the pages. `marks` names the fields that hold a registration mark."""

    marks: tuple[str, ...] = ("mark",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field.widget, _LISTS) or field.widget.is_hidden:
                continue
            field.widget.attrs.setdefault("class", "input input--mark" if name in self.marks else "input")
            if name in self.marks:
                field.widget.attrs |= {
                    "autocapitalize": "characters",
                    "spellcheck": "false",
                    "autocomplete": "off",
                }

    def faults_take(self, error: ValidationError, names: Mapping[str, str] | None = None) -> None:
        """Put what a service refused at the fields; `names` says which field stands for which value of the service."""
        for value, faults in error.error_dict.items():
            field = (names or {}).get(value, value)
            self.add_error(field if field in self.fields else None, faults)


class PeriodForm(PageForm):
    """A filter over a period of whole days, a year at most; `too_long` says so."""

    longest = dt.timedelta(days=366)
    too_long: Any = _("A year at most.")

    def clean(self) -> dict[str, Any]:
        """The period has a beginning before its end, and is not too long."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("The period ends before it begins."))
        elif since and (until or timezone.localdate()) - since > self.longest:
            self.add_error("since", self.too_long)
        return values


def date_input() -> forms.DateInput:
    """A date field of the browser; what the officer sees follows the officer's own settings."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def filters_read(form: forms.Form) -> dict[str, Any]:
    """The filters that are set, by name; those that hold nothing are left out. The form must be valid."""
    return {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
