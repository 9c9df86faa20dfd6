"""Axis License Plate Verifier: JSON, several events for one vehicle (new, update, lost).

The plate may change under one `carID`, so the key changes with the content: the same event sent again is
the same event, and another reading of the same vehicle is another. Confidence is a text between 0 and 1.
"""

import re
from datetime import datetime
from hashlib import sha256
from typing import Any

from intelligence.rules.countries import country_alpha2
from scanning.choices import ProblemCode
from scanning.facts import Decoded, DeviceProfile
from scanning.formats.times import BadTime, time_from_epoch_ms, time_from_text
from scanning.formats.undecodable import Undecodable
from scanning.formats.vendor import (
    confidence_of,
    digest_key,
    json_object,
    json_part,
    member,
    number_of,
    pictures_of,
    plate_observation,
    size_checked,
    text_of,
)

_PLATE_FIELDS = ("plateUTF8", "plateUnicode", "plateText", "plateASCII")
# "20210611 130538252": the camera's local clock, down to the millisecond.
_LOCAL = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2}) ([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{3})")


def decode(body: bytes, content_type: str, profile: DeviceProfile) -> Decoded:
    """Decode one event of a camera."""
    size_checked(body)
    content, others = json_part(body, content_type)
    event = json_object(content)
    if not any(name in event for name in (*_PLATE_FIELDS, "carID")):
        raise Undecodable(ProblemCode.WRONG_SHAPE, "neither a plate nor a carID")
    plate = next((text for text in (text_of(event.get(name), 64) for name in _PLATE_FIELDS) if text), "")
    observation, problem = plate_observation(
        key=_key(event, plate, content),
        moment=_moment(event, profile.zone),
        plate=plate,
        country=country_alpha2(text_of(event.get("plateCountry"), 8)),
        confidence=confidence_of(event.get("plateConfidence")),
        reading={
            "car_id": text_of(event.get("carID"), 40),
            "car_state": text_of(event.get("carState"), 20),
            "direction": text_of(event.get("carMoveDirection"), 20),
            "camera": text_of(member(event, "camera_info", "SerialNumber"), 40),
            "pictures": len(others) or None,
        },
        content=content,
    )
    return Decoded((observation,), () if problem is None else (problem,), pictures=pictures_of(others))


def _key(event: dict[str, Any], plate: str, content: bytes) -> str:
    car = text_of(event.get("carID"), 40)
    if not car:
        return digest_key(content)
    # The counter starts again when the camera does, so the time of the picture belongs to the vehicle.
    told = [text_of(event.get(name), 40) for name in ("plateCountry", "capture_timestamp", "datetime")]
    digest = sha256("|".join([plate, *told]).encode("utf-8", "replace")).hexdigest()
    return f"{car}:{text_of(event.get('carState'), 20)}:{digest[:16]}"


def _moment(event: dict[str, Any], zone: str) -> tuple[datetime, bool]:
    milliseconds = number_of(event.get("capture_timestamp"))
    local = _LOCAL.fullmatch(text_of(event.get("datetime"), 40))
    try:
        if milliseconds is not None:
            return time_from_epoch_ms(int(milliseconds)), False
        if local is not None:
            year, month, day, hour, minute, second, fraction = local.groups()
            return time_from_text(f"{year}-{month}-{day}T{hour}:{minute}:{second}.{fraction}", zone)
    except BadTime as error:
        raise Undecodable(ProblemCode.BAD_TIME, str(error)) from error
    raise Undecodable(ProblemCode.MISSING_TIME, "the event has no time")
