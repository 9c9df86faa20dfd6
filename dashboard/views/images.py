"""Pictures: the viewer with notes and evidence, the bytes, and adding one by hand."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.rules.rights import require
from agencies.services.readings import shown_record
from dashboard.consulting import principal_for, purpose_for
from dashboard.forms_common import PageForm
from dashboard.forms_images import ImageAddForm, ImageNoteForm, ImageReasonForm
from dashboard.selectors.images import event_choices, image_page
from dashboard.selectors.passage import passage_page
from dashboard.selectors.places import equipment_now
from dashboard.words import SENSOR_NAMES
from intelligence.rules.refusals import Refusal
from scanning.api.bytes_answer import picture_answer
from scanning.choices import PictureFault
from scanning.rules.pictures import PictureRefused
from scanning.rules.refusals import PICTURE_MISSING
from scanning.selectors.images import ImageSeen, image_seen
from scanning.selectors.passages import passage_seen
from scanning.selectors.seen import Equipment, EventSeen
from scanning.services.blobs import blob_is_there, blob_read, preview_read
from scanning.services.image_acts import image_annotate, image_keep, image_release, note_withdraw
from scanning.services.images import image_add

_FORMS: dict[str, type[PageForm]] = {
    "note": ImageNoteForm,
    "withdraw": ImageReasonForm,
    "keep": ImageReasonForm,
    "release": ImageReasonForm,
}


@require_http_methods(["GET", "HEAD", "POST"])
def image_detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One picture, large, with its notes and what may be done about it. The reading is recorded."""
    principal = principal_for(request)
    image = image_seen(principal, uid)
    forms = {name: form(prefix=name, auto_id=f"id_{name}_%s") for name, form in _FORMS.items()}
    act = ""
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act not in _FORMS:
            raise BadRequest("unknown act")
        form = _FORMS[act](request.POST, prefix=act, auto_id=f"id_{act}_%s")
        if form.is_valid() and _carried_out(request, uid, act, form):
            return _after(request, uid)
        forms |= {act: form}
    page = image_page(principal, uid)
    _read(request, uid)
    context = {
        "page": page,
        "forms": forms,
        "sent": forms.get(act),
        "missing": None if blob_is_there(image.sha256) else PICTURE_MISSING,
        "withdrawn": request.POST.get("note", "") if act == "withdraw" else "",
    }
    return render(request, "images/detail.html", context, status=422 if act and forms[act].errors else 200)


@require_safe
def image_content(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The picture byte for byte as it came. The reading is recorded."""
    image = _shown(request, uid)
    return picture_answer(blob_read(image.sha256), image)


@require_safe
def image_preview(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The small one, without the particulars of the original. The reading is recorded."""
    image = _shown(request, uid)
    return picture_answer(preview_read(image.sha256), image, preview=True)


@require_http_methods(["GET", "HEAD", "POST"])
def image_new(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Add a picture to an event of this passage that a device of the own agency has seen."""
    principal = principal_for(request)
    require(principal, Right.IMAGE_ADD)
    require(principal, Right.PASSAGE_VIEW)
    passage, _flag = passage_page(principal, uid)
    equipment = equipment_now(principal)
    events = event_choices(principal, passage_seen(principal, uid), equipment)
    if not events:
        raise NotVisible("event")
    offers = [(str(event.uid), _offer(event, equipment)) for event in events]
    form = ImageAddForm(request.POST or None, request.FILES or None, events=offers)
    if request.method == "POST" and form.is_valid():
        added = _added(request, uid, form)
        if added is not None:
            messages.success(request, _("The picture stands beside its event."))
            return redirect("passage-detail", uid)
    context = {"form": form, "passage": passage}
    return render(request, "images/new.html", context, status=422 if form.errors else 200)


def _offer(event: EventSeen, equipment: Equipment) -> str:
    """An event to choose: when, which technique, which device."""
    device = equipment.devices[event.device_id]
    return f"{date_format(timezone.localtime(event.at), 'H:i:s')} {SENSOR_NAMES[device.kind]} {device.code}"


def _added(request: HttpRequest, uid: uuid.UUID, form: ImageAddForm) -> Any:
    """What became of the picture; None when why it is refused now stands at its field."""
    given = form.cleaned_data
    try:
        if given["picture"].size > settings.IMAGE_MAX_BYTES:
            raise PictureRefused(PictureFault.TOO_LARGE)
        return image_add(
            acting_officer=principal_for(request),
            passage=uid,
            event=given["event"],
            view=given["view"],
            content=given["picture"].read(),
        )
    except PictureRefused as refused:
        form.refuse(refused.code)
        return None


def _carried_out(request: HttpRequest, uid: uuid.UUID, act: str, form: Any) -> bool:
    """Whether the act is done (or came too late, which is said); False when a fault now stands at a field."""
    principal, given = principal_for(request), form.cleaned_data
    try:
        if act == "note":
            image_annotate(acting_officer=principal, uid=uid, text=given["text"], region=form.region())
        elif act == "withdraw":
            note = request.POST.get("note", "")
            note_withdraw(acting_officer=principal, uid=uid, note=note, reason=given["reason"])
        elif act == "keep":
            image_keep(acting_officer=principal, uid=uid, reason=given["reason"])
        else:
            image_release(acting_officer=principal, uid=uid, reason=given["reason"])
        messages.success(request, _("Recorded."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    except ValidationError as error:
        form.faults_take(error)
        return False
    return True


def _after(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Back to the picture; a released one may be past its time, and is gone then."""
    try:
        image_seen(principal_for(request), uid)
    except NotVisible:
        return redirect("passage-list")
    return redirect("image-detail", uid)


def _shown(request: HttpRequest, uid: uuid.UUID) -> ImageSeen:
    image = image_seen(principal_for(request), uid)
    _read(request, uid)
    return image


def _read(request: HttpRequest, uid: uuid.UUID) -> None:
    shown_record(
        acting_officer=principal_for(request), kind="image", uids=[uid], purpose=purpose_for(request)
    )
