"""The list of alarms: what nobody has acknowledged, what stands, how heavily they weigh, and the table to take away."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Shift
from scanning.models import Alarm
from tests.making import make_alarm, make_passage

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


def rows(client, **query):
    answer = client.get(reverse("alarm-list"), query)
    assert answer.status_code == 200
    return answer.context["page"].rows


@pytest.mark.parametrize("role", ["officer", "analyst", "supervisor", "administrator", "auditor"])
@pytest.mark.parametrize("agency", ["ukba", "paf", "douanes", "ccic"])
def test_everybody_opens_the_list_and_an_empty_one_says_what_would_stand_there(signed_in, agency, role):
    answer = signed_in(f"{agency}.{role}").get(reverse("alarm-list"))
    assert answer.status_code == 200
    assert 'class="empty"' in answer.content.decode()
    # How heavily alarms weigh is for those who answer for the configuration.
    assert bool(answer.context["page"].load) == (role in {"supervisor", "administrator", "auditor"})


def test_each_agency_sees_the_alarms_of_the_devices_that_it_sees(signed_in, world, owner):
    with owner():
        make_alarm("L1-HB", ago(minutes=3), rule="heartbeat_suspect")
        make_alarm("L1-RPM", ago(minutes=2))
        make_alarm("L1-ANPR-F", ago(minutes=1), rule="device_silent", severity="medium")
    seen = {who: [row.device for row in rows(signed_in(f"{who}.officer"))] for who in ("ukba", "paf", "ccic")}
    assert seen == {
        "ukba": ["L1-ANPR-F", "L1-RPM", "L1-HB"],
        "paf": ["L1-ANPR-F", "L1-RPM"],
        "ccic": ["L1-ANPR-F"],
    }


def test_the_list_shows_what_nobody_has_acknowledged_unless_asked_for_more(signed_in, world, owner):
    with owner():
        make_alarm("L1-RPM", ago(minutes=4))
        make_alarm("L1-HB", ago(minutes=3))
        make_alarm("L1-CO2", ago(minutes=2), severity="medium")
        Alarm.objects.filter(severity="medium").update(acknowledged_at=timezone.now())
        hb = Alarm.objects.order_by("raised_at")[1]
        Alarm.objects.filter(pk=hb.pk).update(cleared_at=timezone.now())
    client = signed_in("ukba.officer")
    assert [row.device for row in rows(client)] == ["L1-HB", "L1-RPM"]
    assert [row.device for row in rows(client, state="active")] == ["L1-CO2", "L1-RPM"]
    assert [row.device for row in rows(client, state="cleared")] == ["L1-HB"]
    assert [row.device for row in rows(client, state="all")] == ["L1-CO2", "L1-HB", "L1-RPM"]
    assert [row.device for row in rows(client, state="all", severity="medium")] == ["L1-CO2"]
    assert [row.device for row in rows(client, kind="heartbeat")] == ["L1-HB"]
    assert rows(client, lane="L2") == ()
    # A choice that is not this reader's is no choice.
    answer = client.get(reverse("alarm-list"), {"lane": "NOT-A-LANE"})
    assert (answer.context["page"].rows, bool(answer.context["form"].errors)) == ((), True)


def test_a_row_names_the_vehicle_and_leads_to_its_passage(signed_in, world, owner):
    with owner():
        passage = make_passage(("L1-RPM", ago(minutes=1)), marks=["AB-123-CD"])
        make_alarm("L1-RPM", ago(minutes=1), passage=passage)
    (row,) = rows(signed_in("paf.officer"))
    assert [cell.value for cell in row.marks] == ["AB-123-CD"]
    assert row.passage_url == reverse("passage-detail", args=[passage.uid])


def test_an_alarm_is_acknowledged_and_cleared_from_the_list_by_whoever_comes_first(signed_in, world, owner):
    with owner():
        alarm = make_alarm("L1-RPM", ago(minutes=1))
    path, live = reverse("alarm-act", args=[alarm.uid]), {"HX-Request": "true"}
    mine, theirs = signed_in("ukba.officer"), signed_in("paf.officer")
    row = mine.post(path, {"act": "acknowledge"}, headers=live).context["row"]
    assert [act.code for act in row.acts] == ["undo", "take", "clear", "unreview"]
    late = theirs.post(path, {"act": "acknowledge"}, headers=live)
    assert late.context["error"]
    assert late.context["row"].owner == "UKBA"
    row = mine.post(path, {"act": "clear", "comment": "searched"}, headers=live).context["row"]
    assert not row.active
    assert theirs.post(path, {"act": "clear", "comment": "searched"}, headers=live).context["error"]
    assert mine.post(path, {"act": "clear"}).url == reverse("alarm-list")


def test_the_list_turns_page_by_page_and_a_strangers_cursor_is_refused(signed_in, world, owner):
    with owner():
        for minutes in range(60):
            passage = make_passage(("L1-RPM", ago(minutes=minutes)), marks=[f"PL-{minutes}"])
            make_alarm("L1-RPM", ago(minutes=minutes), passage=passage)
    client = signed_in("ukba.officer")
    first = client.get(reverse("alarm-list")).context["page"]
    assert (len(first.rows), bool(first.older), first.newer) == (50, True, "")
    second = client.get(reverse("alarm-list") + first.older).context["page"]
    assert len(second.rows) == 10
    back = client.get(reverse("alarm-list") + second.newer).context["page"]
    assert [row.id for row in back.rows] == [row.id for row in first.rows]
    assert signed_in("paf.officer").get(reverse("alarm-list") + first.older).status_code == 400


def test_the_load_is_told_per_officer_on_duty_with_the_device_that_makes_most_of_it(signed_in, world, owner):
    with owner():
        for minutes in range(30):
            passage = make_passage(("L1-CO2", ago(minutes=minutes)), marks=[f"PL-{minutes}"])
            make_alarm("L1-CO2", ago(minutes=minutes), rule="co2_suspect", severity="medium", passage=passage)
        shift = Shift.objects.create(
            desk=world.desk("UKBA"), lead=world.officer("ukba.supervisor"), purpose="watch",
            starts_at=ago(hours=1), ends_at=timezone.now() + dt.timedelta(hours=1),
        )  # fmt: skip
        shift.officers.set([world.officer("ukba.officer"), world.officer("ukba.supervisor")])
    load = signed_in("ukba.supervisor").get(reverse("alarm-list")).context["page"].load
    assert (load.per_ten_minutes, load.standing, load.medium_share, load.within) == (2.5, 30, 100, False)
    assert load.advice == ("L1-CO2 alone made 100 % of the day's alarms.",)


def test_the_export_holds_what_the_filters_show_and_nothing_that_a_spreadsheet_would_run(
    signed_in, world, owner, cell
):
    with owner():
        passage = make_passage(("L1-RPM", ago(minutes=1)), marks=["AB-123-CD"])
        make_alarm("L1-RPM", ago(minutes=1), passage=passage)
        make_alarm("L1-HB", ago(minutes=2))
        Alarm.objects.filter(passage_id=passage.pk).update(detail={"operator_view": "=HYPERLINK(1)"})
    answer = signed_in("paf.officer").get(reverse("alarm-export"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    head, *body = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert len(body) == 1
    row = dict(zip(head, body[0], strict=True))
    assert "FR AB-123-CD" in row.values()
    assert "'=HYPERLINK(1)" in row.values()
    (record,) = cell.audit("export.make")
    assert (record.object_type, record.detail["rows"]) == ("alarm", 1)
    assert record.purpose


def test_what_has_escalated_stands_above_the_list_once_and_first_on_the_board(signed_in, world, owner):
    with owner():
        old = make_alarm("L1-CO2", ago(minutes=20), rule="co2_suspect", severity="low")
        Alarm.objects.update(escalated_at=ago(minutes=5))
        make_alarm("L1-RPM", ago(minutes=1))
    client = signed_in("ukba.supervisor")
    page = client.get(reverse("alarm-list")).context["page"]
    assert [row.device for row in page.called] == ["L1-CO2"]
    assert [row.device for row in page.rows] == ["L1-RPM"]
    assert [row.device for row in rows(client, state="escalated")] == []
    cards = client.get(reverse("board-needs")).context["part"].cards
    assert [(card.id == str(old.uid), bool(card.escalated)) for card in cards] == [
        (True, True),
        (False, False),
    ]
    nav = {item.url_name: item.tone for item in client.get(reverse("passage-list")).context["shell"].nav}
    assert nav["alarm-list"] == "high"
    client.post(reverse("alarm-act", args=[old.uid]), {"act": "acknowledge"})
    page = client.get(reverse("alarm-list"), {"state": "active"}).context["page"]
    assert (page.called, len(page.rows)) == ((), 2)
