"""Who learns of a match: the owner always, the front line what the owner chose, and never the reason."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from agencies.acting import acting_as
from agencies.paging import Turn
from agencies.rules.rights import RightMissing
from audit.choices import Topic
from audit.models import AuditEvent, Change
from intelligence.choices import ActionCode, CheckOutcome
from intelligence.models import Check, Hit, Lookout, Notice
from intelligence.selectors.hits import hits_page, hits_waiting
from intelligence.selectors.lookouts import lookouts_page
from intelligence.selectors.notices import notices_page, notices_waiting
from intelligence.services.checks import check_make, checks_answer
from intelligence.services.duties import decisions_reflect, lookouts_expire, matches_expire, notices_escalate
from intelligence.services.hits import hit_decide
from intelligence.services.lookouts import lookout_withdraw
from tests.intelligence.conftest import CANARY, Cell, Partner, scrubbed, sighting

pytestmark = pytest.mark.django_db

FRONT_LINE = (
    "paf.officer",
    "paf.analyst",
    "paf.supervisor",
    "douanes.officer",
    "douanes.supervisor",
    "ccic.officer",
)
ROUTES = ("lookouts/", "hits/", "notices/", "checks/")


def _shown_to(principal: Any) -> list[str]:
    """Everything that reading functions show this officer."""
    shown = []
    for read in (lookouts_page, hits_page, notices_page):
        try:
            shown.append(repr(read(principal, Turn())))
        except RightMissing:
            shown.append("no right")
    shown.append(repr(hits_waiting(principal)))
    shown.append(repr(notices_waiting(principal)))
    return shown


def _past_the_gate(principal: Any) -> list[str]:
    """Everything that the database lets this officer read when the first wall is forgotten."""
    rows = [
        f"{model.__name__} {sorted(row.items())}"
        for model in (Lookout, Hit, Notice, Check)
        for row in model.objects.order_by("id").values()
    ]
    told = AuditEvent.objects.order_by("id").values_list("action", "agency_group_id", "object_uids", "detail")
    return [*rows, *map(repr, told)]


def _everything(cell: Cell, partner: Callable[[str], Partner]) -> list[str]:
    """All that reaches PAF, customs and the port operator: pages, API, raw rows, nudges."""
    texts: list[str] = []
    for username in FRONT_LINE:
        principal = cell.world.principal(username)
        with acting_as(principal):
            texts += _shown_to(principal) + _past_the_gate(principal)
    for agency in ("PAF", "DOUANES", "CCIC"):
        for route in ROUTES:
            answer = partner(agency).get(route)
            texts.append(
                f"{agency} {route} {answer.status_code} {sorted(answer.headers.items())} {answer.content}"
            )
        nudges = cell.as_owner(lambda: list(Change.objects.order_by("id").values_list("topic", "group_ids")))
        group = cell.world.group(agency)
        texts.append(f"{agency} {[topic for topic, groups in nudges if group in groups]}")
    return texts


def _a_day(cell: Cell) -> None:
    """What happens at the port in both worlds: vehicles pass, customs checks a mark, duties are kept."""
    cell.sees(sighting("XX 999 YY"), sighting("ZZ 111 QQ"), sighting("ab 123 cd"))
    customs = cell.world.principal("douanes.officer")
    with acting_as(customs):
        check_make(acting_officer=customs, mark="AB 123 CD", purpose="documents do not fit", place="L2")
    for duty in (checks_answer, decisions_reflect, notices_escalate, lookouts_expire, matches_expire):
        cell.as_worker(duty)


class _Back(Exception):
    """Takes the world back to what it was."""


def _in_a_world(
    cell: Cell, partner: Callable[[str], Partner], prepare: Callable[[], Any]
) -> tuple[list[str], int]:
    """What the others are shown after a day that began with `prepare`, and how many hits there are."""
    result: tuple[list[str], int] = ([], 0)
    # The clock stands: a check is shown as answered after a fixed time, which must not run out in one world alone.
    still = time_machine.travel(dt.datetime.now(dt.UTC), tick=False)
    try:
        with still, transaction.atomic():
            prepare()
            _a_day(cell)
            result = scrubbed(_everything(cell, partner)), len(cell.hits())
            raise _Back
    except _Back:
        return result


def test_a_silent_hit_changes_nothing_for_anybody_but_its_owner(cell, partner):
    cell.stops(
        "paf.analyst", mark="ZZ 111 QQ", notified_agencies=("DOUANES", "CCIC")
    )  # something to be seen at all
    without, hits_without = _in_a_world(cell, partner, lambda: None)
    with_it, hits_with = _in_a_world(cell, partner, lambda: cell.looks(mark="AB 123 CD"))
    assert hits_with == hits_without + 2  # by the lane and by the check: the lookout did work
    assert with_it == without
    assert any("ZZ 111 QQ" in text for text in without)  # the comparison does not compare emptiness


def test_the_same_comparison_notices_a_lookout_that_does_disclose(cell, partner):
    without, _ = _in_a_world(cell, partner, lambda: None)
    with_it, _ = _in_a_world(cell, partner, lambda: cell.stops(mark="AB 123 CD"))
    assert with_it != without


def test_a_compartments_silent_hit_changes_nothing_for_the_own_agency(cell, partner):
    lantern = cell.as_owner(lambda: str(cell.world.agency("UKBA").compartments.get().uid))

    def outputs() -> list[str]:
        texts = []
        for username in ("ukba.officer", "ukba.supervisor", "ukba.auditor"):
            principal = cell.world.principal(username)
            with acting_as(principal):
                texts += _shown_to(principal) + _past_the_gate(principal)
        texts += [f"{route} {partner('UKBA').get(route).content}" for route in ROUTES]
        return scrubbed(texts)

    def world(prepare: Callable[[], Any]) -> tuple[list[str], int]:
        result: tuple[list[str], int] = ([], 0)
        try:
            with transaction.atomic():
                prepare()
                cell.sees(sighting("AB 123 CD"))
                ukba = cell.world.principal("ukba.officer")
                with acting_as(ukba):
                    check_make(acting_officer=ukba, mark="AB 123 CD", purpose="documents do not fit")
                cell.as_worker(checks_answer)
                result = outputs(), len(cell.hits())
                raise _Back
        except _Back:
            return result

    without, none = world(lambda: None)
    with_it, some = world(lambda: cell.looks("ukba.analyst", compartment=lantern, mark="AB 123 CD"))
    assert (none, some) == (0, 2)
    assert with_it == without


def test_members_of_the_compartment_see_its_lookout_and_hit(cell):
    lantern = cell.as_owner(lambda: str(cell.world.agency("UKBA").compartments.get().uid))
    cell.looks("ukba.analyst", compartment=lantern)
    cell.sees()
    with cell.acting("ukba.analyst") as analyst:
        (lookout,) = lookouts_page(analyst, Turn()).rows
        (hit,) = hits_page(analyst, Turn()).rows
    assert (lookout.compartment, lookout.owner, lookout.reason, hit.is_own) == (
        "LANTERN",
        "UKBA",
        CANARY,
        True,
    )


def test_a_referral_shows_the_desk_and_neither_action_nor_reason(cell, partner):
    cell.refers(action_code="search")
    cell.sees()
    with cell.acting("paf.officer") as paf:
        (card,) = notices_page(paf, Turn()).rows
    assert card.desk is not None
    assert (card.desk.code, card.action_code, card.instruction, card.mode) == (
        "UKBA-DESK",
        ActionCode.REFER,
        "",
        "refer",
    )
    assert not card.sounds
    assert not any(CANARY in text for text in _everything(cell, partner))


def test_a_stop_shows_the_action_sounds_and_keeps_the_reason(cell, partner):
    cell.stops()
    cell.sees()
    with cell.acting("paf.officer") as paf:
        (card,) = notices_waiting(paf)
    assert (card.action_code, card.instruction, card.sounds) == ("search", "Hold it at the booth.", True)
    assert not any(CANARY in text for text in _everything(cell, partner))


def test_the_owner_reads_the_reason_and_the_hit(cell, partner):
    cell.stops()
    cell.sees()
    with cell.acting("ukba.officer") as ukba:
        assert lookouts_page(ukba, Turn()).rows[0].reason == CANARY
        assert hits_page(ukba, Turn()).rows[0].mode == "stop"
    assert CANARY in partner("UKBA").get("lookouts/").content.decode()


def test_only_the_agencies_named_get_the_notice(cell):
    cell.stops(notified_agencies=("PAF",))
    cell.sees()
    for username, count in (
        ("paf.officer", 1),
        ("ukba.officer", 1),
        ("douanes.officer", 0),
        ("ccic.officer", 0),
    ):
        with cell.acting(username) as officer:
            assert len(notices_page(officer, Turn()).rows) == count, username
            assert Notice.objects.count() == count, username


def test_the_front_line_that_gets_a_notice_reads_neither_hit_nor_lookout(cell):
    cell.stops()
    cell.sees()
    with cell.acting("paf.supervisor") as paf:
        assert hits_page(paf, Turn()).rows == ()
        assert lookouts_page(paf, Turn()).rows == ()
        assert (Hit.objects.count(), Lookout.objects.count()) == (0, 0)


def test_a_match_found_late_makes_no_sound(cell):
    cell.stops()
    cell.sees(sighting(is_late=True))
    with cell.acting("paf.officer") as paf:
        (card,) = notices_waiting(paf)
    assert (card.is_late, card.sounds) == (True, False)


@pytest.mark.parametrize("username", ["ccic.officer", "ccic.analyst", "ccic.supervisor"])
def test_the_port_operator_never_reads_lookouts_or_hits_or_asks_for_marks(cell, username):
    lookout = cell.stops(notified_agencies=("CCIC",))
    cell.sees()
    with cell.acting(username) as operator:
        for read in (lookouts_page, hits_page):
            with pytest.raises(RightMissing):
                read(operator, Turn())
        with pytest.raises(RightMissing):
            check_make(acting_officer=operator, mark="AB 123 CD", purpose="curiosity of the port")
        assert (Lookout.objects.count(), Hit.objects.count()) == (0, 0)
        assert len(notices_page(operator, Turn()).rows) == 1  # the vehicle is to be held on its ground
    assert lookout.reference


def test_a_silent_hit_nudges_its_owner_and_a_stop_those_who_are_told(cell):
    ukba, paf = cell.world.group("UKBA"), cell.world.group("PAF")
    cell.looks(mark="AA 111 AA")
    cell.stops(mark="BB 222 BB")
    cell.as_owner(lambda: Change.objects.all()._raw_delete(connection.alias))
    cell.sees(sighting("AA 111 AA"))
    assert _nudges(cell) == {(Topic.HIT, (ukba,))}
    cell.sees(sighting("BB 222 BB"))
    assert _nudges(cell) == {(Topic.HIT, (ukba,)), (Topic.NOTICE, tuple(sorted((ukba, paf))))}


def _nudges(cell: Cell) -> set[tuple[str, tuple[int, ...]]]:
    rows = cell.as_owner(
        lambda: list(Change.objects.values_list("topic", "group_ids", "device_id", "lane_id"))
    )
    assert {(device, lane) for _, _, device, lane in rows} == {(None, None)}
    return {(topic, tuple(groups)) for topic, groups, _, _ in rows}


def test_withdrawing_a_lookout_puts_its_open_notice_out(cell):
    lookout = cell.stops()
    cell.sees()
    with cell.acting("ukba.analyst") as ukba:
        lookout_withdraw(acting_officer=ukba, uid=lookout.uid, reason="entered by mistake")
    with cell.acting("paf.officer") as paf:
        assert notices_waiting(paf) == ()
    assert cell.hits()[0].state == "expired"
    assert cell.sees() == 0


def test_what_the_owner_writes_on_a_rejected_hit_does_not_reach_the_front_line(cell, partner):
    cell.stops()
    cell.sees()
    with cell.acting("ukba.officer") as ukba:
        hit_decide(
            acting_officer=ukba,
            uid=cell.hits()[0].uid,
            confirmed=False,
            reject_reason="misread",
            outcome=CANARY,
        )
    with cell.acting("paf.officer") as paf:
        (card,) = notices_page(paf, Turn()).rows
    assert (card.state, card.reject_reason, card.outcome) == ("rejected", "misread", "")
    assert not any(CANARY in text for text in _everything(cell, partner))


def test_a_check_tells_the_asker_nothing_of_anothers_silent_lookout(cell):
    cell.looks("ukba.analyst", mark="AB 123 CD")
    with cell.acting("paf.officer") as paf:
        check = check_make(acting_officer=paf, mark="AB 123 CD", purpose="driver cannot name the load")
    cell.as_worker(checks_answer)
    row = cell.as_owner(lambda: Check.objects.get(uid=check.uid))
    assert (row.outcome, row.notice_uids) == (CheckOutcome.NOTHING, [])
    (hit,) = cell.hits()
    assert (hit.by_check, hit.checked_by_group_id) == (True, cell.world.group("PAF"))
    with cell.acting("ukba.officer") as ukba:
        assert hits_page(ukba, Turn()).rows[0].checked_by == "PAF"


def test_the_audit_record_of_the_worker_names_no_mark(cell):
    cell.stops(mark="AB 123 CD")
    cell.sees()
    events = cell.audit("hit.create") + cell.audit("notice.create") + cell.audit("lookout.create")
    assert len(events) == 3
    for event in events:
        assert "AB" not in json.dumps(event.detail)
        assert CANARY not in json.dumps(event.detail)
        assert event.agency_group_id == cell.world.group("UKBA")
