"""What is refused leaves its record although the request is rolled back; and what cannot be recorded does not happen."""

import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from agencies import refusals
from agencies.models import ServiceToken
from audit.models import AuditEvent
from tests.making import make_alarm, make_passage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_strangers_yet():
    cache.delete("refusals:127.0.0.1")


@pytest.fixture
def refused(owner):
    """The records of refusals, with their detail."""

    def read():
        with owner():
            return list(AuditEvent.objects.filter(action__contains="refuse").order_by("id"))

    return read


def test_a_record_that_is_absent_or_hidden_leaves_who_asked_for_what(sign_in, refused, world):
    asked = uuid.uuid4()
    assert sign_in("paf.officer").get(f"/passages/{asked}/").status_code == 404
    (record,) = refused()
    assert (record.action, record.actor_uid) == ("access.refuse", world.officer("paf.officer").uid)
    assert (record.object_uids, record.agency_group_id) == ([asked], world.group("PAF"))
    assert record.detail == {"status": 404, "method": "GET", "route": "passage-detail"}


def test_a_missing_right_leaves_its_record_although_the_request_is_rolled_back(sign_in, refused):
    assert sign_in("paf.officer").get("/audit/roots/").status_code == 403
    assert [(record.detail["status"], record.detail["route"]) for record in refused()] == [
        (403, "audit-roots")
    ]


def test_a_scope_that_is_missing_leaves_its_record(client, refused, world, owner):
    with owner():
        ServiceToken.objects.filter(account__agency__code="PAF").update(scopes=["scanning:read"])
    token = {"HTTP_AUTHORIZATION": f"Token {world.partner_token('PAF')}"}
    assert client.get("/api/v1/audit/records/", **token).status_code == 403
    (record,) = refused()
    assert (record.actor, record.detail["route"]) == ("service", "api-audit")


def test_a_refused_token_is_recorded_for_the_agency_whose_it_was(client, refused, world, owner):
    with owner():
        token = ServiceToken.objects.filter(account__agency__code="PAF", account__kind="partner").get()
        ServiceToken.objects.filter(pk=token.pk).update(expires_at="2020-01-01T00:00:00Z")
    answer = client.get("/api/v1/passages/", HTTP_AUTHORIZATION=f"Token {world.partner_token('PAF')}")
    assert answer.status_code == 401
    client.get("/api/v1/passages/", HTTP_AUTHORIZATION="Token jocc_pa_nonsense")
    client.get("/api/v1/passages/")  # asks without any token: nothing was refused
    expired, unknown = refused()
    assert (expired.action, expired.object_uids) == ("token.refuse", [token.uid])
    assert expired.agency_group_id == world.group("PAF")
    assert (unknown.object_uids, unknown.agency_group_id) == ([], None)
    assert "nonsense" not in str(unknown.detail)


@pytest.mark.parametrize(("name", "known"), [("paf.officer", True), ("my-password-by-mistake", False)])
def test_a_failed_sign_in_is_recorded_without_what_was_typed(client, owner, world, name, known):
    answer = client.post("/accounts/login/", {"login": name, "password": "wrong-password"})
    assert answer.status_code == 200
    with owner():
        record = AuditEvent.objects.get(action="officer.sign_in_fail")
    assert record.object_uids == ([world.officer(name).uid] if known else [])
    assert record.agency_group_id == (world.group("PAF") if known else None)
    assert name not in f"{record.detail}{record.actor_label}"


def test_a_flood_from_a_stranger_is_recorded_up_to_a_limit(client, refused, monkeypatch):
    monkeypatch.setattr(refusals, "STRANGERS_PER_MINUTE", 3)
    for _ in range(8):
        client.get("/api/v1/passages/", HTTP_AUTHORIZATION="Token jocc_pa_nonsense")
    assert [record.detail.get("more") for record in refused()] == [None, None, None, True]


def test_what_was_asked_for_rightly_is_no_refusal(sign_in, refused):
    assert sign_in("paf.officer").get("/passages/").status_code == 200
    assert sign_in("paf.officer").get("/no/such/address/").status_code == 404
    assert refused() == []


@pytest.mark.parametrize("path", ["/alarms/", "/audit/", "/passages/"])
def test_a_consultation_that_cannot_be_recorded_does_not_happen(sign_in, owner, path):
    with owner(), connection.cursor() as cursor:
        make_alarm("L1-RPM", timezone.now(), passage=make_passage(("L1-RPM", timezone.now())))
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '23514'; END $$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON audit_auditevent FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    answer = sign_in("paf.analyst").get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert "pas pu être écrit" in answer.content.decode()  # in the officer's language


def test_a_consultation_over_the_api_that_cannot_be_recorded_does_not_happen(client, owner, world):
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '23514'; END $$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON audit_auditevent FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    token = {"HTTP_AUTHORIZATION": f"Token {world.partner_token('UKBA')}"}
    answer = Client().get("/api/v1/audit/records/", **token)
    assert (answer.status_code, answer.json()["code"]) == (503, "not_recorded")
    assert answer["Retry-After"]
