"""Acts on what needs somebody: one key, one answer, and a plain sentence when a colleague was faster."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from agencies.facts import Principal
from dashboard.consulting import principal_for, purpose_for
from dashboard.selectors.needs import need_now
from dashboard.selectors.places import site_of_work
from dashboard.selectors.shifts import silence_end
from intelligence.rules.refusals import Refusal
from intelligence.services.consultations import records_read
from intelligence.services.hits import hit_decide
from intelligence.services.notices import notice_decide, notice_take
from scanning.services.alarm_escalation import alarm_escalate
from scanning.services.alarm_reviews import alarm_review
from scanning.services.alarm_silence import alarm_silence, alarm_unsilence
from scanning.services.alarm_work import alarm_assign, alarm_release, alarm_take
from scanning.services.alarms import alarm_acknowledge, alarm_clear, alarm_comment, alarm_unacknowledge

KINDS = ("hit", "notice", "alarm")

#: Who acts, on what, and what was posted with it.
Service = Callable[[Principal, uuid.UUID, QueryDict], object]

_ACTS: dict[tuple[str, str], Service] = {
    ("alarm", "acknowledge"): lambda who, uid, given: alarm_acknowledge(
        acting_officer=who, uid=uid, comment=given.get("comment")
    ),
    ("alarm", "undo"): lambda who, uid, given: alarm_unacknowledge(acting_officer=who, uid=uid),
    ("alarm", "clear"): lambda who, uid, given: alarm_clear(
        acting_officer=who, uid=uid, comment=given.get("comment")
    ),
    ("alarm", "comment"): lambda who, uid, given: alarm_comment(
        acting_officer=who, uid=uid, comment=given.get("comment", "")
    ),
    ("alarm", "take"): lambda who, uid, given: alarm_take(
        acting_officer=who, uid=uid, comment=given.get("comment")
    ),
    ("alarm", "release"): lambda who, uid, given: alarm_release(
        acting_officer=who, uid=uid, comment=given.get("comment")
    ),
    ("alarm", "assign"): lambda who, uid, given: alarm_assign(
        acting_officer=who, uid=uid, to=given.get("to", ""), comment=given.get("comment")
    ),
    ("alarm", "silence"): lambda who, uid, given: alarm_silence(
        acting_officer=who,
        uid=uid,
        until=silence_end(who, given.get("reason", ""), given.get("until", "")),
        comment=given.get("comment", ""),
    ),
    ("alarm", "unsilence"): lambda who, uid, given: alarm_unsilence(
        acting_officer=who, uid=uid, comment=given.get("comment")
    ),
    ("alarm", "escalate"): lambda who, uid, given: alarm_escalate(
        acting_officer=who, uid=uid, comment=given.get("comment", "")
    ),
    ("alarm", "review"): lambda who, uid, given: alarm_review(acting_officer=who, uid=uid),
    ("alarm", "unreview"): lambda who, uid, given: alarm_review(
        acting_officer=who, uid=uid, is_reviewed=False
    ),
    ("notice", "take"): lambda who, uid, given: notice_take(acting_officer=who, uid=uid),
    ("notice", "confirm"): lambda who, uid, given: notice_decide(acting_officer=who, uid=uid, confirmed=True),
    ("notice", "reject"): lambda who, uid, given: notice_decide(
        acting_officer=who, uid=uid, confirmed=False, reject_reason=given.get("reason", "")[:40]
    ),
    ("hit", "confirm"): lambda who, uid, given: hit_decide(acting_officer=who, uid=uid, confirmed=True),
    ("hit", "reject"): lambda who, uid, given: hit_decide(
        acting_officer=who, uid=uid, confirmed=False, reject_reason=given.get("reason", "")[:40]
    ),
}


@require_POST
def need_act(request: HttpRequest, kind: str, uid: uuid.UUID) -> HttpResponse:
    """Carry out an act on a card of the board, and answer with the card as it stands now."""
    if kind not in KINDS:
        raise Http404
    principal = principal_for(request)
    error = act_carried_out(request, principal, kind, uid)
    if not request.headers.get("HX-Request"):
        return back_where_it_was(request, "board", error)
    site = site_of_work(principal, request.POST.get("site", ""))
    card, read = need_now(principal, kind, uid, site)
    if read is not None and error:
        # The officer now reads what somebody else has decided.
        records_read(acting_officer=principal, cards=[read], purpose=purpose_for(request))
    return render(request, "board/need.html", {"card": card, "error": error})


def act_carried_out(
    request: HttpRequest, principal: Principal, kind: str, uid: uuid.UUID, *, raises: bool = False
) -> str:
    """Carry out the posted act; "" when it is done, else why not, in a sentence for the officer.

    Raises BadRequest for an act that is not offered, NotVisible and RightMissing as the services do; with
    `raises` also ValidationError, for a page with fields at which it can be shown.
    """
    service = _ACTS.get((kind, request.POST.get("act", "")))
    if service is None:
        raise BadRequest("no such act")
    try:
        service(principal, uid, request.POST)
    except Refusal as refusal:
        return str(refusal.message)
    except ValidationError as refusal:
        if raises:
            raise
        return " ".join(refusal.messages)
    return ""


def alarm_service(principal: Principal, act: str, given: QueryDict) -> Callable[[uuid.UUID], object]:
    """The act on an alarm as it was posted, for whichever alarm; ValidationError for an end that cannot be read."""
    if act == "silence":
        until = silence_end(principal, given.get("reason", ""), given.get("until", ""))
        return lambda uid: alarm_silence(
            acting_officer=principal, uid=uid, until=until, comment=given.get("comment", "")
        )
    service = _ACTS["alarm", act]
    return lambda uid: service(principal, uid, given)


def back_where_it_was(request: HttpRequest, fallback: str, error: str = "") -> HttpResponse:
    """Lead a browser without scripts back to the page it came from, with what went wrong."""
    if error:
        messages.error(request, error)
    target = request.POST.get("next", "") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = resolve_url(fallback)
    return HttpResponseRedirect(target)
