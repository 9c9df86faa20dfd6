"""Forms of pictures: adding one, marking something in it, and saying what it is kept for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from dashboard.forms_common import PageForm
from intelligence.rules.drafts import PURPOSE_LENGTH
from scanning.choices import PictureFault, View
from scanning.selectors.images import Region

_SIDES = ("left", "top", "width", "height")


def _share(label: Any) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )


class ImageNoteForm(PageForm):
    """Some words, and perhaps the part of the picture that they are about, in per cent of its sides."""

    text = forms.CharField(
        label=_("Note"), max_length=PURPOSE_LENGTH, help_text=_("Everybody who sees the picture reads it.")
    )
    left = _share(_("From the left (%)"))
    top = _share(_("From the top (%)"))
    width = _share(_("Width (%)"))
    height = _share(_("Height (%)"))

    def clean(self) -> dict[str, Any]:
        """A part has all four numbers, or there is none."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        given = [name for name in _SIDES if values.get(name) is not None]
        if given and len(given) < len(_SIDES) and not self.errors:
            self.add_error(None, _("Give all four numbers of the outlined part, or none."))
        return values

    def region(self) -> Region | None:
        """The marked part; the form must be valid."""
        sides = [self.cleaned_data[name] for name in _SIDES]
        return None if None in sides else Region(*[side / 100 for side in sides])


class ImageReasonForm(PageForm):
    """What a picture is kept for, why it is needed no longer, or why a note is withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=PURPOSE_LENGTH)


class ImageAddForm(PageForm):
    """A picture that an officer adds to an event."""

    event = forms.ChoiceField(label=_("To which event"))
    view = forms.ChoiceField(label=_("What it shows"), choices=View.choices, initial=View.OTHER)
    picture = forms.FileField(
        label=_("Picture"),
        max_length=200,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )

    def __init__(self, *args: Any, events: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"].choices = list(events)  # type: ignore[attr-defined]
        self.fields["picture"].help_text = _(
            "JPEG or PNG, at most %(size)s. Its position and other particulars stay in the original."
        ) % {"size": filesizeformat(settings.IMAGE_MAX_BYTES)}

    def refuse(self, code: PictureFault) -> None:
        """Say at the field why the picture is not taken."""
        self.add_error("picture", code.label)
