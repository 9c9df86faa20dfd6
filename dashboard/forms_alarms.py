"""Forms of an alarm's page: acts with the words of their officer."""

from typing import Any

from django import forms
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


class AlarmActForm(PageForm):
    """Words that go with an act, or stand alone."""

    comment = _words(_("Comment"), required=False, help_text=_("Everybody who sees the device reads it."))


class AlarmAssignForm(PageForm):
    """To which colleague an alarm is given; whoever is on duty stands first."""

    to = forms.ChoiceField(label=_("Colleague"))
    comment = _words(_("Comment"), required=False)

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        field.choices = _colleagues(principal)


class AlarmSilenceForm(PageForm):
    """For how long an alarm is silenced, and why."""

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
    comment = _words(_("Why is it silenced?"))


def _colleagues(principal: Principal) -> list[Any]:
    on_duty = officers_on_duty(principal)
    groups: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    roles = [role for role, rights in RIGHTS_OF_ROLE.items() if Right.ALARM_ACT in rights]
    for officer in officers_own(principal).filter(is_active=True, role__in=roles).order_by("last_name", "id"):
        groups[officer.pk in on_duty].append((str(officer.uid), str(officer)))
    words = {True: gettext("on duty"), False: gettext("not on duty")}
    return [("", gettext("choose")), *((words[which], found) for which, found in groups.items() if found)]


def alarm_forms(principal: Principal, given: QueryDict | None) -> dict[str, PageForm]:
    """The forms of an alarm's page by their names in the template; the one that was sent is filled in."""
    sent = given.get("act", "") if given is not None else ""
    bound = {name: given if sent == name else None for name in ("assign", "silence")}
    return {
        "act_form": AlarmActForm(given if sent and sent not in bound else None),
        "assign_form": AlarmAssignForm(bound["assign"], principal=principal, auto_id="assign_%s"),
        "silence_form": AlarmSilenceForm(bound["silence"], auto_id="silence_%s"),
    }
