"""Forms of the admin site's pages on officers, compartments, desks, shifts, accounts and tokens."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.choices import AccountKind, Classification, Role, Scope
from agencies.forms.records import ActForm, GateForm
from agencies.models import Agency, Compartment, Officer, ServiceAccount
from agencies.rules.appointments import DEVICE_SCOPES, roles_given_by, scopes_given_by
from agencies.selectors import agency_group_of, officers_own
from agencies.services.officers import ACCOUNT_NAME


def clearances_within(form: GateForm, name: str = "clearance") -> None:
    """Offer nothing above the officer's own clearance."""
    if name in form.fields:
        field: Any = form.fields[name]
        field.choices = [(n, w) for n, w in Classification.choices if n <= form.principal.clearance]


class OfficerForm(GateForm):
    """An officer's account: only roles and clearances that the acting officer may give."""

    class Meta:
        model = Officer
        fields = ("first_name", "last_name", "badge_number", "role", "clearance", "language", "zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clearances_within(self)
        if "role" in self.fields:
            given = roles_given_by(self.principal)
            self.fields["role"].choices = [(r, w) for r, w in Role.choices if r in given]  # type: ignore[attr-defined]
        for name in ("first_name", "last_name"):
            if name in self.fields:
                self.fields[name].required = True


class NewOfficerForm(OfficerForm):
    """A new account; its name goes behind the agency's code."""

    name = forms.RegexField(
        ACCOUNT_NAME.pattern + r"\Z",
        label=_("account name"),
        max_length=40,
        help_text=_("Goes behind the agency’s code and a dot; lower-case letters, digits, hyphens."),
    )


class CompartmentForm(GateForm):
    """Who is named in a compartment."""

    members = forms.ModelMultipleChoiceField(
        queryset=Officer.objects.none(),
        to_field_name="uid",
        required=False,
        label=_("named officers"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only these officers see the compartment’s records; your agency does not see in."),
    )

    class Meta:
        model = Compartment
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "members" in self.fields:
            officers = officers_own(self.principal)
            if self.instance.pk:  # and those of other agencies who were named with a second signature
                present = Officer.objects.filter(groups=self.instance.group_id).values("pk")
                officers = Officer.objects.filter(Q(pk__in=officers.values("pk")) | Q(pk__in=present))
                self.initial["members"] = list(officers.filter(pk__in=present))
            self.fields["members"].queryset = officers.order_by("last_name", "first_name")  # type: ignore[attr-defined]


class AccountForm(GateForm):
    """A service account; no scope beyond the acting officer's own rights can be added."""

    scopes = forms.MultipleChoiceField(
        label=_("scopes"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    allowed_addresses = forms.CharField(
        label=_("allowed addresses"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Networks in CIDR form, one a line; empty means from anywhere."),
    )

    class Meta:
        model = ServiceAccount
        fields = ("name", "kind", "clearance", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clearances_within(self)
        held = set(self.instance.scopes or []) if self.instance.pk else set()
        offered = scopes_given_by(self.principal) | held
        if self.instance.pk and self.instance.kind != AccountKind.PARTNER:
            offered = (offered & DEVICE_SCOPES) | held
        if "scopes" in self.fields:
            self.fields["scopes"].choices = [(s, w) for s, w in Scope.choices if s in offered]  # type: ignore[attr-defined]
            self.initial.setdefault("scopes", self.instance.scopes)
        if self.instance.pk:
            self.initial["allowed_addresses"] = "\n".join(self.instance.allowed_addresses)

    def clean_allowed_addresses(self) -> list[str]:
        """The lines that are not empty."""
        return [line.strip() for line in self.cleaned_data["allowed_addresses"].splitlines() if line.strip()]


class TokenForm(ActForm):
    """A new token: fewer scopes than the account if wished, and an end."""

    LIFE_DAYS = 365

    scopes = forms.MultipleChoiceField(
        label=_("scopes"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(
        label=_("valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def prepare(self) -> None:
        """Offer what the account holds and the officer may give; one year at most."""
        offered = set(self.record.scopes) & scopes_given_by(self.principal)
        field: Any = self.fields["scopes"]
        field.choices = [(s, w) for s, w in Scope.choices if s in offered]
        self.initial = {"scopes": sorted(offered), "expires_on": self._last_day()}

    def _last_day(self) -> dt.date:
        return timezone.localdate() + dt.timedelta(days=self.LIFE_DAYS)

    def clean_expires_on(self) -> dt.date:
        """In the future, and within a year."""
        day: dt.date = self.cleaned_data["expires_on"]
        if not timezone.localdate() < day <= self._last_day():
            raise forms.ValidationError(_("A token is valid for one day at least and one year at most."))
        return day


class AudienceForm(ActForm):
    """Which other agencies see a record that one's own agency originated."""

    agencies = forms.ModelMultipleChoiceField(
        queryset=Agency.objects.none(),
        to_field_name="code",
        required=False,
        label=_("other agencies that see it"),
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        """All other agencies; ticked are those that see it now."""
        others = Agency.objects.exclude(group_id=agency_group_of(self.principal))
        field: Any = self.fields["agencies"]
        field.queryset = others
        field.label_from_instance = lambda agency: f"{agency.name} ({agency.code})"
        self.initial = {"agencies": list(others.filter(group_id__in=self.record.viewers))}

    def groups(self) -> set[int]:
        """The groups that are to see it: the chosen agencies, and the compartments that see it already."""
        agencies = set(Agency.objects.values_list("group_id", flat=True))
        kept = set(self.record.viewers) - agencies
        return kept | {agency.group_id for agency in self.cleaned_data["agencies"]}
