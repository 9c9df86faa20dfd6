"""Pages of outages, of the care of devices and of availability, in both languages, for owners and others."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from scanning.models import Care, DeviceStatus, Outage, Placement
from tests.making import make_alarm, make_passage

pytestmark = pytest.mark.django_db


@pytest.fixture
def probe(owner, world):
    """UKBA's CO₂ probe, in service for thirty days; PAF sees it, DOUANES do not."""
    with owner():
        device = world.device("L1-CO2")
        DeviceStatus.objects.get_or_create(device=device)
        Placement.objects.create(
            device_id=device.pk, site_id=device.site_id, lane_id=device.lane_id, in_service=True,
            from_at=timezone.now() - dt.timedelta(days=30),
        )  # fmt: skip
        return device


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def reported(signed_in, probe, username="paf.officer", **more):
    given = {"act": "report", "reason": "probe bent", "effect": "out", "since": ""} | more
    return signed_in(username).post(reverse("outage-new", args=[probe.uid]), given)


def test_from_the_report_by_another_agency_to_the_closed_case(signed_in, probe):
    page = signed_in("paf.officer").get(reverse("device-detail", args=[probe.uid])).content.decode()
    assert reverse("outage-new", args=[probe.uid]) in page
    where = reported(signed_in, probe)["Location"]
    other = signed_in("paf.officer").get(where).content.decode()
    assert 'value="work"' not in other
    assert 'value="comment"' in other
    ours = signed_in("ukba.officer")
    assert (
        'class="count' in ours.get(reverse("outage-list")).content.decode()
        or "L1-CO2" in ours.get(reverse("outage-list")).content.decode()
    )
    working = {
        "act": "work",
        "stage": "waiting",
        "ticket": "ACME 4711",
        "cause": "",
        "effect": "",
        "comment": "ordered",
    }
    assert ours.post(where, working).status_code == 302
    assert ours.post(where, {"act": "end", "comment": "new probe"}).status_code == 302
    unsaid = ours.post(where, {"act": "close", "cause": "damage", "remedy": ""})
    assert unsaid.status_code == 422
    assert (
        ours.post(where, {"act": "close", "cause": "damage", "remedy": "probe replaced"}).status_code == 302
    )
    told = signed_in("paf.officer").get(where).content.decode()
    for word in ("ACME 4711", "probe replaced", "ordered", "Dommage causé par un véhicule"):
        assert word in told, word
    assert "L1-CO2" not in ours.get(reverse("outage-list")).content.decode()  # closed
    assert "L1-CO2" in ours.get(reverse("outage-list"), {"open": "false"}).content.decode()


def test_what_is_known_already_is_said_and_nothing_typed_is_lost(signed_in, probe):
    assert reported(signed_in, probe).status_code == 302
    again = reported(signed_in, probe, "ukba.officer", reason="it is bent")
    assert again.status_code == 422
    assert "An outage of this device stands already" in again.content.decode()
    assert "it is bent" in again.content.decode()


def test_an_act_on_another_agencys_outage_is_refused_in_words(signed_in, probe):
    where = reported(signed_in, probe)["Location"]
    paf = signed_in("paf.officer")
    assert paf.post(where, {"act": "end"}).status_code == 302
    assert "un autre service" in paf.get(where).content.decode()
    assert paf.post(where, {"act": "explode"}).status_code == 400


def test_downtime_is_planned_by_the_owners_supervisor_alone(signed_in, probe):
    begin = timezone.now() + dt.timedelta(hours=2)
    plan = {
        "act": "plan", "reason": "yearly service", "effect": "out", "begins_at": local(begin),
        "ends_at": local(begin + dt.timedelta(hours=3)),
    }  # fmt: skip
    where = reverse("outage-new", args=[probe.uid])
    assert signed_in("ukba.officer").post(where, plan).status_code == 400
    assert signed_in("paf.supervisor").post(where, plan).status_code == 400
    ours = signed_in("ukba.supervisor")
    backwards = ours.post(where, plan | {"ends_at": local(begin - dt.timedelta(hours=3))})
    assert backwards.status_code == 422
    made = ours.post(where, plan)
    assert made.status_code == 302
    page = ours.get(made["Location"]).content.decode()
    assert 'value="cancel"' in page
    assert ours.post(made["Location"], {"act": "cancel", "reason": "firm did not come"}).status_code == 302
    assert "Called off" in ours.get(made["Location"]).content.decode()


def test_a_stranger_to_the_device_finds_none_of_its_pages(signed_in, probe, owner):
    where = reported(signed_in, probe)["Location"]
    customs = signed_in("douanes.officer")
    for page in (where, reverse("outage-new", args=[probe.uid]), reverse("device-care", args=[probe.uid])):
        assert customs.get(page).status_code == 404, page
        assert customs.post(page, {"act": "comment", "comment": "seen it"}).status_code == 404, page
    assert "L1-CO2" not in customs.get(reverse("outage-list")).content.decode()
    assert "L1-CO2" not in customs.get(reverse("availability")).content.decode()


def test_care_is_entered_shown_as_due_and_withdrawn(signed_in, probe, owner):
    ours, where = signed_in("ukba.supervisor"), reverse("device-care", args=[probe.uid])
    today = timezone.localdate()
    entry = {
        "act": "enter", "kind": "calibration", "done_on": (today - dt.timedelta(days=300)).isoformat(),
        "due_on": (today - dt.timedelta(days=3)).isoformat(), "certificate": "NPL 77/2026",
    }  # fmt: skip
    assert (
        ours.post(where, entry | {"done_on": (today + dt.timedelta(days=3)).isoformat()}).status_code == 422
    )
    assert ours.post(where, entry).status_code == 302
    assert "overdue" in ours.get(reverse("outage-list")).content.decode()
    french = signed_in("paf.officer").get(where).content.decode()
    assert "NPL 77/2026" in french
    assert "en retard" in french
    assert "Étalonnage\xa0: " in french
    assert "Étalonnage\xa0: " in signed_in("paf.officer").get(reverse("outage-list")).content.decode()
    assert 'value="enter"' not in french
    assert signed_in("paf.officer").post(where, entry).status_code == 403
    with owner():
        made = Care.objects.get()
    withdrawn = {"act": "withdraw", "entry": str(made.uid), "reason": "wrong device"}
    assert ours.post(where, withdrawn | {"reason": ""}).status_code == 422
    assert ours.post(where, withdrawn).status_code == 302
    assert "wrong device" in ours.get(where).content.decode()
    assert "overdue" not in ours.get(reverse("outage-list")).content.decode()


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_outages_and_availability_are_taken_away_and_that_is_recorded(signed_in, probe, owner):
    with owner():
        Outage.objects.create(
            device_id=probe.pk, kind="fault", begins_at=timezone.now() - dt.timedelta(days=3), reason="=no pump",
            ends_at=timezone.now(),
        )  # fmt: skip
    ours = signed_in("ukba.officer")
    head, row = rows_of(ours.get(reverse("outage-list"), {"export": "csv"}))
    assert dict(zip(head, row, strict=True))["what is wrong"] == "'=no pump"  # no formula
    table = rows_of(ours.get(reverse("availability"), {"export": "csv"}))
    found = dict(zip(table[0], table[1], strict=True))
    assert (found["name"], found["breakdowns"]) == ("L1-CO2", "1")
    assert float(found["operational availability"]) == pytest.approx(0.9, abs=0.001)
    with owner():
        kinds = list(AuditEvent.objects.filter(action="export.make").values_list("object_type", flat=True))
    assert kinds == ["outage", "outage"]


def test_the_page_of_availability_says_where_nobody_watches_and_refuses_a_period_that_cannot_be(
    signed_in, probe
):
    ours = signed_in("ukba.officer")
    page = ours.get(reverse("availability"), {"by": "kind"}).content.decode()
    assert "1 not watched" in page
    answer = ours.get(reverse("availability"), {"since": "2026-05-02", "until": "2026-05-01"})
    assert answer.status_code == 400
    assert "The period ends before it begins." in answer.content.decode()


def test_whoever_takes_over_finds_what_waits_what_is_out_and_what_is_planned(signed_in, probe, owner, world):
    begin = timezone.now() + dt.timedelta(hours=2)
    with owner():
        make_alarm("L1-RPM", timezone.now(), rule="radiation_neutron")
        make_passage(("L1-ANPR-F", timezone.now() - dt.timedelta(hours=10)), marks=["AB-123-CD"])
        make_passage(("L1-RPM", timezone.now() - dt.timedelta(hours=1), "suspect"), marks=["EF-456-GH"])
        for kind, stage, since, until, reason in (
            ("fault", "reported", timezone.now(), None, "no pump"),
            ("planned", "planned", begin, begin + dt.timedelta(hours=1), "yearly service"),
            ("planned", "planned", begin + dt.timedelta(days=3), begin + dt.timedelta(days=4), "far away"),
        ):
            Outage.objects.create(
                device_id=probe.pk, kind=kind, stage=stage, begins_at=since, ends_at=until, reason=reason
            )
        Care.objects.create(
            device_id=probe.pk, kind="check", done_on=timezone.localdate(), due_on=timezone.localdate()
        )
    page = signed_in("ukba.officer").get(reverse("shift-start")).content.decode()
    for words in ("no pump", "yearly service", "Test with a source", "Neutron alarm", "1 vehicle has passed"):
        assert words in page, words
    assert "far away" not in page
    assert (
        "2 vehicles have passed"
        in signed_in("ukba.officer").get(reverse("shift-start"), {"back": "12"}).content.decode()
    )
    customs = signed_in("douanes.officer").get(reverse("shift-start")).content.decode()
    assert "L1-CO2" not in customs
    assert "Tout fonctionne." in customs
    assert signed_in("ukba.officer").get(reverse("shift-start"), {"back": "9"}).status_code == 400
    assert signed_in("ccic.auditor").get(reverse("shift-start")).status_code == 200


def test_a_shift_begins_with_what_presses_most_and_says_how_much_more_there_is(signed_in, owner):
    with owner():
        make_alarm("L1-RPM", timezone.now() - dt.timedelta(hours=3), severity="high")
        for minutes in range(15):
            passage = make_passage(("L1-ANPR-F", timezone.now() - dt.timedelta(minutes=minutes)))
            make_alarm(
                "L1-ANPR-F", timezone.now() - dt.timedelta(minutes=minutes), severity="low", passage=passage
            )
    page = signed_in("ukba.officer").get(reverse("shift-start"))
    assert [row.tone for row in page.context["page"].alarms][:2] == ["high", "low"]
    assert page.context["page"].alarms_more == 4
    assert "and 4 more" in page.content.decode()


def test_a_device_that_an_officer_reports_as_out_is_said_to_be_out_wherever_it_stands(
    signed_in, probe, owner
):
    with owner():
        DeviceStatus.objects.filter(device=probe).update(last_received_at=timezone.now())
    reported(signed_in, probe)
    client = signed_in("ukba.officer")
    (lane, *_rest) = client.get(reverse("board")).context["board"].lanes.lanes
    assert {device.code: device.state for device in lane.devices}["L1-CO2"] == "out"
    assert lane.tone == "fault"
    listed = client.get(reverse("device-list"), {"state": "out"}).context["page"]
    assert ([row.code for row in listed.rows], listed.troubled) == (["L1-CO2"], 1)
    page = client.get(reverse("device-detail", args=[probe.uid])).content.decode()
    assert "out of action" in page
    # Customs do not see the probe, and of it nothing.
    (theirs, *_rest) = signed_in("douanes.officer").get(reverse("board")).context["board"].lanes.lanes
    assert theirs.tone == "quiet"


def test_each_label_of_the_two_forms_leads_to_its_own_field(signed_in, probe):
    text = signed_in("ukba.supervisor").get(reverse("outage-new", args=[probe.uid])).content.decode()
    plan = text[text.index('value="plan"') :]
    assert 'for="plan_reason"' in plan
    assert 'id="plan_reason"' in plan
    assert text.count('id="report_reason"') == 1
