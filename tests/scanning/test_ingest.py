"""From a device's delivery to events, passages and alarms: nothing lost, nothing doubled, nothing discarded."""

import pytest

from scanning.models import Alarm, Delivery, DeviceStatus, Passage, PassageMark, PassagePart, ScanEvent

pytestmark = pytest.mark.django_db


def test_a_delivery_is_accepted_and_becomes_an_event_of_a_passage(post, work, event, owner):
    answer = post("L1-ANPR-F", event("e1", "AB-123-CD"))
    assert answer.status_code == 202
    assert work() == 1
    with owner():
        stored = ScanEvent.objects.get()
        assert (stored.event_key, stored.mark_raw, stored.result) == ("e1", "AB-123-CD", "clear")
        passage = Passage.objects.get()
        assert stored.passage_id == passage.pk
        mark = PassageMark.objects.get()
        assert (mark.norm, mark.country, mark.kind) == ("AB123CD", "FR", "tractor")
        delivery = Delivery.objects.get(receipt=answer.json()["receipt"])
        assert (delivery.state, delivery.result["events"]) == ("done", 1)


def test_three_devices_and_three_marks_of_one_visit_are_one_passage(post, work, event, owner):
    tractor = {"kind": "tractor", "value": "AB-123-CD"}
    trailer = {"kind": "trailer", "value": "QQ-777-ZZ"}
    box = {"kind": "container", "value": "CSQU3054383"}
    post("L1-ANPR-F", event("f", at="2026-11-22T04:10:00Z", marks=[tractor]))
    post("L1-ANPR-R", event("r", at="2026-11-22T04:10:04Z", marks=[trailer, box]))
    post("L1-RPM", event("m", at="2026-11-22T04:10:12Z"))
    post("L2-XRAY", event("x", at="2026-11-22T04:31:00Z", marks=[box]))
    work()
    with owner():
        assert Passage.objects.count() == 1
        assert PassagePart.objects.count() == 4
        assert set(PassageMark.objects.values_list("kind", flat=True)) == {"tractor", "trailer", "container"}


def test_the_same_event_with_the_same_bytes_answers_the_same_receipt_and_is_stored_once(
    post, work, event, owner
):
    first = post("L1-ANPR-F", event("e1", "AB-123-CD"))
    again = post("L1-ANPR-F", event("e1", "AB-123-CD"))
    assert (again.status_code, again.json()["receipt"]) == (200, first.json()["receipt"])
    work()
    with owner():
        assert ScanEvent.objects.count() == 1
    later = post("L1-ANPR-F", event("e1", "AB-123-CD"))
    assert (later.status_code, later.json()["receipt"]) == (200, first.json()["receipt"])


def test_the_same_event_id_with_other_bytes_is_refused_and_both_are_kept(post, work, event, owner):
    first = post("L1-ANPR-F", event("e1", "AB-123-CD"))
    other = post("L1-ANPR-F", event("e1", "ZZ-999-ZZ"))
    assert other.status_code == 409
    assert other.json()["code"] == "event_conflict"
    assert other.json()["first_receipt"] == first.json()["receipt"]
    work()
    with owner():
        assert ScanEvent.objects.get().mark_raw == "AB-123-CD"
        kept = Delivery.objects.get(receipt=other.json()["receipt"])
        assert (kept.state, kept.error_code) == ("quarantined", "event_conflict")
        assert b"ZZ-999-ZZ" in bytes(kept.body)
        assert Alarm.objects.get().rule == "event_conflict"


def test_one_bad_event_in_a_batch_never_costs_the_good_ones(post, work, event, owner):
    answer = post(
        "L1-ANPR-F", {"events": [event("a", "AB-123-CD"), {"event_id": "b"}, event("c", "EF-456-GH")]}
    )
    assert answer.status_code == 202
    work()
    with owner():
        assert set(ScanEvent.objects.values_list("event_key", flat=True)) == {"a", "c"}
        result = Delivery.objects.get(receipt=answer.json()["receipt"]).result
    assert (result["events"], result["problems"]) == (2, 1)
    assert result["items"][0]["index"] == 1


def test_a_batch_sent_again_with_one_more_event_adds_only_that_one(post, work, event, owner):
    post("L1-ANPR-F", {"events": [event("a", "AB-123-CD")]})
    work()
    post("L1-ANPR-F", {"events": [event("a", "AB-123-CD"), event("b", "EF-456-GH")]})
    work()
    with owner():
        assert set(ScanEvent.objects.values_list("event_key", flat=True)) == {"a", "b"}
        assert ScanEvent.objects.count() == 2


def test_what_cannot_be_read_goes_to_quarantine_with_its_bytes_and_a_stable_code(post, work, owner):
    answer = post("L1-ANPR-F", b'{"event_id": "e1", ')
    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed_json"
    with owner():
        kept = Delivery.objects.get(receipt=answer.json()["quarantine"])
        assert (kept.state, bytes(kept.body)) == ("quarantined", b'{"event_id": "e1", ')


def test_a_suspect_result_raises_one_alarm_and_its_repeat_counts(post, work, event, owner):
    reading = {"ppm": 1200, "ambient_ppm": 420, "threshold_ppm": 800}
    post("L1-ANPR-F", event("p", "AB-123-CD", at="2026-11-22T04:10:00Z"))
    post("L1-CO2", event("s1", at="2026-11-22T04:10:20Z", result="suspect", reading=reading))
    work()
    post("L1-CO2", event("s2", at="2026-11-22T04:10:25Z", result="suspect", reading=reading))
    work()
    with owner():
        alarm = Alarm.objects.get()
        assert (alarm.rule, alarm.repeats, alarm.cleared_at) == ("co2_suspect", 2, None)
        assert alarm.passage_id == Passage.objects.get().pk


def test_a_fault_is_shown_and_the_next_clear_test_puts_it_out(post, work, event, owner):
    post(
        "L1-RPM", event("f", type="status", result="fault", reason="high voltage", at="2026-11-22T04:10:00Z")
    )
    work()
    with owner():
        assert DeviceStatus.objects.get(device__code="L1-RPM").fault == "high voltage"
        assert Alarm.objects.get().cleared_at is None
    post("L1-RPM", event("ok", type="status", at="2026-11-22T04:11:00Z"))
    work()
    with owner():
        assert DeviceStatus.objects.get(device__code="L1-RPM").fault == ""
        assert Alarm.objects.get().cleared_at is not None


def test_an_old_fault_out_of_a_backlog_does_not_make_a_working_device_faulty(post, work, event, owner):
    post("L1-RPM", event("ok", type="status", at="2026-11-22T04:11:00Z"))
    work()
    post(
        "L1-RPM", event("f", type="status", result="fault", reason="high voltage", at="2026-11-22T04:10:00Z")
    )
    work()
    with owner():
        assert DeviceStatus.objects.get(device__code="L1-RPM").fault == ""


def test_a_clock_that_runs_ahead_never_puts_an_event_into_the_future(post, work, event, owner):
    post("L1-ANPR-F", event("e1", "AB-123-CD", at="2027-01-01T00:00:00Z"))
    work()
    with owner():
        stored = ScanEvent.objects.get()
        assert stored.event_at <= stored.received_at < stored.device_at


def test_without_a_token_nothing_is_stored_and_nothing_learned(world, owner, client):
    answer = client.post("/api/v1/deliveries/", {"event_id": "e1"}, content_type="application/json")
    assert answer.status_code == 401
    with owner():
        assert not Delivery.objects.exists()


def test_a_device_cannot_speak_for_another(post, work, event, owner):
    answer = post("L1-ANPR-F", event("e1", "AB-123-CD", device="L1-RPM"))
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_device")
    work()
    with owner():
        assert not ScanEvent.objects.exists()
