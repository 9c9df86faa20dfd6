"""Forms of scan requests and of the rules of lawful use."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.forms_common import PageForm, date_input
from dashboard.words import SENSOR_NAMES
from intelligence.rules.drafts import PURPOSE_LENGTH
from scanning.choices import Body, DeviceKind, RequestState, ScanPurpose, UseVerdict
from scanning.rules.requests import RESULT_CHOICES, USUAL
from scanning.selectors.requests import NOT_ASKED_FOR
from scanning.services.law import BASIS_LENGTH, CONDITION_LENGTH

_PURPOSES = [("", _("choose")), *ScanPurpose.choices]
_WITHIN = (
    (15, _("15 minutes")),
    (30, _("30 minutes")),
    (60, _("1 hour")),
    (120, _("2 hours")),
    (240, _("4 hours")),
)


class RequestFilters(PageForm):
    """What to narrow the list to."""

    side = forms.ChoiceField(
        label=_("Which"),
        choices=[("", _("all")), ("false", _("asked of us")), ("true", _("asked by us"))],
        required=False,
    )
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("all")), *RequestState.choices], required=False
    )
    technique = forms.ChoiceField(label=_("Technique"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, SENSOR_NAMES[kind]) for kind in DeviceKind.values if kind not in NOT_ASKED_FOR]
        self.fields["technique"].choices = [("", _("all")), *kinds]  # type: ignore[attr-defined]

    def clean_side(self) -> bool | None:
        """True for what the own agency asks, False for what it is asked."""
        given: str = self.cleaned_data["side"]
        return None if not given else given == "true"


class AskForm(PageForm):
    """A scan to be asked for."""

    offer = forms.ChoiceField(label=_("What, of whom"), widget=forms.RadioSelect)
    purpose = forms.ChoiceField(
        label=_("Looked for"),
        choices=_PURPOSES,
        help_text=_("The law permits a technique for some aims only."),
    )
    body = forms.ChoiceField(label=_("Body"), choices=[("", _("not known")), *Body.choices], required=False)
    note = forms.CharField(
        label=_("What to look for"),
        max_length=PURPOSE_LENGTH,
        help_text=_("The other agency reads it. Where on the vehicle, and what; never how you know."),
    )
    within = forms.TypedChoiceField(
        label=_("Needed within"), choices=_WITHIN, coerce=int, initial=int(USUAL.total_seconds() // 60)
    )
    justification = forms.CharField(
        label=_("Why all the same"),
        max_length=PURPOSE_LENGTH,
        required=False,
        help_text=_(
            "Needed where no rule of lawful use stands, or where the body is not what the technique is for."
        ),
    )

    def __init__(self, *args: Any, offers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offer"].choices = offers  # type: ignore[attr-defined]
        self.fields["body"].wanted = True  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What was typed, as the service takes it."""
        given = self.cleaned_data
        technique, _colon, agency = given["offer"].partition(":")
        return {
            "technique": technique,
            "agency": agency,
            "purpose": given["purpose"],
            "body": given["body"],
            "note": given["note"],
            "needed_by": timezone.now() + dt.timedelta(minutes=given["within"]),
            "justification": given["justification"],
        }


class AcceptForm(PageForm):
    """Take it on."""

    in_minutes = forms.TypedChoiceField(
        label=_("Planned for"),
        choices=[(0, _("now")), *((minutes, word) for minutes, word in _WITHIN)],
        coerce=int,
        initial=0,
    )
    answer = forms.CharField(label=_("A word to the asker"), max_length=PURPOSE_LENGTH, required=False)

    def accepted(self) -> dict[str, Any]:
        """What was chosen, as the service takes it."""
        minutes = self.cleaned_data["in_minutes"]
        planned = timezone.now() + dt.timedelta(minutes=minutes) if minutes else None
        return {"scheduled_at": planned, "answer": self.cleaned_data["answer"]}


class RefuseForm(PageForm):
    """Say no, or take back, and why."""

    reason = forms.CharField(label=_("Why"), max_length=PURPOSE_LENGTH)


class DoneForm(PageForm):
    """What came of it."""

    result = forms.ChoiceField(
        label=_("Result"),
        choices=RESULT_CHOICES,
        widget=forms.RadioSelect,
    )
    finding = forms.CharField(
        label=_("What was seen"),
        max_length=PURPOSE_LENGTH,
        help_text=_("Only this goes to the asker; the image and the device’s own record stay with you."),
    )


class RuleFilters(PageForm):
    """What to narrow the matrix to."""

    agency = forms.ChoiceField(label=_("Agency"), required=False)
    technique = forms.ChoiceField(label=_("Technique"), required=False)
    purpose = forms.ChoiceField(
        label=_("Looked for"), choices=[("", _("all")), *ScanPurpose.choices], required=False
    )
    ended = forms.BooleanField(label=_("Ended rules too"), required=False)

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [("", _("all")), *agencies]  # type: ignore[attr-defined]
        self.fields["technique"].choices = [("", _("all")), *_techniques()]  # type: ignore[attr-defined]


class RuleForm(PageForm):
    """A rule of the own agency."""

    technique = forms.ChoiceField(label=_("Technique"))
    purpose = forms.ChoiceField(label=_("Looked for"), choices=_PURPOSES)
    territory = forms.ChoiceField(label=_("Territory"), required=False)
    verdict = forms.ChoiceField(
        label=_("Rule"),
        choices=[choice for choice in UseVerdict.choices if choice[0] != UseVerdict.UNSTATED],
        widget=forms.RadioSelect,
        initial=UseVerdict.PERMITTED,
    )
    soft_sided_only = forms.BooleanField(label=_("Soft-sided bodies only"), required=False)
    engine_off = forms.BooleanField(label=_("With the engine off only"), required=False)
    condition_en = forms.CharField(
        label=_("Condition in English"), max_length=CONDITION_LENGTH, required=False
    )
    condition_fr = forms.CharField(
        label=_("Condition in French"), max_length=CONDITION_LENGTH, required=False
    )
    basis = forms.CharField(label=_("Legal basis"), max_length=BASIS_LENGTH)
    valid_from = forms.DateField(label=_("In force from"), widget=date_input())

    def __init__(self, *args: Any, territories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technique"].choices = [("", _("choose")), *_techniques()]  # type: ignore[attr-defined]
        self.fields["territory"].choices = [("", _("everywhere")), *territories]  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = timezone.localdate()


def _techniques() -> list[tuple[str, Any]]:
    return [(kind, SENSOR_NAMES[kind]) for kind in DeviceKind.values if kind not in NOT_ASKED_FOR]
