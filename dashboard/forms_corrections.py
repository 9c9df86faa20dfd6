"""Forms that correct to which passage events belong."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms_common import PageForm
from intelligence.rules.drafts import PURPOSE_LENGTH

_WHY = _("Everybody who sees these devices reads it. What shows it; never how you know.")


class SplitForm(PageForm):
    """What belongs to another vehicle."""

    events = forms.MultipleChoiceField(
        label=_("What belongs to another vehicle"), widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label=_("Why"), max_length=PURPOSE_LENGTH, help_text=_WHY)

    def __init__(self, *args: Any, events: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["events"].choices = [(event, event) for event in events]  # type: ignore[attr-defined]


class MergeForm(PageForm):
    """Another passage that is the same vehicle at the same visit: one of those near, or any by its record."""

    near = forms.ChoiceField(label=_("The same vehicle"), widget=forms.RadioSelect, required=False)
    other = forms.UUIDField(
        label=_("Or the record of the passage"),
        required=False,
        help_text=_("It stands on the passage’s page, beside “record”."),
    )
    reason = forms.CharField(label=_("Why"), max_length=PURPOSE_LENGTH, help_text=_WHY)

    def __init__(self, *args: Any, near: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["near"].choices = [("", "-"), *((one, one) for one in near)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One of both is given."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (values.get("near") or values.get("other")):
            self.add_error("near", _("Choose the passage that is the same vehicle."))
        return values

    @property
    def chosen(self) -> str:
        """The passage that was chosen or named."""
        return str(self.cleaned_data["other"] or self.cleaned_data["near"])


class UndoForm(PageForm):
    """Why the correction was wrong."""

    reason = forms.CharField(label=_("Why"), max_length=PURPOSE_LENGTH, help_text=_WHY)
