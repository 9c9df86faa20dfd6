"""Forms of what needs a second signature: a new admission, and the acts on a proposal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.facts import Principal
from agencies.rules.countersigns import REASON_LENGTH
from agencies.selectors import agencies_all, agency_group_of, compartments_of
from dashboard.forms_common import PageForm
from dashboard.selectors.lookouts import agency_name


class AdmissionForm(PageForm):
    """Propose to name an officer of another agency in a compartment."""

    compartment = forms.ChoiceField(label=_("Compartment"))
    agency = forms.ChoiceField(label=_("Agency of the officer"))
    badge_number = forms.CharField(
        label=_("Badge number"),
        max_length=20,
        help_text=_(
            "Whether the agency has this officer is for the agency to know; it is looked up when it signs."
        ),
    )
    reason = forms.CharField(label=_("Why"), max_length=REASON_LENGTH)

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = compartments_of(principal).filter(agency__group_id=agency_group_of(principal))
        others = [a for a in agencies_all() if a.is_authority and a.group_id != principal.agency_group]
        self.fields["compartment"].choices = [(str(c.uid), c.name) for c in own]  # type: ignore[attr-defined]
        self.fields["agency"].choices = [(a.code, agency_name(a)) for a in others]  # type: ignore[attr-defined]


class ClosingForm(PageForm):
    """Refuse or withdraw a proposal: both say why."""

    reason = forms.CharField(label=_("Why"), max_length=REASON_LENGTH)
