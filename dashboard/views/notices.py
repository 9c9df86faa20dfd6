"""A notice to the front line: what to do at the vehicle or whom to call, and what came of it."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard.consulting import principal_for, purpose_for
from dashboard.forms_hits import DecideForm
from dashboard.selectors.hits import notice_page
from intelligence.rules.refusals import Refusal
from intelligence.services.consultations import notice_open
from intelligence.services.notices import notice_decide, notice_take


def notice_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show the notice, take it, or decide on it. Raises NotVisible or RightMissing; the reading is recorded."""
    principal = principal_for(request)
    card = notice_open(acting_officer=principal, uid=uid, purpose=purpose_for(request))
    form = DecideForm()
    if request.method == "POST":
        form = DecideForm(request.POST)
        try:
            if "take" in request.POST:
                notice_take(acting_officer=principal, uid=uid)
                return redirect("hit-detail", uid)
            if form.is_valid():
                notice_decide(acting_officer=principal, uid=uid, **form.decided())
                messages.success(
                    request, _("The decision is recorded; the owner of the lookout learns of it.")
                )
                return redirect("hit-detail", uid)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return redirect("hit-detail", uid)
        except ValidationError as error:
            form.faults_take(error, {"reject_reason": "decision"})
    context = {"page": notice_page(principal, card), "form": form if card.may_decide else None}
    return render(request, "hits/detail.html", context, status=422 if form.errors else 200)
