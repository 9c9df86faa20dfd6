"""The form of an entry by hand: one question after the other, as the kind of device asks them."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashboard.countries import country_choices
from dashboard.forms_common import PageForm
from intelligence.rules.drafts import PURPOSE_LENGTH, is_storable, mark_faults
from scanning.choices import DeviceKind, MarkKind, Result, ScanPurpose
from scanning.facts import Scalar
from scanning.rules.readings import READING_FIELDS, ReadingField
from scanning.services.entries import HandMark

#: What each kind can say, in the words of those who do it.
RESULTS: dict[str, tuple[tuple[str, Any], ...]] = {
    DeviceKind.DOG.value: (
        (Result.CLEAR.value, _("No indication")),
        (Result.SUSPECT.value, _("Indication")),
        (Result.NOT_PERFORMED.value, Result.NOT_PERFORMED.label),
    ),
    DeviceKind.CO2.value: (
        (Result.CLEAR.value, _("Nothing unusual")),
        (Result.SUSPECT.value, Result.SUSPECT.label),
        (Result.INDETERMINATE.value, Result.INDETERMINATE.label),
        (Result.NOT_PERFORMED.value, Result.NOT_PERFORMED.label),
    ),
    DeviceKind.SEARCH.value: (
        (Result.CLEAR.value, _("Nothing found")),
        (Result.SUSPECT.value, pgettext_lazy("result of a search", "Finding")),
        (Result.NOT_PERFORMED.value, Result.NOT_PERFORMED.label),
    ),
}
#: What follows from "clear" and need not be asked: (field of the reading, its value).
_WHEN_CLEAR = {DeviceKind.DOG.value: ("indication", "none"), DeviceKind.SEARCH.value: ("outcome", "nothing")}
#: Asked only where something was found or indicated.
_FOUND_ONLY = frozenset({"indication", "location", "outcome", "persons_found", "goods", "goods_kg"})
_FOUND = f"result={Result.SUSPECT.value}"
_DONE = f"result={Result.CLEAR.value},{Result.SUSPECT.value},{Result.INDETERMINATE.value}"
#: In English either thousands or decimals.
_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")
_NOTE_LENGTH, _TEXT_LENGTH, _REASON_LENGTH = 500, 200, 200


class NumberField(forms.FloatField):
    """A number as an officer types it, in either language: a comma or a point before the decimals, spaces between
    thousands. In English 1,250 could be either: it is refused, never guessed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value: Any) -> Any:
        """The number without its spaces, whichever sign stands before its decimals."""
        if not isinstance(value, str):
            return super().to_python(value)
        digits = "".join(value.split())
        if get_format("DECIMAL_SEPARATOR") == "." and _THOUSANDS.fullmatch(digits):
            raise ValidationError(
                _("Write 1250 or 1.250: it is not clear what the comma stands for."), code="invalid"
            )
        return super().to_python(digits.replace(",", "."))


class EntryForm(PageForm):
    """An entry for one kind of device. `event_id` names this form: sent twice it is one entry.

    With `asks_vehicle` vehicles are offered, of which none is chosen unless the officer does: one of them, or
    `another` whose mark is typed.
    """

    event_id = forms.UUIDField(widget=forms.HiddenInput)
    passage = forms.UUIDField(label=_("Vehicle"), required=False, widget=forms.HiddenInput)
    mark = forms.CharField(
        label=_("Mark"),
        required=False,
        max_length=40,
        help_text=_("As it stands on the vehicle. Spaces and hyphens do not matter."),
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    part = forms.ChoiceField(
        label=_("It stands on the"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (MarkKind.TRACTOR.value, _("tractor")),
            (MarkKind.TRAILER.value, _("trailer")),
            (MarkKind.CONTAINER.value, _("container")),
        ],
        initial=MarkKind.TRACTOR.value,
    )
    result = forms.ChoiceField(label=_("Result"), widget=forms.RadioSelect)
    purpose = forms.ChoiceField(
        label=_("Looked for"), required=False, choices=[("", _("choose")), *ScanPurpose.choices]
    )
    justification = forms.CharField(
        label=_("Why it was done all the same"), required=False, max_length=PURPOSE_LENGTH
    )
    reason = forms.CharField(label=_("Why it was not done"), required=False, max_length=_REASON_LENGTH)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=_NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, kind: str, asks_vehicle: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self._asks_vehicle = asks_vehicle
        self.fields["country"].choices = country_choices(_("not known"))  # type: ignore[attr-defined]
        if kind in RESULTS:
            self.fields["result"].choices = list(RESULTS[kind])  # type: ignore[attr-defined]
            for name in ("reason", "purpose", "justification"):
                self.fields[name].wanted = True  # type: ignore[attr-defined]
        else:  # a typed plate is a plain read
            for name in ("result", "reason", "purpose", "justification"):
                del self.fields[name]
            self.fields["mark"].required = True
        self._readings = list(READING_FIELDS.get(kind, ()))
        for reading in self._readings:
            self.fields[reading.name] = _field(reading, kind)
            # Not "optional" on the page: the result chosen decides whether it must be answered.
            self.fields[reading.name].wanted = reading.required  # type: ignore[attr-defined]
            if not _is_radio(reading):
                self.fields[reading.name].widget.attrs["class"] = "input"

    def readings(self) -> Iterator[tuple[forms.BoundField, str]]:
        """The fields of the reading, and with which result each of them is asked."""
        for reading in self._readings:
            yield self[reading.name], _FOUND if reading.name in _FOUND_ONLY else _DONE

    def clean_mark(self) -> str:
        """A mark that can be one, or nothing."""
        mark: str = self.cleaned_data["mark"].strip()
        if mark:
            for _field_name, sentence in mark_faults(mark):
                raise ValidationError(sentence, code="invalid")
        return mark

    def clean(self) -> dict[str, Any]:
        """What the chosen result asks for must be there; texts must be storable."""
        given = super().clean() or {}
        for name, value in given.items():
            if isinstance(value, str) and not is_storable(value):
                self.add_error(name, _("This text cannot be stored."))
        # A mark that was typed says as well which vehicle is meant.
        if self._asks_vehicle and not given.get("passage") and not self.errors.keys() & {"passage", "mark"}:
            if "passage" not in self.data and not given.get("mark"):
                self.add_error("passage", _("Choose the vehicle, or another one and type its mark."))
            elif not given.get("mark"):
                self.add_error("mark", _("Type the mark of that other vehicle."))
        result = given.get("result")
        if result == Result.NOT_PERFORMED and not given.get("reason"):
            self.add_error("reason", _("Say why it was not done."))
        if (
            "purpose" in self.fields
            and result
            and result != Result.NOT_PERFORMED
            and not given.get("purpose")
        ):
            self.add_error("purpose", _("Say what was looked for."))
        for reading in self._readings:
            wanted = reading.required and reading.name not in self.errors
            if wanted and given.get(reading.name) in ("", None) and self._asks(reading, result):
                self.add_error(reading.name, _("This is needed with the result chosen."))
        return given

    def _asks(self, reading: ReadingField, result: str | None) -> bool:
        if reading.name in _FOUND_ONLY:
            return result == Result.SUSPECT
        return result in {Result.CLEAR, Result.SUSPECT, Result.INDETERMINATE}

    def result_code(self) -> str:
        """The result of the event."""
        return str(self.cleaned_data.get("result") or Result.CLEAR.value)

    def reading(self) -> dict[str, Scalar]:
        """The reading of the event: what was asked and answered, and what follows from the result."""
        given, result = self.cleaned_data, self.result_code()
        reading: dict[str, Scalar] = {}
        if result == Result.NOT_PERFORMED:
            return reading
        if result != Result.SUSPECT and self.kind in _WHEN_CLEAR:
            name, value = _WHEN_CLEAR[self.kind]
            reading[name] = value
        for field in self._readings:
            answer = given.get(field.name)
            if answer is not None and answer != "" and self._asks(field, result):
                reading[field.name] = (
                    int(answer) if isinstance(answer, float) and answer.is_integer() else answer
                )
        return reading

    def use(self) -> dict[str, str]:
        """What was looked for, and why all the same; nothing for what was not done."""
        if "purpose" not in self.fields or self.result_code() == Result.NOT_PERFORMED:
            return {}
        return {name: self.cleaned_data[name] for name in ("purpose", "justification")}

    def typed_mark(self) -> HandMark | None:
        """The mark that was typed, if any."""
        given = self.cleaned_data
        if not given["mark"]:
            return None
        part = given["part"] if self.kind == DeviceKind.KEYBOARD else MarkKind.UNKNOWN.value
        return HandMark(value=given["mark"], kind=part or MarkKind.UNKNOWN.value, country=given["country"])


def new_event_id() -> str:
    """The name of one form."""
    return str(uuid.uuid4())


def _is_radio(reading: ReadingField) -> bool:
    return reading.name in {"indication", "outcome"}


def _field(reading: ReadingField, kind: str) -> forms.Field:
    label: Any = f"{reading.label} ({reading.unit})" if reading.unit else reading.label
    if reading.type in {"number", "integer"}:
        outside = _("Between %(low)s and %(high)s.") % {
            "low": f"{reading.low:g}",
            "high": f"{reading.high:g}",
        }
        words = {"min_value": outside, "max_value": outside}
        bounds: dict[str, Any] = {"min_value": reading.low, "max_value": reading.high}
        if reading.type == "integer":
            widget = forms.TextInput(attrs={"inputmode": "numeric"})
            return forms.IntegerField(
                label=label, required=False, widget=widget, error_messages=words, **bounds
            )
        return NumberField(label=label, required=False, error_messages=words, **bounds)
    if reading.type == "choice":
        implied = _WHEN_CLEAR.get(kind, ("", ""))
        choices = [pair for pair in reading.choices if (reading.name, pair[0]) != implied]
        if _is_radio(reading):
            return forms.ChoiceField(label=label, required=False, choices=choices, widget=forms.RadioSelect)
        return forms.ChoiceField(label=label, required=False, choices=[("", _("not known")), *choices])
    return forms.CharField(label=label, required=False, max_length=_TEXT_LENGTH)
