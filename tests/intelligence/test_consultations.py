"""Reading leaves a record with its purpose: at once for what is opened, once a day for what the board shows."""

import dataclasses
import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.rules.rights import RightMissing
from intelligence.models import Shown
from intelligence.selectors.hits import hits_waiting
from intelligence.selectors.notices import notices_waiting
from intelligence.services.consultations import hit_open, lookout_open, needs_shown, notice_open
from intelligence.services.duties import shown_forget
from tests.intelligence.conftest import Cell

pytestmark = pytest.mark.django_db

WHY = "vehicle stands at the booth"


def test_opening_is_recorded_with_its_purpose_for_the_readers_agency(cell: Cell):
    lookout = cell.stops()
    cell.sees()
    hit, notice = cell.hits()[0], cell.notices()[0]
    with cell.acting("ukba.officer") as ukba:
        lookout_open(acting_officer=ukba, uid=lookout.uid, purpose=WHY)
        hit_open(acting_officer=ukba, uid=hit.uid, purpose=WHY)
    with cell.acting("paf.officer") as paf:
        notice_open(acting_officer=paf, uid=notice.uid, purpose=WHY)
    for action, uid, reader in (
        ("lookout.read", lookout.uid, ukba), ("hit.read", hit.uid, ukba), ("notice.read", notice.uid, paf),
    ):  # fmt: skip
        (event,) = cell.audit(action)
        assert (event.object_uids, event.purpose, event.actor_uid) == ([uid], WHY, reader.uid)
        assert event.agency_group_id == reader.agency_group


def test_nothing_is_opened_without_a_purpose(cell: Cell):
    lookout = cell.looks()
    with cell.acting("ukba.officer") as ukba:
        for purpose in ("", "  ", "x" * 301):
            with pytest.raises(ValidationError) as caught:
                lookout_open(acting_officer=ukba, uid=lookout.uid, purpose=purpose)
            assert list(caught.value.message_dict) == ["purpose"]
    assert cell.audit("lookout.read") == []


def test_the_shifts_purpose_stands_where_none_is_given(cell: Cell):
    lookout = cell.looks()
    on_shift = dataclasses.replace(
        cell.world.principal("ukba.officer"), purpose="control of outbound lorries"
    )
    with acting_as(on_shift):
        lookout_open(acting_officer=on_shift, uid=lookout.uid)
    assert cell.audit("lookout.read")[0].purpose == "control of outbound lorries"


def test_what_cannot_be_read_is_neither_opened_nor_recorded(cell: Cell):
    lookout = cell.stops()
    cell.sees()
    with cell.acting("paf.officer") as paf:
        with pytest.raises(NotVisible):
            lookout_open(acting_officer=paf, uid=lookout.uid, purpose=WHY)
        with pytest.raises(NotVisible):
            hit_open(acting_officer=paf, uid=cell.hits()[0].uid, purpose=WHY)
    with cell.acting("ccic.officer") as operator, pytest.raises(RightMissing):
        lookout_open(acting_officer=operator, uid=lookout.uid, purpose=WHY)
    assert cell.audit("lookout.read") + cell.audit("hit.read") == []


def test_the_board_records_each_new_card_once_and_a_refresh_writes_nothing(cell: Cell):
    cell.stops()
    cell.sees()
    with cell.acting("ukba.officer") as ukba:
        cards = (*hits_waiting(ukba), *notices_waiting(ukba))
        assert needs_shown(acting_officer=ukba, cards=cards, purpose="the shift") == 2
        with CaptureQueriesContext(connection) as queries:
            assert needs_shown(acting_officer=ukba, cards=cards, purpose="the shift") == 0
        assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 1
    cell.sees()
    with cell.acting("ukba.officer") as ukba:
        cards = (*hits_waiting(ukba), *notices_waiting(ukba))
        assert needs_shown(acting_officer=ukba, cards=cards, purpose="the shift") == 2
        assert needs_shown(acting_officer=ukba, cards=(), purpose="the shift") == 0
    assert [len(event.object_uids) for event in cell.audit("hit.read")] == [1, 1]
    assert [event.purpose for event in cell.audit("notice.read")] == ["the shift", "the shift"]


def test_each_officer_is_recorded_and_the_next_day_records_anew(cell: Cell):
    cell.stops()
    cell.sees()
    for username in ("paf.officer", "paf.analyst"):
        with cell.acting(username) as officer:
            assert (
                needs_shown(acting_officer=officer, cards=notices_waiting(officer), purpose="the shift") == 1
            )
    yesterday = (timezone.now() - dt.timedelta(days=1)).date()
    cell.as_owner(lambda: Shown.objects.update(shown_on=yesterday))
    with cell.acting("paf.officer") as officer:
        assert needs_shown(acting_officer=officer, cards=notices_waiting(officer), purpose="the shift") == 1


def test_what_was_shown_days_ago_is_forgotten_but_not_its_record(cell: Cell):
    cell.stops()
    cell.sees()
    with cell.acting("paf.officer") as paf:
        needs_shown(acting_officer=paf, cards=notices_waiting(paf), purpose="the shift")
    cell.as_worker(shown_forget)
    assert cell.as_owner(Shown.objects.count) == 1
    long_ago = (timezone.now() - dt.timedelta(days=9)).date()
    cell.as_owner(lambda: Shown.objects.update(shown_on=long_ago))
    cell.as_worker(shown_forget)
    assert cell.as_owner(Shown.objects.count) == 0
    assert len(cell.audit("notice.read")) == 1


def test_reading_a_compartments_record_is_recorded_for_the_compartment(cell: Cell):
    lantern = cell.as_owner(cell.world.agency("UKBA").compartments.get)
    lookout = cell.looks("ukba.analyst", compartment=str(lantern.uid))
    with cell.acting("ukba.analyst") as analyst:
        lookout_open(acting_officer=analyst, uid=lookout.uid, purpose=WHY)
    assert cell.audit("lookout.read")[0].agency_group_id == lantern.group_id
