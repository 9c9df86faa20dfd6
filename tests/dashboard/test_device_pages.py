"""Detection devices: the list of a site and one device's story."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from scanning.models import DeviceStatus
from tests.making import make_alarm, make_part, make_passage

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


def rows(client, **query):
    answer = client.get(reverse("device-list"), query)
    assert answer.status_code == 200
    return answer.context["page"].rows


def detail(client, world, owner, code):
    with owner():
        uid = world.device(code).uid
    return client.get(reverse("device-detail", args=[uid]))


@pytest.mark.parametrize("role", ["officer", "analyst", "supervisor", "administrator", "auditor"])
@pytest.mark.parametrize(("agency", "count"), [("ukba", 8), ("paf", 6), ("douanes", 6), ("ccic", 2)])
def test_each_agency_sees_its_own_devices_and_those_shared_with_it(signed_in, agency, count, role):
    assert len(rows(signed_in(f"{agency}.{role}"))) == count


def test_an_agency_that_sees_no_device_is_told_how_that_changes(signed_in, world, owner):
    with owner():
        for code in ("L1-ANPR-F", "L1-ANPR-R"):
            world.device(code).grants.filter(group_id=world.group("CCIC")).delete()
    answer = signed_in("ccic.officer").get(reverse("device-list"))
    assert answer.context["page"].rows == ()
    assert 'class="empty"' in answer.content.decode()


def test_troubled_devices_are_counted_and_can_be_picked_out(signed_in, world, owner):
    with owner():
        DeviceStatus.objects.filter(device__code="L1-RPM").update(
            last_received_at=timezone.now(), fault="high voltage"
        )
        DeviceStatus.objects.filter(device__code="L2-XRAY").update(
            last_received_at=ago(hours=2), silent_since=ago(hours=1), clock_skew_ms=-2300
        )
        make_alarm("L1-CO2", ago(minutes=1), rule="co2_suspect", severity="medium")
    client = signed_in("ukba.officer")
    page = client.get(reverse("device-list")).context["page"]
    states = {row.code: row.state for row in page.rows}
    assert (states["L1-RPM"], states["L2-XRAY"], states["L1-CO2"], states["L1-HB"]) == (
        "fault", "silent", "alarm", "unknown",
    )  # fmt: skip
    assert page.troubled == 2
    assert [row.code for row in rows(client, state="silent")] == ["L2-XRAY"]
    assert rows(client, state="silent")[0].skew_seconds == -2.3
    assert [row.code for row in rows(client, kind="anpr")] == ["L1-ANPR-F", "L1-ANPR-R"]
    assert [row.code for row in rows(client, lane="L2")] == ["L2-XRAY", "L2-DOG", "L2-KEY"]


def test_a_days_work_is_counted_with_its_share_of_suspects(signed_in, world, owner):
    with owner():
        for seconds in range(4):
            make_passage(("L1-CO2", ago(seconds=seconds), "suspect" if seconds == 0 else "clear"))
    (probe,) = rows(signed_in("paf.officer"), kind="co2")
    assert (probe.today, probe.suspect_share, sum(probe.trend)) == (4, 25.0, 4)


def test_a_devices_page_tells_how_it_does_what_it_said_and_what_is_wrong(signed_in, world, owner):
    with owner():
        passage = make_passage(("L1-ANPR-F", ago(minutes=3)), marks=["AB-123-CD"])
        make_part(passage, "L1-CO2", ago(minutes=2), result="suspect", detail={"reading": {"ppm": 2140}})
        make_alarm("L1-CO2", ago(minutes=2), rule="co2_suspect", severity="medium", passage=passage)
    page = detail(signed_in("ukba.officer"), world, owner, "L1-CO2").context["page"]
    assert [(event.result, event.passage_url) for event in page.events] == [
        ("suspect", reverse("passage-detail", args=[passage.uid]))
    ]
    assert [reading.value for reading in page.events[0].readings] == ["2,140 ppm"]
    assert [alarm.title for alarm in page.alarms] == ["CO₂ above threshold"]
    assert page.row.today == 1


def test_only_the_owner_learns_who_else_sees_the_device(signed_in, world, owner):
    mine = detail(signed_in("ukba.officer"), world, owner, "L1-CO2").context["page"]
    assert "PAF, UKBA" in [fact.value for fact in mine.details]
    theirs = detail(signed_in("paf.officer"), world, owner, "L1-CO2").context["page"]
    assert "PAF, UKBA" not in [fact.value for fact in theirs.details]


def test_hidden_and_absent_devices_answer_the_same(signed_in, world, owner):
    client = signed_in("paf.officer")
    hidden = detail(client, world, owner, "L1-HB")
    absent = client.get(reverse("device-detail", args=[uuid.uuid4()]))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content == absent.content


def test_what_a_device_said_turns_page_by_page(signed_in, world, owner):
    with owner():
        for minutes in range(45):
            make_passage(("L1-CO2", ago(minutes=minutes)))
    client = signed_in("ukba.officer")
    first = detail(client, world, owner, "L1-CO2")
    page = first.context["page"]
    assert (len(page.events), bool(page.older)) == (40, True)
    older = client.get(first.request["PATH_INFO"] + page.older).context["page"]
    assert len(older.events) == 5
