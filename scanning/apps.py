"""The scanning app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScanningConfig(AppConfig):
    """Sites, lanes, devices and what they see."""

    name = "scanning"
    verbose_name = _("Scanning")

    def ready(self) -> None:
        """Tell the gate and the history, which stand below us, which devices are behind what is seen."""
        from agencies.access import device_source_register  # noqa: PLC0415  (apps must be loaded first)
        from agencies.selectors.history import through_register  # noqa: PLC0415
        from scanning.selectors.through import alarm_devices, passage_devices  # noqa: PLC0415
        from scanning.selectors.visible import device_ids_visible_to  # noqa: PLC0415

        device_source_register(device_ids_visible_to)
        through_register("passage", passage_devices)
        through_register("alarm", alarm_devices)
