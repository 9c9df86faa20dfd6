"""Service accounts, their tokens, and the mark of a demonstration database."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.choices import AccountKind, Classification, Scope
from agencies.models.people import Agency, Officer


class ServiceAccount(models.Model):
    """What a device or another system signs in as. It belongs to one agency and is never a person."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="service_accounts", verbose_name=_("agency")
    )
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=AccountKind.choices)
    clearance = models.SmallIntegerField(
        _("clearance"), choices=Classification.choices, default=Classification.OPEN
    )
    scopes = ArrayField(
        models.CharField(max_length=24, choices=Scope.choices), verbose_name=_("scopes"), default=list
    )
    allowed_addresses = ArrayField(
        models.CharField(max_length=43),
        verbose_name=_("allowed addresses"),
        default=list,
        blank=True,
        help_text=_("Networks in CIDR form, separated by commas; empty means from anywhere."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("service account")
        verbose_name_plural = _("service accounts")
        ordering = ["agency", "name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="service_account_per_agency")]

    def __str__(self) -> str:
        return self.name


class ServiceToken(models.Model):
    """A secret of a service account; only its SHA-256 is kept (the secret has 256 random bits)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        ServiceAccount, on_delete=models.CASCADE, related_name="tokens", verbose_name=_("account")
    )
    prefix = models.CharField(_("begins with"), max_length=12, db_index=True)
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(
        models.CharField(max_length=24, choices=Scope.choices), verbose_name=_("scopes"), default=list
    )
    created_at = models.DateTimeField(_("issued"), auto_now_add=True)
    created_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("issued by")
    )
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.prefix}…"


class DemoMark(models.Model):
    """Stands (one row) in a demonstration database only; accounts, simulator and benchmark ask for it."""

    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("demonstration mark")
        verbose_name_plural = _("demonstration marks")

    def __str__(self) -> str:
        return f"{self.marked_at:%Y-%m-%d}"
