"""From a reading taken by hand to the result it stands for. An officer may always set another result."""

from collections.abc import Mapping

from scanning.choices import DeviceKind, Result
from scanning.facts import Scalar

CO2_DEFAULT_MARGIN_PPM = 300
"""Above ambient, when the probe has no threshold of its own. Our figure: no public one is known."""


def result_of_reading(kind: str, reading: Mapping[str, Scalar]) -> Result:
    """Return the result that a reading stands for; indeterminate where the reading alone cannot tell."""
    verdict = _VERDICTS.get(kind)
    return verdict(reading) if verdict is not None else Result.INDETERMINATE


def _co2(reading: Mapping[str, Scalar]) -> Result:
    ppm, ambient, threshold = (_number(reading, f) for f in ("ppm", "ambient_ppm", "threshold_ppm"))
    if ppm is None or (threshold is None and ambient is None):
        return Result.INDETERMINATE
    limit = threshold if threshold is not None else (ambient or 0) + CO2_DEFAULT_MARGIN_PPM
    return Result.SUSPECT if ppm >= limit else Result.CLEAR


def _heartbeat(reading: Mapping[str, Scalar]) -> Result:
    """Four vibration sensors, each red or green: two reds and one green are "unsure, open it".

    Source: the operator's description in the Home Office's demonstration video. Three reds are a detection;
    a running engine or fewer than three working sensors tell nothing.
    """
    lights = [reading.get(f"sensor_{number}") for number in (1, 2, 3, 4)]
    reds, greens = lights.count("red"), lights.count("green")
    if reading.get("engine_off") is False or reds + greens < 3:
        return Result.INDETERMINATE
    if reds >= 3:
        return Result.SUSPECT
    return Result.INDETERMINATE if reds else Result.CLEAR


def _dog(reading: Mapping[str, Scalar]) -> Result:
    indication = reading.get("indication")
    if indication in {"passive", "bark"}:
        return Result.SUSPECT
    return Result.CLEAR if indication == "none" else Result.INDETERMINATE


def _search(reading: Mapping[str, Scalar]) -> Result:
    persons = _number(reading, "persons_found") or 0
    outcome = reading.get("outcome")
    if persons > 0 or (isinstance(outcome, str) and outcome != "nothing"):
        return Result.SUSPECT
    return Result.CLEAR if outcome == "nothing" else Result.INDETERMINATE


def _radiation(reading: Mapping[str, Scalar]) -> Result:
    alarms = (reading.get("gamma_alarm"), reading.get("neutron_alarm"))
    if True in alarms:
        return Result.SUSPECT
    return Result.CLEAR if False in alarms else Result.INDETERMINATE


def _plate(_reading: Mapping[str, Scalar]) -> Result:
    return Result.CLEAR


_VERDICTS = {
    DeviceKind.CO2.value: _co2,
    DeviceKind.HEARTBEAT.value: _heartbeat,
    DeviceKind.DOG.value: _dog,
    DeviceKind.SEARCH.value: _search,
    DeviceKind.RADIATION.value: _radiation,
    DeviceKind.ANPR.value: _plate,
    DeviceKind.KEYBOARD.value: _plate,
}


def _number(reading: Mapping[str, Scalar], name: str) -> float | None:
    value = reading.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value
