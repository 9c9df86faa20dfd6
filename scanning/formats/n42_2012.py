"""N42.42-2012: measurements, grouped into occupancies, with analysis results that refer to either."""

from collections.abc import Iterable

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

_ALL = ""


def occupancies_2012(root: Node) -> list[Occupancy]:
    """Return the occupancies of a document: one per measurement group, or the whole document as one."""
    found = _by_measurement_group(root)
    for analysis in root.all("AnalysisResults"):
        for occupancy in _concerned(analysis, found):
            _add_analysis(occupancy, analysis)
    marks = _item_marks(root)
    instrument = _instrument(root)
    kept = [o for o in found.values() if o.samples or o.analysed] or list(found.values())[:1]
    for occupancy in kept:
        occupancy.marks = marks
        occupancy.instrument = instrument
    return kept


def document_uuid_2012(root: Node) -> str:
    """Return the document's id; it may be missing or empty."""
    return text_of(root.attributes.get("n42DocUUID", ""), 60)


def _by_measurement_group(root: Node) -> dict[str, Occupancy]:
    detectors = {
        node.attributes.get("id", ""): node.text_of("RadDetectorCategoryCode")
        for node in root.all("RadDetectorInformation")
    }
    groups = [node.attributes.get("id", "") for node in root.all("RadMeasurementGroup")]
    found = {group: Occupancy(name=text_of(group, 40)) for group in groups} or {_ALL: Occupancy()}
    for measurement in root.all("RadMeasurement"):
        refers = _words(measurement, "radMeasurementGroupReferences") & found.keys()
        # A measurement of no group is the background that all groups share, or all there is.
        for group in refers or found:
            _add_measurement(found[group], measurement, detectors)
    return found


def _add_measurement(occupancy: Occupancy, measurement: Node, detectors: dict[str, str]) -> None:
    sample = Sample(
        start=measurement.text_of("StartDateTime"),
        seconds=seconds_of(measurement.text_of("RealTimeDuration")),
        occupied=truth_of(measurement.text_of("OccupancyIndicator")),
        background=measurement.text_of("MeasurementClassCode").lower() == "background",
    )
    for node in measurement.children:
        if node.name in {"GrossCounts", "Spectrum"}:
            reference = node.attributes.get("radDetectorInformationReference", "")
            _add_counts(occupancy, sample, node, detectors.get(reference) or reference)
    occupancy.samples.append(sample)
    for state in measurement.all("RadInstrumentState"):
        for fault in state.all("Fault"):
            words = fault.text_of("FaultDescription") or fault.text_of("FaultCodeValue") or "fault"
            occupancy.faults.append(
                (text_of(words, 80), text_of(fault.text_of("FaultSeverityCode"), 20).lower())
            )
            occupancy.broken = True
    for state in measurement.all("RadItemState"):
        speed = speed_kmh(state.first("StateVector", "SpeedValue"), "m/s")
        if speed is not None:
            occupancy.speeds_kmh.append(speed)


def _add_counts(occupancy: Occupancy, sample: Sample, node: Node, detector: str) -> None:
    gross = node.name == "GrossCounts"
    data = node.first("CountData" if gross else "ChannelData")
    if data is None:
        return
    compressed = data.attributes.get("compressionCode", "").lower() == "countedzeroes"
    try:
        read = count_of(data.text, zeroes_counted=compressed, windows=gross)
    except BadCounts as error:
        occupancy.wrong.append(f"detector {text_of(detector, 40) or 'unnamed'}: {error}")
        return
    add_count(sample, detector, read)


def _concerned(analysis: Node, found: dict[str, Occupancy]) -> Iterable[Occupancy]:
    """Return the occupancies that an analysis speaks of; all of them when it does not say."""
    groups = _words(analysis, "radMeasurementGroupReferences") & found.keys()
    return [found[group] for group in found if group in groups] if groups else found.values()


def _add_analysis(occupancy: Occupancy, analysis: Node) -> None:
    occupancy.analysed = True
    occupancy.analysed_at = occupancy.analysed_at or analysis.text_of("AnalysisStartDateTime")
    for alarm in analysis.all("RadAlarm"):
        occupancy.alarms.append(text_of(alarm.text_of("RadAlarmCategoryCode"), 20) or "other")
    for results in analysis.all("NuclideAnalysisResults"):
        for nuclide in results.all("Nuclide"):
            if truth_of(nuclide.text_of("NuclideIdentifiedIndicator")) is False:
                continue
            add_nuclide(
                occupancy,
                nuclide.text_of("NuclideName"),
                nuclide.text_of("NuclideIDConfidenceValue"),
                nuclide.text_of("NuclideCategoryDescription"),
            )


def _item_marks(root: Node) -> list:
    marks = []
    for item in root.all("RadItemInformation"):
        for node in item.walk():
            if node.name == "Characteristic":
                marks.append(
                    item_mark(node.text_of("CharacteristicName"), node.text_of("CharacteristicValue"))
                )
    return [mark for mark in marks if mark is not None]


def _instrument(root: Node) -> dict:
    node = root.first("RadInstrumentInformation")
    if node is None:
        return {}
    return {
        "instrument": text_of(node.text_of("RadInstrumentIdentifier"), 60),
        "instrument_class": text_of(node.text_of("RadInstrumentClassCode"), 60),
    }


def _words(node: Node, attribute: str) -> set[str]:
    return set(node.attributes.get(attribute, "").split())
