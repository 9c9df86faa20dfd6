"""Forms of the audit record: what to look for, and how and why to take it away."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.evidence import RecordFilter
from agencies.facts import Principal
from agencies.selectors.history import record_named
from audit.words import ACTIONS, OBJECT_TYPES
from dashboard.forms import moment_field
from dashboard.forms_common import PageForm

_FORMATS = [
    ("csv", _("table (CSV)")),
    ("ndjson", _("one JSON object a line (NDJSON)")),
    ("ocsf", _("for security monitoring (OCSF 1.3)")),
    ("evidence", _("evidence for the verifier, every field as it was sealed")),
]


class RecordFilters(PageForm):
    """What to narrow the record to; who may read the own acts only cannot choose an actor."""

    actor = forms.TypedChoiceField(label=_("Who"), required=False, empty_value=None)
    action = forms.ChoiceField(label=_("Act"), required=False)
    object_type = forms.ChoiceField(label=_("Kind of object"), required=False)
    object = forms.CharField(label=_("Object’s reference, code or id"), max_length=80, required=False)
    request = forms.RegexField(r"^[A-Za-z0-9-]{8,64}$", label=_("Request’s id"), required=False)
    since = moment_field(_("From"))
    until = moment_field(_("Until"))

    def __init__(
        self, *args: Any, principal: Principal, actors: list[tuple[Any, str]] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.principal = principal
        self._choices("action", sorted(((act.value, word) for act, word in ACTIONS.items()), key=_by_word))
        self._choices("object_type", sorted(OBJECT_TYPES.items(), key=_by_word))
        if actors is None:
            del self.fields["actor"]
        else:
            self._choices("actor", [(str(uid), name) for uid, name in actors])

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = [("", _("all")), *choices]  # type: ignore[attr-defined]

    def clean_object(self) -> uuid.UUID | None:
        """The object's id; a reference or a code is looked up among what the reader's groups were ever given."""
        given: str = self.cleaned_data["object"].strip()
        if not given:
            return None
        try:
            return uuid.UUID(given)
        except ValueError:
            pass
        try:
            return record_named(self.principal, given)[1]
        except NotVisible as error:
            raise ValidationError(_("No record of that reference, code or id is known to you.")) from error

    def wanted(self) -> RecordFilter:
        """The filter; the form must be valid."""
        return RecordFilter(
            **{name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        )

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return any(self.data.get(name) for name in self.fields)


class RecordExportForm(PageForm):
    """In which form, and for which purpose."""

    format = forms.ChoiceField(label=_("Form"), choices=_FORMATS, widget=forms.RadioSelect)
    purpose = forms.CharField(
        label=_("For which purpose"), min_length=3, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


def _by_word(choice: tuple[str, Any]) -> str:
    return str(choice[1]).lower()
