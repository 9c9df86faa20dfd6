"""A national caveat hides a record from the other state's agencies: by the gate, by the database, by constraint."""

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, ProgrammingError

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.grants import grants_give
from agencies.models import Compartment
from intelligence.models import Lookout, LookoutGrant
from scanning.models import Device, DeviceGrant
from tests.making import make_lookout

pytestmark = pytest.mark.django_db

CIRCLE = "LANTERN"  # a British compartment


@pytest.fixture
def circle(world, owner):
    """A British compartment in which an officer of PAF is named as well."""
    with owner():
        group = Compartment.objects.get(name=CIRCLE).group
        world.officer("paf.analyst").groups.add(group)
    return group


@pytest.fixture
def eyes(world, owner, circle):
    """A lookout of that compartment for UK eyes only."""
    with owner():
        return make_lookout(circle.pk, caveat="uk_eyes_only")


def test_the_gate_and_the_database_each_hide_it_from_a_member_of_the_other_state(world, eyes, as_role):
    paf, ukba = world.principal("paf.analyst"), world.principal("ukba.analyst")
    with acting_as(paf):
        assert not Lookout.objects.filter(pk=eyes.pk).exists()  # row-level security alone
        with pytest.raises(NotVisible):
            Lookout.objects.get_visible(paf, eyes.uid)
    with as_role("jocc_owner"), acting_as(paf):  # the gate alone: the owner's policies let every row through
        assert not Lookout.objects.visible_to(paf).filter(pk=eyes.pk).exists()
    with acting_as(ukba):
        assert Lookout.objects.get_visible(ukba, eyes.uid) == eyes


def test_without_a_caveat_the_same_member_reads_it(world, owner, circle):
    paf = world.principal("paf.analyst")
    with owner():
        shared = make_lookout(circle.pk)
    with acting_as(paf):
        assert Lookout.objects.get_visible(paf, shared.uid) == shared


@pytest.mark.parametrize(
    ("agency", "caveat", "other", "same"),
    [("UKBA", "uk_eyes_only", "PAF", None), ("PAF", "special_france", "UKBA", "DOUANES")],
)
def test_the_database_refuses_a_grant_to_the_other_state_while_the_caveat_stands(
    world, owner, agency, caveat, other, same
):
    with owner():
        lookout = make_lookout(world.group(agency), caveat=caveat)
        with pytest.raises(IntegrityError, match="this audience"), transaction.atomic():
            grants_give(LookoutGrant, lookout, [world.group(other)])
        if same:
            grants_give(LookoutGrant, lookout, [world.group(same)])
        Lookout.objects.filter(pk=lookout.pk).update(caveat="")
        grants_give(LookoutGrant, lookout, [world.group(other)])


def test_a_caveat_cannot_be_set_while_the_other_state_holds_a_grant(world):
    ukba = world.principal("ukba.supervisor")
    with acting_as(ukba):
        device = Device.objects.get(code="L1-CO2")  # granted to PAF
        device.caveat = "uk_eyes_only"
        with pytest.raises(IntegrityError), transaction.atomic():
            device.save(update_fields=["caveat"])
        DeviceGrant.objects.filter(content_object=device, group_id=world.group("PAF")).delete()
        device.save(update_fields=["caveat"])


@pytest.mark.parametrize("caveat", ["special_france", "for_nobody"])
def test_only_an_agency_of_that_state_may_set_it(world, caveat):
    with acting_as(world.principal("ukba.supervisor")):
        device = Device.objects.get(code="L1-HB")
        device.caveat = caveat
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
            device.save(update_fields=["caveat"])


def test_a_record_about_persons_cannot_be_granted_to_the_port_operator(world, owner):
    with owner():
        lookout = make_lookout(world.group("UKBA"))
        with pytest.raises(IntegrityError), transaction.atomic():
            grants_give(LookoutGrant, lookout, [world.group("CCIC")])
        with pytest.raises(IntegrityError), transaction.atomic():
            make_lookout(world.group("CCIC"))
