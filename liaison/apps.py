"""The liaison app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiaisonConfig(AppConfig):
    """See the package's docstring."""

    name = "liaison"
    verbose_name = _("Liaison")
