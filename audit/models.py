"""The append-only record, and the outbox of changes that feeds live pages."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One act or consultation: who, what, on which objects, why, in which request.

    The table is partitioned by month; UPDATE, DELETE and TRUNCATE are refused by the database.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"), editable=False)
    actor = models.CharField(_("kind of actor"), max_length=12)
    actor_uid = models.UUIDField(_("actor"), null=True)
    actor_label = models.CharField(_("name"), max_length=150)
    agency_group_id = models.IntegerField(_("agency"), null=True)
    action = models.CharField(_("act"), max_length=40)
    object_type = models.CharField(_("kind of object"), max_length=40)
    object_uids = ArrayField(models.UUIDField(), verbose_name=_("objects"), default=list)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        verbose_name = _("audit record")
        verbose_name_plural = _("audit records")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action}"


class Change(models.Model):
    """One row of the outbox: something changed, for those who see the device or belong to the groups."""

    id = models.BigAutoField(primary_key=True)
    created_at = models.DateTimeField()
    topic = models.CharField(max_length=12)
    device_id = models.BigIntegerField(null=True)
    lane_id = models.BigIntegerField(null=True)
    group_ids = ArrayField(models.IntegerField(), null=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")

    def __str__(self) -> str:
        return f"{self.topic} {self.id}"
