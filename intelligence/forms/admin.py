"""The admin site's form of a new lookout."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms.admin import clearances_within
from agencies.forms.records import GateForm
from agencies.models import Agency, Compartment
from agencies.selectors import compartments_of
from intelligence.facts import LookoutDraft
from intelligence.forms.received import RECEIVED_FIELDS, ReceivedFields
from intelligence.models import Lookout

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NewLookoutForm(ReceivedFields, GateForm):
    """What one agency looks for, what is to be done, and who may learn of a match."""

    refusal_fields = {"mark": "mark_raw", "notified_agencies": "notified"} | RECEIVED_FIELDS

    notified = forms.ModelMultipleChoiceField(
        queryset=Agency.objects.all(),
        to_field_name="code",
        required=False,
        label=_("agencies whose front line is told"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A silent lookout tells nobody. A stop tells them that somebody looks for the vehicle."),
    )
    compartment = forms.ModelChoiceField(
        queryset=Compartment.objects.none(),
        to_field_name="uid",
        required=False,
        label=_("compartment"),
        help_text=_("The lookout then belongs to its named officers, not to your agency."),
    )

    class Meta:
        model = Lookout
        fields = (
            "kind", "mark_raw", "country", "action_code", "priority", "mode", "desk", "instruction",
            "reason", "classification", "expires_at", "review_due",
        )  # fmt: skip
        widgets = {"review_due": _DATE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clearances_within(self, "classification")
        self.received_prepare(self.principal)
        choices: Any = self.fields.get("compartment")
        if choices is not None:
            choices.queryset = compartments_of(self.principal)
        agencies: Any = self.fields.get("notified")
        if agencies is not None:
            agencies.label_from_instance = lambda agency: f"{agency.name} ({agency.code})"
        if "expires_at" in self.fields:
            self.fields["expires_at"].required = True

    def draft(self) -> LookoutDraft:
        """What was typed, as the service takes it."""
        typed = self.cleaned_data
        same = (
            "kind",
            "country",
            "action_code",
            "priority",
            "mode",
            "instruction",
            "reason",
            "classification",
        )
        return LookoutDraft(
            mark=typed["mark_raw"],
            notified_agencies=tuple(agency.code for agency in typed["notified"]),
            desk=typed["desk"].code if typed["desk"] else "",
            expires_at=typed["expires_at"],
            review_due=typed["review_due"],
            compartment=str(typed["compartment"].uid) if typed["compartment"] else "",
            **{name: typed[name] for name in same},
            **self.received(),
        )
