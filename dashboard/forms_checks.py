"""The form of a check by hand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms_common import PageForm
from intelligence.rules.drafts import PURPOSE_LENGTH, RAW_LENGTH


class CheckForm(PageForm):
    """A mark to be checked, and what for."""

    mark = forms.CharField(
        label=_("Mark"),
        max_length=RAW_LENGTH,
        help_text=_("As it stands on the vehicle. Spaces and hyphens do not matter."),
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=PURPOSE_LENGTH,
        help_text=_("Why you ask. It is recorded with the check."),
    )
