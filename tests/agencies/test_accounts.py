"""Service accounts, tokens, desks and shifts: the own agency's, and never more than one holds."""

import datetime as dt

import pytest
from django.utils import timezone

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.choices import AccountKind, Scope
from agencies.models import ServiceAccount
from agencies.rules.appointments import ChangeRefused, scopes_given_by
from agencies.rules.rights import RightMissing
from agencies.services.accounts import networks_clean, service_account_change, service_account_create
from agencies.services.desks import desk_change, desk_create, shift_set
from agencies.services.tokens import token_find, token_issue, token_revoke
from audit.actions import AuditAction
from audit.models import AuditEvent
from audit.words import ACTIONS

pytestmark = pytest.mark.django_db

POSTING = [Scope.DELIVERIES_WRITE, Scope.DELIVERIES_READ]


@pytest.fixture
def supervisor(world):
    with acting_as(world.principal("ukba.supervisor")) as principal:
        yield principal


@pytest.fixture
def administrator(world):
    with acting_as(world.principal("ukba.administrator")) as principal:
        yield principal


def recorded(owner):
    with owner():
        return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


def test_an_account_is_made_with_its_scopes_and_networks(world, supervisor, owner):
    account = service_account_create(
        acting_party=supervisor, kind=AccountKind.DEVICE, name="  New portal ", scopes=POSTING, clearance=0,
        allowed_addresses=["10.1.2.3", "2001:db8::/32", "10.1.2.3/32"],
    )  # fmt: skip
    account.refresh_from_db()
    assert account.agency == world.agency("UKBA")
    assert account.name == "New portal"
    assert account.allowed_addresses == ["10.1.2.3/32", "2001:db8::/32"]
    assert recorded(owner) == ["service_account.create"]


def test_scopes_are_given_only_by_who_holds_their_rights(world, supervisor):
    assert scopes_given_by(supervisor) == frozenset(Scope.values)
    assert scopes_given_by(world.principal("ukba.administrator")) == frozenset(
        {Scope.COUNTERSIGNS_READ, Scope.DELIVERIES_WRITE, Scope.DELIVERIES_READ, Scope.SCANNING_READ}
    )
    assert Scope.LOOKOUTS_READ not in scopes_given_by(world.principal("ccic.supervisor"))


def test_an_administrator_cannot_read_lookouts_by_way_of_an_account_or_token(world, administrator):
    partner = ServiceAccount.objects.get(agency=world.agency("UKBA"), kind=AccountKind.PARTNER)
    with pytest.raises(RightMissing):
        service_account_create(
            acting_party=administrator,
            kind=AccountKind.PARTNER,
            name="mine",
            scopes=[Scope.LOOKOUTS_READ],
            clearance=0,
        )
    with pytest.raises(RightMissing):
        token_issue(acting_party=administrator, account=partner)
    token, secret = token_issue(acting_party=administrator, account=partner, scopes=[Scope.SCANNING_READ])
    assert token.scopes == [Scope.SCANNING_READ]
    assert token_find(secret, address="127.0.0.1") == token


def test_what_an_account_holds_already_is_kept_by_who_could_not_give_it(world, administrator):
    partner = ServiceAccount.objects.get(agency=world.agency("UKBA"), kind=AccountKind.PARTNER)
    service_account_change(acting_party=administrator, account=partner, scopes=partner.scopes, name="renamed")
    partner.refresh_from_db()
    assert set(partner.scopes) == set(Scope.values)
    service_account_change(acting_party=administrator, account=partner, scopes=[Scope.SCANNING_READ])
    with pytest.raises(RightMissing):
        service_account_change(acting_party=administrator, account=partner, scopes=list(Scope.values))


def test_a_token_above_ones_own_clearance_is_not_issued(world, owner):
    with owner():
        world.officer("ukba.supervisor").__class__.objects.filter(username="ukba.supervisor").update(
            clearance=0
        )
    partner = ServiceAccount.objects.get(
        agency=world.agency("UKBA"), kind=AccountKind.PARTNER
    )  # clearance 10
    with acting_as(world.principal("ukba.supervisor")) as principal:
        with pytest.raises(RightMissing):
            token_issue(acting_party=principal, account=partner)
        with pytest.raises(RightMissing):
            service_account_create(
                acting_party=principal, kind=AccountKind.PARTNER, name="x", scopes=POSTING, clearance=10
            )


def test_a_device_posts_and_reads_receipts_and_nothing_else(supervisor):
    with pytest.raises(ChangeRefused):
        service_account_create(
            acting_party=supervisor,
            kind=AccountKind.DEVICE,
            name="x",
            scopes=[Scope.SCANNING_READ],
            clearance=0,
        )


def test_names_are_taken_per_agency(supervisor):
    made = {"kind": AccountKind.DEVICE, "scopes": POSTING, "clearance": 0}
    service_account_create(acting_party=supervisor, name="L2-DOG", **made)  # PAF has one of this name
    with pytest.raises(ChangeRefused):
        service_account_create(acting_party=supervisor, name="L1-RPM", **made)
    with pytest.raises(ChangeRefused):
        service_account_create(acting_party=supervisor, name="  ", **made)


@pytest.mark.parametrize("address", ["300.1.1.1", "port.example", "10.0.0.0/33", "x' OR 1=1"])
def test_what_is_no_network_is_refused(address):
    with pytest.raises(ChangeRefused):
        networks_clean([address])


def test_accounts_of_another_agency_are_absent_and_their_tokens_out_of_reach(world, supervisor):
    other = ServiceAccount.objects.get(agency=world.agency("PAF"), name="L2-DOG")
    with pytest.raises(NotVisible):
        service_account_change(acting_party=supervisor, account=other, is_active=False)
    with pytest.raises(RightMissing):
        token_issue(acting_party=supervisor, account=other)
    with pytest.raises(RightMissing):
        token_revoke(acting_party=supervisor, token=other.tokens.get())
    assert other.tokens.get().revoked_at is None


def test_closing_an_account_makes_its_tokens_worthless_at_once(world, supervisor, owner):
    account = ServiceAccount.objects.get(agency=world.agency("UKBA"), name="L1-RPM")
    secret = world.tokens["L1-RPM"]
    assert token_find(secret, address="127.0.0.1") is not None
    service_account_change(acting_party=supervisor, account=account, is_active=False)
    assert token_find(secret, address="127.0.0.1") is None
    assert recorded(owner) == ["service_account.change"]


def test_revoking_a_token_works_at_once(world, supervisor):
    account = ServiceAccount.objects.get(agency=world.agency("UKBA"), name="L1-RPM")
    token_revoke(acting_party=supervisor, token=account.tokens.get())
    assert token_find(world.tokens["L1-RPM"], address="127.0.0.1") is None


def test_a_desk_begins_with_its_agencys_code(world, supervisor, owner):
    desk = desk_create(acting_party=supervisor, code="ukba-night", name_en="Night", name_fr="Nuit")
    assert (desk.code, desk.agency) == ("UKBA-NIGHT", world.agency("UKBA"))
    for code in ("PAF-NIGHT", "NIGHT", "UKBA-", "UKBA-NIGHT"):
        with pytest.raises(ChangeRefused):
            desk_create(acting_party=supervisor, code=code, name_en="x", name_fr="x")
    desk_change(acting_party=supervisor, desk=desk, phone="1234")
    with pytest.raises(NotVisible):
        desk_change(acting_party=supervisor, desk=world.desk("PAF"), phone="1234")
    assert recorded(owner) == ["desk.create", "desk.change"]


def shift_of(world, **more):
    start = timezone.now()
    return {
        "shift": None,
        "desk": world.desk("UKBA"),
        "lead": world.officer("ukba.supervisor"),
        "officers": [world.officer("ukba.officer")],
        "starts_at": start,
        "ends_at": start + dt.timedelta(hours=8),
        "purpose": "Freight searches",
    } | more


def test_a_shift_is_entered_and_changed(world, supervisor, owner):
    shift = shift_set(acting_party=supervisor, **shift_of(world))
    assert list(shift.officers.all()) == [world.officer("ukba.officer")]
    shift_set(acting_party=supervisor, **shift_of(world, shift=shift, officers=[], purpose="Other"))
    shift.refresh_from_db()
    assert shift.purpose == "Other"
    assert not shift.officers.exists()
    assert recorded(owner) == ["shift.create", "shift.change"]


@pytest.mark.parametrize("hours", [0, -1, 25])
def test_a_shift_ends_after_it_starts_and_within_a_day(world, supervisor, hours):
    with pytest.raises(ChangeRefused):
        shift_set(
            acting_party=supervisor,
            **shift_of(
                world, ends_at=timezone.now() + dt.timedelta(hours=hours, seconds=60 if hours == 25 else 0)
            ),
        )


def test_a_shift_needs_its_purpose(world, supervisor):
    with pytest.raises(ChangeRefused):
        shift_set(acting_party=supervisor, **shift_of(world, purpose="  "))


def test_a_shift_takes_only_the_own_agencys_desk_and_officers(world, supervisor):
    foreign = world.officer("paf.officer")
    for more in ({"desk": world.desk("PAF")}, {"lead": foreign}, {"officers": [foreign]}):
        with pytest.raises(NotVisible):
            shift_set(acting_party=supervisor, **shift_of(world, **more))
    paf = world.principal("paf.supervisor")
    ours = shift_set(acting_party=supervisor, **shift_of(world))
    with acting_as(paf), pytest.raises(NotVisible):
        shift_set(
            acting_party=paf,
            **shift_of(
                world, shift=ours, desk=world.desk("PAF"), lead=world.officer("paf.supervisor"), officers=[]
            ),
        )


def test_every_act_of_the_record_has_its_words():
    assert set(ACTIONS) == set(AuditAction)
