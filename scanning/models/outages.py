"""The life of a device: where it stood, when it did not work, and what was done to it. All visible through the device."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import InheritingQuerySet
from agencies.models import Agency, Officer
from scanning.choices_care import CareKind, OutageAct, OutageCause, OutageEffect, OutageKind, OutageStage
from scanning.models.equipment import Site


class Outage(models.Model):
    """A time in which a device does not work, or works with limits, as a case with stages.

    The clock opens and ends it from what the device itself says or does not say; officers report, plan and close. A
    device has one open unplanned outage at most, so fault and silence of one breakdown are one case.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    device_id = models.BigIntegerField()
    kind = models.CharField(_("how it is known"), max_length=8, choices=OutageKind.choices)
    effect = models.CharField(
        _("effect"), max_length=7, choices=OutageEffect.choices, default=OutageEffect.OUT
    )
    begins_at = models.DateTimeField(_("since"))
    #: When the device worked again; of a planned one when it shall.
    ends_at = models.DateTimeField(_("until"), null=True)
    stage = models.CharField(
        _("stage"), max_length=9, choices=OutageStage.choices, default=OutageStage.REPORTED
    )
    reason = models.CharField(_("what is wrong"), max_length=300, blank=True)
    cause = models.CharField(_("cause"), max_length=11, choices=OutageCause.choices, blank=True)
    remedy = models.CharField(_("what helped"), max_length=300, blank=True)
    ticket = models.CharField(_("number at the firm"), max_length=60, blank=True)
    expected_at = models.DateTimeField(_("expected back"), null=True)
    opened_at = models.DateTimeField(_("known"), default=timezone.now)
    #: Nobody: by the clock.
    opened_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(_("taken up"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    objects = InheritingQuerySet.as_manager()

    class Meta:
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        ordering = ["-begins_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["device_id"],
                condition=models.Q(ends_at__isnull=True),
                name="one_open_outage",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gte=models.F("begins_at")),
                name="outage_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(fields=["-begins_at", "-id"], name="outage_newest"),
            models.Index(fields=["device_id", "-begins_at"], name="outage_device_newest"),
            models.Index(
                fields=["-begins_at"],
                name="outage_unfinished",
                condition=models.Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class OutageNote(models.Model):
    """One step of an outage, with the words of who made it; never changed. No officer: the clock."""

    id = models.BigAutoField(primary_key=True)
    outage_id = models.BigIntegerField()
    device_id = models.BigIntegerField()
    at = models.DateTimeField(_("at"), default=timezone.now)
    act = models.CharField(_("act"), max_length=8, choices=OutageAct.choices)
    stage = models.CharField(_("stage"), max_length=9, choices=OutageStage.choices, blank=True)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(_("comment"), max_length=500, blank=True)

    objects = InheritingQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on an outage")
        verbose_name_plural = _("notes on outages")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["outage_id", "at", "id"], name="outage_note_story")]

    def __str__(self) -> str:
        return f"{self.outage_id} {self.act}"


class Care(models.Model):
    """A calibration, maintenance, firmware or test of a device, done on a day, and when the next is due.

    Entered by the owner; a wrong one is withdrawn with a reason and stays readable.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    device_id = models.BigIntegerField()
    kind = models.CharField(_("what was done"), max_length=11, choices=CareKind.choices)
    done_on = models.DateField(_("done on"))
    due_on = models.DateField(_("next due on"), null=True)
    firmware = models.CharField(_("firmware"), max_length=60, blank=True)
    by = models.CharField(_("by whom"), max_length=120, blank=True)
    certificate = models.CharField(_("certificate"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("entered"), default=timezone.now)
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_why = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    objects = InheritingQuerySet.as_manager()

    class Meta:
        verbose_name = _("care of a device")
        verbose_name_plural = _("care of devices")
        ordering = ["-done_on", "-id"]
        indexes = [models.Index(fields=["device_id", "-done_on", "-id"], name="care_device_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.done_on}"


class Placement(models.Model):
    """Where a device stood, and whether it was in service, from one moment to the next."""

    id = models.BigAutoField(primary_key=True)
    device_id = models.BigIntegerField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    lane_id = models.BigIntegerField(null=True)
    in_service = models.BooleanField(_("in service"))
    latitude = models.FloatField(_("latitude"), null=True)
    longitude = models.FloatField(_("longitude"), null=True)
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True)

    objects = InheritingQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["-from_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["device_id"], condition=models.Q(until_at__isnull=True), name="one_placement_now"
            )
        ]
        indexes = [models.Index(fields=["device_id", "-from_at"], name="placement_device_newest")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.from_at}"
