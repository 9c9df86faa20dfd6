"""The dashboard app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    """See the package's docstring."""

    name = "dashboard"
    verbose_name = _("Dashboard")
