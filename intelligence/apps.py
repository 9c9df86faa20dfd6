"""The intelligence app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntelligenceConfig(AppConfig):
    """See the package's docstring."""

    name = "intelligence"
    verbose_name = _("Intelligence")
