"""Native JSON: one event, or a batch of up to a thousand. One bad event never costs the good ones.

The fast path parses each event once in C and counts keys: the parser silently lets the last of two equal
keys win, but then fewer fields come out than keys went in. Only what fails a check is looked at again, slowly, to name what
is wrong. What the schema lets through is flat, so the depth cap is needed only there too.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from hashlib import sha256

import msgspec
from msgspec import UNSET, Raw

from intelligence.rules.countries import ALPHA2
from intelligence.rules.marks import MARK_LENGTH, fold, is_container_number, normalise
from scanning.choices import EventType, MarkKind, ProblemCode, Result
from scanning.facts import Decoded, DeviceProfile, MarkRead, Observation, Problem, Scalar
from scanning.formats.json_text import is_deeper_than, key_count, text_checked
from scanning.formats.native_recovery import (
    EventFault,
    batch_items,
    forbidden_text,
    json_fault,
)
from scanning.formats.native_schema import (
    BODY_BYTES,
    DEPTH,
    EVENTS,
    BatchProbe,
    EventName,
    NativeBatch,
    NativeEvent,
    NativeMark,
)
from scanning.formats.times import EARLIEST_YEAR, LATEST_YEAR
from scanning.formats.undecodable import Undecodable
from scanning.rules.readings import reading_problems

_decode_event = msgspec.json.Decoder(NativeEvent).decode
_decode_batch = msgspec.json.Decoder(NativeBatch).decode
_decode_probe = msgspec.json.Decoder(BatchProbe).decode
_decode_name = msgspec.json.Decoder(EventName).decode

# What the parser raises for JSON that is not the event's shape, is not JSON, or is not text.
_REFUSED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_DETECTION = EventType.DETECTION.value
_STATUS = EventType.STATUS.value
_UNKNOWN = MarkKind.UNKNOWN.value
_CONTAINER = MarkKind.CONTAINER.value
_NEED_REASON = frozenset({Result.NOT_PERFORMED.value, Result.FAULT.value})
_NO_READING: Mapping[str, Scalar] = {}

# How the parser words a refusal, and our stable code for it; the first that fits counts.
_CODES = (
    ("missing required field", ProblemCode.MISSING_FIELD),
    ("unknown field", ProblemCode.UNKNOWN_FIELD),
    ("timezone component", ProblemCode.TIME_WITHOUT_ZONE),
    ("Invalid RFC3339", ProblemCode.BAD_TIME),
    ("Invalid enum value", ProblemCode.UNKNOWN_VALUE),
    ("Number out of range", ProblemCode.NUMBER_NOT_FINITE),
    ("Integer value out of range", ProblemCode.NUMBER_NOT_FINITE),
    (", got `", ProblemCode.WRONG_TYPE),
    ("Expected `", ProblemCode.OUT_OF_RANGE),
)


def decode(body: bytes, content_type: str, profile: DeviceProfile) -> Decoded:
    """Decode one native delivery. Its own problems raise Undecodable, those of an event become a Problem."""
    del content_type  # the endpoint routes by it; the bytes say the rest
    text_checked(body, BODY_BYTES)
    items, is_batch = _items(body)
    if len(items) > EVENTS:
        raise Undecodable(ProblemCode.TOO_MANY_EVENTS, f"{len(items)} events, at most {EVENTS}")
    observations, problems, keys = _decode_items(items, profile, escapes=b"\\u" in body)
    expected = key_count(body) - is_batch
    if problems or sum(keys.values()) != expected:
        observations, problems = _without_duplicates(items, observations, problems, keys, expected)
    return Decoded(tuple(observations), tuple(problems), is_batch)


def is_sound_batch(body: bytes) -> bool:
    """Tell, in a fraction of decoding's time, whether a body is a batch whose events can be taken one by one.

    False says nothing: such a body is for `decode` to judge. What is wrong within an event does not count.
    """
    try:
        text_checked(body, BODY_BYTES)
        return 0 < len(_decode_batch(body).events) <= EVENTS
    except (Undecodable, *_REFUSED):
        return False


def _items(body: bytes) -> tuple[Sequence[Raw | bytes], bool]:
    """Return the bytes of each event, and whether they came as a batch; a single event is all of the body."""
    try:
        items = _decode_batch(body).events
    except msgspec.ValidationError as refusal:
        shape = str(refusal)
    except _REFUSED:
        return _items_of_broken(body)
    else:
        if not items:
            raise Undecodable(ProblemCode.WRONG_SHAPE, "a batch without events")
        return items, True
    try:
        probe = _decode_probe(body)
    except msgspec.ValidationError as refusal:
        _require_depth(body)
        raise Undecodable(ProblemCode.WRONG_SHAPE, str(refusal)) from None
    except _REFUSED:
        return _items_of_broken(body)
    if probe.events is not UNSET:
        raise Undecodable(ProblemCode.WRONG_SHAPE, shape)
    return [body.strip()], False


def _items_of_broken(body: bytes) -> tuple[Sequence[bytes], bool]:
    # The parser in C guards its own recursion; Python's, used from here on, must not be led so deep.
    _require_depth(body)
    items = batch_items(body)
    if items:
        return items, True
    fault = json_fault(body)
    if fault is None or fault.code in (ProblemCode.MALFORMED_JSON, ProblemCode.DUPLICATE_KEY):
        detail = fault.detail if fault is not None else "not well-formed"
        raise Undecodable(ProblemCode.MALFORMED_JSON, detail)
    return [body.strip()], False


def _require_depth(body: bytes) -> None:
    if is_deeper_than(body, DEPTH):
        raise Undecodable(ProblemCode.TOO_DEEP, f"nested deeper than {DEPTH}")


def _decode_items(
    items: Sequence[Raw | bytes], profile: DeviceProfile, *, escapes: bool
) -> tuple[list[Observation], list[Problem], dict[int, int]]:
    """Return what could be read, what could not, and how many keys each readable event has."""
    observations: list[Observation] = []
    problems: list[Problem] = []
    keys: dict[int, int] = {}
    for index, item in enumerate(items):
        try:
            event = _decode_event(item)
        except _REFUSED as refusal:
            problems.append(_problem(index, bytes(item), refusal))
            continue
        try:
            if escapes:
                _check_texts(event)
            observations.append(_observation(event, item, index, profile))
            keys[index] = _keys(event)
        except EventFault as fault:
            # What cannot be stored as a name would cost the receipt of the whole batch.
            name = event.event_id if event.event_id.isprintable() else ""
            problems.append(Problem(index, fault.code.value, fault.detail, name))
    return observations, problems, keys


def _observation(event: NativeEvent, item: Raw | bytes, index: int, profile: DeviceProfile) -> Observation:
    type_ = _DETECTION if event.type is UNSET else event.type
    reason = "" if event.reason is UNSET else event.reason
    if not reason and event.result in _NEED_REASON:
        raise EventFault(ProblemCode.REASON_REQUIRED, f"the result {event.result} needs a reason")
    if not event.event_id.isprintable():
        raise EventFault(ProblemCode.TEXT_FORBIDDEN, "event_id holds a control character")
    at = event.at
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise EventFault(ProblemCode.OUT_OF_RANGE, f"the year {at.year} cannot be meant")
    marks: tuple[MarkRead, ...] = ()
    if event.marks is not UNSET and event.marks:
        if type_ == _STATUS:
            raise EventFault(ProblemCode.UNKNOWN_FIELD, "a status concerns the device and carries no marks")
        marks = tuple([_mark(mark) for mark in event.marks])
    reading = _NO_READING if event.reading is UNSET else event.reading
    if reading and event.device is UNSET:
        # A gateway's device is known only to the service, which checks its readings itself.
        for problem in reading_problems(profile.kind, reading, performed=event.result not in _NEED_REASON):
            raise EventFault(ProblemCode(problem.code), f"reading.{problem.detail}")
    return Observation(
        event.event_id,
        None if event.device is UNSET else event.device,
        type_,
        event.result,
        at if at.tzinfo is UTC else at.astimezone(UTC),
        False,
        reason,
        marks,
        None if event.confidence is UNSET else event.confidence,
        reading,
        "" if event.note is UNSET else event.note,
        sha256(item).digest(),
        index,
        "" if event.purpose is UNSET else event.purpose,
    )


def _mark(mark: NativeMark) -> MarkRead:
    norm = normalise(mark.value)
    if not 0 < len(norm) <= MARK_LENGTH:
        raise EventFault(ProblemCode.BAD_MARK, "a mark needs one to 32 letters and digits")
    country = "" if mark.country is UNSET else mark.country
    if country and country not in ALPHA2:
        raise EventFault(ProblemCode.UNKNOWN_VALUE, "country is not an ISO 3166 alpha-2 code")
    kind: str = mark.kind
    if kind == _UNKNOWN and len(norm) == 11 and is_container_number(norm):
        kind = _CONTAINER
    confidence = None if mark.confidence is UNSET else mark.confidence
    return MarkRead(kind, mark.value, norm, fold(norm), country, confidence)


def _keys(event: NativeEvent) -> int:
    """Return how many keys an event's JSON must have had, its marks' and its reading's included."""
    count = 3 + (event.type is not UNSET) + (event.device is not UNSET) + (event.reason is not UNSET)
    count += (event.confidence is not UNSET) + (event.note is not UNSET) + (event.purpose is not UNSET)
    if event.reading is not UNSET:
        count += 1 + len(event.reading)
    if event.marks is not UNSET:
        count += 1
        for mark in event.marks:
            count += 2 + (mark.country is not UNSET) + (mark.confidence is not UNSET)
    return count


def _without_duplicates(
    items: Sequence[Raw | bytes],
    observations: list[Observation],
    problems: list[Problem],
    keys: dict[int, int],
    expected: int,
) -> tuple[list[Observation], list[Problem]]:
    """Turn events that say a key twice into problems; refuse a batch whose own object does."""
    counted = [key_count(bytes(item)) for item in items]
    if sum(counted) != expected:
        raise Undecodable(ProblemCode.DUPLICATE_KEY, "the key 'events' stands twice")
    sound = []
    for observation in observations:
        index = observation.index
        if counted[index] == keys[index]:
            sound.append(observation)
            continue
        fault = json_fault(bytes(items[index])) or EventFault(ProblemCode.DUPLICATE_KEY, "a key stands twice")
        problems.append(Problem(index, fault.code.value, fault.detail, observation.event_key))
    return sound, sorted(problems, key=lambda problem: problem.index)


def _check_texts(event: NativeEvent) -> None:
    texts = [
        text for text in (event.event_id, event.device, event.reason, event.note) if isinstance(text, str)
    ]
    if event.marks is not UNSET:
        texts.extend(mark.value for mark in event.marks)
    if event.reading is not UNSET:
        texts.extend(event.reading)
        texts.extend(value for value in event.reading.values() if isinstance(value, str))
    if any(forbidden_text(text) for text in texts):
        raise EventFault(ProblemCode.TEXT_FORBIDDEN, "a text with a NUL or an unpaired surrogate")


def _problem(index: int, item: bytes, refusal: Exception) -> Problem:
    if is_deeper_than(item, DEPTH):
        return Problem(index, ProblemCode.TOO_DEEP.value, f"nested deeper than {DEPTH}", _name(item))
    fault = json_fault(item)
    if fault is not None:
        return Problem(index, fault.code.value, fault.detail, _name(item))
    detail = str(refusal)[:200]
    code = next((code for words, code in _CODES if words in detail), ProblemCode.MALFORMED_JSON)
    return Problem(index, code.value, detail, _name(item))


def _name(item: bytes) -> str:
    """Return the id of an event that is otherwise wrong, or "" when not even that can be read."""
    try:
        name = _decode_name(item).event_id
    except _REFUSED:
        return ""
    return name if name.isprintable() and len(name) <= 120 else ""
