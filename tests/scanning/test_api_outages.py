"""Outages over REST: an agency's maintenance system reports, works and closes by token."""

import datetime as dt

import pytest
from django.utils import timezone

from agencies.choices import Scope
from agencies.models import ServiceToken
from scanning.models import Placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client, world):
    """`ask("UKBA", "post", "outages/…/end/", {…})` with the token of the agency's own system."""

    def send(agency, method, path, body=None):
        headers = {"Authorization": f"Token {world.partner_token(agency)}"}
        more = {"data": body, "content_type": "application/json"} if body is not None else {}
        return getattr(client, method)(f"/api/v1/{path}", headers=headers, **more)

    return send


@pytest.fixture
def probe(owner, world):
    """UKBA's CO₂ probe, in service for ten days; PAF sees it."""
    with owner():
        device = world.device("L1-CO2")
        Placement.objects.create(
            device_id=device.pk, site_id=device.site_id, lane_id=device.lane_id, in_service=True,
            from_at=timezone.now() - dt.timedelta(days=10),
        )  # fmt: skip
        return device


def test_an_outage_from_the_report_of_one_system_to_the_closing_by_the_owners(ask, probe):
    made = ask("PAF", "post", f"devices/{probe.uid}/outages/", {"reason": "probe bent"})
    assert made.status_code == 201
    where = f"outages/{made.json()['uid']}/"
    assert (made.json()["device"], made.json()["is_own"], made.json()["opened_by_agency"]) == (
        "L1-CO2",
        False,
        "",
    )
    again = ask("UKBA", "post", f"devices/{probe.uid}/outages/", {"reason": "probe bent"})
    assert (again.status_code, again.json()["code"]) == (409, "outage_stands")
    early = ask("UKBA", "post", f"{where}close/", {"cause": "damage", "remedy": "new probe"})
    assert (early.status_code, early.json()["code"]) == (409, "outage_over")
    foreign = ask("PAF", "post", f"{where}end/", {})
    assert (foreign.status_code, foreign.json()["code"]) == (409, "not_your_device")
    for verb, body in (
        ("work", {"stage": "repair", "ticket": "ACME 4711"}),
        ("comment", {"comment": "fitter is here"}),
        ("end", {"comment": "works"}),
        ("close", {"cause": "damage", "remedy": "new probe"}),
    ):
        assert ask("UKBA", "post", f"{where}{verb}/", body).status_code == 200, verb
    told = ask("PAF", "get", where).json()
    assert (told["stage"], told["cause"], told["ticket"], told["is_under_way"]) == (
        "closed", "damage", "ACME 4711", False,
    )  # fmt: skip
    steps = ask("PAF", "get", f"{where}history/").json()["results"]
    assert [step["act"] for step in steps] == ["open", "stage", "comment", "end", "close"]
    assert ask("PAF", "get", "outages/?open=true").json()["results"] == []
    assert len(ask("PAF", "get", "outages/?open=false&technique=co2").json()["results"]) == 1
    assert ask("DOUANES", "get", where).status_code == 404


def test_downtime_is_planned_moved_and_called_off_by_the_owners_system(ask, probe):
    begin = timezone.now() + dt.timedelta(hours=2)
    plan = {
        "begins_at": begin.isoformat(),
        "ends_at": (begin + dt.timedelta(hours=1)).isoformat(),
        "reason": "service",
    }
    assert ask("PAF", "post", f"devices/{probe.uid}/downtime/", plan).status_code == 409
    made = ask("UKBA", "post", f"devices/{probe.uid}/downtime/", plan).json()
    later = (begin + dt.timedelta(hours=2)).isoformat()
    moved = ask("UKBA", "post", f"outages/{made['uid']}/move/", {"ends_at": later, "comment": "firm is late"})
    assert dt.datetime.fromisoformat(moved.json()["ends_at"]) == dt.datetime.fromisoformat(later)
    over = ask("UKBA", "post", f"outages/{made['uid']}/cancel/", {"reason": "firm did not come"})
    assert over.json()["stage"] == "cancelled"


def test_care_and_placements_are_read_by_whoever_sees_the_device(ask, probe):
    today = timezone.localdate()
    entry = {"kind": "firmware", "done_on": today.isoformat(), "firmware": "4.1.7", "by": "workshop"}
    made = ask("UKBA", "post", f"devices/{probe.uid}/care/", entry)
    assert made.status_code == 201
    known = ask("PAF", "get", f"devices/{probe.uid}/care/").json()
    assert (known["firmware"], len(known["results"])) == ("4.1.7", 1)
    gone = ask("UKBA", "post", f"care/{made.json()['uid']}/withdraw/", {"reason": "wrong device"})
    assert gone.json()["withdrawn_why"] == "wrong device"
    assert ask("PAF", "get", f"devices/{probe.uid}/care/").json()["firmware"] == ""
    (place,) = ask("PAF", "get", f"devices/{probe.uid}/placements/").json()["results"]
    assert (place["site"], place["in_service"], place["until_at"]) == ("CALAIS", True, None)
    assert ask("DOUANES", "get", f"devices/{probe.uid}/care/").status_code == 404


def test_availability_is_told_in_seconds_and_shares(ask, probe):
    since = (timezone.now() - dt.timedelta(days=10)).isoformat()
    reported = (timezone.now() - dt.timedelta(days=1)).isoformat()
    assert (
        ask(
            "UKBA", "post", f"devices/{probe.uid}/outages/", {"reason": "bent", "since": reported}
        ).status_code
        == 201
    )
    (row,) = ask("PAF", "get", f"availability/?kind=co2&since={since.replace('+', '%2B')}").json()["results"]
    assert (row["key"], row["breakdowns"], row["repair_s"]) == ("L1-CO2", 1, None)
    assert row["operational"] == pytest.approx(0.9, abs=0.001)
    assert row["unplanned_s"] == pytest.approx(86_400, abs=5)
    assert ask("PAF", "get", "availability/?by=colour").status_code == 400


@pytest.mark.parametrize(
    "body", [{}, {"reason": "x", "since": "yesterday"}, {"reason": "bent", "colour": "red"}]
)
def test_a_report_that_cannot_be_read_says_which_field(ask, probe, body):
    answer = ask("UKBA", "post", f"devices/{probe.uid}/outages/", body)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_token_without_the_scope_reads_and_does_not_write(ask, probe, owner):
    with owner():
        ServiceToken.objects.filter(account__agency__code="UKBA").update(scopes=[Scope.SCANNING_READ])
    assert ask("UKBA", "get", "outages/").status_code == 200
    assert ask("UKBA", "post", f"devices/{probe.uid}/outages/", {"reason": "bent"}).status_code == 403
