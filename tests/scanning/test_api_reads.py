"""Reading scanning over REST: what the schema promises, and a clear no for everything else."""

import uuid

import jsonschema
import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from agencies.models import ServiceToken
from scanning.models import Alarm
from tests.making import NOON, at, make_alarm, make_delivery, make_part, make_passage

pytestmark = pytest.mark.django_db
ABSENT = "00000000-0000-4000-8000-000000000000"
LISTS = ("passages", "alarms", "devices", "lanes")


@pytest.fixture
def partner(world):
    """`partner("UKBA", "passages/?limit=1")` asks as the agency's partner system."""

    def ask(agency: str, path: str, method: str = "get", body: object = None, **headers: str):
        client = Client(headers={"Authorization": f"Token {world.partner_token(agency)}", **headers})
        more = {"data": body, "content_type": "application/json"} if body is not None else {}
        return getattr(client, method)(f"/api/v1/{path}", **more)

    return ask


@pytest.fixture
def traffic(world, owner):
    """One passage that three devices saw, with an alarm of each of two; another one; a delivery."""
    with owner():
        passage = make_passage(
            ("L1-ANPR-F", at(0)),
            ("L1-RPM", at(1), "suspect"),
            ("L1-HB", at(2), "suspect"),
            marks=["AB-123-CD"],
        )
        make_passage(("L1-ANPR-R", at(-5)), marks=["EF-456-GH"])
        alarm = make_alarm("L1-RPM", at(1), passage=passage)
        make_alarm("L1-HB", at(2), rule="heartbeat_suspect", passage=passage)
        delivery = make_delivery("L1-RPM", at(1))
    return passage, alarm, delivery


def test_what_comes_out_is_what_the_schema_promises(world, traffic, partner):
    schema = SchemaGenerator().get_schema(request=None, public=True)
    passage, alarm, delivery = traffic
    paths = {
        "passages/": "/passages/", f"passages/{passage.uid}/": "/passages/{uid}/", "alarms/": "/alarms/",
        f"alarms/{alarm.uid}/": "/alarms/{uid}/", "devices/": "/devices/", "lanes/": "/lanes/",
        f"deliveries/{delivery.receipt}/": "/deliveries/{receipt}/",
    }  # fmt: skip
    for path, route in paths.items():
        answer = partner("UKBA", path)
        assert answer.status_code == 200, path
        operation = schema["paths"][f"/api/v1{route}"]["get"]
        promised = operation["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), promised | {"components": schema["components"]})
        _nothing_unpromised(answer.json(), promised, schema["components"]["schemas"])


def _nothing_unpromised(value, promised, shapes):
    while "$ref" in promised:
        promised = shapes[promised["$ref"].rpartition("/")[2]]
    if "oneOf" in promised or "allOf" in promised:
        first = next(iter(promised.get("oneOf") or promised["allOf"]))
        return _nothing_unpromised(value, first, shapes) if value is not None else None
    if isinstance(value, list):
        for one in value:
            _nothing_unpromised(one, promised["items"], shapes)
    elif isinstance(value, dict) and "properties" in promised:
        assert set(value) == set(promised["properties"]) == set(promised["required"])
        for name, one in value.items():
            _nothing_unpromised(one, promised["properties"][name], shapes)
    return None


def test_a_passage_shows_each_agency_what_its_devices_saw(traffic, partner):
    for agency, devices, last in (
        ("UKBA", ["L1-ANPR-F", "L1-RPM", "L1-HB"], "2026-11-22T12:02:00Z"),
        ("PAF", ["L1-ANPR-F", "L1-RPM"], "2026-11-22T12:01:00Z"),
        ("CCIC", ["L1-ANPR-F"], "2026-11-22T12:00:00Z"),
    ):
        story = partner(agency, f"passages/{traffic[0].uid}/").json()
        assert [part["device"] for part in story["results"]] == devices
        assert [event["device"] for event in story["events"]] == devices
        assert story["last_seen_at"] == last
    assert {alarm["device"] for alarm in partner("UKBA", "alarms/").json()["results"]} == {"L1-RPM", "L1-HB"}
    assert {alarm["device"] for alarm in partner("PAF", "alarms/").json()["results"]} == {"L1-RPM"}
    assert partner("CCIC", "alarms/").json()["results"] == []


def test_a_lane_shows_its_lorry_while_it_is_there(world, owner, partner, monkeypatch):
    monkeypatch.setattr("scanning.selectors.devices.timezone.now", lambda: at(2))
    with owner():
        passage = make_passage(("L1-ANPR-F", at(0)), marks=["AB-123-CD"])
    by_code = {lane["code"]: lane for lane in partner("UKBA", "lanes/").json()["results"]}
    assert by_code["L1"]["vehicle"]["uid"] == str(passage.uid)
    assert by_code["L2"]["vehicle"] is None
    assert [device["code"] for device in by_code["L1"]["devices"]] == [
        "L1-ANPR-F", "L1-ANPR-R", "L1-RPM", "L1-HB", "L1-CO2"
    ]  # fmt: skip
    monkeypatch.setattr("scanning.selectors.devices.timezone.now", lambda: at(10))
    uid = by_code["L1"]["uid"]
    assert partner("UKBA", f"lanes/{uid}/").json()["vehicle"] is None


def test_lists_are_turned_by_their_own_links_to_the_end_and_back(world, owner, partner):
    with owner():
        for minute in range(7):
            passage = make_passage(("L1-ANPR-F", at(minute)))
            make_alarm("L1-ANPR-F", at(minute), passage=passage)
    for name in LISTS:
        whole = partner("UKBA", f"{name}/").json()["results"]
        assert len(whole) >= 2
        found, url, pages = [], f"{name}/?limit=3", []
        while url:
            page = partner("UKBA", url.partition("/api/v1/")[2] or url).json()
            pages.append(page)
            found += page["results"]
            url = page["next"]
        assert found == whole
        if len(pages) > 1:
            back = partner("UKBA", pages[1]["previous"].partition("/api/v1/")[2]).json()
            assert back["results"] == pages[0]["results"]
            assert back["previous"] is None


BAD = {
    "limit=0": "bad_parameter",
    "limit=201": "bad_parameter",
    "limit=999999999999999999999": "bad_parameter",
    "limit=-1": "bad_parameter",
    "limit=٣": "bad_parameter",
    "limit=": "bad_parameter",
    "limit=5&limit=6": "bad_parameter",
    "cursor=": "bad_cursor",
    "cursor=AAAA": "bad_cursor",
    "cursor=%00": "bad_parameter",
    "cursor=" + "A" * 500: "bad_parameter",
    "page=2": "unknown_parameter",
    "device__code__startswith=L": "unknown_parameter",
    "ordering=device__originator": "unknown_parameter",
    "viewers=1": "unknown_parameter",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_refuses_what_it_does_not_know(world, partner, name):
    for query, code in BAD.items():
        answer = partner("UKBA", f"{name}/?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, code), query
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        "passages/?since=yesterday", "passages/?since=2026-11-22T04:10:00", "passages/?until=0001-01-01T00:00:00Z",
        "passages/?result=nice", "passages/?kind=ANPR", "passages/?mark=A-", "passages/?mark=%F0%9F%9A%9B",
        "passages/?mark=ABC&whole_mark=yes", "passages/?site=", "passages/?lane=%0a", "alarms/?active=1",
        "alarms/?severity=urgent", "alarms/?passage=7", "devices/?state=broken", "alarms/?rule=",
    ],
)  # fmt: skip
def test_a_filter_refuses_values_that_it_cannot_read(world, partner, query):
    answer = partner("UKBA", query)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_parameter")


@pytest.mark.parametrize("name", [*LISTS, "deliveries"])
@pytest.mark.parametrize("uid", [ABSENT, "7", "nonsense", "%00", "0" * 500, "٣", "'; DROP TABLE", "null"])
def test_one_that_does_not_exist_is_simply_not_there(world, partner, name, uid):
    answer = partner("UKBA", f"{name}/{uid}/")
    assert answer.status_code == 404
    assert answer.json() == {
        "type": "about:blank", "title": "There is nothing here for this token.", "status": 404, "code": "not_found",
    }  # fmt: skip


def test_a_cursor_of_one_list_or_account_is_a_bad_one_elsewhere(world, owner, partner):
    with owner():
        for minute in range(3):
            make_passage(("L1-ANPR-F", at(minute)))
            make_alarm("L1-ANPR-F", at(minute), rule="device_fault", severity="low") if minute == 0 else None
    url = partner("UKBA", "passages/?limit=1").json()["next"]
    query = url.partition("?")[2]
    assert partner("UKBA", f"passages/?{query}").status_code == 200
    for agency, name in (("PAF", "passages"), ("UKBA", "alarms"), ("UKBA", "devices")):
        answer = partner(agency, f"{name}/?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


def test_a_method_that_is_not_offered_is_a_problem_of_its_own(world, partner):
    for method in ("post", "put", "patch", "delete", "options"):
        answer = partner("UKBA", "passages/", method)
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert answer["Content-Type"] == "application/problem+json"
    assert partner("UKBA", "passages/", "head").status_code == 200


def test_only_json_is_offered_and_taken(world, owner, partner):
    with owner():
        alarm = make_alarm("L1-RPM", NOON)
    answer = partner("UKBA", "passages/", Accept="text/html")
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")
    client = Client(headers={"Authorization": f"Token {world.partner_token('UKBA')}"})
    answer = client.post(f"/api/v1/alarms/{alarm.uid}/acknowledge/", "<a/>", content_type="text/xml")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_path_that_nobody_knows_is_a_problem_too(world, partner, client):
    for path in ("nothing/", "passages", "passages/a/b/c/", "%00/", "../admin/"):
        for method in ("get", "post", "delete"):
            answer = partner("UKBA", path, method)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    answer = client.get("/api/v1/nothing/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_a_token_without_the_scope_reads_nothing(world, partner):
    ServiceToken.objects.filter(account__agency__code="UKBA", account__kind="partner").update(
        scopes=["lookouts:read"]
    )
    for name in LISTS:
        assert partner("UKBA", f"{name}/").status_code == 403


def test_a_device_reads_its_own_receipts_and_no_others(world, owner):
    with owner():
        own, other = make_delivery("L1-RPM", NOON), make_delivery("L1-HB", NOON)
    client = Client(headers={"Authorization": f"Token {world.tokens['L1-RPM']}"})
    answer = client.get(f"/api/v1/deliveries/{own.receipt}/")
    assert (answer.status_code, answer.json()["state"], answer.json()["device"]) == (200, "done", "L1-RPM")
    assert client.get(f"/api/v1/deliveries/{other.receipt}/").status_code == 404
    partner = Client(headers={"Authorization": f"Token {world.partner_token('UKBA')}"})
    assert partner.get(f"/api/v1/deliveries/{other.receipt}/").status_code == 200
    stranger = Client(headers={"Authorization": f"Token {world.partner_token('PAF')}"})
    assert stranger.get(f"/api/v1/deliveries/{own.receipt}/").status_code == 404


def test_a_receipt_names_each_event_that_was_not_taken(world, owner, partner):
    item = {"index": 1, "code": "missing_field", "detail": "at", "event_key": "b"}
    result = {"events": 2, "repeated": 0, "conflicts": 0, "problems": 1, "items": [item]}
    with owner():
        delivery = make_delivery("L1-RPM", NOON, result=result)
    shown = partner("UKBA", f"deliveries/{delivery.receipt}/").json()
    assert (shown["events"], shown["problems"], shown["items"]) == (2, 1, [item])


def test_the_systems_alarm_is_acknowledged_by_a_named_officer_once(world, owner, partner):
    with owner():
        alarm = make_alarm("L1-RPM", NOON)
    path = f"alarms/{alarm.uid}/acknowledge/"
    nobody = partner("UKBA", path, "post", {})
    assert (nobody.status_code, "officer" in nobody.json()["errors"]) == (422, True)
    stranger = partner("UKBA", path, "post", {"officer": "P-officer"})
    assert stranger.status_code == 422
    done = partner("UKBA", path, "post", {"officer": "U-officer", "comment": "team sent"})
    assert (done.status_code, done.json()["acknowledged"], done.json()["comment"]) == (200, True, "team sent")
    assert done.json()["acknowledged_by"] == "Officer Ukba"
    late = partner("PAF", path, "post", {"officer": "P-officer"})
    assert (late.status_code, late.json()["code"]) == (409, "already_acknowledged")
    seen_by_paf = partner("PAF", f"alarms/{alarm.uid}/").json()
    assert (seen_by_paf["acknowledged_by"], seen_by_paf["acknowledged_by_agency"]) == ("", "UKBA")
    path = f"alarms/{alarm.uid}/clear/"
    wordless = partner("PAF", path, "post", {"officer": "P-officer"})
    assert (wordless.status_code, "comment" in wordless.json()["errors"]) == (422, True)
    cleared = partner("PAF", path, "post", {"officer": "P-officer", "comment": "searched"})
    assert (cleared.status_code, cleared.json()["active"], cleared.json()["comment"]) == (
        200,
        False,
        "searched",
    )
    said = partner("PAF", f"alarms/{alarm.uid}/comment/", "post", {"officer": "P-officer", "comment": "K-40"})
    assert (said.status_code, said.json()["comment"]) == (200, "K-40")
    history = partner("UKBA", f"alarms/{alarm.uid}/history/").json()["results"]
    assert [(each["act"], each["officer"], each["agency"], each["text"]) for each in history] == [
        ("acknowledge", "Officer Ukba", "UKBA", "team sent"),
        ("clear", "", "PAF", "searched"),
        ("comment", "", "PAF", "K-40"),
    ]
    again = partner("UKBA", path, "post", {"officer": "U-officer", "comment": "searched"})
    assert (again.status_code, again.json()["code"]) == (409, "already_cleared")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422), (b"{", 400), (b"[]", 422), (b"null", 422), (b'{"officer": "U-officer", "officer": "x"}', 400),
        (b'{"officer": 7}', 422), (b'{"officer": "U-officer", "comment": "a\\u0000b"}', 422),
        (b'{"officer": "U-officer", "comment": "\\ud800"}', 422), (b'{"officer": "U-officer", "cleared_at": null}', 422),
        (b'{"officer": "' + b"x" * 70_000 + b'"}', 413), (b"[" * 50_000, 400), (b"\xff\xfe", 400),
        (b'{"officer": "U-officer", "comment": "' + b"x" * 501 + b'"}', 422),
    ],
)  # fmt: skip
def test_an_act_that_cannot_be_read_changes_nothing(world, owner, body, status):
    with owner():
        alarm = make_alarm("L1-RPM", NOON)
    client = Client(headers={"Authorization": f"Token {world.partner_token('UKBA')}"})
    answer = client.post(f"/api/v1/alarms/{alarm.uid}/acknowledge/", body, content_type="application/json")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    with owner():
        assert Alarm.objects.get(pk=alarm.pk).acknowledged_at is None


def test_each_token_has_a_rate_of_its_own(world, partner, monkeypatch):
    monkeypatch.setattr("agencies.api.throttles.TokenRateThrottle.rate", "2/min", raising=False)
    monkeypatch.setattr("agencies.api.throttles.TokenRateThrottle.cache", LocMemCache("rates", {}))
    answers = [partner("DOUANES", "lanes/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0
    assert answers[2].json()["code"] == "too_many_requests"
    assert partner("CCIC", "lanes/").status_code == 200


def test_a_page_of_passages_costs_the_same_number_of_questions_however_long_it_is(
    world, owner, partner, django_assert_max_num_queries
):
    with owner():
        for minute in range(30):
            passage = make_passage(("L1-ANPR-F", at(minute)), marks=["AB-123-CD"])
            make_part(passage, "L1-RPM", at(minute + 1), result="suspect")
    with django_assert_max_num_queries(16, connection=connection):
        assert len(partner("UKBA", "passages/?limit=30").json()["results"]) == 30


def test_uids_in_the_answers_are_random_ones(traffic, partner):
    rows = partner("UKBA", "passages/").json()["results"] + partner("UKBA", "alarms/").json()["results"]
    assert {uuid.UUID(row["uid"]).version for row in rows} == {4}
