"""How a row names the record that it is about, whatever its kind (services/sharing.py declares the kinds)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from intelligence.choices import SharedKind


class AboutRecord(models.Model):
    """Which record: a row about it outlives the reader's right to it, so no foreign key, and the reference kept beside."""

    subject_kind = models.CharField(_("kind of record"), max_length=12, choices=SharedKind.choices)
    subject_uid = models.UUIDField(_("record"), editable=False)
    subject_reference = models.CharField(_("reference"), max_length=32, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.subject_reference
