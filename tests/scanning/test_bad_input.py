"""Each kind of bad input at the door: its answer, and its bytes in quarantine (docs/proof.md has the table)."""

import json

import pytest
from django.core.cache import cache

from agencies.models import ServiceToken
from scanning.models import Delivery, Device, ScanEvent

pytestmark = pytest.mark.django_db
GOOD = '{"event_id": "e1", "at": "2026-11-22T04:10:03Z", "result": "clear", "confidence": 0.5}'


def _with(old: str, new: str) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new).encode()


REFUSED = [
    (b"[" * 100_000, 400, "too_deep"),
    (_with("e1", "n\\u0000l"), 422, "text_forbidden"),
    (_with("e1", "s\\ud800r"), 422, "text_forbidden"),
    (_with('"result"', '"result": "suspect", "result"'), 400, "duplicate_key"),
    (_with("0.5", "NaN"), 400, "number_not_finite"),
    (_with("0.5", "Infinity"), 400, "number_not_finite"),
    (_with("0.5", "1e400"), 400, "number_not_finite"),
    (_with("0.5", "9" * 5000), 400, "number_not_finite"),
    (_with("0.5", "-7"), 422, "out_of_range"),
    (_with("0.5", '"0.5"'), 422, "wrong_type"),
    (_with("e1", "é").decode().encode("latin-1"), 400, "not_utf8"),
    (_with("e1", "X").replace(b"X", b"\xc0\xaf"), 400, "not_utf8"),
    (b"\xef\xbb\xbf" + GOOD.encode(), 400, "not_utf8"),
    (GOOD.encode("utf-16"), 400, "not_utf8"),
    (b"<RadInstrumentData/>", 400, "malformed_json"),
    (b"", 400, "empty_body"),
    (b"[]", 400, "wrong_shape"),
    (b"null", 400, "wrong_shape"),
    (_with("2026-11-22T04:10:03Z", "2026-10-25T02:30:00"), 422, "time_without_zone"),
    (b'{"events": [' + b"1," * 1000 + b"1]}", 413, "too_many_events"),
]


@pytest.mark.parametrize(
    ("body", "status", "code"), REFUSED, ids=[f"{number}-{row[2]}" for number, row in enumerate(REFUSED)]
)
def test_bad_input_has_its_answer_and_its_bytes_are_kept(post, work, owner, body, status, code):
    answer = post("L1-ANPR-F", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    work()
    with owner():
        kept = Delivery.objects.get(receipt=answer.json()["quarantine"])
        assert (kept.state, kept.error_code, bytes(kept.body)) == ("quarantined", code, body)
        assert not ScanEvent.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><RadInstrumentData>&b;</RadInstrumentData>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><RadInstrumentData/>',
        b'<!DOCTYPE RadInstrumentData SYSTEM "http://127.0.0.1/x.dtd"><RadInstrumentData/>',
    ],
    ids=["bomb", "external-entity", "dtd"],
)
def test_a_definition_within_a_portals_document_is_never_followed(post, work, owner, body):
    with owner():
        Device.objects.filter(code="L1-RPM").update(format="n42")
    answer = post("L1-RPM", body, "application/xml")
    assert answer.status_code == 202  # what a vendor's device sends is read by the worker
    work()
    with owner():
        kept = Delivery.objects.get(receipt=answer.json()["receipt"])
        assert (kept.state, kept.error_code, bytes(kept.body)) == ("quarantined", "xml_forbidden", body)


def test_names_that_would_climb_out_of_a_folder_are_words_like_others(post, work, event, owner):
    assert post("L1-ANPR-F", event("../../etc/passwd", "AB-123-CD", note="CON")).status_code == 202
    work()
    with owner():
        assert ScanEvent.objects.get().event_key == "../../etc/passwd"


def test_a_mark_written_to_deceive_is_kept_as_it_came_and_found_as_it_looks(post, work, event, owner):
    deceiving = "\u0410\u0412-123-CD"  # the Cyrillic letters that look like A and B
    post("L1-ANPR-F", event("e1", deceiving))
    post("L1-ANPR-R", event("e2", "AB-123-CD", at="2026-11-22T04:10:05+01:00"))
    work()
    with owner():
        first, second = ScanEvent.objects.order_by("event_key")
    assert first.mark_raw == deceiving
    assert first.passage_id == second.passage_id


def test_a_flood_from_one_device_is_told_how_long_to_wait_and_costs_no_other(post, event, owner, monkeypatch):
    with owner():  # what the tests before have sent counts as well
        cache.delete_many(
            [f"throttle:device:{key}" for key in ServiceToken.objects.values_list("pk", flat=True)]
        )
    monkeypatch.setattr("agencies.api.throttles.DeviceRateThrottle.get_rate", lambda throttle: "2/min")
    answers = [post("L1-ANPR-F", event(f"e{number}")) for number in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert post("L1-ANPR-R", event("e1")).status_code == 202


def test_out_of_order_is_late_and_keeps_its_own_time(post, work, event, owner):
    post("L1-ANPR-F", event("new", "AB-123-CD", at="2026-11-22T04:10:03Z"))
    work()
    post("L1-ANPR-F", event("old", "EF-456-GH", at="2026-11-22T03:10:03Z"))
    work()
    with owner():
        late = ScanEvent.objects.get(event_key="old")
        assert late.device_at.isoformat() == "2026-11-22T03:10:03+00:00"
        assert late.is_late


def test_a_capture_played_again_changes_nothing(post, work, event, owner):
    captured = [json.dumps(event(f"e{number}", f"AB-12{number}-CD")).encode() for number in range(3)]
    receipts = [post("L1-ANPR-F", body).json()["receipt"] for body in captured]
    work()
    again = [post("L1-ANPR-F", body) for body in reversed(captured)]
    assert [(answer.status_code, answer.json()["receipt"]) for answer in again] == [
        (200, receipt) for receipt in reversed(receipts)
    ]
    work()
    with owner():
        assert (ScanEvent.objects.count(), Delivery.objects.count()) == (3, 3)
