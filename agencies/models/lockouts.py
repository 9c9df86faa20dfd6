"""Failures at the door, counted, and the locks that come of them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.access import OwnedQuerySet
from agencies.choices import LockOutKind
from agencies.models.people import Officer


class LockOut(models.Model):
    """What is counted of a name, an address, or both together; names that belong to nobody stand as a digest only.

    The officer and the agency are known where the name is an officer's: that agency's administrator sees it and lifts it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("counted for"), max_length=8, choices=LockOutKind.choices)
    digest = models.CharField(max_length=64, editable=False)
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="lockouts", verbose_name=_("officer")
    )
    agency_group_id = models.IntegerField(null=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    failures = models.IntegerField(_("failures"), default=0)
    since = models.DateTimeField(_("since"), null=True)
    last_at = models.DateTimeField(_("last failure"), null=True)
    locked_until = models.DateTimeField(_("locked until"), null=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("lock-out")
        verbose_name_plural = _("lock-outs")
        ordering = ["-last_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "digest"], name="lockout_once")]
        indexes = [
            models.Index(fields=["-last_at", "-id"], name="lockout_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.officer or self.kind} {self.address or ''}".strip()
