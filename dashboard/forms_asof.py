"""The form of an as-of question: of what, about whom, at which moment of the wall's clock, and what for."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.rules.moments import NoSuchTime, TwiceThatNight, moment_of
from agencies.rules.sentences import SENTENCE_LENGTH
from dashboard.forms_common import PageForm, date_input


class AsOfForm(PageForm):
    """Who could see a record at a moment."""

    marks = ("record",)
    record = forms.CharField(
        label=_("Record"),
        max_length=80,
        help_text=_("Its reference, as UKBA-L-2026-000123, or a device’s code."),
    )
    agency = forms.ChoiceField(label=_("Agency"))
    officer = forms.CharField(
        label=_("Officer"),
        max_length=20,
        required=False,
        help_text=_("A badge number of your own agency; empty for the agency as a whole."),
    )
    day = forms.DateField(label=_("Day"), widget=date_input())
    time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(format="%H:%M:%S", attrs={"type": "time", "step": "1"})
    )
    which = forms.ChoiceField(
        label=_("Which of the two"),
        choices=[("first", _("The first: summer time")), ("second", _("The second: winter time"))],
        widget=forms.RadioSelect,
        required=False,
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=SENTENCE_LENGTH,
        help_text=_("Why you ask. It is recorded with the question."),
    )

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = agencies  # type: ignore[attr-defined]
        self.twice = bool(self.data.get("which"))

    def clean(self) -> dict[str, Any]:
        """Day and time as one moment in the officer's zone; the night of two such times is asked about."""
        given: dict[str, Any] = super().clean() or {}
        day, time = given.get("day"), given.get("time")
        if isinstance(day, dt.date) and isinstance(time, dt.time):
            chosen = {"first": False, "second": True}.get(given.get("which", ""))
            try:
                given["at"] = moment_of(day, time, timezone.get_current_timezone(), second=chosen)
            except NoSuchTime:
                self.add_error("time", _("This time did not exist: the clocks were put forward."))
            except TwiceThatNight:
                self.twice = True
                self.add_error("which", _("The clocks were put back that night: this time came twice."))
            except OverflowError:
                self.add_error("day", _("This day is out of reach."))
        return given

    def asked(self) -> dict[str, Any]:
        """The question as the service takes it."""
        return {name: self.cleaned_data[name] for name in ("record", "agency", "officer", "at", "purpose")}
