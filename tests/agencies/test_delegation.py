"""A delegated administrator manages the own agency and gains nothing by it: forms, tampered fields, API, inlines."""

import pytest
from django.contrib import admin
from django.db import transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.test import Client
from django.urls import reverse

from agencies.acting import acting_as
from agencies.choices import AccountKind, Role, Scope
from agencies.models import Compartment, Desk, Officer, ServiceAccount, Shift
from agencies.rules.appointments import may_appoint, scopes_given_by
from agencies.rules.rights import RIGHTS_OF_SCOPE, rights_of
from scanning.models import Device, Lane
from tests.two_worlds.framework import routes

pytestmark = pytest.mark.django_db

KEEPERS = ("ukba.administrator", "ukba.supervisor")
OFFICER = {
    "first_name": "Ann", "last_name": "Marsh", "badge_number": "U-99", "role": "officer", "clearance": "0",
    "language": "en", "zone": "Europe/London",
}  # fmt: skip
#: What no form has and a forger would send.
FORGED = {
    "agency": "1", "groups": "1", "user_permissions": "1", "is_superuser": "on", "is_staff": "on", "username": "root",
    "originator": "1", "viewers": "1", "caveat": "special_france", "members": "1", "scopes": "lookouts:read",
}  # fmt: skip


@pytest.fixture
def browser(world):
    """`browser("ukba.administrator")` is signed in."""

    def signed_in(username: str) -> Client:
        client = Client()
        client.force_login(world.officer(username), "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


def url(kind: str, uid: object, page: str = "change") -> str:
    return reverse(f"admin:{kind}_{page}", args=[uid])


@pytest.mark.parametrize("keeper", KEEPERS)
def test_nothing_of_another_agency_can_be_opened_or_changed(world, owner, browser, keeper):
    with owner():
        Shift.objects.filter(desk__agency__code="PAF").delete()
        theirs = {
            "agencies_officer": world.officer("paf.officer").uid,
            "agencies_serviceaccount": ServiceAccount.objects.filter(agency__code="PAF").first().uid,
            "agencies_desk": world.desk("PAF").uid,
            "scanning_device": world.device("L2-DOG").uid,
        }
        before = _all_of(world, "PAF")
    client = browser(keeper)
    for kind, uid in theirs.items():
        client.post(url(kind, uid), OFFICER | FORGED | {"name": "x", "code": "UKBA-1", "is_active": ""})
        for act in ("suspend", "password", "issue", "audience", "restore"):
            client.post(reverse("admin:index") + f"{kind.replace('_', '/')}/{uid}/{act}/", OFFICER | FORGED)
    for kind in ("agencies_officer", "agencies_serviceaccount", "agencies_desk"):
        assert client.get(url(kind, theirs[kind])).status_code == 404
    with owner():
        assert _all_of(world, "PAF") == before


def _all_of(world, agency):
    group = world.group(agency)
    return [
        list(Officer.objects.filter(agency__code=agency).order_by("id").values()),
        [sorted(o.groups.values_list("id", flat=True)) for o in Officer.objects.filter(agency__code=agency)],
        list(ServiceAccount.objects.filter(agency__code=agency).order_by("id").values()),
        list(Desk.objects.filter(agency__code=agency).order_by("id").values()),
        list(Device.objects.filter(originator_id=group).order_by("id").values()),
        list(Lane.objects.filter(originator_id=group).order_by("id").values()),
    ]


@pytest.mark.parametrize("keeper", KEEPERS)
def test_tampered_fields_of_the_own_agencys_forms_change_nothing_beyond_the_form(
    world, owner, browser, keeper
):
    officer = world.officer("ukba.analyst")
    browser(keeper).post(url("agencies_officer", officer.uid), OFFICER | FORGED)
    with owner():
        after = Officer.objects.get(pk=officer.pk)
        assert (after.agency_id, after.username, after.is_superuser, after.is_staff) == (
            officer.agency_id, "ukba.analyst", False, False,
        )  # fmt: skip
        assert set(after.groups.all()) == set(officer.groups.all())
        assert not after.user_permissions.exists()


@pytest.mark.parametrize("keeper", KEEPERS)
@pytest.mark.parametrize("more", [{"role": "root"}, {"clearance": "20"}, {"clearance": "99"}])
def test_a_role_or_clearance_that_is_none_is_refused(world, owner, browser, keeper, more):
    officer = world.officer("ukba.officer")
    browser(keeper).post(url("agencies_officer", officer.uid), OFFICER | more)
    with owner():
        assert (Officer.objects.get(pk=officer.pk).role, Officer.objects.get(pk=officer.pk).clearance) == (
            "officer",
            10,
        )


@pytest.mark.parametrize("keeper", KEEPERS)
def test_an_administrator_changes_nothing_of_the_own_account(world, owner, browser, keeper):
    own = world.officer(keeper)
    browser(keeper).post(
        url("agencies_officer", own.uid), OFFICER | {"role": "administrator", "clearance": "10"}
    )
    with owner():
        assert Officer.objects.get(pk=own.pk).first_name == own.first_name


def test_an_administrator_of_low_clearance_hands_out_no_higher_one(world, owner, browser):
    with owner():
        Officer.objects.filter(username="ukba.administrator").update(clearance=0)
        officer = Officer.objects.create_user(
            "ukba.low", agency=world.agency("UKBA"), role=Role.OFFICER, clearance=0, badge_number="U-7"
        )
        officer.groups.add(world.group("UKBA"))
    browser("ukba.administrator").post(url("agencies_officer", officer.uid), OFFICER | {"clearance": "10"})
    with owner():
        assert Officer.objects.get(pk=officer.pk).clearance == 0


def test_an_administrator_sees_no_compartment_that_does_not_name_them_and_names_nobody_in_it(
    world, owner, browser
):
    circle = Compartment.objects.get(name="LANTERN")
    client = browser("ukba.administrator")
    assert client.get(url("agencies_compartment", circle.uid)).status_code == 404
    own = world.officer("ukba.administrator")
    assert (
        client.post(url("agencies_compartment", circle.uid), {"members": [str(own.uid)]}).status_code == 404
    )
    with owner():
        assert not own.groups.filter(pk=circle.group_id).exists()


def test_scopes_and_roles_that_are_given_are_held(world):
    for username in (f"{agency}.{role}" for agency in ("ukba", "ccic") for role in Role.values):
        principal = world.principal(username)
        held = rights_of(principal)
        for scope in scopes_given_by(principal):
            systems_own = {Scope.DELIVERIES_WRITE, Scope.DELIVERIES_READ}
            assert scope in systems_own or RIGHTS_OF_SCOPE[scope] <= held
        for role in Role.values:
            assert not may_appoint(principal, role=role, clearance=principal.clearance + 1)


def test_a_caveat_of_the_other_state_cannot_be_put_on_anything_by_anybody_who_manages_it(world):
    with acting_as(world.principal("ukba.administrator")):
        device = Device.objects.get(code="L1-HB")
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
            Device.objects.filter(pk=device.pk).update(caveat="special_france")


def test_the_admin_site_has_no_inlines_and_the_api_no_route_to_accounts():
    assert not any(page.inlines for page in admin.site._registry.values())
    managed = ("officer", "account", "token", "compartment", "shift")
    assert not [
        route for route in routes() if route.startswith("api/v1/") and any(word in route for word in managed)
    ]


def test_a_device_account_is_never_widened_to_a_partners(world, owner, browser):
    with owner():
        account = ServiceAccount.objects.filter(agency__code="UKBA", kind=AccountKind.DEVICE).first()
    form = {
        "name": account.name,
        "kind": "partner",
        "scopes": ["deliveries:write", "lookouts:read"],
        "clearance": "0",
    }
    browser("ukba.administrator").post(
        url("agencies_serviceaccount", account.uid), form | {"is_active": "on"}
    )
    with owner():
        account.refresh_from_db()
        assert (account.kind, "lookouts:read" in account.scopes) == (AccountKind.DEVICE, False)
