"""Forms of an alarm's page: acts with the words of their officer."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import RIGHTS_OF_ROLE
from agencies.selectors import officers_on_duty, officers_own
from dashboard.forms import moment_field
from dashboard.forms_common import PageForm
from dashboard.selectors.shifts import CHOSEN, SHIFT
from scanning.services.alarm_notes import COMMENT_LENGTH


def _words(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=COMMENT_LENGTH, widget=forms.Textarea(attrs={"rows": 2}), **more
    )


#: What is asked at the box when an act that needs words has none.
_ASKED = {
    "comment": _("Write the comment here, then press the button again."),
    "escalate": _("Calling the duty supervisor needs words: say here why, then press the button again."),
    "silence": _("A silence needs words: say here why, then press the button again."),
    "clear": _(
        "Clearing an alarm of high priority needs words: say here why it is over, then press the button again."
    ),
}
_GOES_WITH = _(
    "Goes with whichever button you press below. Everybody who sees the device reads it. Needed to silence the"
    " alarm, to call the duty supervisor, and to clear an alarm of high priority."
)


class AlarmActForm(PageForm):
    """The words that go with whichever act of the page is chosen, or stand alone."""

    comment = _words(_("Comment"), required=False, help_text=_GOES_WITH)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not "optional" on the page: the act chosen decides.
        self.fields["comment"].wanted = True  # type: ignore[attr-defined]

    def faults_take(self, error: ValidationError, names: Mapping[str, str] | None = None) -> None:
        """Put what the act's service refused at the box; missing words are asked for in the act's own terms."""
        asked = _ASKED.get(self.data.get("act", ""))
        faults = error.error_dict.get("comment", [])
        if asked and any(fault.code == "required" for fault in faults):
            self.add_error("comment", asked)
            return
        super().faults_take(error, names)


class AlarmAssignForm(PageForm):
    """To which colleague an alarm is given; whoever is on duty stands first."""

    to = forms.ChoiceField(label=_("Colleague"))

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        field.choices = _colleagues(principal)


class AlarmSilenceForm(PageForm):
    """For how long an alarm is silenced."""

    reason = forms.ChoiceField(
        label=_("How long"),
        widget=forms.RadioSelect,
        choices=[
            ("60", _("for 1 hour")),
            ("240", _("for 4 hours")),
            (SHIFT, _("until the end of my shift")),
            (CHOSEN, _("until a time that I choose")),
        ],
        initial="60",
    )
    until = moment_field(_("Until"))


def _colleagues(principal: Principal) -> list[Any]:
    on_duty = officers_on_duty(principal)
    groups: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    roles = [role for role, rights in RIGHTS_OF_ROLE.items() if Right.ALARM_ACT in rights]
    for officer in officers_own(principal).filter(is_active=True, role__in=roles).order_by("last_name", "id"):
        groups[officer.pk in on_duty].append((str(officer.uid), str(officer)))
    words = {True: gettext("on duty"), False: gettext("not on duty")}
    return [("", gettext("choose")), *((words[which], found) for which, found in groups.items() if found)]


def alarm_forms(principal: Principal, given: QueryDict | None) -> dict[str, PageForm]:
    """The forms of an alarm's page by their names in the template: one box of words for all acts of the page.

    What was sent is filled in, whichever button was pressed; only what belongs to that button is judged.
    """
    sent = given.get("act", "") if given is not None else ""
    kept = given.dict() if given is not None else {}

    def bound(act: str) -> dict[str, Any]:
        return {"data": given} if sent == act else {"initial": kept}

    return {
        "act_form": AlarmActForm(given),
        "assign_form": AlarmAssignForm(principal=principal, auto_id="assign_%s", **bound("assign")),
        "silence_form": AlarmSilenceForm(auto_id="silence_%s", **bound("silence")),
    }
