"""Detection devices: how those of a site do, and what one of them said."""

import dataclasses
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.actions import Right
from agencies.rules.rights import require
from dashboard.consulting import principal_for
from dashboard.context import SITE_KEY, session_of
from dashboard.cursors import page_links, turn_of
from dashboard.facts.devices import DeviceList
from dashboard.forms import DeviceFilters
from dashboard.selectors.device_states import TROUBLE
from dashboard.selectors.devices import DeviceWish, device_page, devices_listed
from dashboard.selectors.life import device_life
from dashboard.selectors.places import equipment_now, site_of_work

#: So many of a device's events stand on one page.
EVENTS = 40


@require_safe
def device_list(request: HttpRequest) -> HttpResponse:
    """The devices of the site in the port's order."""
    principal = principal_for(request)
    require(principal, Right.PASSAGE_VIEW)
    site = site_of_work(principal, session_of(request).get(SITE_KEY, ""))
    form = DeviceFilters(request.GET, equipment=equipment_now(principal), site=site)
    rows = devices_listed(principal, site, DeviceWish(**form.cleaned_data)) if form.is_valid() else ()
    page = DeviceList(rows=rows, troubled=sum(row.state in TROUBLE for row in rows), filtered=form.is_narrow)
    return render(request, "devices/list.html", {"page": page, "form": form})


@require_safe
def device_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One device: how it does, what it said, its alarms."""
    principal = principal_for(request)
    require(principal, Right.PASSAGE_VIEW)
    page, events = device_page(principal, uid, turn_of(request, limit=EVENTS))
    page = dataclasses.replace(page, older=page_links(request, events)["older"])
    return render(request, "devices/detail.html", {"page": page, "life": device_life(principal, uid)})
