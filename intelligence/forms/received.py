"""What came with an information: its written marking, its caveat, its handling codes. For every form that enters one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.choices import Caveat
from agencies.facts import Principal
from agencies.rules.markings import MARKING_LENGTH
from intelligence.facts import Handling
from intelligence.rules.handling import CONDITIONS_LENGTH, SCHEMES, codes_read

#: Fields of the services' drafts where the form's fields are called otherwise.
RECEIVED_FIELDS = {"handling": "handling_codes", "caveat": "national_caveat"}

_SCHEMES = [(f"{name}|{version}", f"{scheme.words} {version}") for (name, version), scheme in SCHEMES.items()]


class ReceivedFields(forms.Form):
    """The fields; a form that has them calls `received_prepare` when it is made."""

    marking = forms.CharField(
        label=_("Marking as received"),
        max_length=MARKING_LENGTH,
        required=False,
        help_text=_(
            "As it stands on the document, in the words of either state, old or new. It is kept as it is. What is"
            " above OFFICIAL-SENSITIVE / DIFFUSION RESTREINTE is refused."
        ),
    )
    national_caveat = forms.ChoiceField(
        label=_("National caveat"),
        required=False,
        help_text=_("Agencies of the other state then learn nothing of it, not even that there is one more."),
    )
    handling_scheme = forms.ChoiceField(label=_("Handling scheme"), required=False)
    handling_codes = forms.CharField(
        label=_("Handling codes as received"),
        max_length=60,
        required=False,
        help_text=_("For example 3, or C A2 S1, or H1 H3, or AMBER+STRICT. Nothing is converted."),
    )
    handling_conditions = forms.CharField(
        label=_("Conditions in words"), max_length=CONDITIONS_LENGTH, required=False
    )
    not_marked_higher = forms.BooleanField(
        label=_("The text bears no marking above the ceiling; it only begins with that word."), required=False
    )

    def received_prepare(self, principal: Principal) -> None:
        """Offer the caveats of the officer's own state, and the known schemes."""
        own = [(value, word) for value, word in Caveat.choices if value in principal.caveats]
        self.fields["national_caveat"].choices = own  # type: ignore[attr-defined]
        self.fields["handling_scheme"].choices = [("", _("none")), *_SCHEMES]  # type: ignore[attr-defined]

    def received(self) -> dict[str, Any]:
        """What was typed, as the services' drafts take it."""
        given: dict[str, Any] = self.cleaned_data
        return {
            "marking": given["marking"],
            "caveat": given["national_caveat"],
            "handling": self._handling(),
            "not_marked_higher": given["not_marked_higher"],
        }

    def _handling(self) -> tuple[Handling, ...]:
        given = self.cleaned_data
        name, _bar, version = given["handling_scheme"].partition("|")
        codes = codes_read(given["handling_codes"])
        if not name and not codes and not given["handling_conditions"]:
            return ()
        return (Handling(name, version, codes, given["handling_conditions"].strip()),)

    @property
    def warns(self) -> bool:
        """Whether the officer is asked to confirm that a text bears no higher marking."""
        return bool(self.data.get(self.add_prefix("not_marked_higher"))) or any(
            error.code == "begins_higher" for faults in self.errors.as_data().values() for error in faults
        )
