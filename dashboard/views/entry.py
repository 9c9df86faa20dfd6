"""Entry by hand from the lane, on the phone first: lane, kind, vehicle, result; then the receipt."""

import dataclasses
import uuid
from typing import cast
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.actions import Right
from agencies.rules.rights import require
from dashboard.consulting import principal_for
from dashboard.context import SITE_KEY
from dashboard.facts.entries import EntryPage
from dashboard.forms_entry import EntryForm, new_event_id
from dashboard.selectors.entry import EntryWish, VehicleUnknown, entry_page, entry_receipt, vehicle_marks
from scanning.services.deliveries import Accepted
from scanning.services.entries import EntryDiffers, HandEntry, HandMark, entry_make

#: What was looked for with each kind, in the officer's session.
_LAST_PURPOSE = "entry_purposes"


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest) -> HttpResponse:
    """Choose lane and kind, enter a result; the answer to an entry is its receipt."""
    principal = principal_for(request)
    require(principal, Right.ENTRY_MAKE)
    receipt = _uuid(request.GET.get("receipt", ""))
    page = entry_page(
        principal,
        EntryWish(
            site=request.session.get(SITE_KEY, ""),
            lane=request.GET.get("lane", ""),
            kind=request.GET.get("kind", ""),
            passage=_uuid(request.GET.get("passage", "")),
        ),
        entry_receipt(principal, receipt) if receipt else None,
    )
    kind, lane = page.kind, page.lane
    if kind is None or lane is None:
        return render(request, "entry/entry.html", {"page": page, "form": None})
    if request.method != "POST":
        # A team looks for the same thing all shift long: the last answer is proposed.
        last = request.session.get(_LAST_PURPOSE, {}).get(kind.kind, "")
        form = EntryForm(kind=kind.kind, initial={"event_id": new_event_id(), "purpose": last})
        return render(request, "entry/entry.html", {"page": page, "form": form})
    form = EntryForm(request.POST, kind=kind.kind, asks_vehicle=bool(page.vehicles))
    accepted = _enter(request, form, kind.device_code) if form.is_valid() else None
    if accepted is not None:
        _remember(request, kind.kind, form.use().get("purpose", ""))
        query = urlencode({"lane": lane.code, "receipt": accepted.receipt})
        return redirect(f"{reverse('entry')}?{query}")
    page = _as_chosen(page, request.POST.get("passage"))
    return render(request, "entry/entry.html", {"page": page, "form": form}, status=422)


@require_safe
def entry_receipt_part(request: HttpRequest, receipt: uuid.UUID) -> HttpResponse:
    """How far an entry has come, for the page that shows its receipt."""
    principal = principal_for(request)
    require(principal, Right.ENTRY_MAKE)
    return render(request, "entry/receipt.html", {"receipt": entry_receipt(principal, receipt)})


def _enter(request: HttpRequest, form: EntryForm, device_code: str) -> Accepted | None:
    """Enter it; None when what is wrong now stands at a field of the form."""
    principal, given = principal_for(request), form.cleaned_data
    try:
        made = entry_make(
            acting_officer=principal,
            entry=HandEntry(
                device_code=device_code,
                event_id=given["event_id"],
                result=form.result_code(),
                marks=_marks(request, form),
                reading=form.reading(),
                reason=given.get("reason", ""),
                note=given["note"],
                **form.use(),
            ),
        )
    except VehicleUnknown:
        form.add_error("mark", _("That vehicle can no longer be told from others: type its mark."))
    except EntryDiffers as differs:
        again = cast(QueryDict, form.data).copy()
        again["event_id"] = new_event_id()
        form.data = again
        form.add_error(
            None,
            _("You have entered this form already, with something else in it (receipt %(receipt)s). Press again"
              " to enter this as a further result.") % {"receipt": differs.receipt},
        )  # fmt: skip
    except ValidationError as error:
        form.faults_take(error)
    else:
        if made.outcome in {"accepted", "repeated"}:
            return made
        form.add_error(
            None,
            _("It is kept, but it could not be read (%(code)s): tell your supervisor.") % {"code": made.code},
        )
    return None


def _remember(request: HttpRequest, kind: str, purpose: str) -> None:
    if purpose:
        request.session[_LAST_PURPOSE] = {**request.session.get(_LAST_PURPOSE, {}), kind: purpose}


def _marks(request: HttpRequest, form: EntryForm) -> tuple[HandMark, ...]:
    """The mark by which the entry finds its vehicle: that of the one chosen, else the one typed."""
    chosen = form.cleaned_data["passage"]
    if chosen is not None:
        return vehicle_marks(principal_for(request), chosen)
    typed = form.typed_mark()
    return (typed,) if typed else ()


def _as_chosen(page: EntryPage, passage: str | None) -> EntryPage:
    """The page with the vehicle chosen as the officer left it; None: no choice was made."""
    vehicles = tuple(
        dataclasses.replace(vehicle, current=vehicle.passage_id == passage) for vehicle in page.vehicles
    )
    is_one = any(vehicle.current for vehicle in vehicles)
    return dataclasses.replace(page, vehicles=vehicles, another=passage is not None and not is_one)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
