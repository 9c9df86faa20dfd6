"""Forms of hits and notices: the list's filters, and a decision with what was done."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms_common import PageForm
from intelligence.choices import Priority, RejectReason
from intelligence.services.deciders import OUTCOME_LENGTH

CONFIRM = "confirm"


class HitFilters(PageForm):
    """What to narrow the list of hits and notices to."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("all")), ("hit", _("hits")), ("notice", _("notices"))],
        required=False,
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("all")),
            ("waiting", _("waits for somebody")),
            ("taken", _("taken")),
            ("confirmed", _("confirmed")),
            ("rejected", _("rejected")),
            ("expired", _("expired")),
        ],
        required=False,
    )
    priority = forms.ChoiceField(
        label=_("Priority"), choices=[("", _("all")), *Priority.choices], required=False
    )


class DecideForm(PageForm):
    """Whether it is the vehicle that is looked for, why not, and what was done."""

    decision = forms.ChoiceField(
        label=_("Is it the vehicle that is looked for?"),
        widget=forms.RadioSelect,
    )
    outcome = forms.CharField(
        label=_("What was done"),
        max_length=OUTCOME_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The owner of the lookout reads it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            (CONFIRM, _("Yes: mark and vehicle were compared")),
            *(
                (reason.value, _("No: %(why)s") % {"why": _within(str(reason.label))})
                for reason in RejectReason
            ),
        ]

    def decided(self) -> dict[str, Any]:
        """The decision as the services take it."""
        decision = self.cleaned_data["decision"]
        confirmed = decision == CONFIRM
        return {
            "confirmed": confirmed,
            "reject_reason": "" if confirmed else decision,
            "outcome": self.cleaned_data["outcome"],
        }


def _within(label: str) -> str:
    """A label as it stands within a sentence."""
    return label[:1].lower() + label[1:]
