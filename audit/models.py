"""The append-only record, and the outbox of changes that feeds live pages."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One act or consultation: who, what, on which objects, why, in which request.

    The table is partitioned by month; UPDATE, DELETE and TRUNCATE are refused by the database. `uid` is drawn by
    chance and part of what is sealed; `tx` is the transaction that wrote the row, by which a block takes it up.
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
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    tx = models.BigIntegerField(editable=False, db_default=RawSQL("(pg_current_xact_id()::text::bigint)", ()))

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


class SealKey(models.Model):
    """A public key that seals; each but the first is endorsed by the one before it."""

    id = models.CharField(max_length=16, primary_key=True)
    public = models.BinaryField()
    introduced_at = models.DateTimeField()
    endorsed_by = models.CharField(max_length=16, blank=True)
    endorsement = models.BinaryField(default=bytes)

    class Meta:
        verbose_name = _("sealing key")
        verbose_name_plural = _("sealing keys")
        ordering = ["introduced_at"]

    def __str__(self) -> str:
        return self.id


class AuditBlock(models.Model):
    """A sealed stretch of the record: rows whose transaction lies in [from_tx, before_tx), and whose internal
    number lies in the block's epoch (after_id, until_id].

    An epoch ends when transaction numbers go back, after a restore into another server. `last_id` is the highest
    internal number sealed so far. `seed` is not readable by the web role.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    after_id = models.BigIntegerField()
    until_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    from_tx = models.BigIntegerField()
    before_tx = models.BigIntegerField()
    seed = models.BinaryField()
    ledgers_root = models.BinaryField()
    previous_root = models.BinaryField(unique=True)
    root = models.BinaryField(unique=True)
    key = models.CharField(max_length=16)
    signature = models.BinaryField()

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ["-number"]
        indexes = [models.Index(fields=["after_id", "before_tx"], name="audit_block_of_tx")]

    def __str__(self) -> str:
        return str(self.number)


class LedgerSeal(models.Model):
    """One group's part of a block, and the way from it to the block's root; 0 is the ledger of no agency."""

    block = models.BigIntegerField()
    agency_group_id = models.IntegerField()
    count = models.BigIntegerField()
    total = models.BigIntegerField()
    tree = models.BinaryField()
    salt = models.BinaryField()
    place = models.IntegerField()
    path = models.BinaryField()

    class Meta:
        verbose_name = _("ledger of a block")
        verbose_name_plural = _("ledgers of blocks")
        constraints = [
            models.UniqueConstraint(fields=["agency_group_id", "block"], name="ledger_once_a_block")
        ]

    def __str__(self) -> str:
        return f"{self.agency_group_id} in {self.block}"
