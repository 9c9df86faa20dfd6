"""Forms of outages, of planned downtime, of the care of devices, and of availability."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.forms import moment_field
from dashboard.forms_common import PageForm, PeriodForm, date_input
from dashboard.words import SENSOR_NAMES
from intelligence.rules.drafts import PURPOSE_LENGTH
from scanning.choices_care import CareKind, OutageCause, OutageEffect, OutageKind
from scanning.rules.outages import WORKING_CHOICES
from scanning.selectors.availability import LONGEST, AvailabilityFilter
from scanning.selectors.seen import SiteSeen
from scanning.services.care import BY_LENGTH, CERTIFICATE_LENGTH, FIRMWARE_LENGTH, NOTE_LENGTH
from scanning.services.outage_notes import COMMENT_LENGTH
from scanning.services.outages import TICKET_LENGTH

_USUAL = dt.timedelta(days=30)
_CHOOSE = ("", _("choose"))
_AS_IT_IS = ("", _("as it is"))


class OutageFilters(PageForm):
    """What to narrow the list to."""

    open = forms.ChoiceField(
        label=_("Which"),
        choices=[("", _("not closed")), ("false", _("closed")), ("all", _("all"))],
        required=False,
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *OutageKind.choices], required=False)
    technique = forms.ChoiceField(label=_("Technique"), required=False)
    agency = forms.ChoiceField(label=_("Owner"), required=False)

    def __init__(self, *args: Any, owners: Iterable[str], kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(kind, SENSOR_NAMES[kind]) for kind in sorted(kinds)]
        self.fields["technique"].choices = [("", _("all")), *offered]  # type: ignore[attr-defined]
        agencies = [(owner, owner) for owner in sorted(owners)]
        self.fields["agency"].choices = [("", _("all")), *agencies]  # type: ignore[attr-defined]

    def clean_open(self) -> bool | None:
        """True for what is not closed, False for what is, None for all."""
        given: str = self.cleaned_data["open"]
        return None if given == "all" else given != "false"


class ReportForm(PageForm):
    """A device does not work."""

    reason = forms.CharField(label=_("What is wrong"), max_length=PURPOSE_LENGTH)
    effect = forms.ChoiceField(
        label=_("Effect"),
        choices=OutageEffect.choices,
        widget=forms.RadioSelect,
        initial=OutageEffect.OUT,
    )
    since = moment_field(_("Since (now, when empty)"))


class PlanForm(PageForm):
    """Downtime that is planned."""

    begins_at = moment_field(_("From"))
    ends_at = moment_field(_("Until"))
    reason = forms.CharField(label=_("What is done"), max_length=PURPOSE_LENGTH)
    effect = forms.ChoiceField(
        label=_("Effect"),
        choices=OutageEffect.choices,
        widget=forms.RadioSelect,
        initial=OutageEffect.OUT,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("begins_at", "ends_at"):
            self.fields[name].required = True


class CommentForm(PageForm):
    """What one knows."""

    comment = forms.CharField(label=_("Comment"), max_length=PURPOSE_LENGTH)


class WorkForm(PageForm):
    """Where the case stands."""

    stage = forms.ChoiceField(label=_("Stage"), choices=WORKING_CHOICES)
    cause = forms.ChoiceField(
        label=_("Cause"), choices=[("", _("not known yet")), *OutageCause.choices], required=False
    )
    effect = forms.ChoiceField(label=_("Effect"), choices=[_AS_IT_IS, *OutageEffect.choices], required=False)
    ticket = forms.CharField(label=_("Number at the firm"), max_length=TICKET_LENGTH, required=False)
    expected_at = moment_field(_("Expected back"))
    comment = forms.CharField(label=_("Comment"), max_length=COMMENT_LENGTH, required=False)


class EndForm(PageForm):
    """It works again."""

    at = moment_field(_("Since (now, when empty)"))
    comment = forms.CharField(label=_("Comment"), max_length=COMMENT_LENGTH, required=False)


class MoveForm(PageForm):
    """Another end of planned downtime."""

    ends_at = moment_field(_("Until"))
    comment = forms.CharField(label=_("Why"), max_length=PURPOSE_LENGTH)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_at"].required = True


class CloseForm(PageForm):
    """Why it did not work, and what helped."""

    cause = forms.ChoiceField(label=_("Cause"), choices=[_CHOOSE, *OutageCause.choices])
    remedy = forms.CharField(label=_("What helped"), max_length=PURPOSE_LENGTH)


class CareForm(PageForm):
    """What was done to a device."""

    kind = forms.ChoiceField(label=_("What was done"), choices=CareKind.choices, widget=forms.RadioSelect)
    done_on = forms.DateField(label=_("Done on"), widget=date_input())
    due_on = forms.DateField(
        label=_("Next due on"), widget=date_input(), required=False, help_text=_("Empty: nothing is due.")
    )
    firmware = forms.CharField(label=_("Firmware"), max_length=FIRMWARE_LENGTH, required=False)
    by = forms.CharField(label=_("By whom"), max_length=BY_LENGTH, required=False)
    certificate = forms.CharField(label=_("Certificate"), max_length=CERTIFICATE_LENGTH, required=False)
    note = forms.CharField(label=_("Note"), max_length=NOTE_LENGTH, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = timezone.localdate


class CancelForm(PageForm):
    """Why planned downtime is called off."""

    reason = forms.CharField(label=_("Why"), max_length=PURPOSE_LENGTH)


class WithdrawForm(PageForm):
    """Why an entry was wrong."""

    reason = forms.CharField(label=_("Why it was wrong"), max_length=PURPOSE_LENGTH)


class StartFilters(PageForm):
    """Over how many hours to look back at the start of a shift."""

    USUAL: ClassVar[int] = 8

    back = forms.TypedChoiceField(
        label=_("Looking back"),
        choices=[(8, _("8 hours")), (12, _("12 hours")), (24, _("24 hours"))],
        coerce=int,
        required=False,
    )

    def hours(self) -> int:
        """The hours that were chosen."""
        return int(self.cleaned_data["back"] or self.USUAL)


class AvailabilityFilters(PeriodForm):
    """Over which period, of which technique and agency, by what."""

    longest = LONGEST

    by = forms.ChoiceField(
        label=_("By"),
        choices=[
            ("device", _("device")),
            ("kind", _("technique")),
            ("site", _("site")),
            ("agency", _("agency")),
        ],
        required=False,
    )
    kind = forms.ChoiceField(label=_("Technique"), required=False)
    agency = forms.ChoiceField(label=_("Owner"), required=False)
    everywhere = forms.BooleanField(label=_("All sites"), required=False)
    since = forms.DateField(label=_("From"), widget=date_input(), required=False)
    until = forms.DateField(label=_("Until (included)"), widget=date_input(), required=False)

    def __init__(self, *args: Any, owners: Iterable[str], kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(kind, SENSOR_NAMES[kind]) for kind in sorted(kinds)]
        self.fields["kind"].choices = [("", _("all")), *offered]  # type: ignore[attr-defined]
        agencies = [(owner, owner) for owner in sorted(owners)]
        self.fields["agency"].choices = [("", _("all")), *agencies]  # type: ignore[attr-defined]

    def wanted(self, site: SiteSeen | None) -> AvailabilityFilter:
        """The filter; whole days in the officer's zone, 30 of them unless something else is asked for."""
        given, now = self.cleaned_data, timezone.now()
        until = min(_midnight(given["until"] + dt.timedelta(days=1)), now) if given["until"] else now
        since = _midnight(given["since"]) if given["since"] else until - _USUAL
        everywhere = given["everywhere"] or given["by"] == "site"
        return AvailabilityFilter(
            since=min(since, until),
            until=until,
            by=given["by"] or "device",
            kind=given["kind"],
            agency=given["agency"],
            site="" if everywhere or site is None else site.code,
        )


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
