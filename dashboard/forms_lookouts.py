"""Forms of lookouts: the list's filters, a new entry, and the owner's acts."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.choices import Classification
from agencies.facts import Principal
from dashboard.countries import country_choices
from dashboard.facts.lookouts import Parties
from dashboard.forms_common import PageForm, date_input
from dashboard.selectors.lookouts import MODE_WORDS
from intelligence.choices import ActionCode, DisclosureMode, LookoutKind, LookoutState, Priority
from intelligence.facts import LookoutCard, LookoutDraft
from intelligence.forms.received import RECEIVED_FIELDS, ReceivedFields
from intelligence.rules.drafts import INSTRUCTION_LENGTH, PURPOSE_LENGTH, RAW_LENGTH, REASON_LENGTH

#: Names of the service's values where the form's fields are called otherwise.
DRAFT_FIELDS = {"notified_agencies": "notified", "expires_at": "expires"} | RECEIVED_FIELDS
MODES = [(mode.value, word) for mode, word in MODE_WORDS.items()]
_MONTH = dt.timedelta(days=30)
_REVIEW = dt.timedelta(days=28)


def end_of(day: dt.date) -> dt.datetime:
    """The last minute of the day where the officer works."""
    return dt.datetime.combine(day, dt.time(23, 59), timezone.get_current_timezone())


class LookoutFilters(PageForm):
    """What to narrow the list of lookouts to."""

    mark = forms.CharField(label=_("Mark"), max_length=RAW_LENGTH, required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    mode = forms.ChoiceField(label=_("Disclosure"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    own = forms.ChoiceField(
        label=_("Owner"),
        choices=[("", _("all")), ("true", _("my agency")), ("false", _("others"))],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (("state", LookoutState.choices), ("mode", MODES), ("priority", Priority.choices)):
            self.fields[name].choices = [("", _("all")), *words]  # type: ignore[attr-defined]

    def clean_own(self) -> bool | None:
        """True for the agency's own, False for those of others."""
        given: str = self.cleaned_data["own"]
        return None if not given else given == "true"


class LookoutForm(ReceivedFields, PageForm):
    """A lookout to be entered."""

    once = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    kind = forms.ChoiceField(
        label=_("Looks for"), choices=LookoutKind.choices, widget=forms.RadioSelect, initial=LookoutKind.PLATE
    )
    mark = forms.CharField(
        label=_("Mark"),
        max_length=RAW_LENGTH,
        help_text=_("As it stands on the vehicle. Spaces and hyphens do not matter."),
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    action_code = forms.ChoiceField(label=_("Action code"))
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices, initial=Priority.MEDIUM)
    mode = forms.ChoiceField(
        label=_("Disclosure"),
        choices=DisclosureMode.choices,
        widget=forms.RadioSelect,
        initial=DisclosureMode.SILENT,
    )
    notified = forms.MultipleChoiceField(
        label=_("Agencies that get the notice"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Needed for refer and stop; none for silent."),
    )
    instruction = forms.CharField(
        label=_("Instruction for the front line"),
        max_length=INSTRUCTION_LENGTH,
        required=False,
        help_text=_("What is to be done at the vehicle. Never why."),
    )
    desk = forms.ChoiceField(label=_("Desk to refer to"), required=False, help_text=_("Needed for refer."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("For your agency's eyes only: nobody else ever sees it."),
    )
    shared = forms.MultipleChoiceField(
        label=_("Who else may read the lookout"), widget=forms.CheckboxSelectMultiple, required=False
    )
    classification = forms.TypedChoiceField(
        label=_("Protective marking"),
        choices=Classification.choices,
        coerce=int,
        empty_value=str(Classification.OPEN.value),
        initial=Classification.OPEN,
        required=False,
    )
    compartment = forms.ChoiceField(label=_("Compartment"), required=False)
    expires = forms.DateField(label=_("Expires on"), widget=date_input())
    review_due = forms.DateField(label=_("Review due on"), widget=date_input())
    another = forms.BooleanField(label=_("Enter this one as well"), required=False)
    #: Lookouts for the same mark that stand already.
    alike: tuple[LookoutCard, ...] = ()

    def __init__(self, *args: Any, parties: Parties, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.received_prepare(principal)
        today = timezone.localdate()
        choices: dict[str, list[tuple[Any, Any]]] = {
            "country": country_choices(_("any")),
            "action_code": [("", _("choose")), *ActionCode.choices],
            "notified": list(parties.agencies),
            "desk": [("", _("none")), *parties.desks],
            "shared": list(parties.authorities),
            "compartment": [("", _("none")), *parties.compartments],
        }
        for name, given in choices.items():
            self.fields[name].choices = given  # type: ignore[attr-defined]
        # It always has a value; and what a disclosure makes necessary is not called optional.
        for name in ("classification", "notified", "desk"):
            self.fields[name].wanted = True  # type: ignore[attr-defined]
        if not parties.compartments:
            del self.fields["compartment"]
        self.fields["expires"].initial = today + _MONTH
        self.fields["review_due"].initial = today + _REVIEW

    def alike_refuse(self, alike: tuple[LookoutCard, ...]) -> bool:
        """Ask for a confirmation where lookouts for this mark stand already; True when it is still owed."""
        self.alike = alike
        if not alike or self.cleaned_data["another"]:
            return False
        self.add_error(
            "another",
            _(
                "A lookout for this mark is in force already: read it first. Several are allowed; say so below."
            ),
        )
        return True

    def draft(self) -> LookoutDraft:
        """What was typed, as the service takes it; what the chosen disclosure does not ask for is left out."""
        given = self.cleaned_data
        mode = given["mode"]
        return LookoutDraft(
            mark=given["mark"],
            kind=given["kind"],
            country=given["country"],
            action_code=given["action_code"],
            mode=mode,
            notified_agencies=() if mode == DisclosureMode.SILENT else tuple(given["notified"]),
            desk="" if mode == DisclosureMode.SILENT else given["desk"],
            priority=given["priority"],
            reason=given["reason"],
            instruction=given["instruction"] if mode == DisclosureMode.STOP else "",
            classification=int(given["classification"]),
            expires_at=end_of(given["expires"]),
            review_due=given["review_due"],
            compartment=given.get("compartment", ""),
            **self.received(),
        )


class ActForm(PageForm):
    """One of the owner's acts on a lookout; every act says why."""

    reason = forms.CharField(label=_("Why"), max_length=PURPOSE_LENGTH)

    def __init__(self, *args: Any, parties: Parties, shared: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties, self.shared = parties, shared


class WithdrawForm(ActForm):
    """Stop looking."""


class LiftForm(ActForm):
    """Propose to lift the national caveat; another officer signs."""


class ExtendForm(ActForm):
    """Set a new expiry and a new day of review."""

    field_order = ["expires", "review_due", "reason"]
    expires = forms.DateField(label=_("Expires on"), widget=date_input())
    review_due = forms.DateField(label=_("Review due on"), widget=date_input())


class AgenciesForm(ActForm):
    """An act on agencies that read the record, or are to read it."""

    field_order = ["agencies", "reason"]
    agencies = forms.MultipleChoiceField(label=_("Agencies"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].choices = self.wanted()  # type: ignore[attr-defined]

    def wanted(self) -> list[tuple[str, str]]:
        """Agencies that read the record now."""
        return [pair for pair in self.parties.agencies if pair[0] in self.shared]


class RecallForm(AgenciesForm):
    """Take the record back from agencies."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].help_text = _(
            "The record leaves their screens. A notice of a match still goes to the front line that was named for it:"
            " withdraw the lookout to end that too."
        )


class UntilForm(AgenciesForm):
    """Set another end of the sharing."""

    field_order = ["agencies", "until", "reason"]
    until = forms.DateField(
        label=_("Until"),
        widget=date_input(),
        required=False,
        help_text=_("The last day. Empty: until it is recalled."),
    )


class ShareForm(UntilForm):
    """Let other agencies read the record."""

    field_order = ["agencies", "until", "show_recipients", "reason"]
    show_recipients = forms.BooleanField(
        label=_("These agencies may know of each other"),
        required=False,
        help_text=_("Otherwise none of them learns who else has it."),
    )

    def wanted(self) -> list[tuple[str, str]]:
        """Authorities that do not read the record yet."""
        return [pair for pair in self.parties.authorities if pair[0] not in self.shared]


class TearLineForm(LookoutForm):
    """What may be shown instead of a lookout: filled with what it says, but for its reason and its marking."""

    @staticmethod
    def begun(card: LookoutCard) -> dict[str, Any]:
        """What the form begins with."""
        return {
            "kind": card.kind,
            "mark": card.mark,
            "country": card.country,
            "action_code": card.action_code,
            "priority": card.priority,
            "mode": DisclosureMode.SILENT,
            "expires": card.expires_at.date() if card.expires_at else None,
            "review_due": card.review_due,
        }
