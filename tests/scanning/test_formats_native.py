"""Native JSON: what a device of ours posts is read strictly, and one bad event never costs the good ones."""

import json
import time
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from scanning.facts import Decoded, DeviceProfile
from scanning.formats import Undecodable, decode
from scanning.formats.native_schema import BODY_BYTES

FIXTURES = Path(__file__).parents[1] / "fixtures" / "native"
ANPR = DeviceProfile("anpr", "native")
CO2 = DeviceProfile("co2", "native")
GOOD: dict[str, Any] = {
    "event_id": "CAL-L3-ANPR-F-1",
    "at": "2026-11-20T06:56:13.5+01:00",
    "result": "clear",
    "marks": [{"kind": "tractor", "value": "ab-123-cd", "country": "FR", "confidence": 0.93}],
}
GOOD_TEXT = json.dumps(GOOD)


def _decode(body: str | bytes, profile: DeviceProfile = ANPR) -> Decoded:
    return decode(body.encode() if isinstance(body, str) else body, "application/json", profile)


def _with(**changes: Any) -> str:
    return json.dumps({name: value for name, value in (GOOD | changes).items() if value is not ...})


def test_one_event_becomes_one_observation_with_its_mark_and_its_digest() -> None:
    (observation,) = _decode(GOOD_TEXT).observations
    assert observation.event_key == "CAL-L3-ANPR-F-1"
    assert observation.device_at == datetime(2026, 11, 20, 5, 56, 13, 500000, tzinfo=UTC)
    assert (observation.type, observation.result, observation.zone_assumed) == ("detection", "clear", False)
    (mark,) = observation.marks
    assert (mark.kind, mark.raw, mark.norm, mark.folded) == ("tractor", "ab-123-cd", "AB123CD", "A8123CD")
    assert (mark.country, mark.confidence) == ("FR", 0.93)
    assert observation.sha256 == sha256(GOOD_TEXT.encode()).digest()


def test_an_event_has_the_same_digest_alone_and_in_a_batch() -> None:
    alone = _decode(f"\n {GOOD_TEXT} \n").observations[0]
    batched = _decode(f'{{"events": [ {GOOD_TEXT} , {_with(event_id="2")} ]}}').observations
    assert alone.sha256 == batched[0].sha256 != batched[1].sha256
    assert [observation.index for observation in batched] == [0, 1]


def test_a_naive_time_costs_its_own_event_and_no_other() -> None:
    decoded = _decode(
        (FIXTURES / "batch_with_a_bad_event.json").read_bytes(), DeviceProfile("heartbeat", "native")
    )
    assert [observation.event_key for observation in decoded.observations] == [
        "CAL-L1-HB-0001",
        "CAL-L1-HB-0003",
    ]
    (problem,) = decoded.problems
    assert (problem.index, problem.code, problem.event_key) == (1, "time_without_zone", "CAL-L1-HB-0002")


BAD_EVENTS = {
    "unknown_field": _with(colour="red"),
    "missing_field": _with(result=...),
    "wrong_type": _with(confidence="0.9"),
    "unknown_value": _with(result="maybe"),
    "out_of_range": _with(confidence=1.01),
    "time_without_zone": _with(at="2026-10-25T02:30:00"),
    "bad_time": _with(at="2026-13-01T00:00:00Z"),
    "reason_required": _with(result="fault"),
    "text_forbidden": GOOD_TEXT.replace("tractor", "tractor").replace("ab-123-cd", "ab\\u0000cd"),
    "bad_mark": _with(marks=[{"kind": "trailer", "value": "--"}]),
    "duplicate_key": GOOD_TEXT.replace('"result"', '"result": "suspect", "result"'),
    "number_not_finite": GOOD_TEXT.replace("0.93", "NaN"),
    "too_deep": _with(reading={"a": json.loads("[" * 40 + "]" * 40)}),
}


@pytest.mark.parametrize("code", BAD_EVENTS)
def test_each_bad_event_has_its_stable_code_and_leaves_the_others_alone(code: str) -> None:
    good = [_with(event_id="before"), _with(event_id="after")]
    decoded = _decode(f'{{"events": [{good[0]}, {BAD_EVENTS[code]}, {good[1]}]}}')
    assert [(problem.index, problem.code) for problem in decoded.problems] == [(1, code)]
    assert [observation.event_key for observation in decoded.observations] == ["before", "after"]


@pytest.mark.parametrize("code", BAD_EVENTS)
def test_a_single_bad_event_is_a_problem_too(code: str) -> None:
    try:
        problems = [problem.code for problem in _decode(BAD_EVENTS[code]).problems]
    except Undecodable as refusal:
        problems = [refusal.code]
    assert problems == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (GOOD_TEXT.replace("ab-123-cd", "ab\\ud800cd"), "text_forbidden"),
        (GOOD_TEXT.replace("0.93", "1e400"), "number_not_finite"),
        (GOOD_TEXT.replace("0.93", "Infinity"), "number_not_finite"),
        (_with(reading={"a": 1}).replace('"a": 1', '"a": ' + "9" * 5000), "number_not_finite"),
        (_with(reading={"a": 2**53 + 1}), "out_of_range"),
        (_with(at="0001-01-01T00:00:00+23:59"), "out_of_range"),
        (_with(marks=[{"kind": "trailer", "value": "AB1", "country": "ZZ"}]), "unknown_value"),
        (_with(marks=[{"kind": "trailer", "value": "ﷺﷺﷺﷺ"}]), "bad_mark"),
        (_with(type="status"), "unknown_field"),
        (_with(note="x" * 501), "out_of_range"),
        (_with(purpose="revenge"), "unknown_value"),
        (_with(reading={"a": {"b": 1}}), "wrong_type"),
        (_with(reading={str(number): 1 for number in range(33)}), "out_of_range"),
        (_with(event_id="a\nb"), "text_forbidden"),
        (_with(marks=None), "wrong_type"),
        (_with(reading={"a": 1}).replace('{"a": 1}', '{"a": 1, "a" : 2}'), "duplicate_key"),
        (_with(note='a":').replace('"result"', '"result" :"fault","result"'), "duplicate_key"),
    ],
)
def test_what_a_lenient_reader_would_let_through_is_named(text: str, code: str) -> None:
    decoded = _decode(f'{{"events": [{text}]}}')
    assert [problem.code for problem in decoded.problems] == [code]
    assert decoded.observations == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty_body"),
        (b" \n", "empty_body"),
        (b"\xef\xbb\xbf" + GOOD_TEXT.encode(), "not_utf8"),
        (GOOD_TEXT.encode("utf-16"), "not_utf8"),
        ('{"event_id": "é"}'.encode("latin-1"), "not_utf8"),
        (b'{"event_id": "\xc0\xaf"}', "not_utf8"),
        (b"[" * 100_000, "too_deep"),
        (b'{"events": ' + b"[" * 100_000, "too_deep"),
        (b'{"event_id": ', "malformed_json"),
        (GOOD_TEXT.encode() + b" x", "malformed_json"),
        (b"null", "wrong_shape"),
        (b"[]", "wrong_shape"),
        (b'{"events": []}', "wrong_shape"),
        (b'{"events": {}}', "wrong_shape"),
        (b'{"events": [], "more": 1}', "wrong_shape"),
        (b'{"events": [' + b"1," * 1000 + b"1]}", "too_many_events"),
        (f'{{"events": [{GOOD_TEXT}], "events": [{GOOD_TEXT}]}}'.encode(), "duplicate_key"),
        (b" " * (BODY_BYTES + 1) + b"{}", "too_large"),
    ],
)
def test_a_body_of_which_nothing_can_be_read_is_refused_with_a_stable_code(body: bytes, code: str) -> None:
    with pytest.raises(Undecodable) as refusal:
        _decode(body)
    assert refusal.value.code == code


def test_brackets_and_quotes_inside_strings_do_not_count_as_structure() -> None:
    note = '\\"[{' * 60 + '":' + "\\\\"
    decoded = _decode(_with(note=note))
    assert decoded.observations[0].note == note
    assert decoded.problems == ()


def test_a_reading_is_checked_against_what_the_device_can_measure() -> None:
    reading = {"ppm": 1250, "ambient_ppm": 420, "probe_model": "new"}
    assert _decode(_with(marks=..., reading=reading), CO2).observations[0].reading == reading
    (problem,) = _decode(_with(marks=..., reading={"ppm": -1}), CO2).problems
    assert problem.code == "out_of_range"
    assert "ppm" in problem.detail


def test_a_gateways_reading_waits_for_the_service_that_knows_the_device() -> None:
    decoded = _decode(_with(device="CAL-L3-CO2", reading={"ppm": -1}), CO2)
    assert decoded.observations[0].device_code == "CAL-L3-CO2"


def test_a_right_container_number_is_a_container_even_when_the_device_does_not_know() -> None:
    marks = [{"kind": "unknown", "value": "csqu 305438 3"}, {"kind": "unknown", "value": "CSQU3054384"}]
    kinds = [mark.kind for mark in _decode(_with(marks=marks)).observations[0].marks]
    assert kinds == ["container", "unknown"]


def test_five_hundred_events_are_decoded_fast_enough_for_the_peak() -> None:
    events = [GOOD | {"event_id": f"CAL-{number:06d}"} for number in range(500)]
    body = json.dumps({"events": events}).encode()
    times = []
    for _ in range(15):
        begun = time.perf_counter()
        assert len(_decode(body).observations) == 500
        times.append(time.perf_counter() - begun)
    # Measured 4 ms on two cores; the margin is for a busy machine.
    assert min(times) < 0.02
