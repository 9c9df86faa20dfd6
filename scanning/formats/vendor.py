"""What the decoders of vendors' payloads share: reading loosely typed values without ever trusting them."""

import json
import math
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from intelligence.rules.marks import MARK_LENGTH, fold, is_container_number, normalise
from scanning.choices import EventType, MarkKind, ProblemCode, Result, View
from scanning.facts import MarkRead, Observation, PictureSent, Problem, Scalar
from scanning.formats.json_text import is_deeper_than, text_checked
from scanning.formats.multipart import Part, is_multipart, parts_of
from scanning.formats.times import BadTime, time_from_text
from scanning.formats.undecodable import Undecodable

BODY_BYTES = 16 * 1024 * 1024
"""Two pictures of a 4K camera and the description; more is not one event."""

_JSON_DEPTH = 32
_DIGITS = 40
_TEXT = 200
NO_PLATE = "no plate was read"


def json_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object a vendor's body holds. Words such as NaN and endless numbers become null."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    text_checked(body, BODY_BYTES)
    if is_deeper_than(body, _JSON_DEPTH):
        raise Undecodable(ProblemCode.TOO_DEEP, f"nested deeper than {_JSON_DEPTH}")
    try:
        tree = json.loads(
            body.decode("utf-8"),
            parse_constant=_nothing,
            parse_int=_integer,
            parse_float=_number,
            strict=False,
        )
    except (ValueError, RecursionError) as error:
        raise Undecodable(ProblemCode.MALFORMED_JSON, str(error)[:200]) from error
    if not isinstance(tree, dict):
        raise Undecodable(ProblemCode.WRONG_SHAPE, "not a JSON object")
    return tree


def json_part(body: bytes, content_type: str) -> tuple[bytes, tuple[Part, ...]]:
    """Return the JSON of a body that may be multipart, and the other parts (pictures) that came with it."""
    if not is_multipart(content_type, body):
        return body, ()
    parts = parts_of(body, content_type)
    for part in parts:
        if part.name == "json" or part.content_type == "application/json":
            return part.content, _others(parts, part)
    raise Undecodable(ProblemCode.MISSING_PART, "no part with JSON")


def xml_part(body: bytes, content_type: str) -> tuple[bytes, tuple[Part, ...]]:
    """Return the XML of a body that may be multipart, and the other parts (pictures) that came with it."""
    if not is_multipart(content_type, body):
        return body, ()
    parts = parts_of(body, content_type)
    for part in parts:
        # The type of this part is text/xml, application/xml or missing; pictures may be octet-streams.
        if part.content_type.endswith("xml") or part.content.lstrip()[:1] == b"<":
            return part.content, _others(parts, part)
    raise Undecodable(ProblemCode.MISSING_PART, "no part with XML")


def _others(parts: tuple[Part, ...], told: Part) -> tuple[Part, ...]:
    return tuple(part for part in parts if part is not told)


def pictures_of(parts: tuple[Part, ...]) -> tuple[PictureSent, ...]:
    """Return those of the parts that are sent as pictures; fields and further texts are none."""
    return tuple(PictureSent(_view(part.name), part.content) for part in parts if _is_picture(part))


def _is_picture(part: Part) -> bool:
    return (
        part.content_type.startswith("image/")
        or part.content_type == "application/octet-stream"
        or part.file_name.lower().endswith((".jpg", ".jpeg", ".png"))
    )


def _view(name: str) -> str:
    words = {"plate": View.PLATE, "rear": View.REAR, "front": View.FRONT}
    return next((view for word, view in words.items() if word in name.lower()), View.SCENE).value


def size_checked(body: bytes, limit: int = BODY_BYTES) -> None:
    """Refuse an empty body and one that is larger than its format allows."""
    if not body.strip():
        raise Undecodable(ProblemCode.EMPTY_BODY, "no content")
    if len(body) > limit:
        raise Undecodable(ProblemCode.TOO_LARGE, f"more than {limit} bytes")


def member(tree: object, *path: str) -> Any:
    """Return the value under that path of keys, or None as soon as one is missing."""
    for key in path:
        if not isinstance(tree, dict):
            return None
        tree = tree.get(key)
    return tree


def objects(value: object, limit: int = 50) -> list[dict[str, Any]]:
    """Return the objects of a list, at most `limit`; an empty list for anything else."""
    return [item for item in value if isinstance(item, dict)][:limit] if isinstance(value, list) else []


def text_of(value: object, limit: int = _TEXT) -> str:
    """Return a value as storable text: no NUL, no other control character, no surrogate, at most `limit`."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)
    if not text.isprintable():
        text = "".join(character for character in text if character.isprintable() or character == " ")
    return text.strip()[:limit]


def number_of(value: object) -> float | None:
    """Return a finite number from a number or a numeric text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def confidence_of(value: object, *, percent: bool = False) -> float | None:
    """Return a confidence between 0 and 1, rounded to four places; None when there is none to be had.

    With `percent` the vendor counts to 100. Without it, a value above 1 is taken for a percentage too: the
    same field comes in both forms from different firmware.
    """
    number = number_of(value)
    if number is None or not 0 <= number <= 100:
        return None
    return round(number / 100 if percent or number > 1 else number, 4)


def mark_read(raw: str, country: str, confidence: float | None) -> MarkRead | None:
    """Return the mark a reader reports, or None when nothing in it can be matched."""
    norm = normalise(raw)
    if not 0 < len(norm) <= MARK_LENGTH:
        return None
    kind = MarkKind.CONTAINER if is_container_number(norm) else MarkKind.UNKNOWN
    return MarkRead(kind.value, raw, norm, fold(norm), country, confidence)


def filled(reading: Mapping[str, Scalar | None]) -> dict[str, Scalar]:
    """Return the reading without what the device left empty."""
    return {name: value for name, value in reading.items() if value is not None and value != ""}


def plate_observation(
    *,
    key: str,
    moment: tuple[Any, bool],
    plate: str,
    country: str,
    confidence: float | None,
    reading: Mapping[str, Scalar | None],
    content: bytes,
    index: int = 0,
) -> tuple[Observation, Problem | None]:
    """Return what a plate reader saw. Without a usable plate the vehicle still passed: indeterminate.

    The problem, if any, says that there was a plate which cannot be a mark.
    """
    mark = mark_read(plate, country, confidence) if plate else None
    problem = None
    if plate and mark is None:
        problem = Problem(index, ProblemCode.BAD_MARK.value, f"not a mark: {plate[:40]!r}", key)
    device_at, zone_assumed = moment
    observation = Observation(
        event_key=key,
        device_code=None,
        type=EventType.DETECTION.value,
        result=(Result.CLEAR if mark else Result.INDETERMINATE).value,
        device_at=device_at,
        zone_assumed=zone_assumed,
        reason="" if mark else NO_PLATE,
        marks=(mark,) if mark else (),
        confidence=confidence if mark else None,
        reading=filled(reading),
        note="",
        sha256=sha256(content).digest(),
        index=index,
    )
    return observation, problem


def status_observation(
    *, key: str, moment: tuple[Any, bool], result: Result, reason: str, content: bytes
) -> Observation:
    """Return what a device says of itself."""
    device_at, zone_assumed = moment
    return Observation(
        event_key=key,
        device_code=None,
        type=EventType.STATUS.value,
        result=result.value,
        device_at=device_at,
        zone_assumed=zone_assumed,
        reason=reason,
        marks=(),
        confidence=None,
        reading={},
        note="",
        sha256=sha256(content).digest(),
    )


def moment_of(text: object, zone: str) -> tuple[Any, bool]:
    """Return a vendor's time in UTC and whether the zone was assumed; Undecodable when there is none."""
    if not isinstance(text, str) or not text.strip():
        raise Undecodable(ProblemCode.MISSING_TIME, "the event has no time")
    try:
        return time_from_text(text, zone)
    except BadTime as error:
        raise Undecodable(ProblemCode.BAD_TIME, str(error)) from error


def digest_key(content: bytes) -> str:
    """Return an event key from the payload itself, for devices that give their events no id."""
    return sha256(content).hexdigest()[:32]


def _nothing(_word: str) -> None:
    return None


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _DIGITS else None


def _number(digits: str) -> float | None:
    return number_of(digits)
