"""Which alarms one observation proposes. An officer acknowledges and judges; nothing follows by itself.

Severities follow the aim of EEMUA 191 and ISA-18.2 (few high, more medium, most low):
- neutrons have no innocent bulk cargo: high. Gamma mostly has (potash, tiles, medical isotopes): medium.
- heartbeat, dog and millimetre wave speak of living people in a closed load. The heartbeat detector is the
  most specific of them and the danger of suffocation is near: high. A dog's indication and CO₂ name a load
  that is opened by routine: medium. Millimetre wave is one operator's view of an image and is sent on to the
  CO₂ team (La Voix du Nord, 25 April 2013): medium.
- X-ray and gamma images show goods (people may not be looked for with X-ray at Calais): medium.
- "unsure, open it" of the heartbeat detector (two reds, one green) still opens a lorry: medium.
- a find of people needs somebody at once: high; of goods: medium.
- a fault of the device itself: medium, since a lane goes unscreened; a fault in one single test: low.
"""

from collections.abc import Mapping

from scanning.choices import AlarmRule, DeviceKind, EventType, Result, Severity
from scanning.facts import AlarmProposal, Observation, Scalar

_SUSPECT: Mapping[str, tuple[str, str]] = {
    DeviceKind.CO2.value: (AlarmRule.CO2_SUSPECT.value, Severity.MEDIUM.value),
    DeviceKind.HEARTBEAT.value: (AlarmRule.HEARTBEAT_SUSPECT.value, Severity.HIGH.value),
    DeviceKind.PMMW.value: (AlarmRule.PMMW_SUSPECT.value, Severity.MEDIUM.value),
    DeviceKind.DOG.value: (AlarmRule.DOG_INDICATION.value, Severity.MEDIUM.value),
    DeviceKind.XRAY.value: (AlarmRule.XRAY_SUSPECT.value, Severity.MEDIUM.value),
    DeviceKind.GAMMA.value: (AlarmRule.GAMMA_IMAGE_SUSPECT.value, Severity.MEDIUM.value),
}

# What of a reading an officer needs beside the alarm, in this order; the rest is on the event's page.
_TELLING = (
    "ppm", "threshold_ppm", "ambient_ppm", "indication", "location", "trained_for", "nuclides", "nuclide_category",
    "nuclide_confidence", "gamma_counts", "neutron_counts", "speed_kmh", "outcome", "persons_found", "goods",
    "goods_kg", "region", "operator_view", "fault", "body",
)  # fmt: skip

_WORKS = (AlarmProposal(AlarmRule.DEVICE_FAULT.value, Severity.LOW.value, False),)
_NOTHING: tuple[AlarmProposal, ...] = ()


def alarms_proposed(observation: Observation, kind: str) -> tuple[AlarmProposal, ...]:
    """Return the alarms that this observation by a device of that kind proposes to raise or to put out.

    A clear result, of a test or of the device itself, puts the device's fault out. A reading that a plate
    reader or a keyboard calls suspect raises nothing: looking plates up is the lookouts' work.
    """
    result = observation.result
    if result == Result.CLEAR:
        return _WORKS
    if result == Result.FAULT:
        return (_fault(observation),)
    if observation.type == EventType.STATUS:
        return _NOTHING
    if result == Result.SUSPECT:
        return _suspicions(observation, kind)
    if result == Result.INDETERMINATE and kind == DeviceKind.HEARTBEAT and _unsure(observation.reading):
        return (_proposal(AlarmRule.HEARTBEAT_SUSPECT, Severity.MEDIUM, observation, unsure=True),)
    return _NOTHING


def _suspicions(observation: Observation, kind: str) -> tuple[AlarmProposal, ...]:
    if kind == DeviceKind.RADIATION:
        return _radiation(observation)
    if kind == DeviceKind.SEARCH:
        people = _persons(observation.reading)
        severity = Severity.HIGH if people else Severity.MEDIUM
        return (_proposal(AlarmRule.SEARCH_FINDING, severity, observation),)
    known = _SUSPECT.get(kind)
    return _NOTHING if known is None else (_proposal(known[0], known[1], observation),)


def _radiation(observation: Observation) -> tuple[AlarmProposal, ...]:
    """Neutron and gamma stand side by side; a portal that names neither is taken for gamma."""
    reading = observation.reading
    found = []
    if reading.get("neutron_alarm") is True:
        found.append(_proposal(AlarmRule.RADIATION_NEUTRON, Severity.HIGH, observation))
    if reading.get("gamma_alarm") is True or not found:
        found.append(_proposal(AlarmRule.RADIATION_GAMMA, Severity.MEDIUM, observation))
    return tuple(found)


def _fault(observation: Observation) -> AlarmProposal:
    of_device = observation.type == EventType.STATUS
    severity = Severity.MEDIUM if of_device else Severity.LOW
    return _proposal(AlarmRule.DEVICE_FAULT, severity, observation)


def _unsure(reading: Mapping[str, Scalar]) -> bool:
    """Tell "two reds and one green" from a test that told nothing (engine running, sensors off)."""
    lights = [reading.get(f"sensor_{number}") for number in (1, 2, 3, 4)]
    return reading.get("engine_off") is not False and lights.count("red") >= 2


def _persons(reading: Mapping[str, Scalar]) -> bool:
    count = reading.get("persons_found", 0)
    return reading.get("outcome") in {"persons", "persons_and_goods"} or (
        isinstance(count, int | float) and not isinstance(count, bool) and count > 0
    )


def _proposal(rule: str, severity: str, observation: Observation, **more: Scalar) -> AlarmProposal:
    detail: dict[str, Scalar] = {
        name: observation.reading[name] for name in _TELLING if name in observation.reading
    }
    if observation.reason:
        detail["reason"] = observation.reason
    if observation.confidence is not None:
        detail["confidence"] = observation.confidence
    return AlarmProposal(str(rule), str(severity), True, detail | more)
