"""The words of the pages: one term for each code, so that shape, colour and word never disagree."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scanning.choices import DeviceKind, MarkKind, RequestState, Result

RESULTS = {**dict(Result.choices), "none": _("Not looked at")}

#: "Done" is said of a delivery too, which in French is of the other gender.
REQUEST_STATES = {
    **dict(RequestState.choices),
    RequestState.DONE.value: pgettext_lazy("a scan request", "Done"),
}

#: An outage that an officer reported or planned, where the device itself says nothing of it.
OUTAGE_STATES = {
    "out": pgettext_lazy("state of a device", "out of action"),
    "limited": pgettext_lazy("state of a device", "limited"),
    "planned": pgettext_lazy("state of a device", "planned downtime"),
}

DEVICE_STATES = {
    "working": _("working"),
    "alarm": _("in alarm"),
    "fault": _("fault"),
    "silent": _("silent"),
    "off": _("out of service"),
    "unknown": _("not heard yet"),
    **OUTAGE_STATES,
}

MARK_KINDS = dict(MarkKind.choices)

NEED_KINDS = {
    "hit": _("hit"),
    "notice": _("notice"),
    "alarm": _("alarm"),
}

TONES = {
    "stop": _("stop"),
    "high": _("high priority"),
    "medium": _("medium priority"),
    "low": _("low priority"),
    "fault": _("equipment"),
    "quiet": _("normal"),
}

# The short heads of the result columns: three to five characters, read a thousand times a night.
SENSOR_SHORT = {
    "anpr": pgettext_lazy("sensor column", "ANPR"),
    "radiation": pgettext_lazy("sensor column", "RAD"),
    "xray": pgettext_lazy("sensor column", "XRAY"),
    "gamma": pgettext_lazy("sensor column", "GAM"),
    "pmmw": pgettext_lazy("sensor column", "MMW"),
    "co2": pgettext_lazy("sensor column", "CO₂"),
    "heartbeat": pgettext_lazy("sensor column", "HB"),
    "dog": pgettext_lazy("sensor column", "DOG"),
    "search": pgettext_lazy("sensor column", "SRCH"),
    "keyboard": pgettext_lazy("sensor column", "KEY"),
}

SENSOR_NAMES = dict(DeviceKind.choices)

# The order in which results stand on every line of every page.
SENSOR_ORDER = ("radiation", "xray", "gamma", "pmmw", "co2", "heartbeat", "dog", "search")
