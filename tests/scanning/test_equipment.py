"""Devices and lanes belong to who entered them; sharing opens at once and taking back closes at once."""

import pytest

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.models import ServiceAccount
from agencies.rules.appointments import ChangeRefused
from agencies.rules.rights import RightMissing
from audit.models import AuditEvent, Change
from scanning.models import Device, Lane, Site
from scanning.services.equipment import (
    device_audience_set,
    device_change,
    device_create,
    lane_audience_set,
    lane_change,
    lane_create,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(world):
    with acting_as(world.principal("ukba.supervisor")) as principal:
        yield principal


@pytest.fixture
def details(world):
    return {"name_en": "Portal", "name_fr": "Portique", "site": Site.objects.get()}


def seen_by(world, username, model=Device):
    principal = world.principal(username)
    with acting_as(principal):
        return set(model.objects.visible_to(principal).values_list("code", flat=True))


def recorded(owner):
    with owner():
        return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


def test_a_new_device_is_seen_by_its_own_agency_alone(world, supervisor, details, owner):
    device_create(acting_party=supervisor, code="ukba-cal-l9", kind="radiation", **details)
    assert "UKBA-CAL-L9" in seen_by(world, "ukba.officer")
    for other in ("paf.officer", "douanes.officer", "ccic.officer"):
        assert "UKBA-CAL-L9" not in seen_by(world, other)
    assert recorded(owner) == ["device.create"]


@pytest.mark.parametrize("code", ["L1-RPM", "PAF-NEW", "UKBA", "UKBA-", "UKBA--A", "UKBA-É", "UKBA-A B", ""])
def test_a_code_that_is_not_of_the_own_agency_is_refused_before_anybody_looks_whether_it_is_taken(
    supervisor, details, code
):
    with pytest.raises(ChangeRefused):
        device_create(acting_party=supervisor, code=code, kind="dog", **details)
    with pytest.raises(ChangeRefused):
        lane_create(acting_party=supervisor, code=code, **details)


def test_a_code_of_ones_own_is_taken_once(supervisor, details):
    device_create(acting_party=supervisor, code="UKBA-A", kind="dog", **details)
    with pytest.raises(ChangeRefused):
        device_create(acting_party=supervisor, code="UKBA-A", kind="dog", **details)


def test_who_manages_no_devices_enters_changes_and_shares_none(world, details):
    with acting_as(world.principal("ukba.analyst")) as analyst:
        device = Device.objects.get(code="L1-RPM")
        for act in (
            lambda: device_create(acting_party=analyst, code="UKBA-A", kind="dog", **details),
            lambda: device_change(acting_party=analyst, device=device, is_active=False),
            lambda: device_audience_set(acting_party=analyst, device=device, groups=[]),
            lambda: lane_create(acting_party=analyst, code="UKBA-A", **details),
        ):
            with pytest.raises(RightMissing):
                act()


def test_a_device_that_is_only_seen_is_not_changed_or_shared_on(world, supervisor):
    seen = Device.objects.get(code="L2-DOG")  # PAF's, seen by UKBA
    with pytest.raises(NotVisible):
        device_change(acting_party=supervisor, device=seen, is_active=False)
    with pytest.raises(NotVisible):
        device_audience_set(acting_party=supervisor, device=seen, groups=[world.group("CCIC")])
    assert "L2-DOG" not in seen_by(world, "ccic.officer")


def test_sharing_opens_and_taking_back_closes_and_both_are_recorded_and_announced(world, supervisor, owner):
    device = Device.objects.get(code="L1-RPM")  # seen by PAF and DOUANES
    shared, recalled = device_audience_set(
        acting_party=supervisor, device=device, groups=[world.group("PAF"), world.group("CCIC")]
    )
    assert (shared, recalled) == ([world.group("CCIC")], [world.group("DOUANES")])
    assert "L1-RPM" in seen_by(world, "ccic.officer")
    assert "L1-RPM" in seen_by(world, "paf.officer")
    assert "L1-RPM" not in seen_by(world, "douanes.officer")
    assert "L1-RPM" in seen_by(world, "ukba.officer")
    assert recorded(owner) == ["device.share", "device.recall"]
    with owner():
        groups = Change.objects.get(topic="device").group_ids
    assert set(groups) == {world.group("UKBA"), world.group("CCIC"), world.group("DOUANES")}


def test_an_audience_that_is_as_it_was_leaves_no_record(world, supervisor, owner):
    device = Device.objects.get(code="L1-RPM")
    same = [world.group("PAF"), world.group("DOUANES"), world.group("UKBA")]
    assert device_audience_set(acting_party=supervisor, device=device, groups=same) == ([], [])
    assert recorded(owner) == []


def test_the_originator_keeps_the_device_when_everybody_else_is_taken_out(world, supervisor):
    device = Device.objects.get(code="L1-RPM")
    device_audience_set(acting_party=supervisor, device=device, groups=[])
    assert "L1-RPM" in seen_by(world, "ukba.officer")
    assert "L1-RPM" not in seen_by(world, "paf.officer")


def test_nothing_is_shared_with_a_group_that_is_no_agency(world, supervisor):
    device = Device.objects.get(code="L1-RPM")
    for stranger in (999_999, world.agency("UKBA").compartments.get().group_id):
        with pytest.raises(NotVisible):
            device_audience_set(acting_party=supervisor, device=device, groups=[stranger])


def test_a_compartments_device_is_recorded_for_the_compartment_alone(world, owner, details):
    circle = world.agency("UKBA").compartments.get()
    with owner():
        world.officer("ukba.supervisor").groups.add(circle.group)
        Device.objects.create(originator_id=circle.group_id, code="C-1", kind="anpr", **details)
    with acting_as(world.principal("ukba.supervisor")) as member:
        device_change(acting_party=member, device=Device.objects.get(code="C-1"), name_en="Renamed")
    with owner():
        assert AuditEvent.objects.get().agency_group_id == circle.group_id


def test_a_device_works_only_in_a_lane_that_is_seen_at_its_own_site_with_an_account_of_its_own(
    world, supervisor, owner
):
    with owner():
        site = Site.objects.create(
            code="DOVER", name_en="x", name_fr="x", country="GB", latitude=51, longitude=1
        )
        hidden = Lane.objects.create(
            originator_id=world.group("PAF"),
            site=Site.objects.get(code="CALAIS"),
            code="PAF-L9",
            name_en="x",
            name_fr="x",
        )
        elsewhere = Lane.objects.create(
            originator_id=world.group("UKBA"), site=site, code="UKBA-D1", name_en="x", name_fr="x"
        )
    device = Device.objects.get(code="L1-RPM")
    with pytest.raises(NotVisible):
        device_change(acting_party=supervisor, device=device, lane=hidden)
    with pytest.raises(ChangeRefused):
        device_change(acting_party=supervisor, device=device, lane=elsewhere)
    with pytest.raises(NotVisible):
        device_change(
            acting_party=supervisor, device=device, account=ServiceAccount.objects.get(name="L2-DOG")
        )
    device_change(acting_party=supervisor, device=device, lane=Lane.objects.get(code="L2"), account=None)
    device.refresh_from_db()
    assert (device.lane.code, device.account) == ("L2", None)


def test_nothing_is_classified_above_ones_own_clearance(supervisor, details):
    with pytest.raises(RightMissing):
        device_change(acting_party=supervisor, device=Device.objects.get(code="L1-RPM"), classification=20)
    with pytest.raises(RightMissing):
        lane_create(acting_party=supervisor, code="UKBA-A", classification=20, **details)


def test_lanes_are_entered_changed_and_shared_by_their_agency(world, supervisor, details, owner):
    lane = lane_create(acting_party=supervisor, code="UKBA-L1", **details)
    lane_change(acting_party=supervisor, lane=lane, name_en="Lane one")
    assert "UKBA-L1" not in seen_by(world, "paf.officer", Lane)
    lane_audience_set(acting_party=supervisor, lane=lane, groups=[world.group("PAF")])
    assert "UKBA-L1" in seen_by(world, "paf.officer", Lane)
    lane_audience_set(acting_party=supervisor, lane=lane, groups=[])
    assert "UKBA-L1" not in seen_by(world, "paf.officer", Lane)
    assert recorded(owner) == ["lane.create", "lane.change", "lane.share", "lane.recall"]
    with pytest.raises(NotVisible):
        lane_change(acting_party=supervisor, lane=Lane.objects.get(code="L1"), name_en="CCIC's")


def test_a_lane_with_devices_stays_at_its_site(world, owner):
    with owner():
        site = Site.objects.create(
            code="DOVER", name_en="x", name_fr="x", country="GB", latitude=51, longitude=1
        )
    with acting_as(world.principal("ccic.supervisor")) as operator, pytest.raises(ChangeRefused):
        lane_change(acting_party=operator, lane=Lane.objects.get(code="L1"), site=site)
