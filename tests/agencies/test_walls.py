"""Both walls hold, and hold the same."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.facts import INGEST, NOBODY
from agencies.grants import grants_give, grants_withdraw
from agencies.startup import wall_faults
from jocc.walls import WALLS
from scanning.models import Device, DeviceGrant

pytestmark = pytest.mark.django_db

SEES = {
    "ukba.officer": {"L1-ANPR-F", "L1-ANPR-R", "L1-RPM", "L1-HB", "L1-CO2", "L2-XRAY", "L2-DOG", "L2-KEY"},
    "paf.officer": {"L1-ANPR-F", "L1-ANPR-R", "L1-RPM", "L1-CO2", "L2-DOG", "L2-KEY"},
    "douanes.officer": {"L1-ANPR-F", "L1-ANPR-R", "L1-RPM", "L2-XRAY", "L2-DOG", "L2-KEY"},
    "ccic.officer": {"L1-ANPR-F", "L1-ANPR-R"},
}


def codes(queryset) -> set[str]:
    return set(queryset.values_list("code", flat=True))


@pytest.mark.parametrize("username", SEES)
def test_an_officer_sees_exactly_what_the_agency_was_granted(world, username):
    principal = world.principal(username)
    with acting_as(principal):
        assert codes(Device.objects.visible_to(principal)) == SEES[username]


@pytest.mark.parametrize("username", SEES)
def test_the_second_wall_holds_when_the_first_is_forgotten(world, username):
    with acting_as(world.principal(username)):
        assert codes(Device.objects.all()) == SEES[username]


def test_nobody_sees_nothing(world):
    with acting_as(NOBODY):
        assert codes(Device.objects.all()) == set()
        assert codes(Device.objects.visible_to(NOBODY)) == set()


def test_absent_and_hidden_raise_the_same(world, owner):
    with owner():
        hidden = world.device("L1-HB").uid
    paf = world.principal("paf.officer")
    with acting_as(paf):
        messages = set()
        for uid in (hidden, "00000000-0000-4000-8000-000000000000", "no-uuid"):
            with pytest.raises(NotVisible) as caught:
                Device.objects.get_visible(paf, uid)
            messages.add(str(caught.value))
        assert len(messages) == 1


def test_a_grant_opens_at_once_and_its_recall_closes_at_once(world):
    ukba, ccic = world.principal("ukba.supervisor"), world.principal("ccic.officer")
    with acting_as(ukba):
        device = Device.objects.get(code="L1-HB")
        grants_give(DeviceGrant, device, [ccic.agency_group])
    with acting_as(ccic):
        assert "L1-HB" in codes(Device.objects.visible_to(ccic))
    with acting_as(ukba):
        grants_withdraw(DeviceGrant, device, [ccic.agency_group])
    with acting_as(ccic):
        assert "L1-HB" not in codes(Device.objects.visible_to(ccic))


def test_only_the_originator_can_widen_an_audience(world):
    douanes, ccic = world.principal("douanes.officer"), world.principal("ccic.officer")
    with acting_as(douanes):
        device = Device.objects.get(code="L1-RPM")
        with pytest.raises(ProgrammingError), transaction.atomic():
            grants_give(DeviceGrant, device, [ccic.agency_group])
    with acting_as(ccic):
        assert "L1-RPM" not in codes(Device.objects.all())


def test_a_stale_save_does_not_write_an_old_audience_back(world):
    ukba, ccic = world.principal("ukba.supervisor"), world.principal("ccic.officer")
    with acting_as(ukba):
        stale = Device.objects.get(code="L1-HB")
        assert stale.viewers == [ukba.agency_group]
        grants_give(DeviceGrant, stale, [ccic.agency_group])
        stale.name_en = "renamed"
        stale.save()
        assert set(Device.objects.get(code="L1-HB").viewers) == {ukba.agency_group, ccic.agency_group}


def test_raw_sql_of_the_web_role_cannot_write_viewers(world):
    with (
        acting_as(world.principal("ukba.supervisor")),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE scanning_device SET viewers = '{1}'")


def test_the_walls_hold_for_web_and_worker_and_the_owner_is_refused(world, as_role):
    assert wall_faults(WALLS) == []
    with as_role("jocc_ingest"):
        assert wall_faults(WALLS) == []
    with as_role("jocc_owner"):
        faults = wall_faults(WALLS)
    assert any("owns" in fault for fault in faults)


def test_a_table_that_nobody_declared_is_a_fault(world, owner, as_role):
    with as_role("jocc_owner"), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten (id int)")
    assert "table forgotten has no wall declared" in wall_faults(WALLS)


def test_the_web_role_that_claims_to_be_the_worker_sees_nothing(world):
    with acting_as(INGEST):
        assert codes(Device.objects.all()) == set()
