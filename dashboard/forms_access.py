"""Forms of access requests: asking by reference, and the owner's answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms_common import PageForm
from intelligence.choices import CaseState
from intelligence.rules.drafts import PURPOSE_LENGTH


class AccessForm(PageForm):
    """A reference, and what for."""

    marks = ("reference",)
    reference = forms.CharField(
        label=_("Reference"), max_length=40, help_text=_("As it was quoted to you, e.g. UKBA-L-2026-000123.")
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=PURPOSE_LENGTH,
        help_text=_("What you need it for. The owner reads it, and it is recorded."),
    )


class AnswerForm(PageForm):
    """The owner's answer to a request."""

    answer = forms.ChoiceField(label=_("Answer"), widget=forms.RadioSelect)
    message = forms.CharField(
        label=_("What you write"),
        max_length=PURPOSE_LENGTH,
        required=False,
        help_text=_("The asking agency reads it. None goes with a refusal that is not told."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            (CaseState.GRANTED.value, _("Grant: share the lookout with the agency")),
            (CaseState.DECLINED.value, _("Decline, and say so")),
            (CaseState.SILENT.value, _("Decline without telling: the request closes by itself")),
            (CaseState.ANSWERED.value, _("Answer with a message only")),
        ]
