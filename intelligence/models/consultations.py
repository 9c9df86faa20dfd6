"""Which records an officer has been shown today: the board logs a consultation once, not at every refresh."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.access import OwnedQuerySet


class Shown(models.Model):
    """One record that one reader was shown on one day; the audit record itself is written beside it."""

    agency_group_id = models.IntegerField()
    reader_uid = models.UUIDField()
    record_uid = models.UUIDField()
    shown_on = models.DateField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("record shown")
        verbose_name_plural = _("records shown")
        constraints = [
            models.UniqueConstraint(fields=["reader_uid", "record_uid", "shown_on"], name="shown_once_a_day")
        ]
        indexes = [models.Index(fields=["shown_on"], name="shown_day")]

    def __str__(self) -> str:
        return str(self.record_uid)
