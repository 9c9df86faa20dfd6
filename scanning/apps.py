"""The scanning app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScanningConfig(AppConfig):
    """See the package's docstring."""

    name = "scanning"
    verbose_name = _("Scanning")
