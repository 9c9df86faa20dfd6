"""The wiring app, and Django's admin with the centre's own site."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class JoccConfig(AppConfig):
    """Wiring: commands that join all apps, and the start-up check."""

    name = "jocc"
    verbose_name = _("Wiring")

    def ready(self) -> None:
        """Register the checks."""
        from jocc import checks  # noqa: F401, PLC0415  (Django registers checks once apps are loaded)


class CentreAdminConfig(admin_apps.AdminConfig):
    """The supervisors' admin site."""

    default_site = "agencies.adminsite.CentreAdminSite"
