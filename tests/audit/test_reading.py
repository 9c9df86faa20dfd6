"""The record is read by those who may, searched, shown with its seal, and taken away; each of these is recorded."""

import json

import pytest
from django.db import transaction

from agencies.acting import acting_as
from agencies.evidence import record_proof
from audit.models import AuditEvent
from audit.rules.ocsf import ocsf_event

pytestmark = pytest.mark.django_db(transaction=True)


def rows_of(answer):
    assert answer.status_code == 200, answer.content[:300]
    return answer.context["page"].rows


def recorded(log, action):
    with log.owner():
        return list(AuditEvent.objects.filter(action=action).order_by("id"))


def test_an_auditor_reads_the_agency_and_an_officer_the_own_acts(log, sign_in):
    log.record("paf.officer", 2)
    log.record("paf.analyst", 1)
    log.record("ukba.officer", 5)
    assert [row.code for row in rows_of(sign_in("paf.auditor").get("/audit/"))] == ["lookout.read"] * 3
    assert len(rows_of(sign_in("paf.officer").get("/audit/"))) == 2
    assert len(rows_of(sign_in("paf.analyst").get("/audit/"))) == 1
    assert rows_of(sign_in("ccic.auditor").get("/audit/")) == ()


def test_reading_is_recorded_once_with_what_was_shown_and_why(log, sign_in):
    log.record("paf.officer", 3)
    sign_in("paf.auditor").get("/audit/?action=lookout.read")
    (reading,) = recorded(log, "audit.read")
    assert (len(reading.object_uids), reading.object_type) == (3, "audit")
    assert reading.detail == {"shown": 3, "filters": {"action": "lookout.read"}}
    assert reading.purpose


def test_the_record_is_searched_by_actor_act_object_time_and_request(log, sign_in):
    log.record("paf.officer", 1, purpose="one")
    log.record("paf.analyst", 1, purpose="two")
    with log.owner():
        one, two = AuditEvent.objects.order_by("id")
    auditor = sign_in("paf.auditor")
    for query in (f"actor={one.actor_uid}", f"object={one.object_uids[0]}"):
        assert [row.purpose for row in rows_of(auditor.get(f"/audit/?{query}"))] == ["one"], query
    assert rows_of(auditor.get("/audit/?action=hit.read")) == ()
    assert rows_of(auditor.get("/audit/?since=2000-01-01T00:00&until=2001-01-01T00:00")) == ()
    requests = {row.request_id for row in recorded(log, "audit.read")}
    assert len(requests) == 4
    found = rows_of(auditor.get(f"/audit/?request={min(requests)}"))
    assert [row.code for row in found] == ["audit.read"]
    unknown = auditor.get("/audit/?object=nonsense")
    assert unknown.status_code == 400
    assert "Aucune fiche que vous connaissiez" in unknown.content.decode()
    assert auditor.get(f"/audit/?actor={log.world.officer('ukba.officer').uid}").status_code == 400
    assert two.pk


def test_pages_are_turned_without_telling_how_many_there_are(log, sign_in):
    log.record("paf.officer", 60)
    auditor = sign_in("paf.auditor")
    first = auditor.get("/audit/?action=lookout.read").context["page"]
    second = auditor.get(f"/audit/{first.older}").context["page"]
    assert [len(first.rows), len(second.rows)] == [50, 10]
    assert not {row.id for row in first.rows} & {row.id for row in second.rows}


def test_a_record_shows_its_seal_and_its_proof_convinces_the_stand_alone_verifier(sealed, sign_in, tmp_path):
    event = sealed.row_of_block(2)
    reader = {sealed.world.group("PAF"): "PAF", sealed.world.group("UKBA"): "UKBA"}[event.agency_group_id]
    auditor = sign_in(f"{reader.lower()}.auditor")
    page = auditor.get(f"/audit/{event.uid}/").context["page"]
    assert page.seal[0].value == "2"
    answer = auditor.get(f"/audit/{event.uid}/proof/")
    proof = tmp_path / "proof.json"
    proof.write_bytes(answer.content)
    code, said = sealed.stand_alone("--proof", proof, code=reader)
    assert code == 0, said
    told = json.loads(answer.content)
    told["record"]["purpose"] = "holiday"
    proof.write_text(json.dumps(told))
    code, said = sealed.stand_alone("--proof", proof, code=reader)
    assert (code, "FIRST BAD BLOCK: 2" in said) == (1, True), said
    assert [row.detail["proof"] for row in recorded(sealed, "audit.read") if "proof" in row.detail] == [True]


def test_a_record_that_waits_for_its_block_says_so(log, sign_in):
    log.record("paf.officer")
    with log.owner():
        event = AuditEvent.objects.get()
    auditor = sign_in("paf.auditor")
    assert auditor.get(f"/audit/{event.uid}/").context["page"].seal == ()
    assert auditor.get(f"/audit/{event.uid}/proof/").status_code == 302


@pytest.mark.parametrize("path", ["", "proof/"])
def test_anothers_record_is_absent(sealed, sign_in, path):
    with sealed.owner():
        event = AuditEvent.objects.filter(agency_group_id=sealed.world.group("UKBA")).first()
    assert sign_in("paf.auditor").get(f"/audit/{event.uid}/{path}").status_code == 404


def test_evidence_convinces_and_a_record_that_is_withheld_or_changed_does_not(sealed, sign_in, tmp_path):
    sealed.block(ukba=2)
    auditor = sign_in("paf.auditor")
    answer = auditor.post("/audit/export/", {"format": "evidence", "purpose": "yearly review"})
    assert answer.status_code == 200, answer.content
    lines = [json.loads(line) for line in answer.content.splitlines()]
    assert lines[0] == {"from_block": 1, "to_block": 4}
    assert [line["block"] for line in lines[1:]] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    file = tmp_path / "evidence.ndjson"

    def verified(told):
        file.write_text("".join(json.dumps(line) + "\n" for line in told))
        return sealed.stand_alone("--records", file)

    code, said = verified(lines)
    assert (code, "9 records of yours" in said) == (0, True), said
    code, said = verified(lines[:5] + lines[6:])
    assert (code, "FIRST BAD BLOCK: 2" in said) == (1, True), said
    lines[8]["detail"] = "{}"
    code, said = verified(lines)
    assert (code, "FIRST BAD BLOCK: 3" in said) == (1, True), said


@pytest.mark.parametrize("form", ["csv", "ndjson", "ocsf"])
def test_an_export_holds_what_the_filters_choose_and_is_recorded(log, sign_in, form):
    log.record("paf.officer", 2)
    log.record("ukba.officer", 2)
    auditor = sign_in("paf.auditor")
    assert auditor.get("/audit/export/").status_code == 200
    assert auditor.post("/audit/export/", {"format": form, "purpose": ""}).status_code == 422
    answer = auditor.post("/audit/export/?action=lookout.read", {"format": form, "purpose": "review"})
    assert answer.content.decode().count("patrol") == 2
    (export,) = recorded(log, "export.make")
    assert export.purpose == "review"
    assert export.detail["rows"] == 2
    assert (export.detail["format"], export.detail["filters"]) == (form, {"action": "lookout.read"})


@pytest.mark.parametrize("path", ["export/", "roots/", "roots/file/", "verifier/"])
@pytest.mark.parametrize("username", ["paf.officer", "paf.analyst", "paf.administrator"])
def test_only_who_holds_the_right_takes_anything_away(log, sign_in, path, username):
    assert sign_in(username).get(f"/audit/{path}").status_code == 403


def test_the_files_that_are_offered_are_those_that_were_published(sealed, sign_in, tmp_path):
    auditor = sign_in("paf.auditor")
    assert auditor.get("/audit/roots/").context["page"].sealed
    assert auditor.get("/audit/roots/file/").content == sealed.roots().read_bytes()
    program = auditor.get("/audit/verifier/").content
    assert program.startswith(b"#!/usr/bin/env python3\n")


def test_a_partner_system_reads_record_proof_and_roots_over_the_api(sealed, client):
    token = {"HTTP_AUTHORIZATION": f"Token {sealed.world.partner_token('PAF')}"}
    listed = client.get("/api/v1/audit/records/?action=lookout.read&limit=4", **token).json()
    assert len(listed["results"]) == 4
    uid = listed["results"][0]["uid"]
    one = client.get(f"/api/v1/audit/records/{uid}/", **token).json()
    assert one["seal"]["block"] == 3
    proof = client.get(f"/api/v1/audit/records/{uid}/proof/", **token).json()
    assert proof["block"] == 3
    roots = client.get("/api/v1/audit/roots/?after=1", **token).json()
    assert [line.get("block") for line in roots["lines"]] == [None, 2, 3]
    assert roots["last"] == 3
    events = client.get("/api/v1/audit/records/?shape=ocsf&action=lookout.read", **token).json()["results"]
    assert {event["class_uid"] for event in events} == {6003}
    assert client.get("/api/v1/audit/records/?nonsense=1", **token).status_code == 400
    purposes = {row.purpose for row in recorded(sealed, "audit.read")}
    assert len(purposes) == 1
    assert "account" in purposes.pop()


def test_internal_numbers_leave_the_centre_nowhere(sealed, client, sign_in):
    token = {"HTTP_AUTHORIZATION": f"Token {sealed.world.partner_token('PAF')}"}
    event = client.get("/api/v1/audit/records/", **token).json()["results"][0]
    assert not {"id", "tx", "pk"} & set(event)
    lines = client.get("/api/v1/audit/roots/", **token).json()["lines"]
    assert not {"from_tx", "before_tx", "last_id", "seed"} & {name for line in lines for name in line}


@pytest.mark.parametrize(
    ("action", "kind", "activity"),
    [
        ("officer.sign_in", 3002, 1), ("officer.sign_out", 3002, 2), ("officer.create", 3004, 1),
        ("token.revoke", 3004, 4), ("lookout.read", 6003, 2), ("hit.decide", 6003, 99), ("export.make", 6003, 1),
    ],
)  # fmt: skip
def test_every_act_has_its_class_in_ocsf(action, kind, activity):
    record = {
        "uid": "u", "at": "2026-05-04T03:12:00+00:00", "actor": "officer", "actor_uid": "a", "actor_label": "x",
        "action": action, "object_type": "lookout", "object_uids": ["o"], "purpose": "p", "request_id": "r",
        "detail": {},
    }  # fmt: skip
    event = ocsf_event(record)
    assert (event["class_uid"], event["activity_id"]) == (kind, activity)
    assert event["type_uid"] == kind * 100 + activity
    assert event["time"] == 1777864320000


def test_a_proof_belongs_to_the_ledger_of_the_record_alone(sealed):
    event = sealed.row_of_block(1)
    group = event.agency_group_id
    code = next(code for code in ("PAF", "UKBA") if sealed.world.group(code) == group)
    with acting_as(sealed.world.principal(f"{code.lower()}.auditor")) as principal, transaction.atomic():
        proof = record_proof(principal, event)
    assert proof["head"]["own"][0]["ledger"] == group
