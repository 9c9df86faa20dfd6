"""A lookout never tells its owner, or anybody, of a device that they may not see."""

import pytest

from agencies.acting import acting_as
from intelligence.models import Hit, Notice
from intelligence.services.lookouts import lookout_create
from tests.intelligence.conftest import draft

pytestmark = pytest.mark.django_db

MARK = "AB-123-CD"
READ = {
    "event_id": "covert",
    "at": "2026-11-22T04:10:00Z",
    "result": "clear",
    "marks": [{"kind": "tractor", "value": MARK, "country": "FR"}],
}


def looks(world, username: str, **more: object) -> None:
    principal = world.principal(username)
    with acting_as(principal):
        lookout_create(acting_officer=principal, draft=draft(MARK, **more))


def test_an_owner_gets_no_hit_from_a_device_that_is_hidden_from_it(world, owner, post, work):
    """L1-HB is UKBA's alone: the same reading is a hit for UKBA, and nothing for PAF."""
    looks(world, "paf.analyst")
    post("L1-HB", READ)
    work()
    with owner():
        assert not Hit.objects.exists()
    looks(world, "ukba.analyst")
    post("L1-HB", READ | {"event_id": "again"})
    work()
    with owner():
        assert [hit.originator_id for hit in Hit.objects.all()] == [world.group("UKBA")]


def test_the_same_reading_at_a_shared_device_is_a_hit_for_both(world, owner, post, work):
    looks(world, "paf.analyst")
    looks(world, "ukba.analyst")
    post("L1-ANPR-F", READ)
    work()
    with owner():
        assert {hit.originator_id for hit in Hit.objects.all()} == {world.group("PAF"), world.group("UKBA")}


def test_a_notice_goes_only_to_those_who_see_the_device(world, owner, post, work):
    looks(
        world, "ukba.analyst", mode="refer", notified_agencies=("PAF", "DOUANES"), desk="UKBA-DESK",
    )  # fmt: skip
    post("L1-CO2", READ)  # seen by UKBA and PAF
    work()
    with owner():
        assert set(Notice.objects.get().viewers) == {world.group("UKBA"), world.group("PAF")}
