"""The REST routes of intelligence: scope and right, strict bodies, stable codes, and nothing but what is visible."""

import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from agencies.choices import Scope
from agencies.models import ServiceToken
from intelligence.models import Check, Hit
from intelligence.services.checks import checks_answer
from intelligence.services.duties import decisions_reflect
from tests.intelligence.conftest import CANARY, Cell, Partner, sighting

pytestmark = pytest.mark.django_db

Partners = Callable[[str], Partner]
ABSENT = "00000000-0000-4000-8000-000000000000"


def _body(**more: object) -> dict[str, object]:
    now = timezone.now()
    return {
        "mark": "AB 123 CD",
        "action_code": "search",
        "reason": CANARY,
        "expires_at": (now + dt.timedelta(days=30)).isoformat(),
        "review_due": (now + dt.timedelta(days=28)).date().isoformat(),
    } | more


def test_a_partner_enters_reads_and_ends_a_lookout(cell: Cell, partner: Partners):
    ukba = partner("UKBA")
    made = ukba.post("lookouts/", _body(mode="stop", notified_agencies=["PAF"], instruction="Hold it."))
    assert made.status_code == 201
    lookout = made.json()
    assert (lookout["state"], lookout["owner"], lookout["reason"]) == ("active", "UKBA", CANARY)
    assert lookout["created_at"].endswith("Z")
    path = f"lookouts/{lookout['uid']}/"
    assert ukba.get(path).json() == lookout
    later = (timezone.now() + dt.timedelta(days=60)).isoformat()
    due = (timezone.now() + dt.timedelta(days=50)).date().isoformat()
    renewed = ukba.post(f"{path}extend/", {"expires_at": later, "review_due": due, "reason": "still needed"})
    assert (renewed.status_code, renewed.json()["review_due"]) == (200, due)
    shared = ukba.post(f"{path}share/", {"agencies": ["DOUANES"], "purpose": "joint enquiry"})
    assert shared.json()["shared_with"] == ["DOUANES"]
    assert partner("DOUANES").get(path).json()["reason"] == ""
    recalled = ukba.post(f"{path}recall/", {"agencies": ["DOUANES"], "purpose": "enquiry closed"})
    assert recalled.json()["shared_with"] == []
    assert partner("DOUANES").get(path).status_code == 404
    assert ukba.post(f"{path}withdraw/", {"reason": "case closed"}).json()["state"] == "withdrawn"
    again = ukba.post(f"{path}withdraw/", {"reason": "case closed"})
    assert (again.status_code, again.json()["code"]) == (409, "lookout_not_active")


def test_the_line_from_a_stop_to_its_outcome(cell: Cell, partner: Partners):
    cell.stops()
    cell.sees()
    paf, ukba = partner("PAF"), partner("UKBA")
    (notice,) = paf.get("notices/?state=open").json()["results"]
    assert (notice["action_code"], notice["sounds"], notice["mark_seen"]) == ("search", True, "AB-123-CD")
    path = f"notices/{notice['uid']}/"
    taken = paf.post(f"{path}take/", {"officer": "P-officer"})
    assert (taken.status_code, taken.json()["taken_by"]) == (200, "Officer Paf")
    twice = ukba.post(f"{path}take/", {"officer": "U-officer"})
    assert (twice.status_code, twice.json()["code"]) == (409, "notice_taken")
    done = paf.post(
        f"{path}decide/", {"officer": "P-officer", "confirmed": True, "outcome": "two persons found"}
    )
    assert (done.status_code, done.json()["state"]) == (200, "confirmed")
    cell.as_worker(decisions_reflect)
    (hit,) = ukba.get("hits/").json()["results"]
    assert (hit["state"], hit["outcome"], hit["notice_state"]) == (
        "confirmed",
        "two persons found",
        "confirmed",
    )
    assert ukba.get(f"hits/{hit['uid']}/").json() == hit
    late = ukba.post(f"hits/{hit['uid']}/decide/", {"officer": "U-officer", "confirmed": True})
    assert (late.status_code, late.json()["code"]) == (409, "already_decided")


@pytest.mark.parametrize("badge", ["", "nobody", "U-officer", "P-auditor"])
def test_a_system_never_decides_without_an_officer_of_its_own_who_may(
    cell: Cell, partner: Partners, badge: str
):
    cell.stops()
    cell.sees()
    uid = cell.notices()[0].uid
    answer = partner("PAF").post(f"notices/{uid}/take/", {"officer": badge})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["officer"]
    assert cell.notices()[0].state == "open"


def test_a_check_is_accepted_and_answered_later_at_its_location(cell: Cell, partner: Partners):
    cell.looks("paf.analyst")
    paf = partner("PAF")
    asked = paf.post("checks/", {"mark": "AB 123 CD", "purpose": "driver cannot name the load"})
    assert (asked.status_code, asked.json()["outcome"]) == (202, None)
    path = asked.headers["Location"].split("/api/v1/")[1]
    cell.as_worker(checks_answer)
    assert paf.get(path).json()["outcome"] is None
    cell.as_owner(lambda: Check.objects.update(asked_at=timezone.now() - dt.timedelta(seconds=2)))
    assert paf.get(path).json()["outcome"] == "own"
    assert [check["outcome"] for check in paf.get("checks/").json()["results"]] == ["own"]
    assert partner("DOUANES").get(path).status_code == 404


def test_a_spent_budget_is_429_with_a_time_and_leaves_its_record(cell: Cell, partner: Partners, settings):
    settings.CHECK_BUDGET_OFFICER_PER_HOUR = 0
    answer = partner("PAF").post("checks/", {"mark": "AB 123 CD", "purpose": "driver cannot name the load"})
    assert (answer.status_code, answer.json()["code"]) == (429, "check_budget_spent")
    assert int(answer.headers["Retry-After"]) > 0
    assert [event.detail["refused"] for event in cell.audit("check.make")] == ["budget"]


def test_hidden_and_absent_answer_alike_to_the_last_byte(cell: Cell, partner: Partners):
    lookout = cell.stops(notified_agencies=("PAF",))
    cell.sees()
    customs = partner("DOUANES")
    bodies = {
        "withdraw/": {"reason": "trying my luck"},
        "share/": {"agencies": ["PAF"], "purpose": "trying my luck"},
        "decide/": {"officer": "D-officer", "confirmed": True},
        "take/": {"officer": "D-officer"},
    }
    for kind, uid, acts in (
        ("lookouts", lookout.uid, ("withdraw/", "share/")),
        ("hits", cell.hits()[0].uid, ("decide/",)),
        ("notices", cell.notices()[0].uid, ("take/", "decide/")),
    ):
        answers = [customs.get(f"{kind}/{each}/") for each in (uid, ABSENT, "nonsense")]
        assert {(a.status_code, a.content) for a in answers} == {(404, answers[0].content)}
        assert answers[0].json()["code"] == "not_found"
        for act in acts:
            answers = [
                customs.post(f"{kind}/{each}/{act}", bodies[act]) for each in (uid, ABSENT, "nonsense")
            ]
            assert {(a.status_code, a.content) for a in answers} == {(404, answers[0].content)}, act


def test_a_shared_lookout_cannot_be_changed_by_its_reader(cell: Cell, partner: Partners):
    lookout = cell.looks()
    path = f"lookouts/{lookout.uid}/"
    assert (
        partner("UKBA").post(f"{path}share/", {"agencies": ["PAF"], "purpose": "joint enquiry"}).status_code
        == 200
    )
    answer = partner("PAF").post(f"{path}share/", {"agencies": ["DOUANES"], "purpose": "friends of ours"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("route", ["lookouts/", "hits/", "checks/"])
def test_the_port_operator_is_refused_whatever_its_scopes(cell: Cell, partner: Partners, route: str):
    assert partner("CCIC").get(route).status_code == 403
    assert partner("CCIC").get("notices/").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("get", "lookouts/", Scope.LOOKOUTS_READ),
        ("post", "lookouts/", Scope.LOOKOUTS_WRITE),
        ("get", "hits/", Scope.HITS_READ),
        ("get", "notices/", Scope.HITS_READ),
        ("post", f"hits/{ABSENT}/decide/", Scope.HITS_WRITE),
        ("post", f"notices/{ABSENT}/take/", Scope.HITS_WRITE),
        ("post", "checks/", Scope.CHECKS_WRITE),
    ],
)
def test_a_token_without_the_scope_is_refused(
    cell: Cell, partner: Partners, method: str, path: str, scope: Scope
):
    def lose() -> None:
        token = ServiceToken.objects.get(account__agency__code="PAF", account__kind="partner")
        token.scopes = [each for each in token.scopes if each != scope]
        token.save()

    assert getattr(partner("PAF"), method)(path).status_code != 403
    cell.as_owner(lose)
    assert getattr(partner("PAF"), method)(path).status_code == 403


@pytest.mark.parametrize("path", ["lookouts/", f"hits/{ABSENT}/", "notices/", "checks/"])
def test_without_a_token_nothing_is_told(world, path: str):
    answers = [
        Client().get(f"/api/v1/{path}"),
        Client().get(f"/api/v1/{path}", headers={"Authorization": "Token jocc_pa_nobody"}),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.json()["code"] for answer in answers} == {"not_signed_in"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "invalid"),
        (b"{", 400, "malformed_json"),
        (b"\xff{}", 400, "malformed_json"),
        (b'{"mark": NaN}', 400, "malformed_json"),
        (b'{"mark": "AB 123 CD", "mark": "XY"}', 400, "malformed_json"),
        (b"[" * 30_000, 400, "malformed_json"),
        (b'"' + b"x" * 70_000 + b'"', 413, "too_large"),
        (b"[]", 422, "invalid"),
        (b'{"mark": 5}', 422, "invalid"),
        (b'{"mark": "AB\\u0000CD"}', 422, "invalid"),
        (b'{"mark": "AB\\ud800CD"}', 422, "invalid"),
    ],
)
def test_a_body_that_cannot_be_taken_is_a_clear_refusal(cell: Cell, body: bytes, status: int, code: str):
    headers = {"Authorization": f"Token {cell.world.partner_token('UKBA')}"}
    answer = Client().post("/api/v1/lookouts/", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("owner", "PAF"),  # an unknown key is refused, not ignored
        ("reason", 12345),
        ("mark", "-"),
        ("mode", "stop"),  # with nobody to tell
        ("notified_agencies", ["PAF"]),  # although silent
        ("expires_at", "2030-01-01T00:00:00"),  # naive
        ("expires_at", "2009-01-01T00:00:00Z"),
        ("review_due", "tomorrow"),
        ("desk", "NOWHERE"),
        ("classification", 99),
        ("kind", "person"),
    ],
)
def test_every_fault_of_a_lookout_is_named_at_its_field(
    cell: Cell, partner: Partners, field: str, value: object
):
    answer = partner("UKBA").post("lookouts/", _body(**{field: value}))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert field in answer.json()["errors"] or "notified_agencies" in answer.json()["errors"]
    fault = next(iter(answer.json()["errors"].values()))[0]
    assert set(fault) == {"message", "code"}


@pytest.mark.parametrize(
    "query", ["reason__startswith=c", "state=gone", "limit=0", "limit=201", "cursor=x", "own=1"]
)
def test_a_query_outside_the_closed_list_is_refused(cell: Cell, partner: Partners, query: str):
    answer = partner("UKBA").get(f"lookouts/?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"] in {"unknown_parameter", "bad_parameter", "bad_cursor"}


def test_lists_are_turned_by_cursors_that_miss_and_repeat_nothing(cell: Cell, partner: Partners):
    cell.looks()
    now = timezone.now()
    cell.sees(
        *(sighting(seen_at=now - dt.timedelta(minutes=number // 3)) for number in range(12))
    )  # equal times
    ukba, seen, path = partner("UKBA"), [], "hits/?limit=5"
    while path:
        answer = ukba.get(path).json()
        seen += [hit["uid"] for hit in answer["results"]]
        path = answer["next"] and answer["next"].split("/api/v1/")[1]
    assert seen == [
        str(hit.uid) for hit in sorted(cell.hits(), key=lambda hit: (hit.seen_at, hit.id), reverse=True)
    ]
    assert len(seen) == 12


def test_a_cursor_serves_nobody_else(cell: Cell, partner: Partners):
    cell.looks("ukba.analyst")
    cell.sees(sighting(), sighting())
    following = partner("UKBA").get("hits/?limit=1").json()["next"].split("/api/v1/")[1]
    answer = partner("PAF").get(following)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


def test_reading_over_the_api_is_recorded_once_a_request_with_its_purpose(cell: Cell, partner: Partners):
    lookout = cell.looks()
    cell.sees(sighting(), sighting())
    ukba = partner("UKBA")
    ukba.get("hits/", **{"X-Purpose": "Contrôle de nuit".encode().decode("latin-1")})
    ukba.get(f"lookouts/{lookout.uid}/")
    partner("PAF").get("hits/")
    (hits,), (lookouts,) = cell.audit("hit.read"), cell.audit("lookout.read")
    assert (len(hits.object_uids), hits.actor, hits.purpose) == (2, "service", "Contrôle de nuit")
    assert lookouts.purpose == "account partner system"
    assert hits.request_id


def test_no_answer_names_an_internal_id(cell: Cell, partner: Partners):
    cell.stops()
    cell.sees(sighting(lane_id=987654, device_id=456789))
    text = "".join(
        partner("UKBA").get(route).content.decode() for route in ("lookouts/", "hits/", "notices/")
    )
    keys = {key for row in json.loads(partner("UKBA").get("hits/").content)["results"] for key in row}
    assert "987654" not in text
    assert "456789" not in text
    assert not {"id", "lane_id", "device_id", "originator", "viewers"} & keys
    assert cell.as_owner(Hit.objects.get).lane_id == 987654
