"""Plate Recognizer Stream: JSON, or multipart with a `json` part and a picture.

The vendor drops a webhook after repeated errors and calls it with no plate at all, so an event without a
plate is an event: a vehicle passed and could not be read. One payload may carry several vehicles.
"""

from typing import Any

from intelligence.rules.countries import country_from_region
from scanning.choices import ProblemCode
from scanning.facts import Decoded, DeviceProfile, Scalar
from scanning.formats.undecodable import Undecodable
from scanning.formats.vendor import (
    confidence_of,
    digest_key,
    json_object,
    json_part,
    member,
    moment_of,
    objects,
    pictures_of,
    plate_observation,
    size_checked,
    text_of,
)


def decode(body: bytes, content_type: str, profile: DeviceProfile) -> Decoded:
    """Decode one webhook call: an observation per vehicle, or one without a mark when there was no plate."""
    size_checked(body)
    content, others = json_part(body, content_type)
    data = member(json_object(content), "data")
    if not isinstance(data, dict) or "results" not in data:
        raise Undecodable(ProblemCode.WRONG_SHAPE, "no data.results")
    # timestamp is UTC with an offset; timestamp_local, with a space for the T, is what older versions send.
    moment = moment_of(data.get("timestamp") or data.get("timestamp_local"), profile.zone)
    results = objects(data["results"]) or [{}]
    base = digest_key(content)
    pairs = [
        plate_observation(
            key=base if len(results) == 1 else f"{base}-{index}",
            moment=moment,
            plate=_plate(result),
            country=country_from_region(_region(result)),
            confidence=_confidence(result),
            reading=_reading(data, result, len(others)),
            content=content,
            index=index,
        )
        for index, result in enumerate(results)
    ]
    problems = tuple(problem for _, problem in pairs if problem is not None)
    return Decoded(tuple(observation for observation, _ in pairs), problems, pictures=pictures_of(others))


def _reading(data: dict[str, Any], result: dict[str, Any], pictures: int) -> dict[str, Scalar | None]:
    others = [
        f"{text_of(other.get('plate'), 20)} {confidence_of(other.get('score'))}"
        for other in objects(result.get("candidates"), 4)[1:]
    ]
    return {
        "camera": text_of(data.get("camera_id"), 80),
        "direction": text_of(result.get("direction"), 40),
        "vehicle_type": text_of(member(result, "vehicle", "type"), 40),
        "candidates": "; ".join(others),
        "pictures": pictures or None,
    }


def _plate(result: dict[str, Any]) -> str:
    """Return the plate; newer versions wrap it in an object with ranked properties."""
    plate = result.get("plate")
    return text_of(_best(plate, "plate").get("value") if isinstance(plate, dict) else plate, 64)


def _region(result: dict[str, Any]) -> str:
    plate = result.get("plate")
    region = (
        _best(plate, "region").get("value") if isinstance(plate, dict) else member(result, "region", "code")
    )
    return text_of(region, 20)


def _confidence(result: dict[str, Any]) -> float | None:
    plate = result.get("plate")
    return confidence_of(
        _best(plate, "plate").get("score") if isinstance(plate, dict) else result.get("score")
    )


def _best(plate: dict[str, Any], name: str) -> dict[str, Any]:
    return next(iter(objects(member(plate, "props", name), 1)), {})
