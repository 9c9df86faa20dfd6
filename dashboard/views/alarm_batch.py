"""One act on the alarms that were chosen in the list, and which of them it was not done to, and why."""

import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from dashboard.consulting import principal_for
from dashboard.selectors.alarms import alarm_names
from dashboard.views.acts import alarm_service, back_where_it_was
from scanning.services.alarm_batch import MOST, ActAnswer, alarms_each

#: What may be done to several at once. To clear is for one at a time: it ends what an officer has looked into.
ACTS = ("acknowledge", "take", "assign", "silence", "review")
#: So many alarms are named for each reason; the others are counted.
_NAMED = 5


@require_POST
def alarms_act(request: HttpRequest) -> HttpResponse:
    """Carry out the act on each alarm that was chosen; what was done and what was not is said on the page."""
    principal = principal_for(request)
    require(principal, Right.ALARM_VIEW)
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise BadRequest("no such act")
    if act != "review":
        require(principal, Right.ALARM_ACT)
    uids = [found for text in request.POST.getlist("alarm")[:MOST] if (found := _read(text))]
    if not uids:
        return back_where_it_was(request, "alarm-list", _("Choose alarms first: x chooses the one in hand."))
    try:
        service = alarm_service(principal, act, request.POST)
    except ValidationError as refusal:
        return back_where_it_was(request, "alarm-list", " ".join(refusal.messages))
    answers = alarms_each(uids=uids, act=service)
    if all(answer.code == "not_found" for answer in answers):
        raise NotVisible  # as for one alarm that is not there
    _told(request, principal, answers)
    return back_where_it_was(request, "alarm-list")


def _read(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _told(request: HttpRequest, principal: Principal, answers: Sequence[ActAnswer]) -> None:
    """One sentence for what was done, and one for each reason why it was not."""
    done = sum(not answer.code for answer in answers)
    if done:
        messages.success(request, ngettext("Done: %(n)s alarm.", "Done: %(n)s alarms.", done) % {"n": done})
    refused: dict[str, list[uuid.UUID]] = defaultdict(list)
    for answer in answers:
        if answer.code:
            refused[answer.message].append(answer.uid)
    names = alarm_names(principal, [uid for uids in refused.values() for uid in uids])
    for reason, uids in refused.items():
        count = ngettext("Not done: %(n)s alarm.", "Not done: %(n)s alarms.", len(uids)) % {"n": len(uids)}
        named = [names[uid] for uid in uids if uid in names][:_NAMED]
        messages.error(request, " ".join([count, reason, *([", ".join(named) + "."] if named else [])]))
