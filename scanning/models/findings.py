"""What alarms turned out to be, and what was found only later."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.access import InheritingQuerySet
from agencies.grants import GroupGrant
from agencies.models import Officer, Protected
from scanning.choices import Adjudged, Find


class Adjudication(models.Model):
    """An officer's statement of what an alarm about a vehicle turned out to be; visible through the alarm's device.

    A correction replaces it and leaves it readable.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alarm_id = models.BigIntegerField()
    device_id = models.BigIntegerField()
    passage_id = models.BigIntegerField()
    code = models.CharField(_("what it was"), max_length=18, choices=Adjudged.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("stated"))
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    agency_group_id = models.IntegerField(_("agency"))
    replaced_at = models.DateTimeField(_("replaced"), null=True)

    objects = InheritingQuerySet.as_manager()

    class Meta:
        verbose_name = _("adjudication")
        verbose_name_plural = _("adjudications")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["alarm_id"],
                condition=models.Q(replaced_at__isnull=True),
                name="one_standing_adjudication",
            )
        ]
        indexes = [models.Index(fields=["passage_id"], name="adjudication_passage")]

    def __str__(self) -> str:
        return self.code


class LaterFind(Protected):
    """Something found in a vehicle after its passage here: what every device that called it clear has missed.

    The originator reports it and says who is told. It counts in the statistics of whoever may read it.
    """

    reference = models.CharField(_("reference"), max_length=32, unique=True, editable=False)
    passage_uid = models.UUIDField(editable=False)
    found_at = models.DateTimeField(_("found"))
    place = models.CharField(_("where"), max_length=120)
    finds = ArrayField(models.CharField(max_length=9, choices=Find.choices), verbose_name=_("what was found"))
    persons = models.PositiveSmallIntegerField(_("persons"), null=True)
    note = models.CharField(_("how it was hidden"), max_length=300)
    reported_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("later find")
        verbose_name_plural = _("later finds")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="find_newest"),
            models.Index(fields=["passage_uid"], name="find_passage"),
        ]

    def __str__(self) -> str:
        return self.reference


class LaterFindGrant(GroupGrant):
    """Which groups are told of a later find."""

    allowed_codenames = frozenset({"view_laterfind"})
    content_object = models.ForeignKey(LaterFind, on_delete=models.CASCADE, related_name="grants")
