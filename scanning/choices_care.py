"""The words of a device's life that are stored: outages and their stages, and what was done to a device."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OutageKind(TextChoices):
    """How it came to be known that a device does not work, or will not."""

    FAULT = "fault", _("Reports a fault")
    SILENT = "silent", _("Is silent")
    REPORTED = "reported", _("Reported by an officer")
    PLANNED = "planned", _("Planned downtime")


class OutageEffect(TextChoices):
    """Whether it detects nothing, or goes on with limits; only the first is downtime."""

    OUT = "out", pgettext_lazy("a device", "Out of action")
    LIMITED = "limited", _("Works with limits")


class OutageStage(TextChoices):
    """Where the case stands, from the report to the day on which nobody has anything to do about it."""

    PLANNED = "planned", pgettext_lazy("an outage", "Planned")
    REPORTED = "reported", pgettext_lazy("an outage", "Nobody has taken it up")
    TAKEN = "taken", _("Being looked into")
    WAITING = "waiting", _("Waits for a part or a firm")
    REPAIR = "repair", _("Under repair")
    CLOSED = "closed", pgettext_lazy("an outage", "Closed")
    CANCELLED = "cancelled", _("Called off")


class OutageCause(TextChoices):
    """Why the device did not work, as far as is known."""

    POWER = "power", _("Power")
    NETWORK = "network", _("Network")
    SENSOR = "sensor", _("Sensor or source")
    MECHANICS = "mechanics", _("Mechanics")
    COMPUTER = "computer", _("Computer or software")
    CALIBRATION = "calibration", _("Calibration")
    CONSUMABLE = "consumable", _("Consumable or battery")
    DIRT = "dirt", _("Dirt or obstruction")
    WEATHER = "weather", _("Weather")
    DAMAGE = "damage", _("Damage by a vehicle or person")
    STAFF = "staff", _("No staff, or team unfit")
    MAINTENANCE = "maintenance", _("Maintenance")
    NOT_FOUND = "not_found", _("Not found")
    OTHER = "other", pgettext_lazy("a cause", "Another cause")


class OutageAct(TextChoices):
    """What happened to an outage; each leaves a note in its history."""

    OPEN = "open", pgettext_lazy("an outage", "Begins")
    AGAIN = "again", _("Out again")
    STAGE = "stage", _("Stage")
    COMMENT = "comment", pgettext_lazy("an outage", "Comment")
    MOVE = "move", _("Other times")
    END = "end", _("Works again")
    CLOSE = "close", pgettext_lazy("an outage", "Closed")
    CANCEL = "cancel", _("Called off")


class CareKind(TextChoices):
    """What was done to a device so that it goes on working, and rightly."""

    CALIBRATION = "calibration", _("Calibration")
    MAINTENANCE = "maintenance", _("Maintenance")
    FIRMWARE = "firmware", _("Firmware")
    CHECK = "check", _("Test with a source or sample")
