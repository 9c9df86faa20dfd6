"""The words of scanning that are stored: their values are stable, their labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeviceKind(TextChoices):
    """What a detection device is. Keyboard is an officer who types in what was seen."""

    ANPR = "anpr", _("Plate reader")
    XRAY = "xray", _("X-ray")
    GAMMA = "gamma", _("Gamma imaging")
    PMMW = "pmmw", _("Passive millimetre wave")
    CO2 = "co2", _("CO₂ probe")
    HEARTBEAT = "heartbeat", _("Heartbeat detector")
    RADIATION = "radiation", _("Radiation portal")
    DOG = "dog", _("Dog team")
    SEARCH = "search", _("Search team")
    KEYBOARD = "keyboard", _("Entry by hand")


class DeviceFormat(TextChoices):
    """How a device writes what it saw; the device's profile names it, never the payload."""

    NATIVE = "native", _("JOCC events (JSON)")
    N42 = "n42", _("ANSI N42.42 (XML)")
    PLATE_RECOGNIZER = "plate_recognizer", _("Plate Recognizer Stream")
    OPENALPR = "openalpr", _("OpenALPR / Rekor group")
    HIKVISION = "hikvision", _("Hikvision ISAPI")
    AXIS = "axis", _("Axis License Plate Verifier")


class EventType(TextChoices):
    """A detection concerns a vehicle; a status concerns the device itself."""

    DETECTION = "detection", _("Detection")
    STATUS = "status", _("Device status")


class Result(TextChoices):
    """What a device or a team concluded. For a plate reader, clear is a plain read."""

    CLEAR = "clear", _("Clear")
    SUSPECT = "suspect", _("Suspect")
    INDETERMINATE = "indeterminate", _("Indeterminate")
    NOT_PERFORMED = "not_performed", _("Not done")
    FAULT = "fault", _("Fault")


class MarkKind(TextChoices):
    """Which part of a lorry carries the mark."""

    TRACTOR = "tractor", _("Tractor")
    TRAILER = "trailer", _("Trailer")
    CONTAINER = "container", _("Container")
    UNKNOWN = "unknown", _("Unknown part")


class Severity(TextChoices):
    """Priority of an alarm (ISA-18.2 names three)."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class AlarmRule(TextChoices):
    """Why an alarm stands. The last three are about a device or its deliveries, not a vehicle."""

    RADIATION_NEUTRON = "radiation_neutron", _("Neutron alarm")
    RADIATION_GAMMA = "radiation_gamma", _("Gamma radiation alarm")
    CO2_SUSPECT = "co2_suspect", _("CO₂ above threshold")
    HEARTBEAT_SUSPECT = "heartbeat_suspect", _("Heartbeat detected")
    PMMW_SUSPECT = "pmmw_suspect", _("Millimetre-wave suspicion")
    DOG_INDICATION = "dog_indication", _("Dog indication")
    XRAY_SUSPECT = "xray_suspect", _("X-ray suspicion")
    GAMMA_IMAGE_SUSPECT = "gamma_image_suspect", _("Gamma image suspicion")
    SEARCH_FINDING = "search_finding", _("Search with a finding")
    DEVICE_FAULT = "device_fault", _("Device fault")
    DEVICE_SILENT = "device_silent", _("Device silent")
    EVENT_CONFLICT = "event_conflict", _("Same event, different content")


class AlarmAct(TextChoices):
    """What was done about an alarm; each act leaves a note in the alarm's history."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledged")
    UNDO = "undo", _("Acknowledgement undone")
    COMMENT = "comment", _("Comment")
    CLEAR = "clear", _("Cleared by hand")
    ASSIGN = "assign", pgettext_lazy("an alarm", "Assigned")
    RELEASE = "release", _("Given back")
    SILENCE = "silence", _("Silenced")
    UNSILENCE = "unsilence", _("Silence ended")
    ESCALATE = "escalate", pgettext_lazy("an alarm", "Escalated")
    RING = "ring", _("Rings again: of higher priority than what was acknowledged")
    JOIN = "join", _("Counted with another alarm: their passages were merged")


class DeliveryState(TextChoices):
    """Where a delivery stands on its way from the inbox to the events."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    QUARANTINED = "quarantined", _("In quarantine")


class ProblemCode(TextChoices):
    """Why a delivery, or one event of it, could not be read. Devices may rely on these codes."""

    # The whole body.
    EMPTY_BODY = "empty_body", _("The body is empty.")
    TOO_LARGE = "too_large", _("The body is larger than this format allows.")
    NOT_UTF8 = "not_utf8", _("The body is not UTF-8 text.")
    TOO_DEEP = "too_deep", _("The document is nested too deeply.")
    MALFORMED_JSON = "malformed_json", _("The body is not well-formed JSON.")
    DUPLICATE_KEY = "duplicate_key", _("A key stands twice in one object.")
    MALFORMED_XML = "malformed_xml", _("The body is not well-formed XML.")
    XML_FORBIDDEN = "xml_forbidden", _("Document types and entities are not accepted.")
    MALFORMED_MULTIPART = "malformed_multipart", _("The multipart body cannot be taken apart.")
    MISSING_PART = "missing_part", _("The part that describes the event is missing.")
    WRONG_SHAPE = "wrong_shape", _("The document is not of the device's format.")
    TOO_MANY_EVENTS = "too_many_events", _("Too many events in one delivery.")
    # One event.
    UNKNOWN_FIELD = "unknown_field", _("A field is not known.")
    MISSING_FIELD = "missing_field", _("A required field is missing.")
    WRONG_TYPE = "wrong_type", _("A field has the wrong type.")
    UNKNOWN_VALUE = "unknown_value", _("A field's value is not one of the known values.")
    OUT_OF_RANGE = "out_of_range", _("A value is out of its range.")
    NUMBER_NOT_FINITE = "number_not_finite", _("A number is not finite or has too many digits.")
    TEXT_FORBIDDEN = "text_forbidden", _("A text contains a NUL or an unpaired surrogate.")
    TIME_WITHOUT_ZONE = "time_without_zone", _("A time has no offset from UTC.")
    BAD_TIME = "bad_time", _("A time cannot be read.")
    MISSING_TIME = "missing_time", _("The device gave no time.")
    REASON_REQUIRED = "reason_required", _("This result needs a reason.")
    DUPLICATE_EVENT = "duplicate_event", _("The event stands twice in this delivery.")
    BAD_MARK = "bad_mark", _("A mark holds no letter or digit, or is too long.")
    # Ours.
    DECODER_ERROR = "decoder_error", _("The decoder failed; the delivery can be replayed after a repair.")


class ScanPurpose(TextChoices):
    """What a technique is used for; the law permits each technique for some of them only."""

    PERSONS = "persons", _("Persons hidden in the load")
    CONTRABAND = "contraband", _("Contraband goods")
    RADIATION = "radiation", _("Radioactive material")
    WEAPONS = "weapons", _("Weapons and explosives")
    CUSTOMS = "customs", _("Goods against the declaration")


class UseVerdict(TextChoices):
    """What the lawful-use matrix says about one use. What it does not name is unstated: never silently allowed."""

    PERMITTED = "permitted", _("Permitted")
    WARNED = "warned", _("Permitted on a condition")
    REFUSED = "refused", _("Not permitted")
    UNSTATED = "unstated", _("No rule stands")


class Body(TextChoices):
    """How the load is enclosed: millimetre waves pass canvas, not metal."""

    SOFT = "soft", _("Soft-sided")
    REEFER = "reefer", _("Refrigerated box")
    BOX = "box", _("Rigid box")
    CONTAINER = "container", _("Container")
    TANK = "tank", _("Tank")
    FLATBED = "flatbed", _("Open flatbed")
    VAN = "van", _("Van")


class RequestState(TextChoices):
    """Where a scan request stands."""

    ASKED = "asked", _("Waits for an answer")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Taken back")
    LAPSED = "lapsed", _("Lapsed unanswered")


class Adjudged(TextChoices):
    """What an alarm turned out to be (the OSCAR adjudication codes of radiation portals, for every sensor)."""

    REAL_PERSONS = "real_persons", _("Real: persons found")
    REAL_CONTRABAND = "real_contraband", _("Real: contraband found")
    REAL_OTHER = "real_other", _("Real: something else found")
    INNOCENT_NORM = "innocent_norm", _("Innocent: natural radioactivity")
    INNOCENT_MEDICAL = "innocent_medical", _("Innocent: medical isotope")
    INNOCENT_DECLARED = "innocent_declared", _("Innocent: as declared")
    FALSE_SEARCHED = "false_searched", _("False: searched, nothing found")
    FALSE_BACKGROUND = "false_background", _("False: background or noise")
    FALSE_OTHER = "false_other", _("False: another cause")


class Find(TextChoices):
    """What was found."""

    PERSONS = "persons", _("Persons")
    GOODS = "goods", _("Goods")
    RADIATION = "radiation", _("Radioactive material")


class Selection(TextChoices):
    """Why a vehicle was searched; only random ones tell how much is missed."""

    SUSPICION = "suspicion", _("A sensor’s suspicion")
    TARGET = "target", _("A lookout or a tip")
    RANDOM = "random", _("Drawn at random")
    OTHER = "other", _("Another reason")


class View(TextChoices):
    """What a picture shows, or by which technique it was made."""

    FRONT = "front", _("Front")
    REAR = "rear", _("Rear")
    SIDE = "side", _("Side")
    PLATE = "plate", _("Plate")
    XRAY = "xray", _("X-ray")
    GAMMA = "gamma", _("Gamma imaging")
    PMMW = "pmmw", _("Passive millimetre wave")
    SCENE = "scene", _("Whole scene")
    OTHER = "other", _("Other picture")


class PictureFault(TextChoices):
    """Why a picture is refused. Devices may rely on these codes."""

    EMPTY = "picture_empty", _("The picture is empty.")
    TOO_LARGE = "picture_too_large", _("The picture has more bytes than are taken.")
    WRONG_TYPE = "picture_wrong_type", _("Only JPEG and PNG pictures are taken.")
    TOO_MANY_PIXELS = "picture_too_many_pixels", _("The picture has more pixels than are taken.")
    MORE_BEHIND = "picture_more_behind", _("Something else follows the end of the picture.")
    DAMAGED = "picture_damaged", _("The picture cannot be decoded: it is damaged or was cut short.")
    TOO_MANY = "picture_too_many", _("The event has as many pictures as are kept.")


#: What becomes of something that is posted: taken, or known already.
POSTED_STATES = [("accepted", "accepted"), ("repeated", "repeated")]
