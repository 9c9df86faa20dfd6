"""Alarms: active or cleared, acknowledged or not; and what was done about them."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import InheritingQuerySet, PersonalQuerySet
from agencies.models import Agency, Officer
from scanning.choices import AlarmAct, AlarmRule, Severity


class Alarm(models.Model):
    """Something abnormal at one device, about one vehicle or the device itself; visible through the device.

    The same rule on the same device and passage updates the open alarm instead of adding one.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    device_id = models.BigIntegerField()
    lane_id = models.BigIntegerField(null=True)
    passage_id = models.BigIntegerField(null=True)
    rule = models.CharField(_("rule"), max_length=24, choices=AlarmRule.choices)
    severity = models.CharField(_("priority"), max_length=6, choices=Severity.choices)
    raised_at = models.DateTimeField(_("raised"))
    last_at = models.DateTimeField(_("last repeated"))
    repeats = models.IntegerField(_("times"), default=1)
    detail = models.JSONField(_("detail"), default=dict)
    #: How often its device put it out and failed again within the hold (scanning/services/ingest/alarm_raise.py).
    reopened = models.IntegerField(_("came back"), default=0)
    is_late = models.BooleanField(_("found late"), default=False)
    cleared_at = models.DateTimeField(_("cleared"), null=True)
    #: Nobody: its device did. What an officer put out is not taken up again.
    cleared_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("cleared by")
    )
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    acknowledged_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("acknowledged by")
    )
    #: A graver repeat undid the acknowledgement.
    rung_again_at = models.DateTimeField(_("rang again"), null=True)
    assigned_at = models.DateTimeField(_("assigned"), null=True)
    assigned_to = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("assigned to")
    )
    #: Repeats whose event time lies in between are not called out (scanning/services/ingest/alarms.py).
    silenced_from = models.DateTimeField(_("silenced from"), null=True)
    silenced_until = models.DateTimeField(_("silenced until"), null=True)
    silenced_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("silenced by")
    )
    #: Something was heard that the silence does not cover: it is over, whatever the clock says.
    silence_broken_at = models.DateTimeField(_("silence broken"), null=True)
    escalated_at = models.DateTimeField(_("escalated"), null=True)
    #: Nobody: by the clock, because nobody had acknowledged it.
    escalated_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("escalated by")
    )
    #: The latest comment; all of them stand in the notes.
    comment = models.CharField(_("comment"), max_length=500, blank=True)

    objects = InheritingQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["device_id", "rule", "passage_id"],
                condition=models.Q(cleared_at__isnull=True),
                nulls_distinct=False,
                name="one_open_alarm_per_rule",
            )
        ]
        indexes = [
            models.Index(fields=["-raised_at", "-id"], name="alarm_newest"),
            models.Index(fields=["device_id", "-raised_at"], name="alarm_device_newest"),
            models.Index(
                fields=["passage_id"], name="alarm_passage", condition=models.Q(passage_id__isnull=False)
            ),
            models.Index(
                fields=["-raised_at"],
                name="alarm_needs_somebody",
                condition=models.Q(cleared_at__isnull=True) | models.Q(acknowledged_at__isnull=True),
            ),
            models.Index(
                fields=["device_id", "rule", "passage_id"],
                name="alarm_silences",
                condition=models.Q(silenced_until__isnull=False),
            ),
            models.Index(
                fields=["device_id", "rule", "-cleared_at"],
                name="alarm_device_ended",
                condition=models.Q(cleared_at__isnull=False, passage_id__isnull=True),
            ),
            models.Index(
                fields=["assigned_to", "-raised_at"],
                name="alarm_assigned",
                condition=models.Q(assigned_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.uid}"


class AlarmNote(models.Model):
    """One act on an alarm, with the words of who did it; visible through the alarm's device, never changed."""

    id = models.BigAutoField(primary_key=True)
    alarm_id = models.BigIntegerField()
    device_id = models.BigIntegerField()
    at = models.DateTimeField(_("at"), default=timezone.now)
    act = models.CharField(_("act"), max_length=12, choices=AlarmAct.choices)
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("officer")
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("agency")
    )
    #: Whom the act is about, where it is about somebody: to whom the alarm was assigned.
    about = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("to whom")
    )
    until = models.DateTimeField(_("until"), null=True)
    text = models.CharField(_("comment"), max_length=500, blank=True)

    objects = InheritingQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on an alarm")
        verbose_name_plural = _("notes on alarms")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["alarm_id", "at", "id"], name="alarm_note_story")]

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.act}"


class AlarmReview(models.Model):
    """One officer has looked at one alarm; nobody else's business."""

    id = models.BigAutoField(primary_key=True)
    alarm_id = models.BigIntegerField()
    device_id = models.BigIntegerField()
    officer_uid = models.UUIDField(_("officer"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of an alarm")
        verbose_name_plural = _("reviews of alarms")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["officer_uid", "alarm_id"], name="alarm_reviewed_once")
        ]

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.officer_uid}"
