"""The shape of a JOCC event as devices post it. Strict: unknown keys and numbers as strings are refused."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

Confidence = Annotated[float, Meta(ge=0, le=1)]
# Beyond 2^53 a number no longer survives a browser; a float stays a float.
WholeNumber = Annotated[int, Meta(ge=-(2**53), le=2**53)]
ReadingValue = bool | WholeNumber | float | Annotated[str, Meta(max_length=200)]

EVENTS = 1000
BODY_BYTES = 5 * 1024 * 1024
DEPTH = 32


class NativeMark(Struct, forbid_unknown_fields=True, frozen=True, gc=False):
    """One mark of the vehicle, as the device read it."""

    kind: Literal["tractor", "trailer", "container", "unknown"]
    value: Annotated[str, Meta(min_length=1, max_length=64)]
    country: Annotated[str, Meta(min_length=2, max_length=2)] | UnsetType = UNSET
    confidence: Confidence | UnsetType = UNSET


class NativeEvent(Struct, forbid_unknown_fields=True, frozen=True):
    """One event: what was seen (a detection), or how the device is (a status)."""

    event_id: Annotated[str, Meta(min_length=1, max_length=120)]
    at: Annotated[datetime, Meta(tz=True)]
    result: Literal["clear", "suspect", "indeterminate", "not_performed", "fault"]
    type: Literal["detection", "status"] | UnsetType = UNSET
    device: Annotated[str, Meta(min_length=1, max_length=64)] | UnsetType = UNSET
    reason: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    marks: Annotated[list[NativeMark], Meta(max_length=8)] | UnsetType = UNSET
    confidence: Confidence | UnsetType = UNSET
    reading: (
        Annotated[dict[Annotated[str, Meta(min_length=1, max_length=40)], ReadingValue], Meta(max_length=32)]
        | UnsetType
    ) = UNSET
    note: Annotated[str, Meta(max_length=500)] | UnsetType = UNSET
    purpose: Literal["persons", "contraband", "radiation", "weapons", "customs"] | UnsetType = UNSET


class NativeBatch(Struct, forbid_unknown_fields=True, frozen=True):
    """Several events in one delivery; each keeps its own bytes, and with them its own digest."""

    events: list[Raw]


class BatchProbe(Struct, frozen=True):
    """Tells a batch from a single event without judging either."""

    events: Raw | UnsetType = UNSET


class EventName(Struct, frozen=True):
    """What can still be said of an event that is otherwise wrong: its id."""

    event_id: str = ""
