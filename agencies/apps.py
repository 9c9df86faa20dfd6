"""The agencies app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    """See the package's docstring."""

    name = "agencies"
    verbose_name = _("Agencies and officers")
