"""Passages: the list, its export, and one vehicle's story."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.paging import Page
from agencies.rules.rights import require
from agencies.services.readings import shown_record
from dashboard.consulting import principal_for, purpose_for
from dashboard.context import SITE_KEY, session_of
from dashboard.cursors import page_links, turn_of
from dashboard.facts.passages import PassageList
from dashboard.forms import PassageFilters
from dashboard.selectors.corrections import correction_lines
from dashboard.selectors.lines import columns_of
from dashboard.selectors.passage import passage_page
from dashboard.selectors.passages import passage_lines, passages_listed
from dashboard.selectors.places import equipment_now, site_of_work
from dashboard.services.exports import passages_export
from dashboard.views.downloads import csv_answer
from intelligence.services.consultations import signs_shown
from scanning.selectors.corrections import moved_to
from scanning.selectors.passages import PassageFilter
from scanning.selectors.seen import PassageSeen, SiteSeen


@require_safe
def passage_list(request: HttpRequest) -> HttpResponse:
    """One page of the site's passages, those seen last first."""
    principal, site, form = _asked(request)
    equipment = equipment_now(principal)
    columns = columns_of(equipment, site.id if site else None)
    found: Page[PassageSeen] = Page()
    if form.is_valid() and site is not None:
        found = passages_listed(principal, turn_of(request), _wanted(form, site))
    lines, flags = passage_lines(principal, found.rows, equipment, columns)
    signs_shown(
        acting_officer=principal,
        hits=[hit for flag in flags.values() for hit in flag.hits],
        notices=[notice for flag in flags.values() for notice in flag.notices],
        purpose=lambda: purpose_for(request),
    )
    shown_record(
        acting_officer=principal,
        kind="passage",
        uids=[passage.uid for passage in found.rows],
        purpose=purpose_for(request),
    )
    query = request.GET.copy()
    query.pop("cursor", None)
    page = PassageList(
        columns=columns,
        lines=lines,
        filtered=form.is_narrow,
        export_query=f"?{query.urlencode()}" if query else "",
        **page_links(request, found),
    )
    return render(request, "passages/list.html", {"page": page, "form": form})


@require_safe
def passage_export(request: HttpRequest) -> HttpResponse:
    """The filtered passages as CSV; the export is recorded."""
    principal, site, form = _asked(request)
    if not form.is_valid() or site is None:
        return render(request, "400.html", status=400)
    rows = passages_export(
        acting_officer=principal, site=site, wanted=_wanted(form, site), purpose=purpose_for(request)
    )
    return csv_answer(f"passages-{site.code.lower()}", rows)


@require_safe
def passage_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Everything that the reader may see of one passage."""
    principal = principal_for(request)
    require(principal, Right.PASSAGE_VIEW)
    # First: what is done by now is seen in the passage read after it; the other way round a page could call a correction
    # done and show the passage as it was before.
    corrections = correction_lines(principal, uid)
    try:
        page, flag = passage_page(principal, uid)
    except NotVisible:
        if (target := moved_to(principal, uid)) is None:
            raise
        messages.info(
            request, _("The passage that you asked for was corrected; what belonged to it is here now.")
        )
        return redirect("passage-detail", target)
    # What stands on the page beside the passage is a consultation of its own.
    for kind, uids in (
        ("passage", (str(uid),)),
        ("scan_request", page.scan_uids),
        ("later_find", page.find_uids),
    ):
        shown_record(acting_officer=principal, kind=kind, uids=uids, purpose=purpose_for(request))
    if flag is not None:
        signs_shown(
            acting_officer=principal,
            hits=flag.hits,
            notices=flag.notices,
            purpose=lambda: purpose_for(request),
        )
    return render(request, "passages/detail.html", {"page": page, "corrections": corrections})


def _asked(request: HttpRequest) -> tuple[Principal, SiteSeen | None, PassageFilters]:
    principal = principal_for(request)
    require(principal, Right.PASSAGE_VIEW)
    site = site_of_work(principal, session_of(request).get(SITE_KEY, ""))
    form = PassageFilters(request.GET, equipment=equipment_now(principal), site=site)
    return principal, site, form


def _wanted(form: PassageFilters, site: SiteSeen) -> PassageFilter:
    chosen = form.cleaned_data
    return PassageFilter(
        site=site.code,
        lane=chosen["lane"],
        kind=chosen["kind"],
        result=chosen["result"],
        since=chosen["since"],
        until=chosen["until"],
    )
