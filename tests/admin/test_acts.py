"""What supervisors do on the admin site: through services, with what is typed never lost and secrets shown once."""

import csv
import io
import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.acting import acting_as
from agencies.models import Compartment, Desk, Officer, ServiceAccount, ServiceToken, Shift
from agencies.services.tokens import token_find
from audit.models import AuditEvent
from intelligence.models import Lookout
from scanning.models import Delivery, Device
from tests.admin.conftest import delivery_of

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def recorded(owner, *actions):
    with owner():
        return list(AuditEvent.objects.filter(action__in=actions).order_by("id"))


OFFICER = {
    "name": "marsh", "first_name": "Ann", "last_name": "Marsh", "badge_number": "N-1", "role": "officer",
    "clearance": "0", "language": "fr", "zone": "Europe/London",
}  # fmt: skip


def test_an_officer_is_appointed_and_signs_in_with_the_password_that_is_shown_once(sign_in, owner):
    ukba = sign_in("ukba.supervisor")
    answer = ukba.post(url("agencies_officer_add"), OFFICER)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    password = answer.context["secret"]
    assert password in answer.content.decode()
    officer = Officer.objects.get(username="ukba.marsh")
    assert (officer.language, officer.zone, officer.role) == ("fr", "Europe/London", "officer")
    assert Client().login(username="ukba.marsh", password=password)
    page = ukba.get(url("agencies_officer_change", officer.uid)).content.decode()
    assert password not in page
    assert len(recorded(owner, "officer.create")) == 1


@pytest.mark.parametrize("beyond", [{"role": "administrator"}, {"role": "auditor"}, {"clearance": "20"}])
def test_a_role_or_clearance_beyond_ones_reach_is_not_among_the_choices_even_when_forged(sign_in, beyond):
    ukba = sign_in("ukba.supervisor")
    answer = ukba.post(url("agencies_officer_add"), OFFICER | beyond)
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not Officer.objects.filter(username="ukba.marsh").exists()


def test_what_the_service_refuses_is_said_at_the_form_and_nothing_typed_is_lost(sign_in, owner):
    ukba = sign_in("ukba.supervisor")
    answer = ukba.post(url("agencies_officer_add"), OFFICER | {"name": "officer", "last_name": "Typed"})
    page = answer.content.decode()
    assert "This account name is taken in your agency." in page
    assert 'value="Typed"' in page
    assert not recorded(owner, "officer.create")


def test_an_officer_is_changed_suspended_and_restored(sign_in, world, owner):
    ukba, officer = sign_in("ukba.supervisor"), world.officer("ukba.officer")
    changed = OFFICER | {"clearance": "10"}
    assert ukba.post(url("agencies_officer_change", officer.uid), changed).status_code == 302
    officer.refresh_from_db()
    assert (officer.last_name, officer.username) == ("Marsh", "ukba.officer")
    theirs = sign_in("ukba.officer")
    ukba.post(url("agencies_officer_act", officer.uid, "suspend"))
    assert theirs.get("/admin/").status_code == 302  # a stranger now
    ukba.post(url("agencies_officer_act", officer.uid, "restore"))
    assert theirs.get("/admin/").status_code == 403  # an officer of the lane again
    assert [r.action for r in recorded(owner, "officer.change", "officer.suspend", "officer.restore")] == [
        "officer.change",
        "officer.suspend",
        "officer.restore",
    ]


def test_ones_own_account_and_those_above_are_shown_without_a_form(sign_in, world):
    ukba = sign_in("ukba.supervisor")
    for username in ("ukba.supervisor", "ukba.administrator", "ukba.auditor"):
        uid = world.officer(username).uid
        page = ukba.get(url("agencies_officer_change", uid))
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        assert ukba.post(url("agencies_officer_change", uid), OFFICER).status_code == 403
        for act in ("suspend", "password"):
            assert ukba.post(url("agencies_officer_act", uid, act)).status_code == 403
    assert world.officer("ukba.administrator").is_active


def test_an_auditor_looks_and_does_nothing(sign_in, world):
    auditor = sign_in("ukba.auditor")
    uid = world.officer("ukba.officer").uid
    assert auditor.get(url("agencies_officer_change", uid)).status_code == 200
    assert auditor.get(url("agencies_officer_add")).status_code == 403
    assert auditor.post(url("agencies_officer_change", uid), OFFICER).status_code == 403
    assert auditor.post(url("agencies_officer_act", uid, "suspend")).status_code == 403
    tokens = {"action": "revoke_chosen", "index": "0", "_selected_action": [ServiceToken.objects.first().uid]}
    auditor.post(url("agencies_servicetoken_changelist"), tokens)
    assert not ServiceToken.objects.filter(revoked_at__isnull=False).exists()


def test_a_new_password_is_shown_once_and_ends_the_officers_sessions(sign_in, world):
    ukba, theirs = sign_in("ukba.supervisor"), sign_in("ukba.auditor")
    with_officer = sign_in("ukba.officer")
    assert theirs.get("/admin/").status_code == 200
    answer = ukba.post(url("agencies_officer_act", world.officer("ukba.officer").uid, "password"))
    assert Client().login(username="ukba.officer", password=answer.context["secret"])
    assert with_officer.get("/admin/").status_code == 302


def test_a_password_for_an_officer_of_a_hidden_compartment_is_refused(sign_in, world):
    administrator = sign_in("ukba.administrator")
    answer = administrator.post(url("agencies_officer_act", world.officer("ukba.analyst").uid, "password"))
    assert answer.status_code == 403
    assert world.officer("ukba.analyst").check_password(world.password)


def test_a_member_names_officers_in_the_compartment(sign_in, world, owner):
    circle = Compartment.objects.get()
    with owner():
        world.officer("ukba.supervisor").groups.add(circle.group)
    ukba = sign_in("ukba.supervisor")
    page = ukba.get(url("agencies_compartment_change", circle.uid)).content.decode()
    assert "paf" not in page.lower()
    members = [world.officer(f"ukba.{role}").uid for role in ("supervisor", "officer")]
    assert ukba.post(url("agencies_compartment_change", circle.uid), {"members": members}).status_code == 302
    named = set(Officer.objects.filter(groups=circle.group_id).values_list("username", flat=True))
    assert named == {"ukba.supervisor", "ukba.officer"}
    answer = ukba.post(url("agencies_compartment_change", circle.uid), {"members": members[1:]})
    assert "cannot dismiss yourself" in answer.content.decode()


def test_desks_and_shifts_are_entered(sign_in, world):
    ukba = sign_in("ukba.supervisor")
    desk = {"code": "UKBA-NIGHT", "name_en": "Night", "name_fr": "Nuit", "phone": ""}
    assert ukba.post(url("agencies_desk_add"), desk).status_code == 302
    stored = Desk.objects.get(code="UKBA-NIGHT")
    shift = {
        "desk": stored.uid, "lead": world.officer("ukba.supervisor").uid, "officers": [world.officer("ukba.officer").uid],
        "starts_at": "2026-11-22T07:00", "ends_at": "2026-11-22T19:00", "purpose": "Freight searches",
    }  # fmt: skip
    assert ukba.post(url("agencies_shift_add"), shift).status_code == 302
    entered = Shift.objects.get(desk=stored)
    assert (
        timezone.localtime(entered.starts_at, timezone.get_fixed_timezone(60)).hour == 7
    )  # Calais in winter
    answer = ukba.post(url("agencies_shift_add"), shift | {"ends_at": "2026-11-22T06:00"})
    assert "ends after it starts" in answer.content.decode()


ACCOUNT = {
    "name": "New portal",
    "kind": "device",
    "scopes": ["deliveries:write"],
    "clearance": "0",
    "is_active": "on",
}


def test_an_account_is_entered_and_its_token_is_shown_once(sign_in, owner):
    ukba = sign_in("ukba.supervisor")
    answer = ukba.post(
        url("agencies_serviceaccount_add"), ACCOUNT | {"allowed_addresses": "10.0.0.0/8\n192.0.2.7"}
    )
    assert answer.status_code == 302
    account = ServiceAccount.objects.get(name="New portal")
    assert account.allowed_addresses == ["10.0.0.0/8", "192.0.2.7/32"]
    until = (timezone.localdate() + timezone.timedelta(days=10)).isoformat()
    issue = url("agencies_serviceaccount_act", account.uid, "issue")
    answer = ukba.post(issue, {"scopes": ["deliveries:write"], "expires_on": until})
    secret = answer.context["secret"]
    assert token_find(secret, address="192.0.2.7").account == account
    assert token_find(secret, address="192.0.2.8") is None
    token = ServiceToken.objects.get(account=account)
    assert token.created_by.username == "ukba.supervisor"
    for page in (url("agencies_servicetoken_changelist"), url("agencies_servicetoken_change", token.uid)):
        assert secret not in ukba.get(page).content.decode()
    ukba.post(url("agencies_servicetoken_act", token.uid, "revoke"))
    assert token_find(secret, address="192.0.2.7") is None
    assert [r.action for r in recorded(owner, "token.issue", "token.revoke")] == [
        "token.issue",
        "token.revoke",
    ]


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_a_token_lives_one_day_at_least_and_a_year_at_most(sign_in, world, days):
    account = ServiceAccount.objects.get(name="L1-RPM")
    until = (timezone.localdate() + timezone.timedelta(days=days)).isoformat()
    issue = url("agencies_serviceaccount_act", account.uid, "issue")
    answer = sign_in("ukba.supervisor").post(issue, {"scopes": ["deliveries:write"], "expires_on": until})
    assert answer.context["form"].errors.get("expires_on")
    assert account.tokens.count() == 1


def test_an_administrator_is_not_offered_scopes_that_read_lookouts(sign_in, world):
    partner = ServiceAccount.objects.get(agency=world.agency("UKBA"), kind="partner")
    issue = url("agencies_serviceaccount_act", partner.uid, "issue")
    administrator = sign_in("ukba.administrator")
    assert "lookouts:read" not in administrator.get(issue).content.decode()
    assert "lookouts:read" in sign_in("ukba.supervisor").get(issue).content.decode()
    until = (timezone.localdate() + timezone.timedelta(days=10)).isoformat()
    answer = administrator.post(issue, {"scopes": ["lookouts:read"], "expires_on": until})
    assert answer.context["form"].errors
    assert partner.tokens.count() == 1


def test_a_device_is_shared_and_taken_back(sign_in, world, owner):
    with owner():
        device = Device.objects.get(code="L1-HB")
    ukba, audience = sign_in("ukba.supervisor"), url("scanning_device_act", device.uid, "audience")
    paf = world.principal("paf.officer")

    def paf_sees():
        with acting_as(paf):
            return Device.objects.visible_to(paf).filter(code="L1-HB").exists()

    ukba.post(audience, {"agencies": ["PAF"]})
    assert paf_sees()
    page = ukba.get(url("scanning_device_changelist")).content.decode()
    assert re.search(r"L1-HB</a>.*?PAF</td>", page, re.DOTALL)
    ukba.post(audience, {})
    assert not paf_sees()
    assert [r.action for r in recorded(owner, "device.share", "device.recall")] == [
        "device.share",
        "device.recall",
    ]


def test_quarantine_stands_first_and_what_lies_in_it_cannot_act_on_the_screen(sign_in, world, owner):
    with owner():
        evil = delivery_of(world, "UKBA", "L1-RPM", body="<script>alert(1)</script>\x00\u202e".encode())
        done = delivery_of(world, "UKBA", "L1-RPM", body=b"{}", state="done")
        empty, gone = delivery_of(world, "UKBA", body=b""), delivery_of(world, "UKBA", body=b"x")
        Delivery.objects.filter(pk=gone.pk).update(body=None)
    ukba = sign_in("ukba.supervisor")
    page = ukba.get(url("scanning_delivery_changelist")).content.decode()
    assert str(evil.receipt) in page
    assert str(done.receipt) not in page
    assert (
        str(done.receipt) in ukba.get(url("scanning_delivery_changelist"), {"state": "all"}).content.decode()
    )
    page = ukba.get(url("scanning_delivery_change", evil.receipt)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\x00\\u202e" in page
    assert "<script>alert" not in page
    assert "00000000  3c 73 63" in page
    assert "The body was empty." in ukba.get(url("scanning_delivery_change", empty.receipt)).content.decode()
    assert (
        "The bytes have expired" in ukba.get(url("scanning_delivery_change", gone.receipt)).content.decode()
    )
    looked = recorded(owner, "delivery.read")
    assert [r.object_uids for r in looked] == [[evil.receipt], [empty.receipt], [gone.receipt]]


def test_a_delivery_is_replayed_once(sign_in, records, owner):
    ukba, replay = (
        sign_in("ukba.supervisor"),
        url("scanning_delivery_act", records.ukba_delivery.receipt, "replay"),
    )
    assert ukba.post(replay).status_code == 302
    with owner():
        assert Delivery.objects.get(pk=records.ukba_delivery.pk).state == "waiting"
    assert ukba.post(replay).status_code == 403
    assert len(recorded(owner, "delivery.replay")) == 1


def test_deliveries_of_a_device_above_ones_clearance_stay_hidden(sign_in, world, records, owner):
    assert (
        str(records.ukba_delivery.receipt)
        in sign_in("ukba.supervisor").get(url("scanning_delivery_changelist")).content.decode()
    )
    with owner():
        Device.objects.filter(code="L1-RPM").update(classification=10)
        Officer.objects.filter(username="ukba.supervisor").update(clearance=0)
    ukba = sign_in("ukba.supervisor")
    assert (
        str(records.ukba_delivery.receipt)
        not in ukba.get(url("scanning_delivery_changelist")).content.decode()
    )
    assert ukba.get(url("scanning_delivery_change", records.ukba_delivery.receipt)).status_code == 404


def lookout_form(**more):
    day = timezone.localdate()
    return {
        "kind": "plate", "mark_raw": "AB 123 CD", "country": "FR", "action_code": "search", "priority": "high",
        "mode": "stop", "notified": ["PAF"], "desk": "", "instruction": "Open it", "reason": "Because",
        "classification": "0", "expires_at": f"{day + timezone.timedelta(days=30)}T12:00",
        "review_due": str(day + timezone.timedelta(days=20)), "compartment": "",
    } | more  # fmt: skip


def test_a_lookout_is_entered_and_withdrawn(sign_in, world, owner):
    ukba = sign_in("ukba.supervisor")
    answer = ukba.post(url("intelligence_lookout_add"), lookout_form())
    assert answer.status_code == 302
    with owner():
        lookout = Lookout.objects.get(mark_norm="AB123CD")
    assert lookout.originator_id == world.group("UKBA")
    assert lookout.notified_group_ids == [world.group("PAF")]
    assert ukba.get(answer["Location"]).status_code == 200
    withdraw = url("intelligence_lookout_act", lookout.uid, "withdraw")
    assert ukba.post(withdraw, {"reason": ""}).context["form"].errors
    assert ukba.post(withdraw, {"reason": "No longer sought"}).status_code == 302
    with owner():
        lookout.refresh_from_db()
    assert (lookout.state, lookout.withdrawn_reason) == ("withdrawn", "No longer sought")
    assert ukba.post(withdraw, {"reason": "Once more"}).status_code == 403


@pytest.mark.parametrize(
    ("more", "field"),
    [({"mode": "silent"}, "notified"), ({"mode": "refer", "instruction": ""}, "desk"), ({"mark_raw": "--"}, "mark_raw"),
     ({"kind": "container"}, "mark_raw"), ({"classification": "20"}, "classification")],
)  # fmt: skip
def test_a_lookout_that_cannot_stand_is_refused_at_the_field(sign_in, owner, more, field):
    answer = sign_in("ukba.supervisor").post(url("intelligence_lookout_add"), lookout_form(**more))
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    with owner():
        assert not Lookout.objects.exists()


def test_a_lookout_of_a_compartment_belongs_to_its_named_officers(sign_in, world, owner):
    circle = Compartment.objects.get()
    form = lookout_form(compartment=str(circle.uid))
    administrators = sign_in("ukba.supervisor").post(url("intelligence_lookout_add"), form)
    assert "compartment" in administrators.context["adminform"].form.errors
    with owner():
        world.officer("ukba.supervisor").groups.add(circle.group)
    assert sign_in("ukba.supervisor").post(url("intelligence_lookout_add"), form).status_code == 302
    with owner():
        assert Lookout.objects.get().originator_id == circle.group_id


def test_the_record_is_searched_by_request_and_object_and_reading_it_is_recorded(sign_in, world, owner):
    ukba = sign_in("ukba.supervisor")
    uid = world.officer("ukba.officer").uid
    ukba.post(url("agencies_officer_act", uid, "suspend"), headers={"X-Request-ID": "request-of-interest"})
    page = url("audit_auditevent_changelist")
    for text in (str(uid), uid.hex, "request-of-interest"):
        ukba.post(page, {"search": text})
        assert [row.action for row in ukba.get(page).context["cl"].result_list] == ["officer.suspend"]
    ukba.post(page, {"search": "nothing of the kind"})
    assert not ukba.get(page).context["cl"].result_list
    ukba.post(page, {"search": ""})
    assert {row.action for row in ukba.get(page, {"action": "audit.read"}).context["cl"].result_list} == {
        "audit.read"
    }
    assert recorded(owner, "audit.read")[-1].detail == {"shown": 4, "filters": {"action": "audit.read"}}


def test_the_record_shows_the_own_agencys_rows_alone(sign_in, world, records, owner):
    for agency in ("ukba", "paf"):
        sign_in(f"{agency}.supervisor").get(url("intelligence_lookout_changelist"))
    rows = sign_in("paf.auditor").get(url("audit_auditevent_changelist")).context["cl"].result_list
    assert rows
    assert {row.agency_group_id for row in rows} == {world.group("PAF")}


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_the_record_is_exported_for_a_purpose_and_only_the_own_part(sign_in, world, records, owner, form):
    for agency in ("ukba", "paf"):
        sign_in(f"{agency}.supervisor").get(url("intelligence_lookout_changelist"))
    with owner():
        Officer.objects.filter(username="ukba.supervisor").update(first_name="=1+1", last_name="")
    ukba = sign_in("ukba.supervisor")
    ukba.get(url("scanning_delivery_change", records.ukba_delivery.receipt))
    export = url("audit_auditevent_export")
    assert ukba.get(export).status_code == 405
    assert ukba.post(export, {"format": form, "purpose": " "}).status_code == 302
    assert ukba.post(export, {"format": "xlsx", "purpose": "Review"}).status_code == 302
    answer = ukba.post(export, {"format": form, "purpose": "Quarterly review"})
    text = answer.content.decode()
    rows = (
        list(csv.DictReader(io.StringIO(text)))
        if form == "csv"
        else [json.loads(line) for line in text.splitlines()]
    )
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    assert [row["action"] for row in rows] == ["delivery.read", "lookout.read"]
    assert rows[0]["actor_label"] == ("'=1+1" if form == "csv" else "=1+1")
    done = recorded(owner, "export.make")
    assert [(r.purpose, r.detail["rows"], r.agency_group_id) for r in done] == [
        ("Quarterly review", 2, world.group("UKBA"))
    ]
    assert (
        sign_in("ukba.administrator").post(export, {"format": form, "purpose": "Review"}).status_code == 403
    )


def test_an_export_follows_the_filters_of_the_list(sign_in, records):
    ukba = sign_in("ukba.supervisor")
    ukba.get(url("intelligence_lookout_changelist"))
    ukba.get(url("scanning_delivery_change", records.ukba_delivery.receipt))
    export = url("audit_auditevent_export") + "?action=delivery.read"
    rows = ukba.post(export, {"format": "ndjson", "purpose": "Review"}).content.decode().splitlines()
    assert [json.loads(row)["action"] for row in rows] == ["delivery.read"]
