"""Corrections by hand: what an officer moved from one passage to another, because the machine had joined it wrongly."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import InheritingQuerySet
from agencies.models import Agency, Officer
from scanning.choices_corrections import CorrectionFault, CorrectionKind, CorrectionState


class PassageMove(models.Model):
    """What one correction moves of one device; visible through that device.

    A correction is the rows with its `correction` that its reader may see, as a passage is its visible parts: nobody
    learns from a correction that devices took part which are not seen. The officer's own rows name what the officer
    saw; those of other devices are added by the worker that carries it out (docs/adr/0027).
    """

    id = models.BigAutoField(primary_key=True)
    correction = models.UUIDField(_("correction"), editable=False)
    device_id = models.BigIntegerField()
    kind = models.CharField(_("what was done"), max_length=5, choices=CorrectionKind.choices)
    #: The correction that this one takes back.
    undoes = models.UUIDField(null=True)
    source_uid = models.UUIDField(_("from"))
    target_uid = models.UUIDField(_("to"))
    #: Events by their internal ids; empty while a merge waits, which moves them all.
    events = ArrayField(models.BigIntegerField(), verbose_name=_("events"), default=list)
    reason = models.CharField(_("why"), max_length=300)
    made_at = models.DateTimeField(_("at"), default=timezone.now)
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        _("state"), max_length=7, choices=CorrectionState.choices, default=CorrectionState.WAITING
    )
    fault = models.CharField(_("why not"), max_length=7, choices=CorrectionFault.choices, blank=True)
    done_at = models.DateTimeField(_("carried out"), null=True)

    objects = InheritingQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of a passage")
        verbose_name_plural = _("corrections of passages")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["correction", "device_id"], name="move_once_a_device"),
            models.CheckConstraint(
                condition=~models.Q(source_uid=models.F("target_uid")), name="move_goes_elsewhere"
            ),
        ]
        indexes = [
            models.Index(fields=["source_uid"], name="move_source"),
            models.Index(fields=["target_uid"], name="move_target"),
            models.Index(fields=["undoes"], name="move_undoes", condition=models.Q(undoes__isnull=False)),
            models.Index(
                fields=["id"], name="move_waiting", condition=models.Q(state=CorrectionState.WAITING)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.correction}"


class PassageFollower(models.Model):
    """What went with the events of a correction: alarms, hits, scan requests, later finds. For the worker alone.

    It names records of any audience, so no reader ever sees a row; an undoing needs them to lead back just what was led away.
    """

    id = models.BigAutoField(primary_key=True)
    correction = models.UUIDField(editable=False)
    kind = models.CharField(max_length=12)
    record_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("follower of a correction")
        verbose_name_plural = _("followers of corrections")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["correction", "kind", "record_id"], name="follows_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"
