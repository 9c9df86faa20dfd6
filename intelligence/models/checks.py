"""Manual checks of a mark: every question is recorded, whatever the answer."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.access import OwnedQuerySet
from agencies.models import Officer
from intelligence.choices import CheckOutcome


class Check(models.Model):
    """One manual check: who asked for which mark, why, and what was answered.

    The worker answers it, so that the time it takes does not tell whether somebody looks for the mark.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency_group_id = models.IntegerField()
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    account_uid = models.UUIDField(null=True)
    clearance = models.SmallIntegerField(default=0)
    mark_raw = models.CharField(_("mark as typed"), max_length=40)
    mark_norm = models.CharField(_("mark"), max_length=40)
    purpose = models.CharField(_("purpose"), max_length=300)
    outcome = models.CharField(_("answer"), max_length=8, choices=CheckOutcome.choices, blank=True)
    notice_uids = ArrayField(models.UUIDField(), default=list)
    place = models.CharField(_("place"), max_length=120, blank=True)
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(
                fields=["asked_at"], name="check_unanswered", condition=models.Q(answered_at__isnull=True)
            ),
            models.Index(fields=["agency_group_id", "-asked_at"], name="check_newest"),
        ]

    def __str__(self) -> str:
        return str(self.uid)
