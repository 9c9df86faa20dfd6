"""OpenALPR / Rekor Scout: groups of reads of one vehicle, single frames, and the agent's heartbeat.

`best_plate_number` is the group's answer; `best_plate.plate` is only its sharpest frame and may differ.
Confidence counts to 100. Times are milliseconds since 1970, in UTC.
"""

from datetime import datetime
from typing import Any

from intelligence.rules.countries import country_from_region
from scanning.choices import ProblemCode, Result
from scanning.facts import Decoded, DeviceProfile
from scanning.formats.times import BadTime, time_from_epoch_ms
from scanning.formats.undecodable import Undecodable
from scanning.formats.vendor import (
    confidence_of,
    digest_key,
    json_object,
    member,
    number_of,
    objects,
    plate_observation,
    size_checked,
    status_observation,
    text_of,
)


def decode(body: bytes, content_type: str, profile: DeviceProfile) -> Decoded:
    """Decode one post of an agent. An alert is decoded as the group that it wraps."""
    del content_type, profile
    size_checked(body)
    tree = json_object(body)
    kind = tree.get("data_type")
    if kind == "alpr_alert" and isinstance(tree.get("group"), dict):
        tree, kind = tree["group"], "alpr_group"
    if kind == "alpr_group":
        return _group(tree, body)
    if kind == "alpr_results":
        return _frame(tree, body)
    if kind == "heartbeat":
        return _heartbeat(tree, body)
    raise Undecodable(ProblemCode.WRONG_SHAPE, f"data_type {text_of(kind, 40)!r} is not known")


def _group(group: dict[str, Any], body: bytes) -> Decoded:
    key = text_of(group.get("best_uuid"), 100) or digest_key(body)
    preview = group.get("is_preview") is True
    plate = text_of(group.get("best_plate_number"), 64)
    sharpest = text_of(member(group, "best_plate", "plate"), 64)
    observation, problem = plate_observation(
        # A preview carries the uuid that the finished group will carry too, with other content.
        key=f"{key}:preview" if preview else key,
        moment=(_time(group.get("epoch_start")), False),
        plate=plate or sharpest,
        country=country_from_region(text_of(group.get("best_region"), 20)),
        confidence=confidence_of(group.get("best_confidence"), percent=True),
        reading={
            "camera": text_of(group.get("camera_id"), 40),
            "travel_direction": number_of(group.get("travel_direction")),
            "body_type": text_of(member(_first(group, "vehicle", "body_type"), "name"), 40),
            "colour": text_of(member(_first(group, "vehicle", "color"), "name"), 40),
            "make": text_of(member(_first(group, "vehicle", "make"), "name"), 40),
            "sharpest_frame": sharpest if sharpest != plate else "",
            "candidates": _candidates(group),
            "preview": preview or None,
        },
        content=body,
    )
    return Decoded((observation,), () if problem is None else (problem,))


def _frame(frame: dict[str, Any], body: bytes) -> Decoded:
    base = text_of(frame.get("uuid"), 100) or digest_key(body)
    moment = (_time(frame.get("epoch_time")), False)
    results = objects(frame.get("results")) or [{}]
    pairs = [
        plate_observation(
            key=f"{base}-{index}",
            moment=moment,
            plate=text_of(result.get("plate"), 64),
            country=country_from_region(text_of(result.get("region"), 20)),
            confidence=confidence_of(result.get("confidence"), percent=True),
            reading={"camera": text_of(frame.get("camera_id"), 40)},
            content=body,
            index=index,
        )
        for index, result in enumerate(results)
    ]
    problems = tuple(problem for _, problem in pairs if problem is not None)
    return Decoded(tuple(observation for observation, _ in pairs), problems)


def _heartbeat(beat: dict[str, Any], body: bytes) -> Decoded:
    observation = status_observation(
        key=f"heartbeat:{digest_key(body)}",
        moment=(_time(beat.get("timestamp")), False),
        result=Result.CLEAR,
        reason="",
        content=body,
    )
    return Decoded((observation,))


def _time(value: object) -> datetime:
    milliseconds = number_of(value)
    if milliseconds is None:
        raise Undecodable(ProblemCode.MISSING_TIME, "the event has no time")
    try:
        return time_from_epoch_ms(int(milliseconds))
    except BadTime as error:
        raise Undecodable(ProblemCode.BAD_TIME, str(error)) from error


def _first(tree: dict[str, Any], *path: str) -> dict[str, Any]:
    return next(iter(objects(member(tree, *path), 1)), {})


def _candidates(group: dict[str, Any]) -> str:
    others = objects(group.get("candidates"), 4)[1:]
    return "; ".join(
        f"{text_of(other.get('plate'), 20)} {confidence_of(other.get('confidence'), percent=True)}"
        for other in others
    )
