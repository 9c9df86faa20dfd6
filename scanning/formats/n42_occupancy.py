"""One vehicle's stay in a radiation portal, gathered from either version of N42, and what follows from it."""

import math
import re
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from intelligence.rules.marks import is_container_number, normalise
from scanning.choices import DeviceKind, EventType, ProblemCode, Result
from scanning.facts import MarkRead, Observation, Problem, Scalar
from scanning.formats.times import BadTime, time_from_text
from scanning.formats.undecodable import Undecodable
from scanning.formats.vendor import confidence_of, filled, mark_read, number_of, text_of
from scanning.formats.xml_tree import Node
from scanning.rules.readings import reading_problems

_CHANNELS = 70_000
_HIGHEST_COUNT = 1e9
_DURATION = re.compile(r"PT(?:([0-9]{1,4})H)?(?:([0-9]{1,4})M)?(?:([0-9]{1,6}(?:\.[0-9]{1,9})?)S)?")
_PLATE_NAMES = ("plate", "registration", "vehicle id")
_SPEED_TO_KMH = {
    "mph": 1.609344,
    "km/h": 1.0,
    "kph": 1.0,
    "kmh": 1.0,
    "m/s": 3.6,
    "cm/s": 0.036,
    "ft/s": 1.09728,
}


class BadCounts(ValueError):
    """Counts that no detector can have counted."""


@dataclass(slots=True)
class Sample:
    """What all detectors counted in one interval."""

    start: str = ""
    seconds: float | None = None
    occupied: bool | None = None
    background: bool = False
    gamma: float | None = None
    neutron: float | None = None


@dataclass(slots=True)
class Occupancy:
    """Everything the document says about one vehicle's stay."""

    name: str = ""
    samples: list[Sample] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    analysed: bool = False
    analysed_at: str = ""
    nuclides: list[tuple[str, float | None, str]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    broken: bool = False
    speeds_kmh: list[float] = field(default_factory=list)
    marks: list[MarkRead] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    instrument: dict[str, Scalar | None] = field(default_factory=dict)


def count_of(text: str, *, zeroes_counted: bool, windows: bool = False) -> float:
    """Return the counts of a spectrum (their sum) or of energy windows (the widest, since windows overlap).

    With `zeroes_counted`, a 0 is followed by how many zeroes it stands for. Negative, endless and absurd
    counts raise BadCounts, so that no alarm rule ever sees them.
    """
    words = text.split()
    if not words or len(words) > _CHANNELS or "_" in text:
        raise BadCounts("no counts" if not words else "counts that cannot be read")
    try:
        values = [float(word) for word in words]
    except ValueError:
        raise BadCounts("counts that are no numbers") from None
    if zeroes_counted:
        values = _expanded(values)
    total = max(values, default=0.0) if windows else math.fsum(values)
    if not math.isfinite(total) or min(values, default=0.0) < 0 or total > _HIGHEST_COUNT:
        raise BadCounts("counts that are negative or absurd")
    return total


def _expanded(values: list[float]) -> list[float]:
    """Return the counts that are not zero of a spectrum with counted zeroes."""
    kept, iterator = [], iter(values)
    for value in iterator:
        if value != 0:
            kept.append(value)
        elif not 1 <= next(iterator, 0) <= _CHANNELS:
            raise BadCounts("a zero without the number of zeroes it stands for")
    return kept


def add_count(sample: Sample, detector: str, read: float) -> None:
    """Add one detector's counts to the interval, by the radiation it is made for."""
    if "neutron" in detector.lower():
        sample.neutron = (sample.neutron or 0.0) + read
    else:
        sample.gamma = (sample.gamma or 0.0) + read


def truth_of(text: str) -> bool | None:
    """Return yes or no from 1/0 and true/false, both of which stand in the field; None for anything else."""
    return {"1": True, "true": True, "0": False, "false": False}.get(text.strip().lower())


def seconds_of(duration: str) -> float | None:
    """Return the seconds of an ISO 8601 duration, None when it cannot be read."""
    match = _DURATION.fullmatch(duration.strip())
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def speed_kmh(node: Node | None, default_unit: str) -> float | None:
    """Return a speed in km/h from an element whose unit may stand in an attribute of either spelling."""
    speed = number_of(node.text) if node is not None else None
    if node is None or speed is None:
        return None
    unit = node.attributes.get("Units") or node.attributes.get("units") or default_unit
    return round(abs(speed) * _SPEED_TO_KMH.get(unit.strip().lower(), _SPEED_TO_KMH[default_unit]), 1)


def item_mark(name: str, value: str) -> MarkRead | None:
    """Return the mark that a characteristic of the scanned item states: a container, or a named plate."""
    text = text_of(value, 64)
    if is_container_number(normalise(text)) or any(word in name.lower() for word in _PLATE_NAMES):
        return mark_read(text, "", None)
    return None


def observation_of(
    occupancy: Occupancy, *, key: str, body: bytes, zone: str, index: int
) -> tuple[Observation, list[Problem]]:
    """Return the observation of one occupancy, and what in it was left out because it cannot be right."""
    device_at, zone_assumed = _time(occupancy, zone)
    reading = _reading(occupancy)
    wrong = list(occupancy.wrong)
    for problem in reading_problems(DeviceKind.RADIATION.value, reading):
        reading.pop(problem.field, None)
        wrong.append(problem.detail)
    result = _result(occupancy)
    fault = "; ".join(text for text, _severity in occupancy.faults)[:200]
    observation = Observation(
        event_key=key,
        device_code=None,
        type=EventType.DETECTION.value,
        result=result.value,
        device_at=device_at,
        zone_assumed=zone_assumed,
        reason=(fault or "the portal reports a fault") if result is Result.FAULT else "",
        marks=tuple(occupancy.marks[:4]),
        confidence=max((c for _n, c, _t in occupancy.nuclides if c is not None), default=None),
        reading=reading,
        note="",
        sha256=sha256(body).digest(),
        index=index,
    )
    return observation, [
        Problem(index, ProblemCode.OUT_OF_RANGE.value, detail[:200], key) for detail in dict.fromkeys(wrong)
    ]


def _result(occupancy: Occupancy) -> Result:
    if occupancy.alarms:
        return Result.SUSPECT
    counted = any(s.gamma is not None or s.neutron is not None for s in occupancy.samples)
    if occupancy.broken:
        return Result.FAULT
    return Result.CLEAR if counted or occupancy.analysed else Result.INDETERMINATE


def _time(occupancy: Occupancy, zone: str) -> tuple[datetime, bool]:
    stays = [sample.start for sample in occupancy.samples if sample.occupied and sample.start]
    starts = [sample.start for sample in occupancy.samples if sample.start]
    text = next(iter((*stays, *starts, occupancy.analysed_at)), "")
    if not text:
        raise Undecodable(ProblemCode.MISSING_TIME, "no measurement has a start time")
    try:
        return time_from_text(text, zone)
    except BadTime as error:
        raise Undecodable(ProblemCode.BAD_TIME, str(error)) from error


def _reading(occupancy: Occupancy) -> dict[str, Scalar]:
    inside = [s for s in occupancy.samples if s.occupied or (s.occupied is None and not s.background)]
    outside = [s for s in occupancy.samples if s.background and not s.occupied]
    stay = math.fsum(sample.seconds or 0.0 for sample in inside)
    alarms = {alarm.lower() for alarm in occupancy.alarms}
    others = sorted(alarms - {"gamma", "neutron", "isotope"})
    return filled(
        {
            **occupancy.instrument,
            "gamma_counts": _highest([s.gamma for s in inside or occupancy.samples]),
            "gamma_background": _mean([s.gamma for s in outside]),
            "neutron_counts": _highest([s.neutron for s in inside or occupancy.samples]),
            "neutron_background": _mean([s.neutron for s in outside]),
            # An isotope alarm is raised on the gamma spectrum.
            "gamma_alarm": bool(alarms & {"gamma", "isotope"}),
            "neutron_alarm": "neutron" in alarms,
            "other_alarm": ", ".join(others)[:200],
            "occupancy_seconds": round(stay, 2) if stay else None,
            "speed_kmh": max(occupancy.speeds_kmh, default=None),
            "nuclides": ", ".join(dict.fromkeys(name for name, _c, _t in occupancy.nuclides))[:200],
            "nuclide_confidence": max((c for _n, c, _t in occupancy.nuclides if c is not None), default=None),
            "nuclide_category": ", ".join(dict.fromkeys(t for _n, _c, t in occupancy.nuclides if t))[:200],
            "fault": "; ".join(dict.fromkeys(text for text, _severity in occupancy.faults))[:200],
            "fault_severity": next((severity for _text, severity in occupancy.faults if severity), ""),
        }
    )


def _highest(counts: list[float | None]) -> float | None:
    return max((count for count in counts if count is not None), default=None)


def _mean(counts: list[float | None]) -> float | None:
    known = [count for count in counts if count is not None]
    return round(math.fsum(known) / len(known), 2) if known else None


def add_nuclide(occupancy: Occupancy, name: str, confidence: str, category: str) -> None:
    """Add an identified nuclide. Its confidence counts to 1 in the standard and to 100 from Kromek."""
    occupancy.nuclides.append(
        (text_of(name, 40) or "Unknown", confidence_of(confidence), text_of(category, 40))
    )
