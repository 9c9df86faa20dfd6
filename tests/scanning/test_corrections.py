"""An officer corrects what the machine joined wrongly: every part follows, nothing is lost, and nobody learns of what is hidden."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from agencies.access import NotVisible
from agencies.rules.rights import RightMissing
from audit.models import AuditEvent
from scanning.models import (
    Passage,
    PassageMove,
    PassagePart,
    ScanEvent,
)
from scanning.rules.refusals import CorrectionStands, CorrectionTooOld
from scanning.selectors.corrections import correction_get, corrections_of, moved_to, passages_near
from scanning.selectors.passages import passage_events, passage_seen
from scanning.services.corrections import correction_undo, passage_merge, passage_split
from scanning.services.ingest import corrections
from tests.making import make_passage
from tests.scanning.correcting import WHY, ago, events_by_key, ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(acting):
    """What one officer sees of a passage: device, mark and result of each event, and the passage itself."""

    def tell(username, uid):
        with acting(username) as principal:
            seen = passage_seen(principal, uid)
            return seen, passage_events(principal, seen)

    return tell


@pytest.fixture
def two_in_one(post, work, event, owner):
    """Two lorries in one passage: both cameras of the lane, the portal and the heartbeat detector saw them; returns its id."""

    def when(seconds):
        return (ago(30) + dt.timedelta(seconds=seconds)).isoformat()

    post("L1-ANPR-F", event("f1", "AB-123-CD", at=when(0)))
    post("L1-ANPR-R", event("r1", "AB-123-CD", at=when(4)))
    post("L1-RPM", event("m1", at=when(8)))
    post("L1-HB", event("h1", at=when(12)))
    work()
    with owner():
        return Passage.objects.get().uid


def test_what_is_split_off_becomes_a_passage_of_its_own_and_the_rest_stays(
    do, two_in_one, carry_out, story, owner
):
    correction = do(
        "paf.officer", passage_split, uid=two_in_one, events=events_by_key(owner, "r1", "m1"), reason=WHY
    )
    assert carry_out() == 1
    with owner():
        target = PassageMove.objects.filter(correction=correction).first().target_uid
    stays, left = story("ukba.officer", two_in_one)
    goes, gone = story("ukba.officer", target)
    assert [event.event_key for event in left] == ["f1", "h1"]
    assert [event.event_key for event in gone] == ["r1", "m1"]
    assert [mark.raw for mark in goes.marks] == [mark.raw for mark in stays.marks] == ["AB-123-CD"]
    assert goes.first_at == gone[0].at
    assert stays.last_at == left[-1].at
    ledger(owner)


def test_one_device_that_saw_both_lorries_has_a_part_in_both(post, work, event, do, carry_out, story, owner):
    start = ago(20)
    for index, (key, mark, result) in enumerate(
        [("a", "AB-123-CD", "clear"), ("b", "AB-123-CD", "suspect"), ("c", "AB-123-CD", "clear")]
    ):
        at = (start + dt.timedelta(seconds=index)).isoformat()
        post("L1-ANPR-F", event(key, mark, at=at, result=result))
    work()
    with owner():
        uid = Passage.objects.get().uid
    do("ukba.officer", passage_split, uid=uid, events=events_by_key(owner, "c"), reason=WHY)
    carry_out()
    seen, _events = story("ukba.officer", uid)
    assert [(part.events, part.result) for part in seen.parts] == [(2, "suspect")]
    ledger(owner)


def test_marks_go_with_the_readings_that_made_them(post, work, event, do, carry_out, story, owner):
    start = ago(20)
    post("L1-ANPR-F", event("a", "AB-123-CD", at=start.isoformat()))
    second = [{"kind": "trailer", "value": "QQ-777-ZZ"}, {"kind": "tractor", "value": "AB-123-CD"}]
    post("L1-ANPR-F", event("b", at=(start + dt.timedelta(seconds=3)).isoformat(), marks=second))
    work()
    with owner():
        uid = Passage.objects.get().uid
    do("ukba.officer", passage_split, uid=uid, events=events_by_key(owner, "b"), reason=WHY)
    carry_out()
    seen, _events = story("ukba.officer", uid)
    assert [(mark.raw, mark.kind) for mark in seen.marks] == [("AB-123-CD", "tractor")]
    with owner():
        other = PassageMove.objects.get().target_uid
    gone, _events = story("ukba.officer", other)
    assert {(mark.raw, mark.kind) for mark in gone.marks} == {
        ("QQ-777-ZZ", "trailer"),
        ("AB-123-CD", "tractor"),
    }


def test_merged_passages_are_one_with_what_the_officer_cannot_see_as_well(do, carry_out, story, owner):
    with owner():
        kept = make_passage(("L1-ANPR-F", ago(30)), marks=["AB-123-CD"])
        other = make_passage(("L1-RPM", ago(29)), ("L1-HB", ago(28.5), "suspect"))
    do("paf.officer", passage_merge, uid=kept.uid, other=other.uid, reason=WHY)
    carry_out()
    assert len(story("paf.officer", kept.uid)[1]) == 2
    assert len(story("ukba.officer", kept.uid)[1]) == 3
    for who in ("paf.officer", "ukba.officer"):
        with pytest.raises(NotVisible):
            story(who, other.uid)
    ledger(owner)


def test_whoever_cannot_see_a_device_never_learns_that_it_took_part(do, acting, carry_out, owner):
    with owner():
        kept = make_passage(("L1-ANPR-F", ago(30)), marks=["AB-123-CD"])
        other = make_passage(("L1-RPM", ago(29)), ("L1-HB", ago(28.5), "suspect"))
    correction = do("paf.officer", passage_merge, uid=kept.uid, other=other.uid, reason=WHY)
    carry_out()
    with acting("paf.officer") as principal:
        assert correction_get(principal, correction).events == 1
    with acting("ukba.officer") as principal:
        seen = correction_get(principal, correction)
        assert (seen.events, seen.reason, seen.agency, seen.made_by) == (2, WHY, "PAF", "")


def test_what_stays_hidden_stays_where_it_is_when_all_the_rest_but_one_is_split_off(
    do, carry_out, story, two_in_one, owner
):
    do("paf.officer", passage_split, uid=two_in_one, events=events_by_key(owner, "f1", "r1"), reason=WHY)
    carry_out()
    assert [event.event_key for event in story("ukba.officer", two_in_one)[1]] == ["m1", "h1"]


def test_undoing_leads_back_just_what_was_moved(do, carry_out, story, owner):
    with owner():
        kept = make_passage(("L1-ANPR-F", ago(30)), marks=["AB-123-CD"])
        other = make_passage(("L1-RPM", ago(29)), ("L1-HB", ago(28.5), "suspect"), marks=["EF-456-GH"])
    before = story("ukba.officer", other.uid)
    merge = do("paf.officer", passage_merge, uid=kept.uid, other=other.uid, reason=WHY)
    carry_out()
    do("douanes.officer", correction_undo, uid=merge, reason="they are two lorries after all")
    carry_out()
    after = story("ukba.officer", other.uid)
    assert after[0].parts == before[0].parts
    assert after[0].marks == before[0].marks
    assert [event.uid for event in after[1]] == [event.uid for event in before[1]]
    assert len(story("ukba.officer", kept.uid)[1]) == 1
    ledger(owner)
    with pytest.raises(CorrectionStands):
        do("paf.officer", correction_undo, uid=merge, reason="once more")


def test_the_old_address_of_a_merged_passage_leads_on_for_those_who_saw_it(do, acting, carry_out, owner):
    with owner():
        kept = make_passage(("L1-ANPR-F", ago(30)))
        other = make_passage(("L1-CO2", ago(29)))
        hidden = make_passage(("L1-HB", ago(29)))
    do("ukba.officer", passage_merge, uid=kept.uid, other=other.uid, reason=WHY)
    carry_out()
    do("ukba.officer", passage_merge, uid=kept.uid, other=hidden.uid, reason=WHY)
    carry_out()
    with acting("paf.officer") as principal:
        assert moved_to(principal, other.uid) == kept.uid
        assert moved_to(principal, hidden.uid) is None
        assert moved_to(principal, uuid.uuid4()) is None


def test_a_late_event_still_finds_its_passage_after_a_correction(
    post, work, event, do, carry_out, story, two_in_one, owner
):
    do("paf.officer", passage_split, uid=two_in_one, events=events_by_key(owner, "m1"), reason=WHY)
    carry_out()
    post("L2-XRAY", event("x", "AB-123-CD", at=(ago(30) + dt.timedelta(seconds=40)).isoformat()))
    work()
    assert "x" in {each.event_key for each in story("ukba.officer", two_in_one)[1]}
    ledger(owner)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"events": []}, "events"),
        ({"events": [str(uuid.uuid4())]}, "events"),
    ],
)
def test_a_split_without_reason_or_events_is_refused_at_its_field(do, two_in_one, owner, given, field):
    values = {"events": events_by_key(owner, "f1"), "reason": WHY} | given
    with pytest.raises(ValidationError) as refused:
        do("paf.officer", passage_split, uid=two_in_one, **values)
    assert list(refused.value.error_dict) == [field]


def test_all_that_one_sees_cannot_be_split_off_and_what_is_hidden_cannot_be_picked(do, two_in_one, owner):
    for keys in (("f1", "r1", "m1"), ("h1",)):
        with pytest.raises(ValidationError) as refused:
            do("paf.officer", passage_split, uid=two_in_one, events=events_by_key(owner, *keys), reason=WHY)
        assert list(refused.value.error_dict) == ["events"]


def test_what_cannot_be_merged_is_refused_in_words(do, owner):
    with owner():
        kept = make_passage(("L1-ANPR-F", ago(30)))
        long_ago = make_passage(("L1-ANPR-F", ago(60 * 20)))
        hidden = make_passage(("L1-HB", ago(29)))
    for other in (kept.uid, long_ago.uid, hidden.uid, uuid.uuid4(), "no id"):
        with pytest.raises(ValidationError) as refused:
            do("paf.officer", passage_merge, uid=kept.uid, other=other, reason=WHY)
        assert list(refused.value.error_dict) == ["other"]
    assert not PassageMove.objects.exists()


def test_hidden_and_absent_passages_are_refused_with_the_same_words(do, owner):
    with owner():
        kept = make_passage(("L1-ANPR-F", ago(30)))
        hidden = make_passage(("L1-HB", ago(29)))
    said = []
    for other in (hidden.uid, uuid.uuid4()):
        with pytest.raises(ValidationError) as refused:
            do("paf.officer", passage_merge, uid=kept.uid, other=other, reason=WHY)
        said.append(refused.value.message_dict)
    assert said[0] == said[1]


def test_a_passage_of_long_ago_and_one_that_is_just_being_corrected_are_not_corrected(do, owner):
    with owner():
        old = make_passage(("L1-ANPR-F", ago(60 * 24 * 40)), ("L1-RPM", ago(60 * 24 * 40)))
        new = make_passage(("L1-ANPR-F", ago(30)), ("L1-RPM", ago(29)), ("L1-CO2", ago(28)))
        picks = {row.passage_id: str(row.uid) for row in ScanEvent.objects.all()}
    with pytest.raises(CorrectionTooOld):
        do("paf.officer", passage_split, uid=old.uid, events=[picks[old.pk]], reason=WHY)
    do("paf.officer", passage_split, uid=new.uid, events=[picks[new.pk]], reason=WHY)
    with pytest.raises(CorrectionStands):
        do("paf.officer", passage_split, uid=new.uid, events=[picks[new.pk]], reason=WHY)


def test_what_has_meanwhile_gone_elsewhere_fails_with_its_reason_and_moves_nothing(
    do, acting, carry_out, owner, two_in_one
):
    correction = do(
        "paf.officer", passage_split, uid=two_in_one, events=events_by_key(owner, "m1"), reason=WHY
    )
    with owner():
        elsewhere = make_passage(("L2-DOG", ago(3)))
        event = ScanEvent.objects.get(event_key="m1")
        PassagePart.objects.filter(device_id=event.device_id).update(passage_id=elsewhere.pk)
        ScanEvent.objects.filter(event_key="m1").update(passage_id=elsewhere.pk)
    carry_out()
    with acting("paf.officer") as principal:
        card = correction_get(principal, correction)
        assert (card.state, card.fault) == ("failed", "moved")
    with owner():
        assert not Passage.objects.filter(uid=card.target).exists()
    assert carry_out() == 0


def test_events_that_are_no_longer_kept_are_said_to_be_too_old(do, acting, carry_out, owner, two_in_one):
    correction = do(
        "paf.officer", passage_split, uid=two_in_one, events=events_by_key(owner, "m1"), reason=WHY
    )
    with owner():
        part = PassagePart.objects.get(device_id=ScanEvent.objects.get(event_key="m1").device_id)
        PassagePart.objects.filter(pk=part.pk).update(events=7)
    carry_out()
    with acting("paf.officer") as principal:
        assert correction_get(principal, correction).fault == "too_old"


def test_the_port_and_those_without_the_right_do_not_correct(do, owner, two_in_one):
    for who in ("ccic.supervisor", "paf.auditor", "ukba.administrator"):
        with pytest.raises(RightMissing):
            do(who, passage_split, uid=two_in_one, events=events_by_key(owner, "m1"), reason=WHY)


def test_the_database_lets_nobody_correct_in_anothers_name_or_what_is_not_seen(acting, owner, world):
    with owner():
        seen = make_passage(("L1-ANPR-F", ago(30)))
        hidden = make_passage(("L1-HB", ago(29)))
        device, other = world.device("L1-ANPR-F").pk, world.device("L1-HB").pk
    agencies = {code: world.agency(code).pk for code in ("PAF", "UKBA")}
    right = {
        "correction": uuid.uuid4(), "device_id": device, "kind": "split", "source_uid": seen.uid,
        "target_uid": uuid.uuid4(), "events": [1], "reason": WHY, "agency_id": agencies["PAF"],
    }  # fmt: skip
    wrong = (
        {"agency_id": agencies["UKBA"]}, {"source_uid": hidden.uid}, {"device_id": other},
        {"state": "done"}, {"kind": "merge", "target_uid": hidden.uid},
    )  # fmt: skip
    with acting("paf.officer"):
        for change in wrong:
            with pytest.raises(DatabaseError), transaction.atomic():
                PassageMove.objects.create(**(right | change))
        PassageMove.objects.create(**right)


def test_who_asked_and_what_was_moved_stands_in_the_record(do, carry_out, owner, two_in_one):
    do("paf.officer", passage_split, uid=two_in_one, events=events_by_key(owner, "m1"), reason=WHY)
    carry_out()
    with owner():
        asked = AuditEvent.objects.get(action="passage.split")
        done = AuditEvent.objects.get(action="passage.corrected")
    assert (asked.purpose, str(two_in_one) in map(str, asked.object_uids)) == (WHY, True)
    assert done.detail["correction"] == asked.detail["correction"]


def test_passages_near_are_those_of_the_lane_that_may_be_the_same_vehicle(acting, owner):
    with owner():
        passage = make_passage(("L1-ANPR-F", ago(30)), marks=["AB-123-CD"])
        make_passage(("L1-ANPR-F", ago(31)), marks=["ZZ-999-ZZ"])
        bare = make_passage(("L1-RPM", ago(35)))
        same = make_passage(("L1-ANPR-R", ago(40)), marks=["A8-123-CD"])
        make_passage(("L1-ANPR-R", ago(90)), marks=["AB-123-CD"])
        make_passage(("L1-HB", ago(30)))
    with acting("paf.officer") as principal:
        found = passages_near(principal, passage_seen(principal, passage.uid))
    assert [each.uid for each in found][:2] == [same.uid, bare.uid]
    assert len(found) == 3


def test_a_correction_is_listed_with_the_passage_at_either_end(do, acting, carry_out, owner, two_in_one):
    do("paf.officer", passage_split, uid=two_in_one, events=events_by_key(owner, "m1"), reason=WHY)
    carry_out()
    with acting("paf.officer") as principal:
        (card,) = corrections_of(principal, two_in_one)
        assert corrections_of(principal, card.target) == (card,)
        assert (card.made_by, card.agency, card.state) == ("Officer Paf", "PAF", "done")


def test_one_that_fails_is_put_away_with_its_reason_and_holds_up_no_other(
    do, acting, carry_out, story, owner, monkeypatch
):
    with owner():
        first = make_passage(("L1-ANPR-F", ago(30)), ("L1-RPM", ago(29)))
        second = make_passage(("L1-ANPR-F", ago(20)), ("L1-RPM", ago(19)))
        picks = {row.passage_id: str(row.uid) for row in ScanEvent.objects.order_by("id")}
    asked = [
        do("paf.officer", passage_split, uid=passage.uid, events=[picks[passage.pk]], reason=WHY)
        for passage in (first, second)
    ]
    move = corrections.events_move

    def fail_once(source, target, wanted):
        if source == first.pk:
            raise ZeroDivisionError
        return move(source, target, wanted)

    monkeypatch.setattr(corrections, "events_move", fail_once)
    assert carry_out() == 2
    with acting("paf.officer") as principal:
        assert [(card.state, card.fault) for card in (correction_get(principal, uid) for uid in asked)] == [
            ("failed", "error"),
            ("done", None),
        ]
    assert len(story("paf.officer", first.uid)[1]) == 2
    assert carry_out() == 0
    ledger(owner)
