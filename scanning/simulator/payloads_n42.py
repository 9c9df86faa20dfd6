"""A portal's occupancy as an N42.42-2012 document of its own: background, then intervals under the lorry."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID
from xml.sax.saxutils import escape

from scanning.simulator.sightings import Sighting

CONTENT_TYPE = "application/xml"
_NAMESPACE = "http://physics.nist.gov/N42/2011/N42"
_BACKGROUND = 3
_INTERVAL = 0.5


def n42_body(sighting: Sighting, device_at: datetime, rng: Random) -> bytes:
    """Return the document; the occupancy begins at `device_at`, the background shortly before."""
    reading = sighting.reading
    peak, background = float(reading["gamma_counts"]), float(reading["gamma_background"])
    seconds, neutrons = float(reading["occupancy_seconds"]), int(reading["neutron_counts"])
    speed = float(reading["speed_kmh"]) / 3.6
    count = max(2, round(seconds / _INTERVAL))
    intervals = [
        _measurement(
            device_at - timedelta(seconds=(_BACKGROUND - step) * _INTERVAL), background, 1, occupied=False
        )
        for step in range(_BACKGROUND)
    ]
    for step in range(count):
        # The lorry shields at first and the load shows in the middle of the passage.
        share = 1 - abs(2 * step / (count - 1) - 1)
        gamma = background * 0.8 + (peak - background * 0.8) * share
        at = device_at + timedelta(seconds=step * _INTERVAL)
        intervals.append(_measurement(at, gamma, round(neutrons * share), occupied=True, speed=speed))
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<RadInstrumentData xmlns="{_NAMESPACE}"'
        f' n42DocUUID="{UUID(int=rng.getrandbits(128), version=4)}">\n'
        f'<RadInstrumentInformation id="RPM"><RadInstrumentIdentifier>{escape(sighting.device.code)}'
        "</RadInstrumentIdentifier><RadInstrumentClassCode>Portal Monitor</RadInstrumentClassCode>"
        "</RadInstrumentInformation>\n"
        '<RadDetectorInformation id="G"><RadDetectorCategoryCode>Gamma</RadDetectorCategoryCode>'
        "</RadDetectorInformation>\n"
        '<RadDetectorInformation id="N"><RadDetectorCategoryCode>Neutron</RadDetectorCategoryCode>'
        f"</RadDetectorInformation>\n{''.join(intervals)}{_analysis(sighting)}</RadInstrumentData>\n"
    ).encode()


def _measurement(at: datetime, gamma: float, neutron: int, *, occupied: bool, speed: float = 0.0) -> str:
    item = f"<RadItemState><StateVector><SpeedValue>{speed:.2f}</SpeedValue></StateVector></RadItemState>"
    return (
        "<RadMeasurement>"
        f"<MeasurementClassCode>{'Foreground' if occupied else 'Background'}</MeasurementClassCode>"
        f"<StartDateTime>{at.isoformat(timespec='milliseconds')}</StartDateTime>"
        f"<RealTimeDuration>PT{_INTERVAL}S</RealTimeDuration>"
        f'<GrossCounts radDetectorInformationReference="G"><CountData>{gamma:.0f}</CountData></GrossCounts>'
        f'<GrossCounts radDetectorInformationReference="N"><CountData>{neutron}</CountData></GrossCounts>'
        f"{item if occupied else ''}<OccupancyIndicator>{int(occupied)}</OccupancyIndicator></RadMeasurement>\n"
    )


def _analysis(sighting: Sighting) -> str:
    named = {"gamma_alarm": "Gamma", "neutron_alarm": "Neutron"}
    alarms = "".join(
        f"<RadAlarm><RadAlarmCategoryCode>{category}</RadAlarmCategoryCode></RadAlarm>"
        for flag, category in named.items()
        if sighting.reading.get(flag) is True
    )
    nuclide = sighting.reading.get("nuclides")
    if nuclide:
        alarms += (
            "<NuclideAnalysisResults><Nuclide><NuclideIdentifiedIndicator>true</NuclideIdentifiedIndicator>"
            f"<NuclideName>{escape(str(nuclide))}</NuclideName><NuclideIDConfidenceValue>85.0"
            "</NuclideIDConfidenceValue></Nuclide></NuclideAnalysisResults>"
        )
    return f"<AnalysisResults>{alarms}</AnalysisResults>\n"
