"""The audit app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Append-only record and the outbox of changes."""

    name = "audit"
    verbose_name = _("Audit record")
