"""Pictures beside their events: where the bytes lie is told by their digest, who sees them by their device."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import InheritingQuerySet, OwnedQuerySet
from agencies.facts import Principal
from agencies.models import Agency, Officer
from scanning.choices import View


class ImageQuerySet(InheritingQuerySet["Image"]):
    """Pictures are visible through their device until they expire; after that, for the agency that keeps them."""

    def visible_to(self, principal: Principal) -> "ImageQuerySet":
        """Pictures of visible devices that have not expired, or that the own agency keeps as evidence.

        That another agency keeps a picture must not show: for everybody else it is gone at its time.
        """
        kept = ImageKeep.objects.visible_to(principal).filter(
            image_id=models.OuterRef("pk"), released_at__isnull=True
        )
        return super().visible_to(principal).filter(models.Q(expires_at__gt=Now()) | models.Exists(kept))


class Image(models.Model):
    """One picture of one event. The event is named as its device names it, because it may still be on its way.

    The bytes lie in the storage `images` under their SHA-256 (scanning/services/blobs.py), once for all rows.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    device_id = models.BigIntegerField()
    event_key = models.CharField(_("device's event id"), max_length=120)
    #: When the event was, where that is known; the event is found by it.
    event_at = models.DateTimeField(_("taken"), null=True)
    view = models.CharField(_("view"), max_length=5, choices=View.choices)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    media_type = models.CharField(_("type"), max_length=10)
    size = models.IntegerField(_("bytes"))
    width = models.IntegerField(_("width"))
    height = models.IntegerField(_("height"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    #: The officer who added it by hand; nobody, when the device sent it.
    added_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("added by")
    )

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["event_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["device_id", "event_key", "view", "sha256"], name="image_once")
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="image_expiry"),
            models.Index(fields=["sha256"], name="image_blob"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class ImageNote(models.Model):
    """What an officer marks in a picture. Never changed: a note is withdrawn by a later one that names it."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    image_id = models.BigIntegerField()
    device_id = models.BigIntegerField()
    at = models.DateTimeField(_("at"), default=timezone.now)
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    #: The marked part, as shares of width and height from the upper left corner; nothing: the whole picture.
    left = models.FloatField(null=True)
    top = models.FloatField(null=True)
    width = models.FloatField(null=True)
    height = models.FloatField(null=True)
    text = models.CharField(_("note"), max_length=300)
    withdraws_id = models.BigIntegerField(null=True)

    objects = InheritingQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on a picture")
        verbose_name_plural = _("notes on pictures")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["image_id", "id"], name="image_note_story")]
        constraints = [models.UniqueConstraint(fields=["withdraws_id"], name="note_withdrawn_once")]

    def __str__(self) -> str:
        return f"{self.image_id} {self.uid}"


class ImageKeep(models.Model):
    """One agency keeps one picture as evidence: until it is released, the picture does not expire. Its own affair."""

    id = models.BigAutoField(primary_key=True)
    image_id = models.BigIntegerField()
    device_id = models.BigIntegerField()
    agency_group_id = models.IntegerField(_("agency"))
    kept_at = models.DateTimeField(_("kept"), default=timezone.now)
    kept_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept by")
    )
    reason = models.CharField(_("what for"), max_length=300)
    released_at = models.DateTimeField(_("released"), null=True)
    released_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("released by")
    )
    release_reason = models.CharField(_("why released"), max_length=300, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture kept as evidence")
        verbose_name_plural = _("pictures kept as evidence")
        ordering = ["kept_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["image_id", "agency_group_id"],
                condition=models.Q(released_at__isnull=True),
                name="image_kept_once",
            )
        ]
        indexes = [models.Index(fields=["image_id"], name="image_keep_story")]

    def __str__(self) -> str:
        return f"{self.image_id} {self.agency_group_id}"
