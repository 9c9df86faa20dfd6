"""The operations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    """See the package's docstring."""

    name = "operations"
    verbose_name = _("Joint operations")
