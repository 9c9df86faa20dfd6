"""N42.42-2006: measurements of intervals (`DetectorData`) with `Occupied`, `Speed` and vendors' own alarms."""

import re
from collections.abc import Iterator

from scanning.formats.n42_occupancy import (
    BadCounts,
    Occupancy,
    Sample,
    add_count,
    add_nuclide,
    count_of,
    item_mark,
    seconds_of,
    speed_kmh,
    truth_of,
)
from scanning.formats.vendor import text_of
from scanning.formats.xml_tree import Node

# The standard of 2006 has no alarm element; these are the names that vendors gave theirs.
_ALARM = re.compile(
    r"(?:rad|gamma|neutron|isotope|radiation)?alarm(?:s|indicator|state|status|description)?", re.I
)
_NO = frozenset({"", "0", "false", "no", "none", "off", "clear", "n/a"})


def occupancies_2006(root: Node) -> list[Occupancy]:
    """Return one occupancy per Measurement; a document without one has none."""
    return [_occupancy(measurement) for measurement in root.all("Measurement")]


def document_uuid_2006(root: Node) -> str:
    """Return the first measurement's id; it may be missing."""
    measurement = root.first("Measurement")
    return text_of(measurement.attributes.get("UUID", ""), 60) if measurement is not None else ""


def _occupancy(measurement: Node) -> Occupancy:
    occupancy = Occupancy(name=text_of(measurement.attributes.get("UUID", ""), 40))
    occupancy.samples = [_sample(occupancy, data) for data in measurement.all("DetectorData")]
    loose = _sample(occupancy, measurement)
    if loose.gamma is not None or loose.neutron is not None or not occupancy.samples:
        occupancy.samples.append(loose)
    for node in measurement.walk():
        _add_finding(occupancy, node)
    _add_instrument(occupancy, measurement.first("InstrumentInformation"))
    item = measurement.first("MeasuredItemInformation")
    if item is not None:
        marks = (item_mark(node.name, node.text) for node in item.walk())
        occupancy.marks = [mark for mark in marks if mark is not None]
    return occupancy


def _sample(occupancy: Occupancy, node: Node) -> Sample:
    sample = Sample(
        start=node.text_of("StartTime"),
        seconds=seconds_of(node.text_of("SampleRealTime")),
        occupied=truth_of(node.text_of("Occupied")),
    )
    for spectrum, detector in _counters(node):
        source = spectrum.text_of("SourceType").lower()
        sample.background = sample.background or source == "background"
        sample.start = sample.start or spectrum.text_of("StartTime")
        data = spectrum.first("ChannelData") if spectrum.name == "Spectrum" else spectrum
        if data is None:
            continue
        compressed = data.attributes.get("Compression", "").lower() == "countedzeroes"
        try:
            read = count_of(data.text, zeroes_counted=compressed)
        except BadCounts as error:
            occupancy.wrong.append(f"detector {text_of(spectrum.attributes.get('Detector'), 40)}: {error}")
            continue
        add_count(sample, detector, read)
    speed = speed_kmh(node.first("Speed"), "m/s")
    if speed is not None:
        occupancy.speeds_kmh.append(speed)
    return sample


def _counters(node: Node) -> Iterator[tuple[Node, str]]:
    """Yield what counts below an interval, each with the kind of detector that it or its parent names.

    Intervals of their own (DetectorData) are left to themselves.
    """
    stack = [(child, "") for child in reversed(node.children) if child.name != "DetectorData"]
    while stack:
        here, kind = stack.pop()
        kind = here.attributes.get("DetectorType") or here.text_of("DetectorType") or kind
        if here.name == "Spectrum" or (here.name in {"GrossCounts", "Counts"} and not here.children):
            yield here, kind
        else:
            stack.extend((child, kind) for child in reversed(here.children))


def _add_finding(occupancy: Occupancy, node: Node) -> None:
    if node.name == "AnalysisResults":
        occupancy.analysed = True
        occupancy.analysed_at = occupancy.analysed_at or node.text_of("AnalysisStartTime")
    elif node.name == "Nuclide":
        confidence = node.text_of("NuclideIDConfidence") or node.text_of("NuclideIDConfidenceIndication")
        add_nuclide(occupancy, node.text_of("NuclideName"), confidence, node.text_of("NuclideType"))
    elif _ALARM.fullmatch(node.name) and not node.children and node.text.lower() not in _NO:
        words = f"{node.name} {node.text} {' '.join(node.attributes.values())}".lower()
        named = [kind for kind in ("neutron", "gamma", "isotope") if kind in words]
        occupancy.alarms.extend(named or ["other"])


def _add_instrument(occupancy: Occupancy, node: Node | None) -> None:
    if node is None:
        return
    occupancy.instrument = {
        "instrument": text_of(node.text_of("InstrumentID"), 60),
        "instrument_class": text_of(node.text_of("InstrumentType"), 60),
        "portal_lane": text_of(node.text_of("LaneNumber"), 20),
    }
    states = [
        (s.attributes.get("Detector", ""), s.attributes.get("Operational", "1"))
        for s in node.all("DetectorStatus")
    ]
    down = [name for name, operational in states if truth_of(operational) is False]
    if down:
        occupancy.faults.append((text_of(f"not operational: {', '.join(down)}", 80), ""))
        # One slab of eight is told and lived with; a portal without any detector has screened nobody.
        occupancy.broken = len(down) == len(states)
