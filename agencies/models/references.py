"""Running numbers that people quote, counted per agency so that no gap tells about another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models.people import Agency


class ReferenceCounter(models.Model):
    """The last number given out per agency, kind of record and year."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    series = models.CharField(max_length=2)
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("reference counter")
        verbose_name_plural = _("reference counters")
        constraints = [models.UniqueConstraint(fields=["agency", "series", "year"], name="reference_series")]

    def __str__(self) -> str:
        return f"{self.agency_id}-{self.series}-{self.year}"
