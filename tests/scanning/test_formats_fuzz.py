"""Whatever a device posts, decoding answers with events, problems or Undecodable, and with nothing else.

The decoders are called one by one, below the net that `decode` spreads for faults of our own.
"""

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanning.choices import ProblemCode
from scanning.facts import Decoded, DeviceProfile
from scanning.formats import axis, hikvision, n42, native, openalpr, plate_recognizer
from scanning.formats.undecodable import Undecodable
from scanning.rules.alarms import alarms_proposed

FIXTURES = Path(__file__).parents[1] / "fixtures"
DECODERS: dict[str, Callable[[bytes, str, DeviceProfile], Decoded]] = {
    "native": native.decode,
    "n42": n42.decode,
    "plate_recognizer": plate_recognizer.decode,
    "openalpr": openalpr.decode,
    "hikvision": hikvision.decode,
    "axis": axis.decode,
}
SEEDS = {
    name: [path.read_bytes() for path in sorted((FIXTURES / name).iterdir())] or [b"{}"] for name in DECODERS
}
SCRAPS = [
    b"", b"\x00", b"\\u0000", b"\\ud800", b"NaN", b"-1", b"1e999", b"9" * 4500, b"null", b"[]", b"{}", b'"', b"<", b">",
    b"&lt;", b"&x;", b"]]>", b"--boundary", b"\r\n\r\n", b"\xff", b"\xef\xbb\xbf", b"0000-00-00T00:00:00", b"true",
    b"9999-12-31T23:59:59-23:59", "\u202e\u200b".encode(), b"x:", b"{" * 40, b"[" * 40, b":", b",",
]  # fmt: skip
CODES = set(ProblemCode.values)
fuzzed = settings(
    max_examples=150 * int(os.environ.get("JOCC_FUZZ", "1")),  # more in `bin/jocc nemesis fuzz`
    deadline=timedelta(seconds=5),
    suppress_health_check=list(HealthCheck),
)


def _decoded_or_refused(format_: str, body: bytes, content_type: str) -> Decoded | Undecodable:
    try:
        return DECODERS[format_](body, content_type, DeviceProfile("radiation", format_))
    except Undecodable as refusal:
        return refusal


def _survives(format_: str, body: bytes, content_type: str = "") -> None:
    decoded = _decoded_or_refused(format_, body, content_type)
    if isinstance(decoded, Undecodable):
        assert decoded.code in CODES
        assert decoded.detail.encode("utf-8") is not None
        return
    assert decoded.observations or decoded.problems
    assert all(problem.code in CODES for problem in decoded.problems)
    for observation in decoded.observations:
        stored = [observation.event_key, observation.reason, observation.note, *observation.reading.values()]
        stored += [text for mark in observation.marks for text in (mark.raw, mark.norm, mark.folded)]
        assert all("\x00" not in text and text.encode("utf-8") is not None for text in map(str, stored))
        assert 0 < len(observation.event_key) <= 120
        assert observation.device_at.utcoffset() == timedelta(0)
        assert observation.confidence is None or 0 <= observation.confidence <= 1
        alarms_proposed(observation, "radiation")


@pytest.mark.parametrize("format_", DECODERS)
@fuzzed
@given(data=st.data())
def test_damaged_payloads_never_break_a_decoder(format_: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(SEEDS[format_]))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body)))
        cut = data.draw(st.integers(0, 30))
        scrap = data.draw(st.one_of(st.sampled_from(SCRAPS), st.binary(max_size=6)))
        body = body[:place] + scrap + body[place + cut :]
    _survives(format_, body)


@pytest.mark.parametrize("format_", DECODERS)
@fuzzed
@given(body=st.binary(max_size=200), content_type=st.text(max_size=40))
def test_noise_never_breaks_a_decoder(format_: str, body: bytes, content_type: str) -> None:
    _survives(format_, body, content_type)
    _survives(format_, body, "multipart/form-data; boundary=b" + content_type)


KEYS = st.sampled_from(
    [
        "events",
        "event_id",
        "at",
        "result",
        "type",
        "device",
        "reason",
        "marks",
        "kind",
        "value",
        "country",
        "confidence",
        "reading",
        "note",
        "data",
        "results",
        "timestamp",
        "timestamp_local",
        "plate",
        "score",
        "region",
        "code",
        "candidates",
        "vehicle",
        "data_type",
        "epoch_start",
        "best_uuid",
        "group",
        "best_plate_number",
        "best_plate",
        "best_confidence",
        "plateUTF8",
        "carID",
        "carState",
        "capture_timestamp",
        "datetime",
        "alpr_group",
        "plateConfidence",
        "plateCountry",
        "hook",
        "props",
        "alpr_results",
        "uuid",
        "epoch_time",
    ]
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), KEYS,
    st.sampled_from(["alpr_group", "alpr_results", "alpr_alert", "heartbeat", "2026-11-20T05:56:13Z", 1795154173606]),
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=6)),
    max_leaves=25,
)


@pytest.mark.parametrize("format_", ["native", "plate_recognizer", "openalpr", "axis"])
@fuzzed
@given(tree=TREES)
def test_json_of_any_shape_never_breaks_a_decoder(format_: str, tree: object) -> None:
    _survives(format_, json.dumps(tree).encode())


@fuzzed
@given(tree=st.dictionaries(KEYS, LEAVES, max_size=5), place=st.integers(0, 2))
def test_one_event_of_any_shape_never_costs_its_neighbours(tree: dict[str, object], place: int) -> None:
    good = [{"event_id": f"good-{n}", "at": "2026-11-20T05:56:13Z", "result": "clear"} for n in range(2)]
    events = [*good[:place], tree, *good[place:]]
    decoded = native.decode(json.dumps({"events": events}).encode(), "", DeviceProfile("anpr", "native"))
    assert {"good-0", "good-1"} <= {observation.event_key for observation in decoded.observations}
    assert len(decoded.observations) + len(decoded.problems) == 3
