"""Events, and the passage that joins all that happened to one vehicle at one visit.

Rows by the million carry no foreign-key constraints: the worker writes them set by set from ids that it
has read in the same transaction (docs/adr/0006).
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.access import GateQuerySet, InheritingQuerySet, visible_devices
from agencies.facts import Principal
from scanning.choices import EventType, MarkKind, Result


class ScanEvent(models.Model):
    """One observation of one device. Partitioned by month of receipt; visible through its device."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    received_at = models.DateTimeField(_("received"))
    device_id = models.BigIntegerField()
    lane_id = models.BigIntegerField(null=True)
    passage_id = models.BigIntegerField(null=True)
    delivery_id = models.BigIntegerField()
    event_key = models.CharField(_("device's event id"), max_length=120)
    type = models.CharField(_("type"), max_length=9, choices=EventType.choices)
    result = models.CharField(_("result"), max_length=13, choices=Result.choices)
    event_at = models.DateTimeField(_("time"))
    device_at = models.DateTimeField(_("device's own time"))
    is_late = models.BooleanField(_("late"), default=False)
    confidence = models.FloatField(_("confidence"), null=True)
    mark_raw = models.CharField(_("mark as read"), max_length=40, blank=True)
    detail = models.JSONField(_("detail"), default=dict)

    objects = InheritingQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-event_at", "-id"]

    def __str__(self) -> str:
        return str(self.uid)


class PassageQuerySet(GateQuerySet["Passage"]):
    """Passages are visible through the devices that took part in them."""

    def visible_to(self, principal: Principal) -> "PassageQuerySet":
        """Passages with at least one part of a visible device."""
        parts = PassagePart.objects.filter(
            passage_id=models.OuterRef("pk"), device_id__in=visible_devices(principal)
        )
        return self.filter(models.Exists(parts))


class Passage(models.Model):
    """One visit of one vehicle. Its times and marks are never shown as such: what a reader sees is put
    together from the parts and marks of the devices that the reader may see (scanning/selectors/passages.py).
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site_id = models.BigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = PassageQuerySet.as_manager()

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")

    def __str__(self) -> str:
        return str(self.uid)


class PassagePart(models.Model):
    """What one device contributed to one passage: when, and its latest result."""

    pk = models.CompositePrimaryKey("passage_id", "device_id")
    passage_id = models.BigIntegerField()
    device_id = models.BigIntegerField()
    lane_id = models.BigIntegerField(null=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    result = models.CharField(max_length=13, choices=Result.choices)
    events = models.IntegerField(default=1)

    objects = InheritingQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a passage")
        verbose_name_plural = _("parts of passages")
        indexes = [
            models.Index(fields=["-last_at", "-passage_id"], include=["device_id"], name="part_newest"),
            models.Index(fields=["device_id", "-last_at", "-passage_id"], name="part_device_newest"),
            # Few parts are anything but clear, and they are what officers filter for.
            models.Index(
                fields=["device_id", "-last_at", "-passage_id"],
                include=["result"],
                name="part_device_not_clear",
                condition=~models.Q(result=Result.CLEAR),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.passage_id}/{self.device_id}"


class PassageMark(models.Model):
    """One mark of a passage as one device read it."""

    pk = models.CompositePrimaryKey("passage_id", "device_id", "norm")
    passage_id = models.BigIntegerField()
    device_id = models.BigIntegerField()
    site_id = models.BigIntegerField()
    kind = models.CharField(_("part of the lorry"), max_length=9, choices=MarkKind.choices)
    raw = models.CharField(_("mark as read"), max_length=40)
    norm = models.CharField(max_length=40)
    folded = models.CharField(max_length=40)
    country = models.CharField(_("country"), max_length=2, blank=True)
    confidence = models.FloatField(_("confidence"), null=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = InheritingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark of a passage")
        verbose_name_plural = _("marks of passages")
        indexes = [
            # By bytes, whatever the database's collation: also finds marks by how they begin.
            models.Index(
                fields=["folded", "last_at"],
                name="mark_folded_time",
                opclasses=["text_pattern_ops", "timestamptz_ops"],
            )
        ]

    def __str__(self) -> str:
        return self.raw
