"""Forms of an alarm's page: acts with the words of their officer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms_common import PageForm
from scanning.services.alarm_notes import COMMENT_LENGTH


class AlarmActForm(PageForm):
    """Words that go with an act, or stand alone."""

    comment = forms.CharField(
        label=_("Comment"),
        max_length=COMMENT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody who sees the device reads it."),
    )
