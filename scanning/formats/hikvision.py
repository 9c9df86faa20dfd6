"""Hikvision ISAPI event notifications: XML alone, or multipart with pictures beside it.

Three namespaces and the vendor's own misspellings are in the field; names are read without prefix, and the
address in the body, which anybody can write, is not read at all. Events that are not ANPR are the camera's
state: `videoloss` inactive is its heartbeat.
"""

from intelligence.rules.countries import country_from_hikvision
from scanning.choices import ProblemCode, Result
from scanning.facts import Decoded, DeviceProfile, Scalar
from scanning.formats.undecodable import Undecodable
from scanning.formats.vendor import (
    confidence_of,
    digest_key,
    moment_of,
    number_of,
    pictures_of,
    plate_observation,
    size_checked,
    status_observation,
    text_of,
    xml_part,
)
from scanning.formats.xml_tree import Node, tree_of

_NO_PLATE_WORDS = frozenset({"", "unknown", "noplate", "no plate"})
# Events in which the camera reports that it cannot do its work; all others are only noted.
_FAULTS = frozenset(
    {
        "videoloss",
        "tamperdetection",
        "shelteralarm",
        "diskfull",
        "diskerror",
        "nicbroken",
        "ipconflict",
        "illaccess",
    }
)


def decode(body: bytes, content_type: str, profile: DeviceProfile) -> Decoded:
    """Decode one notification: a plate that was read, or the camera's own state."""
    size_checked(body)
    content, others = xml_part(body, content_type)
    root = tree_of(content)
    if root.name != "EventNotificationAlert":
        raise Undecodable(ProblemCode.WRONG_SHAPE, f"the root is {text_of(root.name, 40)!r}")
    anpr = root.first("ANPR")
    if anpr is None:
        return _state(root, content, profile)
    moment = moment_of(root.text_of("dateTime"), profile.zone)
    plate = text_of(anpr.text_of("licensePlate") or anpr.text_of("originalLicensePlate"), 64)
    observation, problem = plate_observation(
        key=text_of(root.text_of("UUID"), 100) or digest_key(content),
        moment=moment,
        plate="" if plate.lower() in _NO_PLATE_WORDS else plate,
        country=country_from_hikvision(int(number_of(anpr.text_of("country")) or 0)),
        confidence=confidence_of(anpr.text_of("confidenceLevel"), percent=True),
        reading=_reading(root, anpr, len(others)),
        content=content,
    )
    return Decoded((observation,), () if problem is None else (problem,), pictures=pictures_of(others))


def _reading(root: Node, anpr: Node, pictures: int) -> dict[str, Scalar | None]:
    return {
        "lane_line": text_of(anpr.text_of("line"), 20),
        "direction": text_of(anpr.text_of("direction"), 20),
        "vehicle_type": text_of(anpr.text_of("vehicleType"), 40),
        "country_index": text_of(anpr.text_of("country"), 10),
        "character_confidence": text_of(anpr.text_of("plateCharBelieve"), 80),
        "channel": text_of(root.text_of("channelName"), 60),
        "camera": text_of(root.text_of("deviceUUID"), 60),
        "pictures": pictures or None,
    }


def _state(root: Node, content: bytes, profile: DeviceProfile) -> Decoded:
    event = text_of(root.text_of("eventType"), 40).lower()
    if not event:
        raise Undecodable(ProblemCode.WRONG_SHAPE, "neither ANPR nor eventType")
    active = root.text_of("eventState").lower() == "active"
    broken = active and event in _FAULTS
    observation = status_observation(
        key=text_of(root.text_of("UUID"), 100) or digest_key(content),
        moment=moment_of(root.text_of("dateTime"), profile.zone),
        result=Result.FAULT if broken else Result.CLEAR,
        reason=event if active else "",
        content=content,
    )
    return Decoded((observation,))
