"""Nobody appoints beyond their own reach, in another agency, or themselves; and every act is recorded."""

import pytest
from django.contrib.auth import authenticate

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.backends import CentreBackend
from agencies.choices import Role
from agencies.facts import NOBODY
from agencies.models import Officer
from agencies.rules.appointments import APPOINTS, ChangeRefused, may_appoint
from agencies.rules.rights import RightMissing
from agencies.selectors import compartments_of, officers_own, principal_of
from agencies.services.officers import (
    compartment_members_set,
    officer_change,
    officer_create,
    officer_password_renew,
    officer_restore,
    officer_suspend,
)
from audit.models import AuditEvent

pytestmark = pytest.mark.django_db

DETAILS = {"first_name": "Ann", "last_name": "Marsh", "role": "officer", "clearance": 0, "language": "en"}


@pytest.fixture
def acting(world):
    """`acting("ukba.supervisor")` acts as that officer for the rest of the test."""
    contexts = []

    def act(username):
        context = acting_as(world.principal(username))
        principal = context.__enter__()
        contexts.append(context)
        return principal

    yield act
    while contexts:
        contexts.pop().__exit__(None, None, None)


def last_record(owner):
    with owner():
        return AuditEvent.objects.order_by("-id").first()


def test_who_may_give_which_role_is_exactly_this(world):
    given = {
        role: {r for r in Role.values if may_appoint(world.principal(f"ukba.{role}"), role=r, clearance=0)}
        for role in Role.values
    }
    assert given == {
        "officer": set(),
        "analyst": set(),
        "supervisor": {"officer", "analyst", "supervisor"},
        "administrator": {"officer", "analyst", "supervisor", "administrator", "auditor"},
        "auditor": set(),
    }
    assert set(APPOINTS) == {"supervisor", "administrator"}


def test_a_supervisor_appoints_an_officer_of_the_own_agency(world, acting, owner):
    principal = acting("paf.supervisor")
    officer, password = officer_create(acting_party=principal, name="marsh", **DETAILS)
    assert officer.username == "paf.marsh"
    assert officer.agency == world.agency("PAF")
    assert officer.check_password(password)
    assert principal_of(officer).groups == (world.group("PAF"),)
    record = last_record(owner)
    assert (record.action, record.object_uids, record.agency_group_id) == (
        "officer.create",
        [officer.uid],
        world.group("PAF"),
    )
    assert password not in str(record.detail)


@pytest.mark.parametrize("username", ["ukba.officer", "ukba.analyst", "ukba.auditor"])
def test_who_manages_no_officers_appoints_none(acting, username):
    principal = acting(username)
    with pytest.raises(RightMissing):
        officer_create(acting_party=principal, name="marsh", **DETAILS)


def test_nobody_appoints_nobody(world):
    with pytest.raises(RightMissing):
        officer_create(acting_party=NOBODY, name="marsh", **DETAILS)


@pytest.mark.parametrize(
    "beyond", [{"role": "administrator"}, {"role": "auditor"}, {"clearance": 20}, {"role": "root"}]
)
def test_role_and_clearance_beyond_ones_own_are_refused_for_new_and_for_old_accounts(world, acting, beyond):
    principal = acting("ukba.supervisor")
    with pytest.raises(RightMissing):
        officer_create(acting_party=principal, name="marsh", **(DETAILS | beyond))
    with pytest.raises(RightMissing):
        officer_change(acting_party=principal, officer=world.officer("ukba.officer"), **beyond)


def test_an_account_above_ones_own_clearance_cannot_be_changed_suspended_or_taken_over(world, acting, owner):
    with owner():
        Officer.objects.filter(username="ukba.supervisor").update(clearance=0)
    principal = acting("ukba.supervisor")
    higher = world.officer("ukba.officer")
    for act in (
        lambda: officer_change(acting_party=principal, officer=higher, first_name="X"),
        lambda: officer_suspend(acting_party=principal, officer=higher),
        lambda: officer_password_renew(acting_party=principal, officer=higher),
    ):
        with pytest.raises(RightMissing):
            act()


def test_a_supervisor_cannot_suspend_the_administrator_but_the_administrator_the_supervisor(world, acting):
    with pytest.raises(RightMissing):
        officer_suspend(acting_party=acting("ukba.supervisor"), officer=world.officer("ukba.administrator"))
    officer_suspend(acting_party=acting("ukba.administrator"), officer=world.officer("ukba.supervisor"))
    assert not world.officer("ukba.supervisor").is_active


def test_an_officer_of_another_agency_is_as_absent(world, acting):
    principal, other = acting("ukba.administrator"), world.officer("paf.officer")
    for act in (
        lambda: officer_change(acting_party=principal, officer=other, first_name="X"),
        lambda: officer_suspend(acting_party=principal, officer=other),
        lambda: officer_restore(acting_party=principal, officer=other),
        lambda: officer_password_renew(acting_party=principal, officer=other),
        lambda: officer_suspend(acting_party=principal, officer=Officer(pk=-1)),
    ):
        with pytest.raises(NotVisible):
            act()
    assert world.officer("paf.officer").is_active
    assert not officers_own(principal).filter(pk=other.pk).exists()
    assert not officers_own(NOBODY).exists()


def test_nobody_changes_their_own_account(world, acting):
    principal = acting("ukba.administrator")
    with pytest.raises(ChangeRefused):
        officer_change(acting_party=principal, officer=world.officer("ukba.administrator"), clearance=0)
    with pytest.raises(ChangeRefused):
        officer_suspend(acting_party=principal, officer=world.officer("ukba.administrator"))


def test_names_and_badge_numbers_are_taken_per_agency_so_that_others_are_no_riddle(world, acting):
    principal = acting("paf.supervisor")
    officer_create(
        acting_party=principal, name="marsh", badge_number="U-officer", **DETAILS
    )  # UKBA has that badge
    with pytest.raises(ChangeRefused):
        officer_create(acting_party=principal, name="marsh", **DETAILS)
    with pytest.raises(ChangeRefused):
        officer_create(acting_party=principal, name="marsh2", badge_number="P-officer", **DETAILS)
    for name in ("", "x", "Ann", "a b", "a.b", "ukba.officer", "é" * 3, "a" * 41):
        with pytest.raises(ChangeRefused):
            officer_create(acting_party=principal, name=name, **DETAILS)


def test_suspension_makes_the_officer_nobody_and_restoring_gives_back_the_same_rights(world, acting, owner):
    officer, principal = world.officer("ukba.officer"), acting("ukba.supervisor")
    before = principal_of(officer)
    officer_suspend(acting_party=principal, officer=officer)
    assert last_record(owner).action == "officer.suspend"
    assert principal_of(world.officer("ukba.officer")) == NOBODY
    officer_restore(acting_party=principal, officer=officer)
    assert last_record(owner).action == "officer.restore"
    assert principal_of(world.officer("ukba.officer")) == before


def test_what_has_not_changed_leaves_no_record(world, acting, owner):
    officer, principal = world.officer("ukba.officer"), acting("ukba.supervisor")
    officer_change(acting_party=principal, officer=officer, first_name=officer.first_name)
    officer_restore(acting_party=principal, officer=officer)
    assert last_record(owner) is None
    officer_change(acting_party=principal, officer=officer, first_name="Ann", language="fr")
    assert last_record(owner).detail["fields"] == ["first_name", "language"]


def test_a_new_password_replaces_the_old_one_and_is_not_kept_in_clear(world, acting, owner):
    password = officer_password_renew(
        acting_party=acting("ukba.supervisor"), officer=world.officer("ukba.officer")
    )
    officer = world.officer("ukba.officer")
    assert officer.check_password(password)
    assert not officer.check_password(world.password)
    assert password not in officer.password
    assert password not in str(last_record(owner).detail)


def test_no_password_is_set_for_an_officer_of_a_compartment_that_one_is_not_named_in(world, acting, owner):
    analyst = world.officer("ukba.analyst")  # named in LANTERN
    with pytest.raises(RightMissing):
        officer_password_renew(acting_party=acting("ukba.administrator"), officer=analyst)
    with owner():
        world.officer("ukba.supervisor").groups.add(world.agency("UKBA").compartments.get().group)
    assert officer_password_renew(acting_party=acting("ukba.supervisor"), officer=analyst)


def lantern(world):
    return world.agency("UKBA").compartments.get()


def test_only_a_member_sets_who_is_named_in_a_compartment(world, acting, owner):
    members = [world.officer("ukba.analyst"), world.officer("ukba.officer")]
    for stranger in ("ukba.supervisor", "ukba.administrator", "paf.supervisor"):
        with pytest.raises(NotVisible):
            compartment_members_set(
                acting_party=acting(stranger), compartment=lantern(world), officers=members
            )
    with owner():
        world.officer("ukba.supervisor").groups.add(lantern(world).group)
    principal = acting("ukba.supervisor")
    everybody = [*members, world.officer("ukba.supervisor")]
    assert compartment_members_set(
        acting_party=principal, compartment=lantern(world), officers=everybody
    ) == (1, 0)
    assert lantern(world).group_id in world.principal("ukba.officer").groups
    fewer = [world.officer("ukba.analyst"), world.officer("ukba.supervisor")]
    assert compartment_members_set(acting_party=principal, compartment=lantern(world), officers=fewer) == (
        0,
        1,
    )
    assert lantern(world).group_id not in world.principal("ukba.officer").groups


def test_the_record_of_a_compartment_is_the_compartments_alone(world, acting, owner):
    with owner():
        world.officer("ukba.supervisor").groups.add(lantern(world).group)
    principal = acting("ukba.supervisor")
    everybody = [
        world.officer("ukba.analyst"),
        world.officer("ukba.officer"),
        world.officer("ukba.supervisor"),
    ]
    compartment_members_set(acting_party=principal, compartment=lantern(world), officers=everybody)
    record = last_record(owner)
    assert (record.action, record.agency_group_id) == ("compartment.admit", lantern(world).group_id)
    assert record.object_uids == [lantern(world).uid, world.officer("ukba.officer").uid]
    acting("ukba.auditor")
    assert not AuditEvent.objects.filter(action="compartment.admit").exists()


def test_nobody_of_another_agency_is_named_and_nobody_dismisses_themselves(world, acting, owner):
    with owner():
        world.officer("ukba.supervisor").groups.add(lantern(world).group)
    principal = acting("ukba.supervisor")
    with pytest.raises(NotVisible):
        compartment_members_set(
            acting_party=principal,
            compartment=lantern(world),
            officers=[world.officer("ukba.supervisor"), world.officer("paf.officer")],
        )
    with pytest.raises(ChangeRefused):
        compartment_members_set(
            acting_party=principal, compartment=lantern(world), officers=[world.officer("ukba.analyst")]
        )
    assert [circle.name for circle in compartments_of(principal)] == ["LANTERN"]
    assert not compartments_of(world.principal("ukba.officer")).exists()


def test_whose_session_it_is_is_read_in_one_question_and_says_the_same(world, django_assert_num_queries):
    for name in ("ukba.analyst", "ccic.officer"):  # the analyst is named in a compartment
        number = world.officer(name).pk
        with django_assert_num_queries(1):
            officer = CentreBackend().get_user(number)
            principal = principal_of(officer)
        assert officer == Officer.objects.get(pk=number)
        assert principal == principal_of(Officer.objects.get(pk=number))
        assert officer.agency == Officer.objects.get(pk=number).agency


def test_nobody_is_read_for_a_session_of_an_officer_who_is_suspended_or_gone(world):
    officer = world.officer("paf.officer")
    assert CentreBackend().get_user(0) is None
    Officer.objects.filter(pk=officer.pk).update(is_active=False)
    assert CentreBackend().get_user(officer.pk) is None


def test_a_wrong_password_is_tried_once(world, monkeypatch):
    tried = []
    monkeypatch.setattr(Officer, "check_password", lambda self, raw: bool(tried.append(raw)))
    assert authenticate(None, username="paf.officer", password="not this") is None
    assert tried == ["not this"]
