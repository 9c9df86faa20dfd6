"""A second factor that is lost, and what two colleagues did about it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models.people import Officer


class FactorLoss(models.Model):
    """An officer has said at sign-in, after the password, that the second factor is lost.

    It waits an hour for two others of the agency. Their reset puts the digest of a code here, which the officer needs
    to enrol anew: good for ten minutes, five tries, and once.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="losses")
    agency_group_id = models.IntegerField()
    asked_at = models.DateTimeField(_("reported"))
    reset_at = models.DateTimeField(null=True)
    code_digest = models.CharField(max_length=64, blank=True)
    tries = models.SmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("lost second factor")
        verbose_name_plural = _("lost second factors")
        constraints = [
            models.UniqueConstraint(
                fields=["officer"],
                condition=models.Q(closed_at__isnull=True),
                name="factor_loss_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer} {self.asked_at:%Y-%m-%d %H:%M}"
