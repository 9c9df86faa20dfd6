"""Frozen values that travel between decoding, rules and services; none of them can query.

What is made for each event is a Struct of msgspec: a backlog makes millions, five times faster than dataclasses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct

Scalar = str | int | float | bool
"""What a reading may hold: flat values only, so that every one can be shown and compared."""


class MarkRead(Struct, frozen=True, gc=False):
    """One mark as a device read it. `raw` is kept as received; `norm` and `folded` are for matching.

    `kind` is a value of MarkKind, `country` an ISO 3166 alpha-2 code (or XK) or "" when not known,
    `confidence` is between 0 and 1, None when the device gave none.
    """

    kind: str
    raw: str
    norm: str
    folded: str
    country: str = ""
    confidence: float | None = None


class Observation(Struct, frozen=True):
    """What one device saw at one moment, in the one shape that all formats are decoded to.

    `event_key` is the device's own id of the event (unique per device); `device_code` is None unless
    a gateway speaks for several devices; `type` and `result` are values of EventType and Result;
    `device_at` is the device's own time in UTC, `zone_assumed` says that the device gave no offset and
    its profile's zone was used; `sha256` is the digest of the event's own bytes; `index` is its place
    in the delivery; `purpose` is what was looked for (ScanPurpose), where the sender says so.
    """

    event_key: str
    device_code: str | None
    type: str
    result: str
    device_at: datetime
    zone_assumed: bool
    reason: str
    marks: tuple[MarkRead, ...]
    confidence: float | None
    reading: Mapping[str, Scalar]
    note: str
    sha256: bytes
    index: int = 0
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one event of a delivery could not be read. `code` is a value of ProblemCode."""

    index: int
    code: str
    detail: str
    event_key: str = ""


@dataclass(frozen=True, slots=True)
class PictureSent:
    """One picture as it came with an event: unchecked bytes, and what the sender seems to call it (a value of View)."""

    view: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Decoded:
    """All that was found in one delivery. One bad event never costs the good ones.

    `is_batch` says that the sender wrapped its events, so that it expects an answer for each in the receipt.
    `pictures` show what all the observations of the delivery tell of.
    """

    observations: tuple[Observation, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_batch: bool = False
    pictures: tuple[PictureSent, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """What decoding must know about the device: values of DeviceKind and DeviceFormat, IANA zone name."""

    kind: str
    format: str
    zone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class AlarmProposal:
    """An alarm that a rule proposes to raise (`active`) or to put out (not `active`).

    `rule` is a value of AlarmRule, `severity` of Severity. A proposal is not a decision: an officer
    acknowledges and judges.
    """

    rule: str
    severity: str
    active: bool
    detail: Mapping[str, Scalar] = field(default_factory=dict)
