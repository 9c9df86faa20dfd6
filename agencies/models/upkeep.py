"""What keeps the centre's memory honest after a restore: its lineage, rights that ended, duties of upkeep."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.choices import LineageKind


class Lineage(models.Model):
    """One life of this database: made once, and a new one begins with every restore. The newest row is now."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("how it began"), max_length=8, choices=LineageKind.choices)
    began_at = models.DateTimeField(_("began"), auto_now_add=True)

    class Meta:
        verbose_name = _("life of the database")
        verbose_name_plural = _("lives of the database")

    def __str__(self) -> str:
        return f"{self.kind} {self.began_at:%Y-%m-%d %H:%M}"


class RightEnd(models.Model):
    """A right that ended, written by triggers and waiting to be taken to the journal outside the database.

    `xid` is the transaction that ended it: whoever restores a backup can tell exactly whether the backup knows.
    """

    at = models.DateTimeField()
    xid = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    subject = models.JSONField()

    class Meta:
        verbose_name = _("end of a right")
        verbose_name_plural = _("ends of rights")

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"


class Upkeep(models.Model):
    """How a duty of upkeep (backup, journal, comparison of the walls) went the last time."""

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()
    is_fine = models.BooleanField()
    found = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("duty of upkeep")
        verbose_name_plural = _("duties of upkeep")

    def __str__(self) -> str:
        return self.name
