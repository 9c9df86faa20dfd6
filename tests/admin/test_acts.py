"""Acts on people, accounts and duties through the administration."""

import zoneinfo

import pytest
from django.test import Client
from django.utils import timezone

from agencies.models import Compartment, Desk, Officer, ServiceAccount, ServiceToken, Shift
from agencies.services.tokens import token_find
from tests.admin.doing import recorded, url

pytestmark = pytest.mark.django_db

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
    # The officer's day, not the machine's: at night the two are not the same.
    today = timezone.localdate(timezone=zoneinfo.ZoneInfo(world.officer("ukba.supervisor").zone))
    until = (today + timezone.timedelta(days=days)).isoformat()
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
