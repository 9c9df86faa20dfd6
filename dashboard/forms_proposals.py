"""Forms of proposals: what a reader would change in a lookout, and the owner's decision."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.countries import country_choices
from dashboard.forms_common import PageForm, date_input
from dashboard.forms_lookouts import end_of
from intelligence.choices import ActionCode, Priority
from intelligence.facts import MergeLine
from intelligence.rules.drafts import INSTRUCTION_LENGTH, PURPOSE_LENGTH, RAW_LENGTH

FIELD_WORDS = {
    "mark": _("Mark"),
    "country": _("Country"),
    "action_code": _("Action code"),
    "priority": _("Priority"),
    "instruction": _("Instruction for the front line"),
    "expires_at": _("Expires on"),
    "review_due": _("Review due on"),
}


class ProposeForm(PageForm):
    """The lookout's values as they stand, to be changed into what is proposed."""

    mark = forms.CharField(label=FIELD_WORDS["mark"], max_length=RAW_LENGTH)
    country = forms.ChoiceField(label=FIELD_WORDS["country"], required=False)
    action_code = forms.ChoiceField(label=FIELD_WORDS["action_code"], choices=ActionCode.choices)
    priority = forms.ChoiceField(label=FIELD_WORDS["priority"], choices=Priority.choices)
    instruction = forms.CharField(
        label=FIELD_WORDS["instruction"], max_length=INSTRUCTION_LENGTH, required=False
    )
    expires_at = forms.DateField(label=FIELD_WORDS["expires_at"], widget=date_input())
    review_due = forms.DateField(label=FIELD_WORDS["review_due"], widget=date_input())
    reason = forms.CharField(
        label=_("Why"), max_length=PURPOSE_LENGTH, help_text=_("The owner reads it, and it is recorded.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices(_("any"))  # type: ignore[attr-defined]

    def changes(self, standing: dict[str, str], expires_on: Any) -> dict[str, str]:
        """What was typed, as the service takes it; a day of expiry that was left alone stays the moment that it is."""
        given = self.cleaned_data
        changes = {
            name: given[name] for name in ("mark", "country", "action_code", "priority", "instruction")
        }
        same = given["expires_at"] == expires_on
        changes["expires_at"] = standing["expires_at"] if same else end_of(given["expires_at"]).isoformat()
        changes["review_due"] = given["review_due"].isoformat()
        return changes


class DecideProposalForm(PageForm):
    """Take over, or discard with a reason."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=16)
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("accept", _("Take over what is ticked")), ("discard", _("Discard"))],
        widget=forms.RadioSelect,
    )
    take = forms.MultipleChoiceField(
        label=_("Take over"), widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = forms.CharField(
        label=_("Why not"),
        max_length=PURPOSE_LENGTH,
        required=False,
        help_text=_("When you discard it; the proposer reads it."),
    )

    def __init__(self, *args: Any, lines: tuple[MergeLine, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["take"].choices = [(line.field, FIELD_WORDS[line.field]) for line in lines]  # type: ignore[attr-defined]


def local_day(text: str) -> Any:
    """The day of a stored moment where the officer works."""
    when = forms.DateTimeField().to_python(text) if text else None
    return timezone.localtime(when).date() if when else None
