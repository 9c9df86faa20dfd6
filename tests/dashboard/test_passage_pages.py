"""Passages: the list of a site, the table to take away, and one vehicle's story."""

import csv
import datetime as dt
import io
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from scanning.models import ScanEvent
from tests.intelligence.conftest import CANARY, sighting
from tests.making import make_alarm, make_part, make_passage

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


def listed(client, **query):
    answer = client.get(reverse("passage-list"), query)
    assert answer.status_code == 200
    return [line.marks[0].value if line.marks else "" for line in answer.context["page"].lines]


def detail(client, passage):
    answer = client.get(reverse("passage-detail", args=[passage.uid]))
    assert answer.status_code == 200
    return answer.context["page"]


@pytest.mark.parametrize("role", ["officer", "analyst", "supervisor", "administrator", "auditor"])
@pytest.mark.parametrize("agency", ["ukba", "paf", "douanes", "ccic"])
def test_everybody_opens_the_list_and_an_empty_one_says_what_would_stand_there(signed_in, agency, role):
    answer = signed_in(f"{agency}.{role}").get(reverse("passage-list"))
    assert answer.status_code == 200
    assert 'class="empty"' in answer.content.decode()


def test_the_list_can_be_narrowed_by_lane_kind_result_and_time(signed_in, world, owner):
    with owner():
        make_passage(("L1-ANPR-F", ago(hours=5)), marks=["EARLY"])
        make_passage(("L2-XRAY", ago(hours=3), "suspect"), marks=["SUSPECT"])
        make_passage(("L2-DOG", ago(hours=1)), marks=["LATE"])
    client = signed_in("ukba.officer")
    assert listed(client) == ["LATE", "SUSPECT", "EARLY"]
    assert listed(client, lane="L2") == ["LATE", "SUSPECT"]
    assert listed(client, kind="dog") == ["LATE"]
    assert listed(client, result="suspect") == ["SUSPECT"]
    local = timezone.localtime(ago(hours=4), dt.timezone(dt.timedelta(hours=1))).strftime("%Y-%m-%dT%H:%M")
    assert listed(client, since=local) == ["LATE", "SUSPECT"]
    assert listed(client, until=local) == ["EARLY"]


def test_filters_that_cannot_be_read_are_named_at_the_field_and_show_nothing(signed_in, world, owner):
    with owner():
        make_passage(("L1-ANPR-F", ago(hours=5)), marks=["EARLY"])
    client = signed_in("ukba.officer")
    for query in (
        {"result": "nonsense"},
        {"since": "yesterday"},
        {"since": "2026-11-22T10:00", "until": "2026-11-22T09:00"},
    ):
        answer = client.get(reverse("passage-list"), query)
        assert (answer.status_code, answer.context["page"].lines) == (200, ())
        assert 'role="alert"' in answer.content.decode()
        assert client.get(reverse("passage-export"), query).status_code == 400


def test_a_reader_is_offered_only_the_kinds_and_lanes_that_the_reader_sees(signed_in, world):
    form = signed_in("ccic.officer").get(reverse("passage-list")).context["form"]
    assert [value for value, _word in form.fields["kind"].choices] == ["", "anpr"]
    form = signed_in("douanes.officer").get(reverse("passage-list")).context["form"]
    assert "heartbeat" not in dict(form.fields["kind"].choices)


def test_the_list_turns_page_by_page_and_keeps_its_filters(signed_in, world, owner):
    with owner():
        for minutes in range(55):
            make_passage(("L1-ANPR-F", ago(minutes=minutes)), marks=[f"PL-{minutes}"])
    client = signed_in("ukba.officer")
    first = client.get(reverse("passage-list"), {"lane": "L1"}).context["page"]
    assert (len(first.lines), first.filtered) == (50, True)
    assert "lane=L1" in first.older
    assert len(client.get(reverse("passage-list") + first.older).context["page"].lines) == 5
    assert client.get(reverse("passage-list"), {"cursor": "made-up"}).status_code == 400


def test_the_export_holds_the_lines_in_local_time_and_utc_without_hits_and_is_recorded(
    signed_in, world, owner, cell
):
    with owner():
        passage = make_passage(
            ("L1-ANPR-F", dt.datetime(2026, 11, 22, 3, 10, tzinfo=dt.UTC)), ("L1-RPM", ago(minutes=1), "suspect"),
            marks=["AB-123-CD"],
        )  # fmt: skip
    cell.looks()
    cell.sees(sighting(passage_uid=passage.uid))
    answer = signed_in("ukba.officer").get(reverse("passage-export"))
    head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    line = dict(zip(head, row, strict=True))
    assert line["tractor"] == "FR AB-123-CD"
    assert line["Radiation portal"] == "Suspect"
    assert line["record"] == str(passage.uid)
    utc, local = (dt.datetime.fromisoformat(line[name]) for name in ("last seen (UTC)", "last seen"))
    assert local - utc == dt.timedelta(hours=1)
    assert "match" not in answer.content.decode()
    (record,) = cell.audit("export.make")
    assert (record.object_type, record.detail["rows"], bool(record.purpose)) == ("passage", 1, True)


def test_a_vehicles_story_stands_in_the_order_of_time_with_readings_and_alarms(signed_in, world, owner):
    with owner():
        passage = make_passage(("L1-ANPR-F", ago(minutes=9)), marks=["AB-123-CD"])
        make_part(
            passage, "L1-CO2", ago(minutes=8), result="suspect",
            detail={"reading": {"ppm": 2140, "body": "soft"}, "note": "rear doors"},
        )  # fmt: skip
        make_alarm("L1-CO2", ago(minutes=7), rule="co2_suspect", severity="medium", passage=passage)
    page = detail(signed_in("ukba.officer"), passage)
    assert [(entry.kind, entry.result) for entry in page.timeline] == [
        ("anpr", "clear"), ("co2", "suspect"), ("alarm", "none"),
    ]  # fmt: skip
    probe = page.timeline[1]
    assert [(reading.label, reading.value) for reading in probe.readings] == [
        ("CO₂ in the load", "2,140 ppm"), ("Body", "Soft-sided"),
    ]  # fmt: skip
    assert probe.text == "rear doors"
    assert page.may_enter


def test_a_device_whose_clock_is_off_is_shown_with_its_own_time(signed_in, world, owner):
    with owner():
        passage = make_passage(("L1-ANPR-F", ago(minutes=9)), marks=["AB-123-CD"])
        ScanEvent.objects.update(device_at=timezone.now() + dt.timedelta(hours=2))
    (entry,) = detail(signed_in("ukba.officer"), passage).timeline
    assert entry.device_time is not None
    assert entry.at < entry.device_time


def test_the_story_is_put_together_from_what_the_reader_may_see(signed_in, world, owner):
    with owner():
        passage = make_passage(("L1-ANPR-F", ago(minutes=9)), marks=["AB-123-CD"])
        make_part(passage, "L1-HB", ago(minutes=2), result="suspect", marks=["HIDDEN-1"])
        make_alarm("L1-HB", ago(minutes=2), rule="heartbeat_suspect", passage=passage)
    whole = detail(signed_in("ukba.officer"), passage)
    assert len(whole.timeline) == 3
    part = signed_in("ccic.officer").get(reverse("passage-detail", args=[passage.uid]))
    page = part.context["page"]
    assert [entry.kind for entry in page.timeline] == ["anpr"]
    assert page.last_seen < whole.last_seen
    assert "HIDDEN-1" not in part.content.decode()


def test_hidden_and_absent_passages_answer_the_same(signed_in, world, owner):
    with owner():
        hidden = make_passage(("L1-HB", ago(minutes=2)), marks=["HIDDEN-1"])
    assert signed_in("ukba.officer").get(reverse("passage-detail", args=[hidden.uid])).status_code == 200
    client = signed_in("paf.officer")
    answers = [client.get(reverse("passage-detail", args=[uid])) for uid in (hidden.uid, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert '<html lang="fr"' in answers[0].content.decode()


def test_earlier_passages_of_the_same_mark_are_named(signed_in, world, owner):
    with owner():
        before = make_passage(("L1-ANPR-F", ago(days=2)), marks=["AB-123-CD"])
        make_passage(("L1-ANPR-F", ago(days=1)), marks=["XX-999-XX"])
        hidden = make_passage(("L1-HB", ago(hours=9)), marks=["AB-123-CD"])
        now = make_passage(("L1-ANPR-F", ago(minutes=9)), marks=["AB123CD"])
    assert [line.id for line in detail(signed_in("paf.officer"), now).earlier] == [str(before.uid)]
    assert [line.id for line in detail(signed_in("ukba.officer"), now).earlier] == [
        str(hidden.uid), str(before.uid),
    ]  # fmt: skip


def test_a_hit_on_the_passage_is_named_for_its_owner_only_and_its_reading_recorded(signed_in, cell, owner):
    with owner():
        passage = make_passage(("L1-ANPR-F", ago(minutes=9)), marks=["AB-123-CD"])
    cell.looks()
    cell.sees(sighting(passage_uid=passage.uid))
    (hit,) = cell.hits()
    page = detail(signed_in("ukba.officer"), passage)
    assert [notice.url for notice in page.notices] == [reverse("hit-detail", args=[hit.uid])]
    assert [record.object_uids for record in cell.audit("hit.read")] == [[hit.uid]]
    for other in ("paf.officer", "ccic.officer"):
        answer = signed_in(other).get(reverse("passage-detail", args=[passage.uid]))
        assert answer.context["page"].notices == ()
        assert CANARY.encode() not in answer.content


def test_of_several_readings_the_surest_is_shown_and_what_was_typed_in_before_all(signed_in, world, owner):
    with owner():
        passage = make_passage(("L1-ANPR-F", ago(minutes=9)), marks=["A8-123-CD"])
        make_part(passage, "L1-ANPR-R", ago(minutes=9), marks=["AB-123-CD"])
        passage.refresh_from_db()
    client = signed_in("ukba.officer")
    assert len(detail(client, passage).line.marks) == 1
    with owner():
        make_part(passage, "L2-KEY", ago(minutes=8), marks=["AB-123-CD"])
    (mark,) = detail(client, passage).line.marks
    assert (mark.value, mark.by_hand, mark.confidence) == ("AB-123-CD", True, None)
