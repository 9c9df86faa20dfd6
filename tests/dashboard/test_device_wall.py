"""The device wall: every device that its reader may see as one tile, what is in trouble said in words, places kept."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.grants import grants_give
from dashboard.selectors.fresh import everything_forget
from scanning.choices_care import OutageEffect, OutageKind, OutageStage
from scanning.models import Device, DeviceGrant, DeviceStatus, Outage
from tests.making import make_alarm, make_passage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    everything_forget()
    yield
    everything_forget()


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


def ahead(**span):
    return timezone.now() + dt.timedelta(**span)


def wall(client, name="device-wall", **query):
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200
    return answer.context["page"]


def tiles(page):
    return {tile.prefix + tile.code: tile for group in page.groups for tile in group.tiles}


@pytest.fixture
def is_out(owner, world):
    """`is_out("L1-HB", kind="planned")`: an outage of this device is under way."""

    def begun(code, kind=OutageKind.REPORTED, effect=OutageEffect.OUT, **more):
        given = {"begins_at": ago(hours=1), "ends_at": ahead(hours=1) if kind == OutageKind.PLANNED else None}
        stage = OutageStage.PLANNED if kind == OutageKind.PLANNED else OutageStage.REPORTED
        with owner():
            return Outage.objects.create(
                device_id=world.device(code).pk, kind=kind, effect=effect, stage=stage, **given | more
            )

    return begun


@pytest.fixture
def says(owner, world):
    """`says("L1-RPM", fault="high voltage")`: what a device says of itself."""

    def told(code, **state):
        with owner():
            DeviceStatus.objects.filter(device=world.device(code)).update(
                **{"last_received_at": timezone.now(), "last_event_at": timezone.now()} | state
            )

    return told


@pytest.mark.parametrize("role", ["officer", "analyst", "supervisor", "administrator", "auditor"])
@pytest.mark.parametrize(("agency", "count"), [("ukba", 8), ("paf", 6), ("douanes", 6), ("ccic", 2)])
def test_each_agency_sees_tiles_of_its_own_devices_and_those_shared_with_it(signed_in, agency, count, role):
    page = wall(signed_in(f"{agency}.{role}"))
    assert len(tiles(page)) == page.total == page.counts[0].count == count


def test_a_tile_says_how_its_device_does_and_since_when(signed_in, says, is_out):
    since = ago(minutes=12)
    says("L1-RPM", fault="high voltage", fault_since=since)
    says("L2-XRAY", silent_since=since)
    says("L1-CO2")
    says("L1-HB", fault="door open", fault_since=ago(minutes=3))
    says("L2-DOG")
    says("L1-ANPR-F")
    planned, reported, limited = (
        is_out("L1-HB", OutageKind.PLANNED),
        is_out("L2-DOG"),
        is_out("L1-ANPR-F", effect=OutageEffect.LIMITED),
    )
    seen = tiles(wall(signed_in("ukba.officer")))
    assert {code: tile.state for code, tile in seen.items()} == {
        "L1-RPM": "fault", "L2-XRAY": "silent", "L1-CO2": "working", "L1-HB": "planned", "L2-DOG": "out",
        "L1-ANPR-F": "limited", "L1-ANPR-R": "unknown", "L2-KEY": "unknown",
    }  # fmt: skip
    assert (seen["L1-RPM"].since, seen["L1-RPM"].note) == (since, "high voltage")
    assert seen["L2-XRAY"].since == since
    assert seen["L1-HB"].note == "door open"  # noted, although the downtime was planned
    for code, outage in (("L1-HB", planned), ("L2-DOG", reported), ("L1-ANPR-F", limited)):
        assert seen[code].outage == reverse("outage-detail", args=[outage.uid])
        assert seen[code].since == outage.begins_at
    assert seen["L1-HB"].until == planned.ends_at


def test_a_device_out_of_service_is_said_to_be_so_whatever_was_planned(signed_in, is_out, says, owner, world):
    says("L1-HB", fault="burnt out", fault_since=ago(hours=2))
    is_out("L1-HB", OutageKind.PLANNED)
    with owner():
        Device.objects.filter(pk=world.device("L1-HB").pk).update(is_active=False)
    assert tiles(wall(signed_in("ukba.officer")))["L1-HB"].state == "off"


@pytest.mark.parametrize(
    "past",
    [
        {"begins_at": ago(hours=3), "ends_at": ago(hours=1)},
        {"begins_at": ahead(hours=1), "ends_at": ahead(hours=2)},
        {"begins_at": ago(hours=1), "ends_at": ago(hours=1), "stage": OutageStage.CANCELLED},
    ],
    ids=["over", "to come", "called off"],
)
def test_an_outage_that_is_not_under_way_changes_no_tile(signed_in, says, owner, world, past):
    says("L1-HB")
    with owner():
        given = {"kind": OutageKind.PLANNED, "stage": OutageStage.PLANNED} | past
        Outage.objects.create(device_id=world.device("L1-HB").pk, **given)
    tile = tiles(wall(signed_in("ukba.officer")))["L1-HB"]
    assert (tile.state, tile.outage) == ("working", "")


def test_a_state_stands_in_words_beside_its_sign_in_both_languages(signed_in, says, is_out):
    says("L1-RPM", fault="high voltage", fault_since=ago(minutes=12))
    is_out("L1-CO2", OutageKind.PLANNED)
    for who, fault, planned in (
        ("ukba.officer", "fault", "planned downtime"),
        ("paf.officer", "panne", "arrêt prévu"),
    ):
        text = signed_in(who).get(reverse("device-wall")).content.decode()
        assert f'<use href="#g-fault"></use></svg><strong>1</strong> {fault}</a>' in text
        assert f"<strong>{fault}</strong>" in text
        assert f"<strong>{planned}</strong>" in text


def test_vehicles_of_the_last_hour_open_alarms_and_the_last_event_stand_on_the_tile(signed_in, says, owner):
    heard = ago(seconds=40)
    says("L1-CO2", last_event_at=heard)
    with owner():
        for minutes in (1, 30, 59, 61):
            make_passage(("L1-CO2", ago(minutes=minutes)))
        make_alarm("L1-CO2", ago(minutes=1), rule="co2_suspect")
        make_alarm("L1-CO2", ago(minutes=2), rule="event_conflict")
    tile = tiles(wall(signed_in("paf.officer")))["L1-CO2"]
    assert (tile.hour, tile.alarms, tile.last_event) == (3, 2, heard)


def test_counts_are_filters_and_count_everything_whatever_is_shown(signed_in, says, is_out):
    says("L1-RPM", fault="high voltage", fault_since=ago(minutes=12))
    says("L2-XRAY", silent_since=ago(minutes=2))
    is_out("L2-DOG")
    is_out("L1-CO2", OutageKind.PLANNED)
    client = signed_in("ukba.officer")
    first = wall(client)
    assert [(count.state, count.count) for count in first.counts] == [
        ("", 8), ("trouble", 3), ("fault", 1), ("silent", 1), ("out", 1), ("planned", 1), ("unknown", 4),
    ]  # fmt: skip
    for count in first.counts:
        answer = client.get(reverse("device-wall") + count.query)
        page = answer.context["page"]
        assert len(tiles(page)) == count.count
        assert [each.count for each in page.counts] == [each.count for each in first.counts]
        assert [each.state for each in page.counts if each.current] == [count.state]
    assert set(tiles(wall(client, state="trouble"))) == {"L1-RPM", "L2-XRAY", "L2-DOG"}


def test_a_wall_without_trouble_says_so(signed_in):
    client = signed_in("ukba.officer")
    assert (
        "No device is in this state now."
        in client.get(reverse("device-wall"), {"state": "trouble"}).content.decode()
    )


def test_groups_are_lanes_techniques_or_agencies_and_keep_their_places(signed_in, says):
    client = signed_in("ukba.officer")
    before = [[group.title for group in wall(client, by=by).groups] for by in ("lane", "technique", "agency")]
    assert before == [
        ["L1", "L2"],
        ["ANPR", "RAD", "XRAY", "CO₂", "HB", "DOG", "KEY"],
        ["CCIC", "DOUANES", "PAF", "UKBA"],
    ]
    says("L2-KEY", fault="stuck", fault_since=ago(minutes=1))
    everything_forget()
    after = wall(client, by="technique")
    assert [group.title for group in after.groups] == before[1]
    assert [group.troubled for group in after.groups] == [0, 0, 0, 0, 0, 0, 1]


def test_a_device_in_no_lane_has_a_place_of_its_own(signed_in, owner, world):
    with owner():
        Device.objects.filter(pk=world.device("L2-DOG").pk).update(lane=None)
    groups = wall(signed_in("ukba.officer")).groups
    assert [(group.title, group.words) for group in groups][-1] == ("–", "In no lane")
    assert [tile.code for tile in groups[-1].tiles] == ["L2-DOG"]


@pytest.mark.parametrize("query", [{"by": "colour"}, {"state": "happy"}, {"by": "", "state": "'"}])
def test_words_that_the_wall_does_not_know_are_taken_for_none(signed_in, query):
    page = wall(signed_in("ukba.officer"), **query)
    assert len(tiles(page)) == 8
    assert page.query == ""


def test_who_sees_no_device_is_told_how_that_changes(signed_in, owner, world):
    with owner():
        for code in ("L1-ANPR-F", "L1-ANPR-R"):
            world.device(code).grants.filter(group_id=world.group("CCIC")).delete()
    for query in ({}, {"wall": "1"}, {"state": "trouble"}):
        text = signed_in("ccic.officer").get(reverse("device-wall"), query).content.decode()
        assert "Aucun équipement ne vous est visible ici." in text


def test_the_large_wall_shows_the_same_without_menu_and_leads_back(signed_in):
    client = signed_in("ukba.officer")
    large = client.get(reverse("device-wall"), {"wall": "1", "by": "technique"})
    text = large.content.decode()
    assert 'class="nav"' not in text
    assert f'href="{reverse("device-wall")}?by=technique"' in text
    assert tiles(large.context["page"]).keys() == tiles(wall(client)).keys()
    # What it asks for again is the same wall: its filters stay on the large screen.
    assert all("wall=1" in count.query for count in large.context["page"].counts)


def test_an_open_wall_is_told_only_of_changes(signed_in, says):
    client = signed_in("ukba.officer")
    says("L1-RPM", last_event_at=ago(minutes=5))
    part = reverse("device-wall-part")
    as_of = wall(client).as_of
    assert client.get(part, {"as_of": as_of}).status_code == 204
    says("L1-RPM", fault="high voltage", fault_since=ago(minutes=1))
    everything_forget()
    answer = client.get(part, {"as_of": as_of})
    assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith("<div data-keyed")
    before = {tile.id: tile.version for tile in tiles(wall(client)).values()}
    says("L2-KEY")
    everything_forget()
    after = {tile.id: tile.version for tile in tiles(wall(client)).values()}
    assert sum(before[uid] != after[uid] for uid in before) == 1


def test_a_recalled_device_leaves_the_wall_at_once(signed_in, owner, world):
    client = signed_in("paf.officer")
    assert "L1-CO2" in tiles(wall(client))
    with owner():
        world.device("L1-CO2").grants.filter(group_id=world.group("PAF")).delete()
    assert "L1-CO2" not in tiles(wall(client))


def test_ten_times_the_devices_cost_no_question_more(signed_in, owner, world, says, is_out):
    client = signed_in("ukba.officer")

    def asked():
        everything_forget()
        with CaptureQueriesContext(connection) as captured:
            page = wall(client)
        return len(tiles(page)), len(captured)

    is_out("L1-HB")
    says("L1-RPM", fault="high voltage", fault_since=ago(minutes=1))
    asked()
    few, cost_of_few = asked()
    with owner():
        model = world.device("L1-RPM")
        for number in range(72):
            more = Device.objects.create(
                originator_id=model.originator_id, code=f"L1-RPM-{number}", name_en="probe", name_fr="sonde",
                kind=model.kind, site_id=model.site_id, lane_id=model.lane_id, account_id=None, order=number + 20,
            )  # fmt: skip
            grants_give(DeviceGrant, more, [world.group("PAF")])
            DeviceStatus.objects.create(
                device=more, last_received_at=timezone.now(), fault="x", fault_since=ago(hours=1)
            )
            Outage.objects.create(device_id=more.pk, kind=OutageKind.FAULT, begins_at=ago(hours=1))
            make_alarm(more.code, ago(minutes=1), rule="device_fault")
            make_passage((more.code, ago(minutes=2)))
    many, cost_of_many = asked()
    assert (few, many) == (8, 80)
    assert cost_of_many == cost_of_few
