"""What stood when: who was given which record, what decided over seeing it, and what an officer was then.

The tables are written by database triggers alone (agencies/witness.py), so that no path can forget them, and
are append-only; neither the pages nor the workers may write here.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.access import HistoryQuerySet, OwnedQuerySet
from agencies.choices import HistoryEvent


class Witnessed(models.Model):
    """Who did it, in which request and transaction, and when the database wrote it down."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"), editable=False)
    event = models.CharField(_("event"), max_length=10, choices=HistoryEvent.choices)
    actor = models.CharField(_("kind of actor"), max_length=40, blank=True)
    actor_uid = models.UUIDField(_("actor"), null=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    transaction = models.BigIntegerField()

    class Meta:
        abstract = True


class RecordHistory(Witnessed):
    """One group was given a record, lost it, or what decides over its seeing changed while it held it.

    `facts` are the deciding values from this moment on (classification, expiry, state, …). A change has one
    row for each group that holds the record, so that each reader's own rows tell the whole of its story.
    """

    kind = models.CharField(_("kind of record"), max_length=24)
    record_uid = models.UUIDField(_("record"))
    label = models.CharField(_("reference"), max_length=64, blank=True)
    originator_id = models.IntegerField(_("originator"))
    group_id = models.IntegerField(_("group"))
    facts = models.JSONField(_("deciding values"), default=dict)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("history of a record")
        verbose_name_plural = _("histories of records")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["record_uid", "id"], name="history_record"),
            models.Index(fields=["label"], name="history_label"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.event}"


class RecordReading(models.Model):
    """One agency read another's record: when and by which kind of actor. Taken from the audit record by a trigger."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"), editable=False)
    record_uid = models.UUIDField(_("record"))
    originator_id = models.IntegerField(_("originator"))
    group_id = models.IntegerField(_("agency"))
    actor = models.CharField(_("kind of actor"), max_length=12)
    action = models.CharField(_("act"), max_length=40)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of a record")
        verbose_name_plural = _("readings of records")
        ordering = ["id"]
        indexes = [models.Index(fields=["record_uid", "-at"], name="reading_record")]

    def __str__(self) -> str:
        return f"{self.record_uid} {self.action}"


class OfficerHistory(Witnessed):
    """What an officer was from this moment on: agency, role, clearance, active or not, groups."""

    officer_uid = models.UUIDField(_("officer"))
    agency_group_id = models.IntegerField(_("agency"))
    role = models.CharField(_("role"), max_length=14)
    clearance = models.SmallIntegerField(_("clearance"))
    is_active = models.BooleanField(_("active"))
    group_ids = models.JSONField(_("groups"), default=list)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("history of an officer")
        verbose_name_plural = _("histories of officers")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["officer_uid", "id"], name="officer_history"),
            models.Index(fields=["agency_group_id", "id"], name="officer_history_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.officer_uid} {self.event}"
