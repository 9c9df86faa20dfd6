"""Which alarms stand, how urgent they are, and what a reading taken by hand means."""

from datetime import UTC, datetime
from typing import Any

import pytest

from scanning.choices import AlarmRule, DeviceKind, Severity
from scanning.facts import Observation
from scanning.rules.alarms import alarms_proposed
from scanning.rules.readings import READING_FIELDS, missing_fields, reading_problems
from scanning.rules.verdicts import result_of_reading


def _seen(result: str, type_: str = "detection", reason: str = "", **reading: Any) -> Observation:
    moment = datetime(2026, 11, 20, 5, 56, tzinfo=UTC)
    return Observation("1", None, type_, result, moment, False, reason, (), None, reading, "", b"")


def _proposed(observation: Observation, kind: str) -> list[tuple[str, str, bool]]:
    return [(alarm.rule, alarm.severity, alarm.active) for alarm in alarms_proposed(observation, kind)]


def test_neutrons_are_high_gamma_is_medium_and_both_stand_side_by_side() -> None:
    both = _seen("suspect", gamma_alarm=True, neutron_alarm=True)
    assert _proposed(both, "radiation") == [
        ("radiation_neutron", "high", True),
        ("radiation_gamma", "medium", True),
    ]
    assert _proposed(_seen("suspect", gamma_alarm=True), "radiation") == [("radiation_gamma", "medium", True)]


def test_a_portal_that_does_not_name_the_radiation_still_alarms() -> None:
    assert _proposed(_seen("suspect"), "radiation") == [("radiation_gamma", "medium", True)]


@pytest.mark.parametrize(
    ("kind", "rule", "severity"),
    [
        ("co2", "co2_suspect", "medium"),
        ("heartbeat", "heartbeat_suspect", "high"),
        ("pmmw", "pmmw_suspect", "medium"),
        ("dog", "dog_indication", "medium"),
        ("xray", "xray_suspect", "medium"),
        ("gamma", "gamma_image_suspect", "medium"),
    ],
)
def test_a_suspicion_raises_its_own_alarm(kind: str, rule: str, severity: str) -> None:
    assert _proposed(_seen("suspect"), kind) == [(rule, severity, True)]


def test_people_found_need_somebody_at_once_and_goods_less_so() -> None:
    assert _proposed(_seen("suspect", persons_found=3), "search") == [("search_finding", "high", True)]
    assert _proposed(_seen("suspect", outcome="goods"), "search") == [("search_finding", "medium", True)]


def test_two_reds_and_a_green_open_the_lorry_but_a_running_engine_says_nothing() -> None:
    unsure = _seen("indeterminate", sensor_1="red", sensor_2="red", sensor_3="green", engine_off=True)
    running = _seen("indeterminate", sensor_1="red", sensor_2="red", sensor_3="green", engine_off=False)
    assert _proposed(unsure, "heartbeat") == [("heartbeat_suspect", "medium", True)]
    assert _proposed(running, "heartbeat") == []


def test_a_fault_of_the_device_outweighs_a_fault_of_one_test_and_a_clear_result_ends_both() -> None:
    assert _proposed(_seen("fault", "status", "no signal"), "co2") == [("device_fault", "medium", True)]
    assert _proposed(_seen("fault", reason="no signal"), "co2") == [("device_fault", "low", True)]
    assert _proposed(_seen("clear"), "co2") == [("device_fault", "low", False)]
    assert _proposed(_seen("clear", "status"), "co2") == [("device_fault", "low", False)]


@pytest.mark.parametrize("result", ["suspect", "indeterminate", "not_performed"])
def test_a_plate_reader_and_a_keyboard_judge_nothing(result: str) -> None:
    assert _proposed(_seen(result, reason="x"), "anpr") == []
    assert _proposed(_seen(result, reason="x"), "keyboard") == []


def test_what_was_not_done_raises_nothing_for_any_kind() -> None:
    for kind in DeviceKind.values:
        assert _proposed(_seen("not_performed", reason="metal body"), kind) == []


def test_an_alarm_tells_the_officer_what_was_measured_and_why() -> None:
    (alarm,) = alarms_proposed(_seen("suspect", reason="second probe", ppm=1900, probe_seconds=30), "co2")
    assert alarm.detail == {"ppm": 1900, "reason": "second probe"}


def test_every_proposal_speaks_known_words() -> None:
    for kind in DeviceKind.values:
        for result in ("clear", "suspect", "indeterminate", "fault"):
            for alarm in alarms_proposed(_seen(result, reason="x"), kind):
                assert alarm.rule in AlarmRule.values
                assert alarm.severity in Severity.values


@pytest.mark.parametrize(
    ("kind", "reading", "result"),
    [
        ("co2", {"ppm": 1250, "threshold_ppm": 1000}, "suspect"),
        ("co2", {"ppm": 650, "ambient_ppm": 420}, "clear"),
        ("co2", {"ppm": 900, "ambient_ppm": 420}, "suspect"),
        ("co2", {"ppm": 900}, "indeterminate"),
        ("heartbeat", dict.fromkeys(["sensor_1", "sensor_2", "sensor_3", "sensor_4"], "green"), "clear"),
        ("heartbeat", {"sensor_1": "red", "sensor_2": "red", "sensor_3": "green"}, "indeterminate"),
        ("heartbeat", {"sensor_1": "red", "sensor_2": "red", "sensor_3": "red"}, "suspect"),
        ("heartbeat", {"sensor_1": "green", "sensor_2": "green", "sensor_3": "off"}, "indeterminate"),
        (
            "heartbeat",
            {"sensor_1": "red", "sensor_2": "red", "sensor_3": "red", "engine_off": False},
            "indeterminate",
        ),
        ("dog", {"indication": "passive"}, "suspect"),
        ("dog", {"indication": "bark"}, "suspect"),
        ("dog", {"indication": "none"}, "clear"),
        ("search", {"outcome": "nothing", "duration_minutes": 12}, "clear"),
        ("search", {"outcome": "persons", "persons_found": 4}, "suspect"),
        ("radiation", {"gamma_alarm": False, "neutron_alarm": True}, "suspect"),
        ("radiation", {"gamma_alarm": False}, "clear"),
        ("pmmw", {"body": "soft"}, "indeterminate"),
        ("keyboard", {}, "clear"),
    ],
)
def test_a_reading_by_hand_stands_for_a_result(kind: str, reading: dict[str, Any], result: str) -> None:
    assert result_of_reading(kind, reading) == result
    assert reading_problems(kind, reading) == ()


@pytest.mark.parametrize(
    ("kind", "reading", "field", "code"),
    [
        ("co2", {"ppm": 12}, "ppm", "out_of_range"),
        ("co2", {"ppm": "900"}, "ppm", "wrong_type"),
        ("co2", {"ppm": True}, "ppm", "wrong_type"),
        ("co2", {"ppm": float("nan")}, "ppm", "out_of_range"),
        ("heartbeat", {"sensor_1": "yellow"}, "sensor_1", "unknown_value"),
        ("pmmw", {"body": "box"}, "body", "out_of_range"),
        ("dog", {"indication": "wag"}, "indication", "unknown_value"),
        ("search", {"persons_found": 2.5}, "persons_found", "wrong_type"),
        ("radiation", {"gamma_counts": -1}, "gamma_counts", "out_of_range"),
        ("xray", {"energy_mev": 60}, "energy_mev", "out_of_range"),
    ],
)
def test_a_value_that_cannot_be_right_is_named_with_its_field(
    kind: str, reading: dict[str, Any], field: str, code: str
) -> None:
    (problem,) = reading_problems(kind, reading)
    assert (problem.field, problem.code) == (field, code)


def test_a_metal_body_explains_why_millimetre_wave_was_not_done() -> None:
    assert reading_problems("pmmw", {"body": "box"}, performed=False) == ()


def test_hand_entry_asks_for_what_the_test_cannot_do_without() -> None:
    assert [problem.field for problem in missing_fields("dog", {"location": "rear doors"})] == ["indication"]
    assert missing_fields("co2", {"ppm": 450}) == ()


def test_every_kind_of_device_has_its_fields_and_numbers_have_ranges() -> None:
    assert set(READING_FIELDS) == set(DeviceKind.values)
    for fields in READING_FIELDS.values():
        for field in fields:
            assert field.name.isidentifier()
            if field.type in {"number", "integer"}:
                assert field.low is not None
                assert field.high is not None
                assert field.low < field.high
