"""The page for whoever takes over: what waits, what does not work, what is planned."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies.services.readings import shown_record
from dashboard.consulting import principal_for, purpose_for
from dashboard.context import SITE_KEY, session_of
from dashboard.forms_outages import StartFilters
from dashboard.selectors.hits import row_of
from dashboard.selectors.places import site_of_work
from dashboard.selectors.start import shift_start
from intelligence.services.consultations import records_read


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What an officer finds who takes over. The reading of hits, notices and scan requests is recorded."""
    principal = principal_for(request)
    site = site_of_work(principal, session_of(request).get(SITE_KEY, ""))
    form = StartFilters(request.GET)
    hours = form.hours() if form.is_valid() else StartFilters.USUAL
    page = shift_start(principal, site, timezone.now() - dt.timedelta(hours=hours))
    records_read(acting_officer=principal, cards=page.cards, purpose=purpose_for(request))
    shown_record(
        acting_officer=principal,
        kind="scan_request",
        uids=[card.uid for card in page.requests],
        purpose=purpose_for(request),
    )
    context = {"page": page, "form": form, "hits": [row_of(card, principal) for card in page.cards]}
    return render(request, "start/page.html", context, status=400 if form.errors else 200)
