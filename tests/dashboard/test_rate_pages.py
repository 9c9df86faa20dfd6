"""Pages of adjudications, later finds and the statistics."""

import csv
import datetime as dt
import io
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from scanning.models import Alarm, LaterFind
from tests.making import make_alarm, make_passage

pytestmark = pytest.mark.django_db


def ago(minutes):
    return timezone.now() - dt.timedelta(minutes=minutes)


@pytest.fixture
def passage(owner):
    with owner():
        made = make_passage(("L1-HB", ago(60), "suspect"), marks=["AB-123-CD"])
        make_alarm("L1-HB", ago(60), rule="heartbeat_suspect", passage=made)
    return made


def test_an_officer_says_from_the_passage_what_its_alarm_was(signed_in, passage):
    client, where = signed_in("ukba.officer"), reverse("passage-detail", args=[passage.uid])
    text = client.get(where).content.decode()
    assert "Say what it was" in text
    address = text.split('">Say what it was')[0].rsplit('href="', 1)[1]
    assert client.get(address).status_code == 200
    assert client.post(address, {"code": "", "note": ""}).status_code == 422
    assert client.post(address, {"code": "false_other", "note": "loose tarpaulin"}).status_code == 302
    text = client.get(where).content.decode()
    assert "False: another cause" in text
    assert "Correct it" in text
    assert "loose tarpaulin" in client.get(address).content.decode()
    assert signed_in("paf.officer").get(address).status_code == 404
    assert signed_in("ukba.auditor").get(address).status_code == 403


def test_the_page_of_an_alarm_says_what_it_was_and_leads_to_where_that_is_stated(signed_in, passage, owner):
    with owner():
        alarm = Alarm.objects.get()
    client, where = signed_in("ukba.officer"), reverse("alarm-detail", args=[alarm.uid])
    address = reverse("alarm-adjudicate", args=[alarm.uid])
    assert address in client.get(where).content.decode()
    client.post(address, {"code": "real_persons", "note": ""})
    assert "Real: persons found" in client.get(where).content.decode()
    assert "Real: persons found" in signed_in("ukba.officer").get(where).content.decode()


def test_a_find_made_later_stands_on_the_timeline_of_its_passage(signed_in, passage, owner, world):
    client, address = signed_in("ukba.officer"), reverse("find-new", args=[passage.uid])
    found = {
        "finds": ["persons"], "persons": "4", "place": "Dover", "note": "behind a false bulkhead", "agencies": ["PAF"],
        "found_at": ago(2).astimezone(zoneinfo.ZoneInfo(world.officer("ukba.officer").zone)).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    missing = client.post(address, found | {"note": ""})
    assert missing.status_code == 422
    assert "Dover" in missing.content.decode()
    assert client.post(address, found).status_code == 302
    text = client.get(reverse("passage-detail", args=[passage.uid])).content.decode()
    assert "Found later" in text
    assert "behind a false bulkhead" in text
    with owner():
        found_one = LaterFind.objects.get()
        assert AuditEvent.objects.filter(action="find.read", object_uids=[found_one.uid]).exists()
    assert signed_in("paf.officer").get(address).status_code == 404


def test_the_statistics_show_each_device_with_its_intervals_and_can_be_taken_away(signed_in, passage, owner):
    client, address = signed_in("ukba.analyst"), reverse("statistics")
    text = client.get(address).content.decode()
    assert "L1-HB" in text
    assert "How to read it" in text
    taken = client.get(address, {"export": "csv"})
    assert taken["Content-Type"].startswith("text/csv")
    assert "L1-HB" in taken.content.decode()
    head = next(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))
    assert "real of what was resolved" in head
    assert [name for name in head if name != name.strip()] == []
    with owner():
        assert AuditEvent.objects.filter(action="export.make", detail__statistics="device").count() == 1
    french = signed_in("douanes.analyst").get(address).content.decode()
    assert "Aucun de vos équipements" in french


@pytest.mark.parametrize("by", ["device", "kind", "lane", "agency"])
def test_the_statistics_are_told_by_device_technique_lane_and_agency(signed_in, passage, by):
    answer = signed_in("ukba.analyst").get(reverse("statistics"), {"by": by})
    assert answer.status_code == 200
    assert {"device": "L1-HB", "kind": "Heartbeat", "lane": "L1", "agency": "UKBA"}[
        by
    ] in answer.content.decode()


@pytest.mark.parametrize(
    "query", [{"by": "moon"}, {"since": "2026-02-02", "until": "2026-02-01"}, {"since": "2009-01-01"}]
)
def test_a_period_that_cannot_be_one_is_refused_with_a_sentence(signed_in, query):
    answer = signed_in("ukba.analyst").get(reverse("statistics"), query)
    assert answer.status_code == 400
    assert "error" in answer.content.decode()


def test_a_vehicle_that_was_drawn_says_so(signed_in, passage, settings):
    address = reverse("passage-detail", args=[passage.uid])
    settings.RANDOM_SEARCH_SHARE = 0.0
    assert "Drawn at random" not in signed_in("ukba.officer").get(address).content.decode()
    settings.RANDOM_SEARCH_SHARE = 1.0
    assert "Drawn at random" in signed_in("ukba.officer").get(address).content.decode()
