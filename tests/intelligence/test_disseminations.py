"""Originator control: share, change, recall, confirm, and what stands in for a record."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.access import NotVisible
from agencies.grants import grants_give
from agencies.paging import Turn
from agencies.rules.rights import RightMissing
from intelligence.choices import Ending, HitState, LookoutState, RecallState, SharedKind
from intelligence.models import Dissemination, Hit, HitGrant, Lookout, LookoutGrant
from intelligence.rules.refusals import HitUnconfirmed, RecallConfirmed, ReviewOverdue, ShareEnded
from intelligence.selectors.disseminations import (
    dissemination_get,
    disseminations_of,
    recall_get,
    recalls_page,
    recalls_to_confirm,
    tear_lines_of,
    torn_from,
)
from intelligence.selectors.hits import hit_get
from intelligence.selectors.lookouts import lookout_get
from intelligence.services.audiences import lookout_recall, lookout_share
from intelligence.services.consultations import lookout_open
from intelligence.services.disseminations import (
    dissemination_change,
    dissemination_give,
    dissemination_recall,
    recall_confirm,
)
from intelligence.services.duties import shares_expire, shares_record
from intelligence.services.hits import hit_decide
from intelligence.services.lookouts import lookout_withdraw
from intelligence.services.tearlines import tearline_make
from tests.intelligence.conftest import Cell, draft

WHY = "joint enquiry"


def _share(cell: Cell, lookout: Lookout, *agencies: str, **more: Any) -> None:
    with cell.acting("ukba.analyst") as ukba:
        lookout_share(acting_officer=ukba, uid=lookout.uid, agencies=agencies or ["PAF"], purpose=WHY, **more)


def _recall(cell: Cell, lookout: Lookout, *agencies: str) -> None:
    with cell.acting("ukba.analyst") as ukba:
        lookout_recall(
            acting_officer=ukba, uid=lookout.uid, agencies=agencies or ["PAF"], purpose="enquiry closed"
        )


def _sees(cell: Cell, username: str, lookout: Lookout) -> bool:
    with cell.acting(username) as reader:
        try:
            lookout_get(reader, lookout.uid)
        except NotVisible:
            return False
    return True


def _bare_grants(cell: Cell) -> list[tuple[str, int]]:
    """Grants to other agencies that no standing dissemination explains."""

    def look() -> list[tuple[str, int]]:
        known = set(
            Dissemination.objects.filter(ended_at__isnull=True).values_list(
                "subject_uid", "recipient_group_id"
            )
        )
        return [
            (str(uid), group)
            for grant in (LookoutGrant, HitGrant)
            for uid, group, owner in grant.objects.values_list(
                "content_object__uid", "group_id", "content_object__originator_id"
            )
            if group != owner and (uid, group) not in known
        ]

    return cell.as_owner(look)


def test_what_is_shared_stands_in_the_legal_record_with_purpose_and_giver(cell: Cell):
    lookout = cell.looks()
    until = timezone.now() + dt.timedelta(days=3)
    _share(cell, lookout, "PAF", "DOUANES", expires_at=until)
    with cell.acting("ukba.analyst") as ukba:
        cards = {card.recipient: card for card in disseminations_of(ukba, SharedKind.LOOKOUT, lookout.uid)}
    assert set(cards) == {"PAF", "DOUANES"}
    card = cards["PAF"]
    assert (card.purpose, card.given_by, card.expires_at, card.ended_at) == (WHY, "Analyst Ukba", until, None)
    assert (card.reference, card.readings, card.show_recipients) == (lookout.reference, 0, False)
    assert _bare_grants(cell) == []


def test_the_owner_reads_how_often_the_recipient_has_read_it(cell: Cell):
    lookout = cell.looks()
    _share(cell, lookout)
    with cell.acting("paf.officer") as paf:
        lookout_open(acting_officer=paf, uid=lookout.uid, purpose="patrol at the ferry port")
    with cell.acting("ukba.analyst") as ukba:
        (card,) = disseminations_of(ukba, SharedKind.LOOKOUT, lookout.uid)
    assert card.readings == 1
    assert card.last_read_at is not None


def test_no_recipient_reads_the_legal_record_or_learns_of_the_others(cell: Cell):
    lookout = cell.looks()
    _share(cell, lookout, "PAF", "DOUANES")
    row = cell.as_owner(lambda: Dissemination.objects.order_by("id").first())
    with cell.acting("paf.analyst") as paf:
        assert disseminations_of(paf, SharedKind.LOOKOUT, lookout.uid) == ()
        assert lookout_get(paf, lookout.uid).recipients == ()
        with pytest.raises(NotVisible):
            dissemination_get(paf, row.uid)


def test_recipients_know_of_each_other_where_the_originator_says_so_and_only_as_long_as_they_have_it(
    cell: Cell,
):
    lookout = cell.looks()
    _share(cell, lookout, "PAF", show_recipients=True)
    _share(cell, lookout, "DOUANES", show_recipients=True)
    with cell.acting("paf.analyst") as paf:
        assert lookout_get(paf, lookout.uid).recipients == ("DOUANES", "PAF")
        assert disseminations_of(paf, SharedKind.LOOKOUT, lookout.uid) == ()
    _recall(cell, lookout, "DOUANES")
    with cell.acting("paf.analyst") as paf:
        assert lookout_get(paf, lookout.uid).recipients == ("PAF",)
    with cell.acting("douanes.analyst") as douanes:
        assert not Dissemination.objects.visible_to(douanes).exists()


def test_a_share_ends_by_itself_and_every_reader_obeys(cell: Cell):
    lookout = cell.looks()
    _share(cell, lookout, "PAF", expires_at=timezone.now() + dt.timedelta(hours=1))
    _share(cell, lookout, "DOUANES")
    assert cell.as_worker(shares_expire) == 0
    past = timezone.now() - dt.timedelta(seconds=1)
    cell.as_owner(lambda: Dissemination.objects.filter(expires_at__isnull=False).update(expires_at=past))
    assert cell.as_worker(shares_expire) == 1
    assert cell.as_worker(shares_expire) == 0
    assert (_sees(cell, "paf.officer", lookout), _sees(cell, "douanes.officer", lookout)) == (False, True)
    with cell.acting("ukba.analyst") as ukba:
        cards = {card.recipient: card for card in disseminations_of(ukba, SharedKind.LOOKOUT, lookout.uid)}
    assert (cards["PAF"].ending, cards["DOUANES"].ending) == (Ending.EXPIRED, None)
    assert [record.agency_group_id for record in cell.audit("dissemination.expire")] == [
        cell.world.group("UKBA")
    ]


def test_the_end_of_a_share_is_moved_by_its_owner_alone_and_never_into_the_past(cell: Cell):
    lookout = cell.looks()
    _share(cell, lookout)
    uid = cell.as_owner(lambda: Dissemination.objects.get().uid)
    later = timezone.now() + dt.timedelta(days=9)
    with cell.acting("ukba.analyst") as ukba:
        dissemination_change(acting_officer=ukba, uid=uid, expires_at=later, reason="trial is in May")
        assert dissemination_get(ukba, uid).expires_at == later
        with pytest.raises(ValidationError):
            dissemination_change(
                acting_officer=ukba, uid=uid, expires_at=timezone.now() - dt.timedelta(1), reason=WHY
            )
    for username in ("paf.analyst", "douanes.analyst"):
        with cell.acting(username) as other, pytest.raises(NotVisible):
            dissemination_change(acting_officer=other, uid=uid, expires_at=None, reason=WHY)
    with cell.acting("ukba.officer") as officer, pytest.raises(RightMissing):
        dissemination_change(acting_officer=officer, uid=uid, expires_at=None, reason=WHY)
    assert len(cell.audit("dissemination.change")) == 1


def test_a_recall_leaves_a_receipt_that_the_other_agency_confirms(cell: Cell):
    lookout = cell.looks()
    _share(cell, lookout, "PAF", "DOUANES")
    with cell.acting("paf.officer") as paf:
        lookout_open(acting_officer=paf, uid=lookout.uid, purpose="patrol at the ferry port")
    _recall(cell, lookout, "PAF", "DOUANES")
    with cell.acting("paf.analyst") as paf:
        assert recalls_to_confirm(paf) == 1
        (card,) = recalls_page(paf, Turn(10)).rows
        assert (card.reference, card.owner, card.recipient, card.readings) == (
            lookout.reference,
            "UKBA",
            "PAF",
            1,
        )
        assert (card.record, card.reason, card.state) == (None, "", RecallState.OPEN)
        recall_confirm(acting_officer=paf, uid=card.uid)
        with pytest.raises(RecallConfirmed):
            recall_confirm(acting_officer=paf, uid=card.uid)
        assert recalls_to_confirm(paf) == 0
        assert recall_get(paf, card.uid).confirmed_by == "Analyst Paf"
    with cell.acting("ukba.analyst") as ukba:
        cards = {each.recipient: each for each in recalls_page(ukba, Turn(10)).rows}
        assert (cards["PAF"].state, cards["DOUANES"].state) == (RecallState.CONFIRMED, RecallState.OPEN)
        assert (cards["PAF"].confirmed_by, cards["PAF"].reason) == ("", "enquiry closed")
        assert (cards["PAF"].readings, cards["DOUANES"].readings) == (1, 0)
        with pytest.raises(NotVisible):  # the owner cannot confirm for the other
            recall_confirm(acting_officer=ukba, uid=cards["DOUANES"].uid)
    assert len(cell.audit("recall.confirm")) == 1
    assert _bare_grants(cell) == []


def test_whoever_has_no_right_confirms_nothing(cell: Cell):
    lookout = cell.looks()
    _share(cell, lookout)
    _recall(cell, lookout)
    with cell.acting("paf.analyst") as paf:
        uid = recalls_page(paf, Turn(1)).rows[0].uid
    with cell.acting("paf.officer") as officer, pytest.raises(RightMissing):
        recall_confirm(acting_officer=officer, uid=uid)
    with cell.acting("douanes.analyst") as douanes, pytest.raises(NotVisible):
        recall_confirm(acting_officer=douanes, uid=uid)


def test_an_ended_share_cannot_be_changed_and_a_new_one_is_a_new_record(cell: Cell):
    lookout = cell.looks()
    _share(cell, lookout)
    _recall(cell, lookout)
    uid = cell.as_owner(lambda: Dissemination.objects.get().uid)
    with cell.acting("ukba.analyst") as ukba, pytest.raises(ShareEnded):
        dissemination_change(acting_officer=ukba, uid=uid, expires_at=None, reason=WHY)
    _share(cell, lookout)
    with cell.acting("ukba.analyst") as ukba:
        cards = disseminations_of(ukba, SharedKind.LOOKOUT, lookout.uid)
    assert sorted(card.ending or "" for card in cards) == ["", Ending.RECALLED]
    assert _sees(cell, "paf.officer", lookout)


def test_whoever_has_it_keeps_it_as_it_is_when_it_is_given_again(cell: Cell):
    lookout = cell.looks()
    until = timezone.now() + dt.timedelta(days=3)
    _share(cell, lookout, "PAF", expires_at=until)
    _share(cell, lookout, "PAF", "DOUANES")
    with cell.acting("ukba.analyst") as ukba:
        cards = {card.recipient: card for card in disseminations_of(ukba, SharedKind.LOOKOUT, lookout.uid)}
    assert (len(cards), cards["PAF"].expires_at) == (2, until)


def test_the_port_operator_and_a_time_gone_by_are_refused_with_a_sentence(cell: Cell):
    lookout = cell.looks()
    with pytest.raises(ValidationError, match="competent authority"):
        _share(cell, lookout, "CCIC")
    with pytest.raises(ValidationError, match="passed"):
        _share(cell, lookout, "PAF", expires_at=timezone.now() - dt.timedelta(minutes=1))
    assert cell.as_owner(Dissemination.objects.count) == 0


def test_a_caveat_closes_a_share_to_the_other_state(cell: Cell):
    lookout = cell.looks(caveat="uk_eyes_only")
    with pytest.raises(ValidationError, match="caveat"):
        _share(cell, lookout, "PAF")


def test_only_a_confirmed_hit_is_shared_and_without_its_outcome_and_its_lookout(cell: Cell):
    cell.looks()
    cell.sees()
    (hit,) = cell.hits()
    common: dict[str, Any] = {"kind": SharedKind.HIT, "uid": hit.uid, "agencies": ["PAF"], "purpose": WHY}
    with cell.acting("ukba.analyst") as ukba:
        with pytest.raises(HitUnconfirmed):
            dissemination_give(acting_officer=ukba, **common)
        hit_decide(acting_officer=ukba, uid=hit.uid, confirmed=True, outcome="two persons in the cab")
        dissemination_give(acting_officer=ukba, **common)
    with cell.acting("paf.analyst") as paf:
        card = hit_get(paf, hit.uid)
        assert (card.state, card.owner, card.outcome) == (HitState.CONFIRMED, "UKBA", "")
        assert (card.lookout_uid, card.lookout_reference, card.may_decide) == (None, "", False)
    with cell.acting("ukba.analyst") as ukba:
        dissemination_recall(acting_officer=ukba, **common)
    with cell.acting("paf.analyst") as paf:
        with pytest.raises(NotVisible):
            hit_get(paf, hit.uid)
        assert recalls_page(paf, Turn(5)).rows[0].kind == SharedKind.HIT
    assert _bare_grants(cell) == []


def test_a_tear_line_has_readers_of_its_own_and_only_its_owner_knows_the_link(cell: Cell):
    source = cell.looks(classification=10)
    with cell.acting("ukba.analyst") as ukba:
        twin = tearline_make(
            acting_officer=ukba, uid=source.uid, draft=draft(instruction="", classification=0)
        )
        assert [uid for uid, _ in tear_lines_of(ukba, source.uid)] == [twin.uid]
        assert torn_from(ukba, twin.uid) == (source.uid, source.reference)
    _share(cell, twin)
    with cell.acting("paf.analyst") as paf:
        assert lookout_get(paf, twin.uid).classification == 0
        assert (torn_from(paf, twin.uid), tear_lines_of(paf, source.uid)) == (None, ())
    assert not _sees(cell, "paf.analyst", source)
    with cell.acting("paf.analyst") as paf, pytest.raises(NotVisible):
        tearline_make(acting_officer=paf, uid=source.uid, draft=draft())
    with cell.acting("paf.analyst") as paf, pytest.raises(RightMissing):
        tearline_make(acting_officer=paf, uid=twin.uid, draft=draft())


def test_a_tear_line_is_recalled_and_withdrawn_with_its_source(cell: Cell):
    source = cell.looks()
    with cell.acting("ukba.analyst") as ukba:
        twin = tearline_make(acting_officer=ukba, uid=source.uid, draft=draft())
    _share(cell, twin, "PAF", "DOUANES")
    _recall(cell, source, "PAF")
    assert (_sees(cell, "paf.officer", twin), _sees(cell, "douanes.officer", twin)) == (False, True)
    with cell.acting("paf.analyst") as paf:
        assert [card.reference for card in recalls_page(paf, Turn(5)).rows] == [twin.reference]
    with cell.acting("ukba.analyst") as ukba:
        lookout_withdraw(acting_officer=ukba, uid=source.uid, reason="case closed")
        assert lookout_get(ukba, twin.uid).state == LookoutState.WITHDRAWN


def test_a_grant_of_before_gets_its_record(cell: Cell):
    lookout = cell.looks()
    with cell.acting("ukba.analyst"):
        row = Lookout.objects.get(uid=lookout.uid)
        grants_give(LookoutGrant, row, [cell.world.group("PAF")])
    assert len(_bare_grants(cell)) == 1
    assert cell.as_worker(shares_record) == 1
    assert cell.as_worker(shares_record) == 0
    assert _bare_grants(cell) == []
    with cell.acting("ukba.analyst") as ukba:
        (card,) = disseminations_of(ukba, SharedKind.LOOKOUT, lookout.uid)
        lookout_recall(acting_officer=ukba, uid=lookout.uid, agencies=["PAF"], purpose="enquiry closed")
    assert (card.recipient, card.given_by) == ("PAF", "")


def test_hits_stay_the_owners_until_they_are_shared(cell: Cell):
    cell.looks()
    cell.sees()
    with cell.acting("paf.analyst") as paf:
        assert not Hit.objects.visible_to(paf).exists()


def test_an_overdue_review_refuses_a_later_end_and_never_a_sooner_one(cell: Cell):
    lookout = cell.looks()
    now = timezone.now()
    _share(cell, lookout, expires_at=now + dt.timedelta(days=9))
    uid = cell.as_owner(lambda: Dissemination.objects.get().uid)
    cell.as_owner(lambda: Lookout.objects.update(review_due=(now - dt.timedelta(days=2)).date()))
    with cell.acting("ukba.analyst") as ukba:
        for longer in (now + dt.timedelta(days=10), None):
            with pytest.raises(ReviewOverdue):
                dissemination_change(acting_officer=ukba, uid=uid, expires_at=longer, reason=WHY)
        sooner = now + dt.timedelta(days=1)
        dissemination_change(acting_officer=ukba, uid=uid, expires_at=sooner, reason=WHY)
        assert dissemination_get(ukba, uid).expires_at == sooner


def test_the_recall_of_a_tear_line_stands_in_the_record_under_its_own_name(cell: Cell):
    source = cell.looks()
    with cell.acting("ukba.analyst") as ukba:
        twin = tearline_make(acting_officer=ukba, uid=source.uid, draft=draft())
    _share(cell, twin, "PAF")
    _recall(cell, source, "PAF", "DOUANES")
    recalled = {record.object_uids[0]: record.detail["agencies"] for record in cell.audit("lookout.recall")}
    assert recalled == {source.uid: ["DOUANES", "PAF"], twin.uid: ["PAF"]}
