"""What could PAF see of this at 03:12, who did see it, and why: answered from a scripted history."""

import dataclasses
import datetime as dt
import zoneinfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.access import NotVisible
from agencies.facts import AsOfAnswer, Ground, Reader, RecordMoment
from agencies.models import Compartment
from agencies.rules.asof import record_sight
from agencies.rules.moments import NoSuchTime, TwiceThatNight, moment_of, time_came_twice
from agencies.rules.rights import RightMissing
from agencies.services.asof import asof_ask
from agencies.services.officers import officer_suspend
from intelligence.models import Lookout
from intelligence.services.audiences import lookout_recall, lookout_share
from intelligence.services.consultations import lookout_open
from intelligence.services.lookouts import lookout_extend
from tests.intelligence.conftest import Cell
from tests.making import at as minutes
from tests.making import make_alarm, make_passage

pytestmark = pytest.mark.django_db

WHY = "complaint 14/2026"


@pytest.fixture
def cell(world, ingest, owner) -> Cell:
    return Cell(world, ingest, owner)


@pytest.fixture
def ask(cell):
    def asked(record: str, agency: str = "PAF", by: str = "ukba.auditor", **more) -> AsOfAnswer:
        with cell.acting(by) as principal:
            return asof_ask(acting_officer=principal, record=record, agency=agency, purpose=WHY, **more)

    return asked


@pytest.fixture
def story(cell):
    """Entered, shared with PAF, read there, recalled: the lookout, and a moment after each step."""
    lookout = cell.looks("ukba.analyst")
    moments = {"entered": timezone.now()}
    with cell.acting("ukba.analyst") as analyst:
        lookout_share(
            acting_officer=analyst, uid=lookout.uid, agencies=["PAF"], purpose="joint enquiry LANTERN"
        )
    moments["shared"] = timezone.now()
    with cell.acting("paf.officer") as reader:
        lookout_open(acting_officer=reader, uid=lookout.uid, purpose="night shift")
    moments["read"] = timezone.now()
    with cell.acting("ukba.analyst") as analyst:
        lookout_recall(acting_officer=analyst, uid=lookout.uid, agencies=["PAF"], purpose="enquiry closed")
    moments["recalled"] = timezone.now()
    return lookout, moments


@pytest.mark.parametrize(
    ("moment", "seen", "ground", "readings"),
    [
        ("entered", False, Ground.NOT_GIVEN, 0),
        ("shared", True, Ground.GRANT, 0),
        ("read", True, Ground.GRANT, 1),
        ("recalled", False, Ground.WITHDRAWN, 1),
    ],
)
def test_each_moment_of_the_story_has_its_answer(story, ask, moment, seen, ground, readings):
    lookout, moments = story
    answer = ask(f"lookout:{lookout.uid}", at=moments[moment])
    assert (answer.seen, answer.ground, len(answer.readings)) == (seen, ground, readings)


def test_before_it_was_entered_nobody_saw_it(story, ask):
    lookout, _ = story
    answer = ask(lookout.reference, at=lookout.created_at - dt.timedelta(seconds=1))
    assert (answer.seen, answer.ground) == (False, Ground.NOT_YET)


def test_the_answer_says_who_gave_it_why_and_what_was_changed_since(story, ask):
    lookout, moments = story
    answer = ask(lookout.reference.lower(), at=moments["read"])
    assert answer.label == lookout.reference
    assert (answer.given.event, answer.given.by, answer.given.why) == (
        "given",
        "Analyst Ukba",
        "joint enquiry LANTERN",
    )
    assert [(line.event, line.party, line.why) for line in answer.since] == [
        ("withdrawn", "PAF", "enquiry closed")
    ]
    assert [line.event for line in answer.timeline] == ["given", "given", "withdrawn"]


def test_the_owner_learns_which_agency_read_and_when_but_no_name_and_no_purpose(story, ask):
    lookout, moments = story
    (reading,) = ask(lookout.reference, at=moments["read"]).readings
    assert (reading.agency, reading.channel, reading.who, reading.purpose) == ("PAF", "page", "", "")
    assert moments["shared"] <= reading.at <= moments["read"]


def test_a_recipients_auditor_learns_the_own_agencys_part_with_names(story, ask):
    lookout, moments = story
    answer = ask(lookout.reference, by="paf.auditor", at=moments["read"])
    (reading,) = answer.readings
    assert (answer.seen, answer.is_own, reading.who, reading.purpose) == (
        True,
        False,
        "Officer Paf",
        "night shift",
    )
    assert (answer.given.by, answer.given.why) == (
        "UKBA",
        "",
    )  # neither the other agency's officer nor its reasons
    assert {line.party for line in answer.timeline} == {"PAF"}
    assert "Officer Paf" in answer.officers
    assert "Auditor Paf" not in answer.officers  # cleared, but an auditor opens no lookout


def test_a_recipient_asks_about_no_other_agency(story, ask):
    with pytest.raises(ValidationError) as refused:
        ask(story[0].reference, by="paf.auditor", agency="UKBA")
    assert set(refused.value.error_dict) == {"agency"}


@pytest.mark.parametrize("by", ["paf.supervisor", "douanes.auditor", "ccic.auditor"])
def test_for_whoever_may_not_ask_the_record_is_absent(story, ask, by):
    for record in (
        story[0].reference,
        f"lookout:{story[0].uid}",
        f"hit:{story[0].uid}",
        "lookout:nonsense",
        "UKBA-L-2026-999999",
    ):
        with pytest.raises(NotVisible) as absent:
            ask(record, by=by)
        assert str(absent.value) == "record"


@pytest.mark.parametrize("by", ["ukba.officer", "ukba.analyst", "ukba.administrator"])
def test_the_question_needs_the_right(story, ask, by):
    with pytest.raises(RightMissing):
        ask(story[0].reference, by=by)


def test_the_question_is_recorded_with_its_purpose(story, ask, cell):
    lookout, moments = story
    ask(lookout.reference, at=moments["read"])
    (row,) = cell.audit("asof.ask")
    assert (row.object_type, row.object_uids, row.purpose) == ("lookout", [lookout.uid], WHY)
    assert (row.detail["agency"], row.detail["seen"]) == ("PAF", True)
    with cell.acting("ukba.auditor") as principal, pytest.raises(ValidationError):
        asof_ask(acting_officer=principal, record=lookout.reference, agency="PAF", purpose="")


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("agency", {"agency": "NONE"}),
        ("agency", {"agency": "\x00"}),
        ("at", {"at": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)}),
        ("officer", {"officer": "P-officer"}),  # an officer of another agency is not asked about
        ("officer", {"officer": "\x00", "agency": "UKBA"}),
    ],
)
def test_what_cannot_be_answered_is_refused_at_its_field(story, ask, field, given):
    with pytest.raises(ValidationError) as refused:
        ask(story[0].reference, **given)
    assert set(refused.value.error_dict) == {field}


def test_reclassified_above_an_officers_clearance(cell, ask, world, owner):
    lookout = cell.looks("ukba.analyst")
    with owner():
        low = world.officer("ukba.officer")
        low.clearance = 0
        low.save()
    open_to_all = timezone.now()
    cell.as_owner(lambda: Lookout.objects.filter(pk=lookout.pk).update(classification=10))
    closed = timezone.now()
    with owner():
        low.clearance = 10
        low.save()
    asked = {"agency": "UKBA", "officer": "U-officer"}
    grounds = [ask(lookout.reference, at=at, **asked).ground for at in (open_to_all, closed, timezone.now())]
    assert grounds == [Ground.OWNER, Ground.CLEARANCE, Ground.OWNER]
    agencywide = ask(lookout.reference, agency="UKBA", at=closed)
    assert (agencywide.seen, agencywide.needs_clearance) == (True, 10)
    assert "Officer Ukba" not in agencywide.officers
    assert "Analyst Ukba" in agencywide.officers
    assert agencywide.timeline[-1].changes == (("classification", "0", "10"),)


def test_an_officer_suspended_or_moved_saw_nothing_from_then_on(cell, ask, world, owner):
    lookout = cell.looks("ukba.analyst")
    officer, before = world.officer("ukba.officer"), timezone.now()
    with cell.acting("ukba.supervisor") as supervisor:
        officer_suspend(acting_party=supervisor, officer=officer)
    suspended = timezone.now()
    with owner():
        officer.refresh_from_db()
        officer.is_active = True
        officer.save()
        officer.agency = world.agency("PAF")
        officer.badge_number = "P-77"
        officer.save()
        moved = timezone.now()
        officer.agency, officer.badge_number = world.agency("UKBA"), "U-officer"
        officer.save()
    asked = {"agency": "UKBA", "officer": "U-officer"}
    grounds = [
        ask(lookout.reference, at=at, **asked).ground for at in (before, suspended, moved, timezone.now())
    ]
    assert grounds == [Ground.OWNER, Ground.SUSPENDED, Ground.MOVED, Ground.OWNER]


def test_a_role_without_the_right_saw_nothing(story, ask):
    lookout, moments = story
    answer = ask(lookout.reference, agency="UKBA", officer="U-administrator", at=moments["read"])
    assert (answer.seen, answer.ground) == (False, Ground.ROLE)


def test_a_share_that_had_expired_was_seen_by_its_owner_alone(cell, ask, story):
    lookout = cell.looks("ukba.analyst", mark="EF 456 GH")
    with cell.acting("ukba.analyst") as analyst:
        lookout_share(acting_officer=analyst, uid=lookout.uid, agencies=["PAF"], purpose="joint enquiry")
    cell.as_owner(lambda: Lookout.objects.filter(pk=lookout.pk).update(expires_at=timezone.now()))
    now = timezone.now()
    assert ask(lookout.reference, at=now).ground == Ground.EXPIRED
    assert ask(lookout.reference, agency="UKBA", at=now).ground == Ground.OWNER


def test_an_extension_is_a_change_that_is_told(cell, ask):
    lookout = cell.looks("ukba.analyst")
    later = (lookout.expires_at + dt.timedelta(days=3)).replace(microsecond=0)
    with cell.acting("ukba.analyst") as analyst:
        lookout_extend(
            acting_officer=analyst,
            uid=lookout.uid,
            expires_at=later,
            review_due=lookout.review_due,
            reason="open",
        )
    (line,) = [line for line in ask(lookout.reference).timeline if line.event == "changed"]
    assert [name for name, _, _ in line.changes] == ["expires_at"]
    assert line.why == "open"


def test_a_compartments_record_was_seen_by_its_members_not_by_the_agency(cell, ask, world):
    with cell.acting("ukba.analyst"):
        circle = Compartment.objects.get(name="LANTERN")
    lookout = cell.looks("ukba.analyst", compartment=str(circle.uid))
    with pytest.raises(NotVisible):
        ask(lookout.reference, agency="UKBA")  # the agency's auditor is no member


def test_a_passage_and_an_alarm_are_seen_through_their_devices(world, owner, ask):
    with owner():
        passage = make_passage(("L1-HB", minutes(0)), ("L1-CO2", minutes(1)), marks=["AB-123-CD"])
        alarm = make_alarm("L1-HB", minutes(2))
    answer = ask(f"passage:{passage.uid}")
    assert (answer.seen, [(one.label, one.seen) for one in answer.through]) == (
        True,
        [("L1-CO2", True), ("L1-HB", False)],
    )
    assert not answer.readings_recorded
    assert [one.label for one in ask(f"alarm:{alarm.uid}").through] == ["L1-HB"]
    with pytest.raises(NotVisible):
        ask(f"passage:{passage.uid}", by="ccic.auditor")


def test_a_hit_and_a_notice_have_each_their_own_answer(cell, ask):
    cell.stops("ukba.analyst")
    cell.sees()
    (hit,), (notice,) = cell.hits(), cell.notices()
    assert ask(f"hit:{hit.uid}").ground == Ground.NOT_GIVEN
    assert ask(f"notice:{notice.uid}").ground == Ground.GRANT
    assert ask(notice.reference, by="paf.auditor").ground == Ground.GRANT


def moment(seq: int, minute: int, event: str, group: int = 1, **more) -> RecordMoment:
    return RecordMoment(seq=seq, at=minutes(minute), event=event, group=group, originator=1, **more)


def test_before_recording_began_nobody_can_tell():
    known = [
        moment(1, 0, "known"),
        moment(2, 0, "known", 2),
        moment(3, 5, "withdrawn", 2),
        moment(4, 9, "given", 3),
    ]
    grounds = {
        (group, minute): record_sight(
            known, Reader(groups=frozenset({group})), "device", minutes(minute)
        ).ground
        for group in (1, 2, 3)
        for minute in (-1, 1, 6, 10)
    }
    assert [grounds[group, -1] for group in (1, 2, 3)] == [Ground.UNKNOWN] * 3
    assert [grounds[1, minute] for minute in (1, 6, 10)] == [Ground.OWNER] * 3
    assert [grounds[2, minute] for minute in (1, 6, 10)] == [Ground.GRANT, Ground.WITHDRAWN, Ground.WITHDRAWN]
    assert [grounds[3, minute] for minute in (1, 6, 10)] == [Ground.NOT_GIVEN, Ground.NOT_GIVEN, Ground.GRANT]
    assert record_sight(known, Reader(groups=frozenset({2})), "device", minutes(-1)).seen is None


def test_a_national_caveat_keeps_a_record_from_the_other_side():
    given = [
        moment(1, 0, "given"),
        moment(2, 1, "given", 2),
        moment(3, 2, "changed", 2, caveat="uk_eyes_only"),
    ]
    french = Reader(groups=frozenset({2}), caveats=frozenset({"", "special_france"}))
    grounds = [record_sight(given, french, "device", minutes(minute)).ground for minute in (1, 2)]
    assert grounds == [Ground.GRANT, Ground.CAVEAT]


def test_the_port_operator_opens_no_lookout_even_if_it_was_given_one():
    given = [moment(1, 0, "given"), moment(2, 1, "given", 4)]
    port = Reader(groups=frozenset({4}), is_authority=False)
    assert record_sight(given, port, "lookout", minutes(2)).ground == Ground.NO_AUTHORITY
    assert record_sight(given, port, "device", minutes(2)).ground == Ground.GRANT


PARIS = zoneinfo.ZoneInfo("Europe/Paris")


def test_a_time_on_the_wall_becomes_one_moment():
    assert moment_of(dt.date(2026, 5, 4), dt.time(3, 12), PARIS) == dt.datetime(
        2026, 5, 4, 1, 12, tzinfo=dt.UTC
    )


def test_the_hour_that_came_twice_is_asked_about_twice():
    night, time = dt.date(2026, 10, 25), dt.time(2, 30)
    assert time_came_twice(night, time, PARIS)
    with pytest.raises(TwiceThatNight):
        moment_of(night, time, PARIS)
    first, second = (moment_of(night, time, PARIS, second=chosen) for chosen in (False, True))
    assert (first.hour, second.hour) == (0, 1)
    held = [moment(1, 0, "given")]
    between = dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC)
    given = RecordMoment(seq=2, at=between, event="given", group=2, originator=1)
    grounds = [
        record_sight(
            [dataclasses.replace(held[0], at=first - dt.timedelta(days=1)), given],
            Reader(groups=frozenset({2})),
            "device",
            at,
        ).ground
        for at in (first, second)
    ]
    assert grounds == [Ground.NOT_GIVEN, Ground.GRANT]


def test_the_hour_that_never_came_is_no_moment():
    assert not time_came_twice(dt.date(2026, 3, 29), dt.time(2, 30), PARIS)
    for second in (None, False, True):
        with pytest.raises(NoSuchTime):
            moment_of(dt.date(2026, 3, 29), dt.time(2, 30), PARIS, second=second)
