"""The base of the admin site's forms: choices by public id, and only choices the officer may see."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.facts import NOBODY, Principal

_PLAIN = (
    forms.TextInput,
    forms.Textarea,
    forms.Select,
    forms.NumberInput,
    forms.DateInput,
    forms.DateTimeInput,
)


#: The clocks of the two coasts, and the one that never changes.
ZONES = ("Europe/Paris", "Europe/London", "UTC")


def zone_choice(label: Any, current: str) -> forms.ChoiceField:
    """A choice of time zones, with the one that stands now."""
    zones = dict.fromkeys([*ZONES, current] if current else ZONES)
    return forms.ChoiceField(label=label, choices=[(zone, zone) for zone in zones])


def input_dress(field: forms.Field) -> None:
    """Give a field's widget the pages' look; what Django's admin wraps round it (links past us) goes."""
    if isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget = field.widget.widget
    if isinstance(field.widget, _PLAIN) and not isinstance(
        field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect
    ):
        field.widget.attrs["class"] = "input"


def refusal_tell(form: forms.BaseForm, refusal: Exception, names: Mapping[str, str] | None = None) -> None:
    """Put what a service refused at the field it concerns, or at the head of the form."""
    if not isinstance(refusal, ValidationError):
        form.add_error(None, str(refusal))
    elif not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
    else:
        for field, errors in refusal.error_dict.items():
            named = (names or {}).get(field, field)
            form.add_error(named if named in form.fields else None, errors)


class GateForm(forms.ModelForm):
    """A record's form that knows who fills it in.

    Uniqueness is checked by the service in the officer's own agency: Django's own check would ask past the
    gate. `refusal` is what the service answered to the same input a moment ago.
    """

    principal: ClassVar[Principal] = NOBODY
    refusal: ClassVar[Exception | None] = None
    #: Where the service names a field otherwise than the form does.
    refusal_fields: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "zone" in self.fields:
            self.fields["zone"] = zone_choice(self.fields["zone"].label, self.instance.zone)
        for name, field in list(self.fields.items()):
            input_dress(field)
            if isinstance(field, forms.ModelChoiceField) and not isinstance(
                field, forms.ModelMultipleChoiceField
            ):
                self._choose(name)

    def _choose(self, name: str) -> None:
        """Show what the record points to; what the officer may not see is left as it is, and not shown."""
        if not self.instance.pk or name not in {field.name for field in self.instance._meta.fields}:
            return
        try:
            self.initial[name] = getattr(self.instance, name)
        except ObjectDoesNotExist:
            del self.fields[name]

    def clean(self) -> dict[str, Any] | None:
        """Say what the service refused."""
        cleaned = super().clean()
        if self.refusal is not None:
            refusal_tell(self, self.refusal, self.refusal_fields)
        return cleaned

    def validate_unique(self) -> None:
        """The service does it (see above)."""

    def _post_clean(self) -> None:
        # The same for the constraints: the service says them at the right field, the database holds them.
        self.instance.validate_constraints = lambda exclude=None: None
        super()._post_clean()  # type: ignore[misc]


class ActForm(forms.Form):
    """The form of one act on one record; without fields it only asks to go on."""

    def __init__(self, *args: Any, principal: Principal, record: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.principal, self.record = principal, record
        self.prepare()
        for field in self.fields.values():
            input_dress(field)

    def prepare(self) -> None:
        """Set choices and initial values from the record and the officer."""


class ReasonForm(ActForm):
    """An act that needs its reason in words."""

    reason = forms.CharField(label=_("reason"), max_length=300, widget=forms.TextInput)
