"""Whatever ends a right is written down by the database itself, and ends it again."""

import uuid

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from agencies.acting import acting_as
from agencies.facts import INGEST
from agencies.grants import GroupGrant, grants_give, grants_withdraw
from agencies.models import Officer, RightEnd, ServiceAccount, ServiceToken, Upkeep
from agencies.services.accounts import service_account_change
from jocc.upkeep.ends import ENDS, ends_carry_out
from jocc.upkeep.journal import journal_read
from jocc.upkeep.ship import _journal, ends_ship
from scanning.models import Device, DeviceGrant

pytestmark = pytest.mark.django_db


def ends(owner):
    with owner():
        return [{"kind": end.kind, "subject": end.subject} for end in RightEnd.objects.order_by("id")]


def carry_out(owner, entries):
    with owner(), connection.cursor() as cursor:
        return dict(ends_carry_out(cursor, entries))


def test_every_kind_of_grant_writes_its_end_down():
    """A new kind of record cannot forget it."""
    assert {model._meta.db_table for model in GroupGrant.__subclasses__()} == {
        e.about for e in ENDS if e.about
    }


def test_every_table_that_carries_a_right_by_a_switch_writes_its_end_down():
    """Tables with `is_active`, `revoked_at` or members of a group; new ones must be declared, or named here."""
    tables = {end.table for end in ENDS}
    # A device is no party: what it may do hangs on its account. A history tells what was.
    harmless = {"scanning_device", "agencies_officerhistory"}
    for model in apps.get_models(include_auto_created=True):
        names = {field.name for field in model._meta.get_fields()}
        if names & {"is_active", "revoked_at"} or model._meta.db_table.endswith("_groups"):
            assert model._meta.db_table in tables | harmless, model


def test_a_recall_is_written_down_and_carried_out_again(world, owner):
    paf = world.group("PAF")
    with owner():
        device = world.device("L1-RPM")
        grants_withdraw(DeviceGrant, device, [paf])
    (end,) = ends(owner)
    assert end["kind"] == "grant"
    assert {"table": "scanning_devicegrant", "record": str(device.uid), "group": paf}.items() <= end[
        "subject"
    ].items()
    with owner():
        grants_give(DeviceGrant, device, [paf])
    assert carry_out(owner, [end, end]) == {"grant": 1}
    with owner():
        assert paf not in Device.objects.get(pk=device.pk).viewers


def test_a_token_an_account_and_an_officer_end_again(world, owner):
    supervisor = world.principal("ukba.supervisor")
    with owner():
        token = ServiceToken.objects.get(account__name="partner system", account__agency__code="UKBA")
        ServiceToken.objects.filter(pk=token.pk).update(revoked_at="2026-11-22T12:00Z")
        before = Officer.objects.get(username="ukba.officer")
        Officer.objects.filter(pk=before.pk).update(is_active=False, password="another", clearance=0)
    with acting_as(supervisor):
        service_account_change(acting_party=supervisor, account=token.account, scopes=["scanning:read"])
    written = ends(owner)
    assert sorted(end["kind"] for end in written) == ["account", "officer", "token"]
    with owner():
        ServiceToken.objects.filter(pk=token.pk).update(revoked_at=None)
        ServiceAccount.objects.filter(pk=token.account_id).update(scopes=["hits:read", "scanning:read"])
        Officer.objects.filter(pk=before.pk).update(is_active=True, password=before.password, clearance=10)
    carry_out(owner, written)
    with owner():
        token.refresh_from_db()
        officer = Officer.objects.get(pk=before.pk)
        assert token.revoked_at is not None
        assert token.account.scopes == ["scanning:read"]
        assert (officer.is_active, officer.clearance, officer.has_usable_password()) == (False, 0, False)


def test_an_officer_dismissed_from_a_compartment_stays_out(world, owner):
    with owner():
        analyst = Officer.objects.get(username="ukba.analyst")
        circle = analyst.groups.get(name="compartment:LANTERN")
        analyst.groups.remove(circle)
    (end,) = ends(owner)
    with owner():
        analyst.groups.add(circle)
    assert carry_out(owner, [end])["member"] == 1
    with owner():
        assert circle not in analyst.groups.all()


def test_what_is_written_down_names_nobody(world, owner):
    with owner():
        Officer.objects.filter(username="paf.officer").update(is_active=False, last_name="Lefebvre")
    (end,) = ends(owner)
    assert not {"paf.officer", "Lefebvre"} & set(map(str, end["subject"].values()))


def test_an_ended_right_that_this_database_does_not_know_harms_nothing(world, owner):
    strange = {"kind": "grant", "subject": {"table": "pg_authid", "record": str(uuid.uuid4()), "group": 1}}
    assert carry_out(owner, [strange]) == {"unknown": 1}


@pytest.mark.parametrize("role", ["jocc_web", "jocc_ingest"])
def test_nobody_who_serves_can_invent_or_hide_an_end(world, as_role, role):
    statements = ["INSERT INTO agencies_rightend (at, xid, kind, subject) VALUES (now(), 1, 'token', '{}')",
                  "UPDATE agencies_rightend SET xid = 1", "TRUNCATE agencies_rightend"]  # fmt: skip
    statements += ["DELETE FROM agencies_rightend"] if role == "jocc_web" else []
    for statement in statements:
        with (
            as_role(role),
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_scheduler_takes_the_ends_to_the_journal_and_says_so(world, owner, ingest, settings, tmp_path):
    settings.JOURNAL_DIR = str(tmp_path / "journal")
    with owner():
        grants_withdraw(DeviceGrant, world.device("L1-RPM"), [world.group("PAF")])
    with ingest():
        assert ends_ship() == 1
        assert ends_ship() == 0
    entries, covered = journal_read(tmp_path / "journal")
    assert [e["kind"] for e in entries] == ["grant"]
    assert (covered.lines, covered.seen.keys()) == (1, {"deliveries", "audit"})
    assert Upkeep.objects.get(name="journal").is_fine


def test_an_end_stays_in_the_database_until_it_is_on_the_disk(
    world, owner, ingest, settings, tmp_path, monkeypatch
):
    settings.JOURNAL_DIR = str(tmp_path / "journal")
    with owner():
        grants_withdraw(DeviceGrant, world.device("L1-RPM"), [world.group("PAF")])

    def full(entries):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_journal(settings.JOURNAL_DIR), "append", full)
    with ingest():
        assert ends_ship() == 0
    assert len(ends(owner)) == 1
    assert not Upkeep.objects.get(name="journal").is_fine


def test_without_a_place_for_the_journal_nothing_is_taken(world, owner, ingest, settings):
    settings.JOURNAL_DIR = ""
    with owner():
        grants_withdraw(DeviceGrant, world.device("L1-RPM"), [world.group("PAF")])
    with ingest(), acting_as(INGEST):
        assert ends_ship() == 0
    assert len(ends(owner)) == 1
