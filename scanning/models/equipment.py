"""Where detection happens and what detects."""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.grants import GroupGrant
from agencies.models import Protected, ServiceAccount
from scanning.choices import DeviceFormat, DeviceKind


class Site(models.Model):
    """A port or terminal. Sites are public knowledge; what stands there is not."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=12, unique=True)
    unlocode = models.CharField(_("UN/LOCODE"), max_length=5, blank=True)
    name_en = models.CharField(_("name in English"), max_length=80)
    name_fr = models.CharField(_("name in French"), max_length=80)
    country = models.CharField(_("country"), max_length=2)
    zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    order = models.SmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_fr if (get_language() or "en").startswith("fr") else self.name_en


class Lane(Protected):
    """One lane of a site, in the port's order; visible to those who work there."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="lanes", verbose_name=_("site"))
    code = models.CharField(_("code"), max_length=24, unique=True)
    name_en = models.CharField(_("name in English"), max_length=80)
    name_fr = models.CharField(_("name in French"), max_length=80)
    order = models.SmallIntegerField(_("order"), default=0)
    shape = models.JSONField(
        _("shape"), default=list, blank=True, help_text=_("Points as [longitude, latitude], WGS 84.")
    )

    class Meta:
        verbose_name = _("lane")
        verbose_name_plural = _("lanes")
        ordering = ["site__order", "order", "code"]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_fr if (get_language() or "en").startswith("fr") else self.name_en


class LaneGrant(GroupGrant):
    """Which groups see a lane."""

    allowed_codenames = frozenset({"view_lane"})
    content_object = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="grants")


class Device(Protected):
    """One detection device, dog team, search team or hand terminal; the originator is its owner.

    Whoever sees the device sees its events, alarms and its part of each passage (design.md §2).
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name_en = models.CharField(_("name in English"), max_length=80)
    name_fr = models.CharField(_("name in French"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=DeviceKind.choices)
    format = models.CharField(
        _("format of deliveries"), max_length=16, choices=DeviceFormat.choices, default=DeviceFormat.NATIVE
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="devices", verbose_name=_("site"))
    lane = models.ForeignKey(
        Lane, on_delete=models.PROTECT, null=True, blank=True, related_name="devices", verbose_name=_("lane")
    )
    account = models.ForeignKey(
        ServiceAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="devices",
        verbose_name=_("service account"),
    )
    order = models.SmallIntegerField(_("order in the lane"), default=0)
    zone = models.CharField(_("time zone of its clock"), max_length=40, default="Europe/Paris")
    rhythm_s = models.PositiveIntegerField(
        _("expected rhythm (s)"), default=0, help_text=_("Silent after this many seconds; 0 means never.")
    )
    answers_200 = models.BooleanField(
        _("answers 200"), default=False, help_text=_("For cameras that take nothing else as success.")
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    is_active = models.BooleanField(_("in service"), default=True)

    class Meta:
        verbose_name = _("detection device")
        verbose_name_plural = _("detection devices")
        ordering = ["site__order", "lane__order", "order", "code"]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_fr if (get_language() or "en").startswith("fr") else self.name_en


class DeviceGrant(GroupGrant):
    """Which groups see a device and, through it, what it saw."""

    allowed_codenames = frozenset({"view_device"})
    content_object = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="grants")


class DeviceStatus(models.Model):
    """What is known of a device's health; kept apart so that events do not rewrite the device's row."""

    device = models.OneToOneField(Device, on_delete=models.CASCADE, primary_key=True, related_name="status")
    last_received_at = models.DateTimeField(_("last heard"), null=True)
    last_event_at = models.DateTimeField(_("last event"), null=True)
    clock_skew_ms = models.IntegerField(_("clock skew (ms)"), null=True)
    fault = models.CharField(_("fault"), max_length=200, blank=True)
    fault_since = models.DateTimeField(_("faulty since"), null=True)
    silent_since = models.DateTimeField(_("silent since"), null=True)

    class Meta:
        verbose_name = _("device status")
        verbose_name_plural = _("device statuses")

    def __str__(self) -> str:
        return str(self.device_id)
