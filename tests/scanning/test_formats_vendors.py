"""Vendors' plate readers: every payload that a camera sends ends as an event, with its traps disarmed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanning.facts import DeviceProfile, Observation
from scanning.formats import Undecodable, decode

FIXTURES = Path(__file__).parents[1] / "fixtures"
SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "anpr"
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"


def _profile(format_: str) -> DeviceProfile:
    return DeviceProfile("anpr", format_, "Europe/Paris")


def _observations(format_: str, body: bytes, content_type: str = "") -> tuple[Observation, ...]:
    decoded = decode(body, content_type, _profile(format_))
    assert decoded.problems == ()
    return decoded.observations


def _multipart(*parts: tuple[str, str, bytes], boundary: bytes = b"boundary") -> bytes:
    pieces = [
        b"--%s\r\nContent-Disposition: form-data; %s\r\nContent-Type: %s\r\n\r\n%s\r\n"
        % (boundary, disposition.encode(), type_.encode(), content)
        for disposition, type_, content in parts
    ]
    return b"".join(pieces) + b"--" + boundary + b"--\r\n"


def test_each_vehicle_in_a_plate_recognizer_picture_is_an_event_of_its_own() -> None:
    body = (FIXTURES / "plate_recognizer" / "stream_two_vehicles.json").read_bytes()
    first, second = _observations("plate_recognizer", body)
    assert first.device_at == datetime(2026, 11, 20, 5, 56, 13, 606935, tzinfo=UTC)
    assert (first.marks[0].raw, first.marks[0].norm, first.marks[0].country) == ("wgm7741a", "WGM7741A", "PL")
    assert (second.marks[0].norm, second.marks[0].country, second.confidence) == ("AB12CDE", "GB", 0.71)
    assert first.event_key != second.event_key
    assert "direction" not in first.reading


def test_a_vehicle_without_a_plate_still_passed() -> None:
    body = b'{"hook": {}, "data": {"camera_id": "c", "timestamp": "2026-11-20T05:57:02.11Z", "results": []}}'
    (observation,) = _observations("plate_recognizer", body)
    assert (observation.result, observation.marks) == ("indeterminate", ())
    assert observation.reason


def test_the_pictures_of_a_multipart_payload_do_not_change_the_event() -> None:
    body = (FIXTURES / "plate_recognizer" / "stream_two_vehicles.json").read_bytes()
    form = _multipart(
        ('name="json"', "application/json", body),
        ('name="upload"; filename="../../etc/passwd"', "application/octet-stream", JPEG),
    )
    sent_alone = _observations("plate_recognizer", body)
    with_picture = _observations("plate_recognizer", form, "multipart/form-data; boundary=boundary")
    assert [o.event_key for o in with_picture] == [o.event_key for o in sent_alone]
    assert [o.sha256 for o in with_picture] == [o.sha256 for o in sent_alone]
    assert with_picture[0].reading["pictures"] == 1


def test_openalprs_group_answer_counts_not_its_sharpest_frame() -> None:
    (observation,) = _observations("openalpr", (FIXTURES / "openalpr" / "group.json").read_bytes())
    (mark,) = observation.marks
    assert observation.event_key == "dunkirk-1842-1795154174302"
    assert (mark.norm, mark.country, mark.confidence) == ("B123ABC", "RO", 0.8825)
    assert observation.reading["sharpest_frame"] == "8123ABC"
    assert observation.device_at == datetime(2026, 11, 20, 5, 56, 13, 606000, tzinfo=UTC)


def test_a_preview_and_the_group_that_follows_are_two_events() -> None:
    body = (FIXTURES / "openalpr" / "group.json").read_bytes()
    preview = body.replace(b'"version": 2', b'"version": 2, "is_preview": true')
    assert _observations("openalpr", preview)[0].event_key != _observations("openalpr", body)[0].event_key


def test_an_agents_heartbeat_says_that_the_device_works() -> None:
    (observation,) = _observations("openalpr", (FIXTURES / "openalpr" / "heartbeat.json").read_bytes())
    assert (observation.type, observation.result) == ("status", "clear")


def test_another_reading_of_the_same_axis_vehicle_is_another_event_and_a_repeat_is_not() -> None:
    body = (FIXTURES / "axis" / "lpv_new.json").read_bytes()
    corrected = body.replace(b"AB123CD", b"AB123CO").replace(b'"new"', b'"update"')
    (first,), (again,), (update,) = (_observations("axis", sent) for sent in (body, body, corrected))
    assert first.event_key == again.event_key != update.event_key
    assert first.event_key.startswith("5501:new:")
    assert (first.marks[0].country, first.confidence) == ("FR", 0.83)


def test_an_axis_camera_with_a_local_clock_only_is_put_into_its_zone_and_says_so() -> None:
    body = (
        (FIXTURES / "axis" / "lpv_new.json")
        .read_bytes()
        .replace(b'"capture_timestamp": "1795154173606",', b"")
    )
    (observation,) = _observations("axis", body)
    assert observation.device_at == datetime(2026, 11, 20, 5, 56, 13, 606000, tzinfo=UTC)
    assert observation.zone_assumed


def test_hikvisions_prefixes_misspellings_and_odd_offsets_are_read() -> None:
    (observation,) = _observations("hikvision", (FIXTURES / "hikvision" / "anpr_prefixed.xml").read_bytes())
    (mark,) = observation.marks
    assert (mark.norm, mark.country, mark.confidence) == ("FX417KD", "FR", 0.875)
    assert observation.event_key == "0d9e1f1c-4a55-4f3e-9a57-6b0a2f1e7d33"
    assert observation.device_at == datetime(2026, 11, 20, 5, 56, 14, tzinfo=UTC)
    assert "198.51.100.7" not in str(observation)


@pytest.mark.parametrize("announced", ["multipart/form-data; boundary=boundary", "multipart/form-data", ""])
def test_hikvisions_multipart_is_read_whatever_boundary_it_announces(announced: str) -> None:
    xml = (FIXTURES / "hikvision" / "anpr_prefixed.xml").read_bytes()
    form = _multipart(
        ('name="detectionPicture.jpg"; filename="detectionPicture.jpg"', "application/octet-stream", JPEG),
        ('name="anpr.xml"; filename="anpr.xml"', "text/xml", xml),
        boundary=b"MIME_boundary" if not announced else b"boundary",
    )
    (observation,) = _observations("hikvision", form, announced)
    assert observation.marks[0].norm == "FX417KD"
    assert observation.sha256 == _observations("hikvision", xml)[0].sha256


def test_an_unknown_plate_is_a_vehicle_that_could_not_be_read() -> None:
    xml = (FIXTURES / "hikvision" / "anpr_prefixed.xml").read_bytes().replace(b"FX417KD", b"unknown")
    (observation,) = _observations("hikvision", xml)
    assert (observation.result, observation.marks) == ("indeterminate", ())


def test_a_cameras_heartbeat_clears_and_its_failure_is_a_fault() -> None:
    beat = (FIXTURES / "hikvision" / "heartbeat.xml").read_bytes()
    (alive,) = _observations("hikvision", beat)
    (blind,) = _observations("hikvision", beat.replace(b"inactive", b"active"))
    assert (alive.type, alive.result) == ("status", "clear")
    assert (blind.type, blind.result, blind.reason) == ("status", "fault", "videoloss")


def test_a_plate_that_is_no_mark_is_told_and_the_vehicle_kept() -> None:
    body = (FIXTURES / "openalpr" / "group.json").read_bytes().replace(b'"B123ABC", "best', b'"---", "best')
    decoded = decode(body, "", _profile("openalpr"))
    assert [problem.code for problem in decoded.problems] == ["bad_mark"]
    assert [observation.result for observation in decoded.observations] == ["indeterminate"]


@pytest.mark.parametrize(
    ("format_", "body", "code"),
    [
        ("plate_recognizer", b"", "empty_body"),
        ("plate_recognizer", b"{}", "wrong_shape"),
        ("plate_recognizer", b'{"data": {"results": []}}', "missing_time"),
        ("plate_recognizer", b'{"data": {"results": [], "timestamp": "yesterday"}}', "bad_time"),
        ("plate_recognizer", b"[" * 99 + b"]" * 99, "too_deep"),
        ("plate_recognizer", b'{"data": ', "malformed_json"),
        ("plate_recognizer", _multipart(('name="upload"', "image/jpeg", JPEG)), "missing_part"),
        ("plate_recognizer", b"--boundary\r\nno end of headers", "malformed_multipart"),
        ("openalpr", b'{"data_type": "alpr_group", "epoch_start": 1e300}', "bad_time"),
        ("openalpr", b'{"data_type": "alpr_group"}', "missing_time"),
        ("openalpr", b'{"data_type": "weather"}', "wrong_shape"),
        ("axis", b'{"plateUTF8": "AB123CD"}', "missing_time"),
        ("axis", b'{"packetCounter": "1"}', "wrong_shape"),
        ("hikvision", b"<EventNotificationAlert><ANPR/></EventNotificationAlert>", "missing_time"),
        ("hikvision", b"<Other/>", "wrong_shape"),
        ("hikvision", b"<EventNotificationAlert>", "malformed_xml"),
        ("hikvision", b'<!DOCTYPE a [<!ENTITY b "c">]><EventNotificationAlert/>', "xml_forbidden"),
        ("hikvision", b"<a>" * 100 + b"</a>" * 100, "too_deep"),
        ("carrier_pigeon", b"{}", "wrong_shape"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_stable_code(format_: str, body: bytes, code: str) -> None:
    with pytest.raises(Undecodable) as refusal:
        decode(body, "", _profile(format_))
    assert refusal.value.code == code


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the licensed samples are not beside this clone")
@pytest.mark.parametrize(
    ("format_", "name", "norm", "country"),
    [
        ("axis", "axis_lpv_event.json", "RLE11684", "PL"),
        ("hikvision", "hikvision_isapi.xml", "AB123CD", ""),
        ("openalpr", "openalpr_group.json", "WGM7741A", "PL"),
        ("plate_recognizer", "plate_recognizer_stream.json", "FX417KD", "FR"),
    ],
)
def test_the_sample_payloads_are_read(format_: str, name: str, norm: str, country: str) -> None:
    (observation,) = _observations(format_, (SAMPLES / name).read_bytes())
    assert (observation.marks[0].norm, observation.marks[0].country) == (norm, country)
