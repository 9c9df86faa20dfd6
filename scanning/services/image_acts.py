"""What officers do with a picture: mark something in it, keep it as evidence, release it again. Each is recorded."""

import uuid

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.models import Officer
from audit.actions import AuditAction
from audit.services import audit_record
from intelligence.selectors.parties import own_group
from intelligence.services.deciders import decider_of
from intelligence.services.records import sentence_of
from scanning.models import Image, ImageKeep, ImageNote
from scanning.rules.refusals import KeptAlready, NotKept
from scanning.selectors.images import Region

#: Smaller marks nobody sees, and nobody can have meant.
_SMALLEST = 0.005


@transaction.atomic
def image_annotate(
    *,
    acting_officer: Principal,
    uid: uuid.UUID | str,
    text: str,
    region: Region | None = None,
    officer: str = "",
) -> ImageNote:
    """Outline a part of a picture (or all of it) with some words; everybody who sees the picture sees the note.

    `officer` is a badge number, for service accounts. Raises RightMissing, NotVisible, or ValidationError by field.
    """
    acting = decider_of(acting_officer, Right.IMAGE_ACT, officer)
    image = Image.objects.get_visible(acting_officer, uid)
    words = sentence_of(text, "text")
    if region is not None:
        _region_checked(region)
    note = ImageNote.objects.create(
        image_id=image.pk,
        device_id=image.device_id,
        at=timezone.now(),
        officer=acting,
        agency=acting.agency,  # type: ignore[misc]  # whoever acts has one
        left=region.left if region else None,
        top=region.top if region else None,
        width=region.width if region else None,
        height=region.height if region else None,
        text=words,
    )
    _record(acting_officer, AuditAction.IMAGE_NOTE, image, acting, note=str(note.uid))
    return note


@transaction.atomic
def note_withdraw(
    *, acting_officer: Principal, uid: uuid.UUID | str, note: uuid.UUID | str, reason: str, officer: str = ""
) -> ImageNote:
    """Withdraw a note of one's own by a later one that says why; both stay readable.

    Raises RightMissing, NotVisible (also of another officer's note, and of one that is withdrawn), or ValidationError.
    """
    acting = decider_of(acting_officer, Right.IMAGE_ACT, officer)
    image = Image.objects.get_visible(acting_officer, uid)
    words = sentence_of(reason, "reason")
    own = ImageNote.objects.get_visible(acting_officer, note)
    if own.image_id != image.pk or own.officer_id != acting.pk or own.withdraws_id is not None:
        raise NotVisible("imagenote")
    try:
        with transaction.atomic():
            later = ImageNote.objects.create(
                image_id=image.pk,
                device_id=image.device_id,
                at=timezone.now(),
                officer=acting,
                agency=acting.agency,  # type: ignore[misc]  # whoever acts has one
                text=words,
                withdraws_id=own.pk,
            )
    except IntegrityError as error:  # withdrawn already
        raise NotVisible("imagenote") from error
    _record(acting_officer, AuditAction.IMAGE_NOTE_WITHDRAW, image, acting, note=str(own.uid))
    return later


@transaction.atomic
def image_keep(
    *, acting_officer: Principal, uid: uuid.UUID | str, reason: str, officer: str = ""
) -> ImageKeep:
    """Keep a picture as evidence of the own agency: it does not expire until it is released.

    Raises RightMissing, NotVisible, KeptAlready, or ValidationError on `reason`.
    """
    acting = decider_of(acting_officer, Right.IMAGE_ACT, officer)
    image = Image.objects.get_visible(acting_officer, uid)
    words = sentence_of(reason, "reason")
    try:
        with transaction.atomic():
            kept = ImageKeep.objects.create(
                image_id=image.pk,
                device_id=image.device_id,
                kept_at=timezone.now(),
                agency_group_id=own_group(acting_officer),
                kept_by=acting,
                reason=words,
            )
    except IntegrityError as error:
        raise KeptAlready from error
    _record(acting_officer, AuditAction.IMAGE_KEEP, image, acting, purpose=words)
    return kept


@transaction.atomic
def image_release(*, acting_officer: Principal, uid: uuid.UUID | str, reason: str, officer: str = "") -> None:
    """The own agency needs a picture no longer: it expires at its time, or at once when that is past.

    Raises RightMissing, NotVisible, NotKept, or ValidationError on `reason`.
    """
    acting = decider_of(acting_officer, Right.IMAGE_ACT, officer)
    image = Image.objects.get_visible(acting_officer, uid)
    words = sentence_of(reason, "reason")
    changed = (
        ImageKeep.objects.visible_to(acting_officer)
        .filter(image_id=image.pk, agency_group_id=own_group(acting_officer), released_at__isnull=True)
        .update(released_at=timezone.now(), released_by=acting, release_reason=words)
    )
    if not changed:
        raise NotKept
    _record(acting_officer, AuditAction.IMAGE_RELEASE, image, acting, purpose=words)


def _region_checked(region: Region) -> None:
    sides = (region.left, region.top, region.width, region.height)
    inside = all(0 <= side <= 1 for side in sides)
    fits = region.left + region.width <= 1.0001 and region.top + region.height <= 1.0001
    if not inside or not fits or min(region.width, region.height) < _SMALLEST:
        sentence = _("The outline must lie within the picture and be large enough to be seen.")
        raise ValidationError({"region": ValidationError(sentence, code="invalid")})


def _record(
    principal: Principal,
    action: AuditAction,
    image: Image,
    officer: Officer,
    *,
    purpose: str = "",
    **more: str,
) -> None:
    audit_record(
        acting_party=principal,
        action=action,
        object_type="image",
        object_uids=[image.uid],
        purpose=purpose,
        detail={"officer": str(officer.uid), **more},
    )
