"""Recalls: what others took back and the own agency is to confirm, and what the own agency took back."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.actions import Right
from agencies.paging import Page, Turn
from agencies.rules.rights import may
from dashboard.consulting import principal_for
from dashboard.cursors import page_links, turn_of
from intelligence.choices import RecallState
from intelligence.facts import RecallCard
from intelligence.rules.refusals import Refusal
from intelligence.selectors.disseminations import recalls_page
from intelligence.services.disseminations import recall_confirm

#: So many that wait for the own agency stand above the others.
_WAITING_SHOWN = 50


@require_safe
def recall_list(request: HttpRequest) -> HttpResponse:
    """What waits for the own agency's confirmation, and all recalls that it takes part in."""
    principal = principal_for(request)
    page = recalls_page(principal, turn_of(request))
    waiting: Page[RecallCard] = Page()
    if may(principal, Right.RECALL_CONFIRM):
        waiting = recalls_page(principal, Turn(_WAITING_SHOWN), state=RecallState.OPEN, own=False)
    context = {"rows": page.rows, "waiting": waiting.rows, "page": page_links(request, page)}
    return render(request, "recalls/list.html", context)


@require_POST
def recall_confirmed(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Confirm that nothing of it is kept."""
    try:
        recall_confirm(acting_officer=principal_for(request), uid=uid)
        messages.success(request, _("The removal is confirmed; the owner reads it."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("recall-list")
