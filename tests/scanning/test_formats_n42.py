"""Radiation portals: an alarm is never lost, a value that cannot be right is never believed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanning.facts import Decoded, DeviceProfile
from scanning.formats import Undecodable, decode

FIXTURES = Path(__file__).parents[1] / "fixtures" / "n42"
SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "n42"
PORTAL = DeviceProfile("radiation", "n42", "Europe/Paris")


def _decode(body: bytes) -> Decoded:
    return decode(body, "application/xml", PORTAL)


def _fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def test_an_alarmed_occupancy_is_suspect_and_says_which_radiation() -> None:
    decoded = _decode(_fixture("portal_alarm_2012.n42"))
    (observation,) = decoded.observations
    assert decoded.problems == ()
    assert (observation.result, observation.event_key) == ("suspect", "b7f0c6a2-58c1-4f6e-9c0e-0a5e8f2d4c11")
    assert observation.device_at == datetime(2026, 11, 20, 11, 10, 1, tzinfo=UTC)
    expected = {
        "gamma_alarm": True,
        "neutron_alarm": True,
        "gamma_counts": 855.0,
        "gamma_background": 410.0,
        "neutron_counts": 9.0,
        "speed_kmh": 9.0,
        "occupancy_seconds": 1.0,
        "nuclides": "Cs-137",
        "nuclide_confidence": 1.0,
    }
    assert {name: observation.reading[name] for name in expected} == expected


def test_the_scanned_items_container_and_plate_become_marks() -> None:
    (observation,) = _decode(_fixture("portal_alarm_2012.n42")).observations
    assert [(mark.kind, mark.norm) for mark in observation.marks] == [
        ("container", "CSQU3054383"),
        ("unknown", "1QAB234"),
    ]


def test_each_occupancy_of_a_document_is_an_event_and_the_alarm_stays_with_its_own() -> None:
    first, second = _decode(_fixture("two_occupancies_2012.n42")).observations
    assert (first.result, second.result) == ("clear", "suspect")
    assert first.event_key != second.event_key
    assert (second.device_at - first.device_at).total_seconds() == 40


def test_a_fault_alone_is_a_fault_and_a_negative_count_is_told_not_believed() -> None:
    decoded = _decode(_fixture("fault_no_zone_2012.n42"))
    (observation,) = decoded.observations
    assert (observation.result, observation.reason) == ("fault", "High voltage")
    assert observation.reading["gamma_counts"] == 390.0
    assert [problem.code for problem in decoded.problems] == ["out_of_range"]


def test_a_time_without_a_zone_takes_the_devices_zone_and_says_so() -> None:
    (observation,) = _decode(_fixture("fault_no_zone_2012.n42")).observations
    assert observation.device_at == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert observation.zone_assumed


def test_a_document_without_an_id_is_known_by_its_content() -> None:
    body = _fixture("fault_no_zone_2012.n42")
    again, other = _decode(body), _decode(body.replace(b"390", b"391"))
    assert _decode(body).observations[0].event_key == again.observations[0].event_key
    assert again.observations[0].event_key != other.observations[0].event_key


def test_an_alarm_survives_a_fault_and_absurd_values_beside_it() -> None:
    body = _fixture("portal_alarm_2012.n42").replace(b"<SpeedValue>2.5", b"<SpeedValue>9000")
    body = body.replace(b"<CountData>9<", b"<CountData>NaN<")
    decoded = _decode(body)
    assert decoded.observations[0].result == "suspect"
    assert "speed_kmh" not in decoded.observations[0].reading
    assert {problem.code for problem in decoded.problems} == {"out_of_range"}
    assert len(decoded.problems) == 2


@pytest.mark.parametrize("counts", ["1 2 x", "0", "5 0", "1e300 1e300", "-1", "inf", "1_000", ""])
def test_counts_that_no_detector_counted_are_left_out(counts: str) -> None:
    body = _fixture("portal_alarm_2012.n42").replace(b"0 12 600 0 3 250 5", counts.encode())
    decoded = _decode(body)
    assert "gamma_counts" not in decoded.observations[0].reading
    assert [problem.code for problem in decoded.problems] == ["out_of_range"]


def test_the_version_of_2006_is_read_with_its_own_names() -> None:
    (observation,) = _decode(_fixture("portal_2006.n42")).observations
    assert (observation.result, observation.event_key) == ("suspect", "9d0c5d7e-0000-4000-8000-00000000c0de")
    assert observation.device_at == datetime(2026, 11, 20, 8, 0, 1, tzinfo=UTC)
    expected = {
        "gamma_alarm": True,
        "neutron_alarm": False,
        "gamma_counts": 777.0,
        "gamma_background": 111.0,
        "neutron_counts": 3.0,
        "speed_kmh": 8.0,
        "portal_lane": "1",
        "nuclides": "K-40",
        "fault": "not operational: A2",
    }
    assert {name: observation.reading[name] for name in expected} == expected
    assert [mark.kind for mark in observation.marks] == ["container"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty_body"),
        (b"not xml", "malformed_xml"),
        (b"<RadInstrumentData><RadMeasurement/></RadInstrumentData>", "missing_time"),
        (b"<RadInstrumentData/>", "missing_time"),
        (b"<N42InstrumentData/>", "wrong_shape"),
        (b"<Other/>", "wrong_shape"),
        (b'<?xml version="1.0" encoding="x-none"?><RadInstrumentData/>', "malformed_xml"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><RadInstrumentData/>', "xml_forbidden"),
        (
            b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><RadInstrumentData>&b;</RadInstrumentData>',
            "xml_forbidden",
        ),
        (b"<a>" * 70 + b"</a>" * 70, "too_deep"),
        (b"<a>" + b"<b/>" * 300_001 + b"</a>", "too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_stable_code(body: bytes, code: str) -> None:
    with pytest.raises(Undecodable) as refusal:
        _decode(body)
    assert refusal.value.code == code


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the licensed samples are not beside this clone")
def test_the_standards_own_portal_example_raises_both_alarms() -> None:
    (observation,) = _decode((SAMPLES / "annex_d_alarmed_portal.n42").read_bytes()).observations
    assert observation.result == "suspect"
    assert (observation.reading["gamma_alarm"], observation.reading["neutron_alarm"]) == (True, True)
    assert (observation.reading["fault"], observation.reading["nuclide_category"]) == ("Overspeed", "SNM")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the licensed samples are not beside this clone")
def test_the_other_samples_end_as_an_event_or_in_quarantine() -> None:
    (annex_i,) = _decode((SAMPLES / "annex_i.n42").read_bytes()).observations
    assert (annex_i.result, annex_i.zone_assumed) == ("clear", True)
    (passage,) = _decode((SAMPLES / "portal_passthrough_2006_trimmed.n42").read_bytes()).observations
    assert (passage.result, passage.reading["occupancy_seconds"]) == ("clear", 2.5)
    with pytest.raises(Undecodable) as refusal:
        _decode((SAMPLES / "minimal.n42").read_bytes())
    assert refusal.value.code == "missing_time"
