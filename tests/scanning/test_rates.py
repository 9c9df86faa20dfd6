"""Which device finds what, and how sure we are: counted by hand beside what the centre counts."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.grants import grants_give
from agencies.rules.rights import RightMissing
from audit.models import AuditEvent
from scanning.models import Adjudication, Device, DeviceGrant, Lane, LaterFind, Site
from scanning.rules.drawing import is_drawn
from scanning.rules.rates import Looked, Truth, rate, tallies
from scanning.rules.refusals import NotAboutVehicle
from scanning.selectors.findings import adjudications_of, finds_of_passage
from scanning.selectors.rates import RateFilter, rates_read
from scanning.services.findings import alarm_adjudicate, find_report
from tests.making import make_alarm, make_part, make_passage

PERSONS, GOODS = frozenset({"persons"}), frozenset({"goods"})


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Worked out by hand from Wilson (1927); the first is the textbook's 0 of 10.
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (1, 1000, 0.000177, 0.00564)],
)
def test_an_interval_is_wilsons_and_stays_within_what_a_share_can_be(part, whole, low, high):
    found = rate(part, whole)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)
    assert found.low <= found.share <= found.high


def test_nothing_to_count_has_no_share():
    assert rate(0, 0) == (0, 0, None, None, None)


def tally(*looked, truths=None):
    return tallies(
        [("D", "heartbeat", 100, 5)], [Looked("D", "heartbeat", *one) for one in looked], truths or {}
    )["D"]


def test_a_suspicion_is_a_hit_a_false_alarm_or_open():
    found = tally(
        (1, "suspect"), (2, "suspect"), (3, "suspect"),
        truths={1: Truth(PERSONS, minutes=20), 2: Truth(minutes=30)},
    )  # fmt: skip
    assert (found.real, found.false, found.open, found.misses) == (1, 1, 1, 0)
    assert found.real_rate[:2] == (1, 2)
    assert found.minutes_per_find == 50  # the search in vain is part of what a find costs


def test_what_an_officer_stated_comes_before_what_a_search_proved():
    found = tally(
        (1, "suspect", "innocent_declared"), (2, "suspect", "real_persons"), (3, "suspect", "false_background"),
        truths={1: Truth(), 2: Truth(), 3: Truth(PERSONS)},
    )  # fmt: skip
    assert (found.real, found.innocent, found.false) == (1, 1, 1)


def test_of_the_real_ones_it_is_said_what_was_found():
    found = tallies(
        [],
        [
            Looked("D", "dog", 1, "suspect"), Looked("D", "dog", 2, "suspect", "real_contraband"),
            Looked("D", "dog", 3, "suspect", "real_persons"), Looked("D", "radiation", 4, "suspect", "real_other"),
            Looked("D", "dog", 5, "suspect", "real_other"), Looked("D", "heartbeat", 6, "suspect"),
        ],
        {1: Truth(PERSONS | GOODS), 6: Truth(PERSONS | GOODS)},
    )["D"]  # fmt: skip
    assert (found.real, found.persons, found.goods, found.radiation) == (6, 3, 2, 1)


def test_a_miss_is_counted_only_where_the_technique_could_have_found_it():
    found = tally(
        (1, "clear"), (2, "clear"), (3, "clear"), truths={1: Truth(PERSONS), 2: Truth(GOODS), 3: Truth()}
    )
    assert found.misses == 1
    goods = tallies([], [Looked("X", "xray", 2, "clear")], {2: Truth(GOODS)})["X"]
    assert goods.misses == 1


def test_a_find_that_a_technique_could_not_make_leaves_its_suspicion_false():
    found = tally((1, "suspect"), truths={1: Truth(GOODS)})
    assert (found.real, found.false) == (0, 1)


def test_only_vehicles_drawn_at_random_tell_how_much_is_detected():
    found = tally(
        (1, "suspect"), (2, "clear"), (3, "suspect"), (4, "indeterminate"),
        truths={
            1: Truth(PERSONS, is_random=True), 2: Truth(PERSONS, is_random=True), 3: Truth(PERSONS),
            4: Truth(PERSONS, is_random=True),
        },
    )  # fmt: skip
    assert found.detection_rate[:2] == (1, 3)


def test_a_find_of_dover_is_a_miss_and_a_suspicion_it_confirms_is_a_hit():
    later = Truth(PERSONS, is_searched=False)
    found = tally(
        (1, "clear"),
        (2, "suspect"),
        (3, "suspect"),
        truths={1: later, 2: later, 3: Truth(GOODS, is_searched=False)},
    )
    assert (found.misses, found.real, found.open) == (1, 1, 1)


def test_vehicles_are_drawn_by_their_own_random_id_in_the_share_that_is_set():
    drawn = sum(is_drawn(uuid.uuid4(), 0.1) for _ in range(20_000))
    assert 1700 < drawn < 2300
    assert not is_drawn(uuid.uuid4(), 0.0)
    assert is_drawn(uuid.uuid4(), 1.0)


# Over the database, as each agency sees it.


def acting(world, who, act, **values):
    principal = world.principal(who)
    with acting_as(principal):
        return act(acting_officer=principal, **values)


def read(world, who, selector, *args, **more):
    principal = world.principal(who)
    with acting_as(principal):
        return selector(principal, *args, **more)


NOW = timezone.now


def ago(minutes):
    return NOW() - dt.timedelta(minutes=minutes)


@pytest.fixture
def searcher(world, owner):
    """A search team of UKBA in lane 1, which PAF see too."""
    with owner():
        device = Device.objects.create(
            originator_id=world.group("UKBA"), code="L1-SEARCH", name_en="team", name_fr="équipe", kind="search",
            site=Site.objects.get(code="CALAIS"), lane=Lane.objects.get(code="L1"), order=9,
        )  # fmt: skip
        grants_give(DeviceGrant, device, [world.group("PAF")])
    return "L1-SEARCH"


@pytest.fixture
def traffic(owner, searcher):
    """Four lorries at the heartbeat detector: a hit, a false alarm, a miss found at random, one nobody looked into."""
    with owner():
        made = {}
        for name, result in (
            ("hit", "suspect"),
            ("false", "suspect"),
            ("missed", "clear"),
            ("open", "suspect"),
        ):
            made[name] = make_passage(
                ("L1-HB", ago(60), result), ("L1-CO2", ago(60), "clear"), marks=[f"AB-{name}"]
            )
        for name, outcome, selection in (
            ("hit", "persons", "suspicion"), ("false", "nothing", "suspicion"), ("missed", "persons", "random"),
        ):  # fmt: skip
            detail = {"reading": {"outcome": outcome, "duration_minutes": 20, "selection": selection}}
            result = "clear" if outcome == "nothing" else "suspect"
            make_part(made[name], searcher, ago(50), result=result, detail=detail)
    return made


def rates(world, who, **more):
    wanted = RateFilter(since=ago(24 * 60), until=NOW(), **more)
    return read(world, who, rates_read, wanted)


pytestmark = pytest.mark.django_db


def test_each_device_has_its_hits_false_alarms_and_misses(world, traffic):
    rows = {row.key: row.tally for row in rates(world, "ukba.analyst").rows}
    heart = rows["L1-HB"]
    assert (heart.looked, heart.suspect, heart.real, heart.false, heart.open, heart.misses) == (
        4,
        3,
        1,
        1,
        1,
        1,
    )
    assert heart.detection_rate[:2] == (0, 1)
    assert heart.minutes_per_find == 40
    assert (rows["L1-CO2"].looked, rows["L1-CO2"].misses) == (4, 2)


def test_an_agency_counts_over_what_it_sees_and_no_more(world, traffic):
    assert [row.key for row in rates(world, "paf.analyst").rows] == [
        "L1-CO2"
    ]  # the heartbeat detector is UKBA's
    douanes = rates(world, "douanes.analyst")
    assert douanes.rows == ()
    assert douanes.searches.whole == 0


def test_rates_are_told_by_technique_lane_and_agency_too(world, traffic):
    assert {row.key for row in rates(world, "ukba.analyst", by="kind").rows} == {"heartbeat", "co2"}
    (lane,) = rates(world, "ukba.analyst", by="lane").rows
    assert (lane.key, lane.tally.looked) == ("L1", 8)
    (agency,) = rates(world, "ukba.analyst", by="agency").rows
    assert (agency.key, agency.kinds) == ("UKBA", ("co2", "heartbeat"))
    (only,) = rates(world, "ukba.analyst", kind="co2").rows
    assert only.key == "L1-CO2"
    assert rates(world, "ukba.analyst", site="DOVER").rows == ()


def test_random_searches_tell_of_all_that_passes(world, traffic):
    found = rates(world, "ukba.analyst")
    assert found.random[:2] == (1, 1)
    assert found.searches[:2] == (2, 3)


def test_an_adjudication_counts_at_once_and_a_correction_replaces_it(world, owner, traffic):
    with owner():
        alarm = make_alarm("L1-HB", ago(60), rule="heartbeat_suspect", passage=traffic["open"])
    acting(world, "ukba.officer", alarm_adjudicate, uid=alarm.uid, code="false_other", note="loose tarpaulin")
    assert {row.key: row.tally.false for row in rates(world, "ukba.analyst").rows}["L1-HB"] == 2
    acting(world, "ukba.supervisor", alarm_adjudicate, uid=alarm.uid, code="real_persons")
    heart = {row.key: row.tally for row in rates(world, "ukba.analyst").rows}["L1-HB"]
    assert (heart.real, heart.false) == (2, 1)
    stated = read(world, "ukba.officer", adjudications_of, [alarm.pk])[alarm.pk]
    assert [(one.code, bool(one.replaced_at)) for one in stated] == [
        ("real_persons", False),
        ("false_other", True),
    ]
    with owner():
        assert (
            AuditEvent.objects.filter(action="alarm.adjudicate", object_uids__contains=[alarm.uid]).count()
            == 2
        )


def test_who_does_not_see_the_device_neither_adjudicates_nor_reads_it(world, owner, traffic):
    with owner():
        alarm = make_alarm("L1-HB", ago(60), passage=traffic["open"])
    acting(world, "ukba.officer", alarm_adjudicate, uid=alarm.uid, code="false_other")
    with pytest.raises(NotVisible):
        acting(world, "paf.officer", alarm_adjudicate, uid=alarm.uid, code="false_other")
    assert read(world, "paf.officer", adjudications_of, [alarm.pk]) == {}
    principal = world.principal("paf.officer")
    with acting_as(principal):
        assert Adjudication.objects.count() == 0  # the second wall alone
        with pytest.raises(Exception, match="row-level security"):
            Adjudication.objects.create(
                alarm_id=alarm.pk, device_id=alarm.device_id, passage_id=alarm.passage_id, code="real_other",
                made_at=NOW(), agency_group_id=world.group("PAF"),
            )  # fmt: skip


def test_an_alarm_about_the_device_itself_has_nothing_to_adjudicate(world, owner):
    with owner():
        alarm = make_alarm("L1-HB", ago(60), rule="device_fault")
    with pytest.raises(NotAboutVehicle):
        acting(world, "ukba.officer", alarm_adjudicate, uid=alarm.uid, code="false_other")
    with pytest.raises(ValidationError):
        acting(world, "ukba.officer", alarm_adjudicate, uid=alarm.uid, code="maybe")
    with pytest.raises(RightMissing):
        acting(world, "ukba.auditor", alarm_adjudicate, uid=alarm.uid, code="false_other")


def report(world, passage, who="ukba.officer", **more):
    values = {
        "passage": passage.uid, "found_at": NOW(), "place": "Dover, examination hall", "finds": ["persons"],
        "persons": 4, "note": "behind a false bulkhead", "agencies": ["PAF"],
    }  # fmt: skip
    return acting(world, who, find_report, **(values | more))


def test_a_find_made_in_dover_is_a_miss_for_whoever_is_told(world, owner, traffic):
    before = {row.key: row.tally.misses for row in rates(world, "paf.analyst").rows}["L1-CO2"]
    made = report(world, traffic["open"])
    assert {row.key: row.tally.misses for row in rates(world, "paf.analyst").rows}["L1-CO2"] == before + 1
    (told,) = read(world, "paf.officer", finds_of_passage, traffic["open"].uid)
    assert (told.reference, told.persons, told.reported_by) == (made.reference, 4, "")
    assert read(world, "douanes.officer", finds_of_passage, traffic["open"].uid) == ()
    with owner():
        assert LaterFind.objects.get().viewers == sorted([world.group("UKBA"), world.group("PAF")])
        assert AuditEvent.objects.filter(action="find.report").count() == 1


def test_a_find_nobody_is_told_of_counts_for_its_reporter_alone(world, traffic):
    before = {row.key: row.tally.misses for row in rates(world, "paf.analyst").rows}["L1-CO2"]
    report(world, traffic["open"], agencies=[])
    assert {row.key: row.tally.misses for row in rates(world, "paf.analyst").rows}["L1-CO2"] == before
    assert {row.key: row.tally.real for row in rates(world, "ukba.analyst").rows}["L1-HB"] == 2


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("found_at", {"found_at": dt.datetime(2009, 1, 1, tzinfo=dt.UTC)}),
        ("found_at", {"found_at": dt.datetime(2109, 1, 1, tzinfo=dt.UTC)}),
        ("finds", {"finds": []}),
        ("finds", {"finds": ["hope"]}),
        ("persons", {"finds": ["goods"]}),
        ("place", {"place": " "}),
        ("note", {"note": ""}),
        ("agencies", {"agencies": ["NOBODY"]}),
    ],
)
def test_a_find_that_cannot_be_one_is_refused_at_its_field(world, traffic, field, more):
    with pytest.raises(ValidationError) as refused:
        report(world, traffic["open"], **more)
    assert set(refused.value.error_dict) == {field}


def test_a_find_is_put_down_to_a_passage_that_the_reporter_sees(world, owner):
    with owner():
        passage = make_passage(("L1-HB", ago(60)))
    with pytest.raises(NotVisible):
        report(world, passage, who="paf.officer")
