"""Forms of the admin site's pages on devices and lanes."""

from typing import Any

from agencies.forms.admin import clearances_within
from agencies.forms.records import GateForm
from scanning.models import Device, Lane


class DeviceForm(GateForm):
    """A detection device of the own agency."""

    class Meta:
        model = Device
        fields = (
            "code", "kind", "name_en", "name_fr", "format", "site", "lane", "account", "order", "zone",
            "rhythm_s", "answers_200", "latitude", "longitude", "classification", "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clearances_within(self, "classification")


class LaneForm(GateForm):
    """A lane of the own agency."""

    class Meta:
        model = Lane
        fields = ("code", "name_en", "name_fr", "site", "order", "classification")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clearances_within(self, "classification")
