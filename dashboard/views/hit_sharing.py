"""The sharing of a confirmed hit: who has it, and the owner's acts on that."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.actions import Right
from agencies.rules.rights import RightMissing, require
from dashboard.consulting import principal_for, purpose_for
from dashboard.facts.acts import Act
from dashboard.forms_lookouts import ActForm, RecallForm, ShareForm, UntilForm
from dashboard.selectors.lookouts import parties_named
from dashboard.selectors.sharing import share_rows
from dashboard.services.sharing import share_act, until_act
from intelligence.choices import HitState, SharedKind
from intelligence.facts import HitCard
from intelligence.rules.refusals import Refusal
from intelligence.services.consultations import hit_open
from intelligence.services.disseminations import dissemination_recall

_FORMS: dict[str, type[ActForm]] = {"share": ShareForm, "until": UntilForm, "recall": RecallForm}


@require_http_methods(["GET", "HEAD", "POST"])
def hit_sharing(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Who has one's own hit; share it, change until when, recall it. The reading is recorded."""
    principal = principal_for(request)
    require(principal, Right.LOOKOUT_CREATE)
    card = hit_open(acting_officer=principal, uid=uid, purpose=purpose_for(request))
    if not card.is_own:
        raise RightMissing(Right.LOOKOUT_CREATE.value)
    parties = parties_named(principal)
    rows = share_rows(principal, SharedKind.HIT, uid, dict(parties.agencies))
    shared = tuple(row.code for row in rows if row.ended is None)
    acts = _acts(card, shared)
    forms = {
        act.code: _FORMS[act.code](parties=parties, shared=shared, auto_id=f"{act.code}_%s") for act in acts
    }
    code, failed = request.POST.get("act", ""), None
    if request.method == "POST":
        if code not in _FORMS:
            raise BadRequest("unknown act")
        failed = _FORMS[code](request.POST, parties=parties, shared=shared, auto_id=f"{code}_%s")
        try:
            if failed.is_valid():
                _act(request, code, uid, failed)
                messages.success(request, _("The sharing of the hit is changed."))
                return redirect("hit-sharing", uid)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return redirect("hit-sharing", uid)
        except ValidationError as error:
            failed.faults_take(error, {"expires_at": "until", "purpose": "reason"})
        forms[code] = failed
    context = {
        "card": card,
        "shares": rows,
        "acts": [(act, forms[act.code]) for act in acts],
        "form": failed,
    }
    return render(request, "hits/sharing.html", context, status=422 if failed else 200)


def _acts(card: HitCard, shared: tuple[str, ...]) -> tuple[Act, ...]:
    if card.state != HitState.CONFIRMED:
        return ()
    return (
        Act("share", _("Share"), style="primary"),
        *((Act("until", _("Change until when")), Act("recall", _("Recall"))) if shared else ()),
    )


def _act(request: HttpRequest, code: str, uid: uuid.UUID, form: ActForm) -> None:
    principal, given = principal_for(request), form.cleaned_data
    if code == "share":
        share_act(principal, SharedKind.HIT, uid, given)
    elif code == "until":
        until_act(principal, SharedKind.HIT, uid, given)
    else:
        dissemination_recall(
            acting_officer=principal,
            kind=SharedKind.HIT,
            uid=uid,
            agencies=given["agencies"],
            purpose=given["reason"],
        )
