"""The scanning app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScanningConfig(AppConfig):
    """Sites, lanes, devices and what they see."""

    name = "scanning"
    verbose_name = _("Scanning")

    def ready(self) -> None:
        """Tell the gate, which stands below us, where the ids of visible devices come from."""
        from agencies.access import device_source_register  # noqa: PLC0415  (apps must be loaded first)
        from scanning.selectors.visible import device_ids_visible_to  # noqa: PLC0415

        device_source_register(device_ids_visible_to)
