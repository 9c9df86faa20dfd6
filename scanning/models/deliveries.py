"""The inbox: accepted means committed (design.md §3)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.access import OwnedQuerySet
from scanning.choices import DeliveryState, DeviceFormat


class Delivery(models.Model):
    """The raw bytes of one delivery and what became of them. Partitioned by month of receipt.

    It belongs to the agency whose account posted it. `result` holds counts and the problems per event.
    """

    id = models.BigAutoField(primary_key=True)
    receipt = models.UUIDField(_("receipt"), default=uuid.uuid4, editable=False)
    received_at = models.DateTimeField(_("received"))
    agency_group_id = models.IntegerField(_("agency"))
    account_id = models.BigIntegerField(null=True)
    officer_id = models.BigIntegerField(null=True)
    device_id = models.BigIntegerField(null=True)
    site_id = models.BigIntegerField(null=True)
    format = models.CharField(_("format"), max_length=16, choices=DeviceFormat.choices)
    content_type = models.CharField(_("content type"), max_length=200)
    body = models.BinaryField(_("body"), null=True)
    body_sha256 = models.BinaryField(max_length=32)
    state = models.CharField(
        _("state"), max_length=11, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    attempts = models.SmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(_("done"), null=True)
    error_code = models.CharField(_("reason"), max_length=40, blank=True)
    error_detail = models.CharField(_("detail"), max_length=500, blank=True)
    result = models.JSONField(_("result"), default=dict)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-received_at", "-id"]

    def __str__(self) -> str:
        return str(self.receipt)


class DeliveryKey(models.Model):
    """Which event keys of a device have been taken, with the digest of their bytes and the receipt.

    Slim and not partitioned, because a partitioned table cannot hold this unique key (design.md §7).
    """

    pk = models.CompositePrimaryKey("device_id", "event_key")
    device_id = models.BigIntegerField()
    event_key = models.CharField(max_length=120)
    sha256 = models.BinaryField(max_length=32)
    receipt = models.UUIDField()

    class Meta:
        verbose_name = _("event key")
        verbose_name_plural = _("event keys")

    def __str__(self) -> str:
        return self.event_key
