"""Correcting by hand which events belong to which passage."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.actions import Right
from agencies.rules.rights import require
from agencies.services.readings import shown_record
from dashboard.consulting import principal_for, purpose_for
from dashboard.forms_common import PageForm
from dashboard.forms_corrections import MergeForm, SplitForm, UndoForm
from dashboard.selectors.corrections import correction_words, near_lines, picks_of
from dashboard.selectors.lines import columns_of, line_of
from dashboard.selectors.places import equipment_now
from intelligence.rules.refusals import Refusal
from scanning.selectors.corrections import correction_get
from scanning.selectors.passages import passage_seen
from scanning.services.corrections import correction_undo, passage_merge, passage_split


@require_http_methods(["GET", "HEAD", "POST"])
def passage_correct(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Split a passage of two vehicles, or take another passage of the same vehicle into it."""
    principal = principal_for(request)
    require(principal, Right.PASSAGE_CORRECT)
    passage = passage_seen(principal, uid)
    picks, near = picks_of(principal, passage), near_lines(principal, passage)
    act = request.POST.get("act", "")
    if request.method == "POST" and act not in {"split", "merge"}:
        raise BadRequest("unknown act")
    split = SplitForm(
        request.POST if act == "split" else None, events=[str(pick.uid) for pick in picks], prefix="split"
    )
    merge = MergeForm(
        request.POST if act == "merge" else None, near=[line.id for line in near], prefix="merge"
    )
    if act and _corrected(request, uid, split, merge):
        return redirect("passage-detail", uid)
    equipment = equipment_now(principal)
    columns = columns_of(equipment, passage.site_id)
    # The page shows what is near beside the passage itself.
    shown_record(
        acting_officer=principal,
        kind="passage",
        uids=[passage.uid, *(line.id for line in near)],
        purpose=purpose_for(request),
    )
    context = {
        "id": uid,
        "line": line_of(passage, at=passage.first_at, equipment=equipment, columns=columns),
        "picks": picks,
        "near": near,
        "columns": columns,
        "split": split,
        "merge": merge,
        "picked": split["events"].value() or [],
        "chosen": merge["near"].value() or "",
    }
    status = 422 if split.errors or merge.errors else 200
    return render(request, "passages/correct.html", context, status=status)


def _corrected(request: HttpRequest, uid: uuid.UUID, split: SplitForm, merge: MergeForm) -> bool:
    """Ask for what was sent, if nothing is wrong with it; whether the page is done."""
    principal = principal_for(request)
    if split.is_bound:
        return split.is_valid() and _asked(
            request, split, lambda: passage_split(acting_officer=principal, uid=uid, **split.cleaned_data)
        )
    return merge.is_valid() and _asked(
        request,
        merge,
        lambda: passage_merge(
            acting_officer=principal, uid=uid, other=merge.chosen, reason=merge.cleaned_data["reason"]
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correction_undone(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Undo a correction, with a reason."""
    principal = principal_for(request)
    require(principal, Right.PASSAGE_CORRECT)
    card = correction_get(principal, uid)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["reason"]
        if _asked(request, form, lambda: correction_undo(acting_officer=principal, uid=uid, reason=why)):
            return redirect("passage-detail", card.target)
    context = {"form": form, "card": card, "what": correction_words(card, card.target)}
    return render(request, "passages/undo.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, form: PageForm, ask: Callable[[], object]) -> bool:
    """Ask for the correction; what is refused is said at its field, or above the page. Whether the page is done."""
    try:
        ask()
    except ValidationError as error:
        form.faults_take(error, {"other": "near"} if "near" in form.fields else None)
        return False
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(
            request, _("The correction is being carried out; the page shows it as soon as it is done.")
        )
    return True
