"""Outages by the clock: begun, gone on with and ended by what devices say of themselves, or by their silence."""

import pytest
from django.utils import timezone

from agencies.paging import Turn
from scanning.choices_care import OutageKind, OutageStage
from scanning.models import Alarm, Device, Outage
from scanning.selectors.outages import (
    outages_page,
)
from scanning.services.outages import (
    outage_close,
    outage_plan,
)
from scanning.services.silence import devices_silence_check
from tests.scanning.living import ago, ahead, only, story

pytestmark = pytest.mark.django_db


def test_a_fault_is_a_case_from_its_begin_to_the_event_that_shows_it_over(probe, says, outage_clock, acting):
    since = ago(minutes=40)
    says(fault="pump does not run", since=since)
    assert outage_clock() == 1
    assert outage_clock() == 0
    card = only(acting)
    assert (card.kind, card.stage, card.begins_at) == (OutageKind.FAULT, OutageStage.REPORTED, since)
    assert (card.reason, card.opened_by, card.ends_at) == ("pump does not run", "", None)
    well = ago(minutes=1)
    says(heard=well)
    assert outage_clock() == 1
    card = only(acting)
    assert card.ends_at == well
    assert card.is_open  # somebody still has to say why
    assert [note.act for note in story(acting, "paf.officer", card.uid)] == ["open", "end"]


def test_a_silent_device_was_out_since_it_was_last_heard(probe, says, outage_clock, acting):
    heard = ago(minutes=12)
    says(silent=ago(minutes=2), heard=heard)
    assert outage_clock() == 1
    assert only(acting).begins_at == heard


def test_fault_and_silence_of_one_breakdown_are_one_case(probe, says, outage_clock, acting):
    says(fault="no power", since=ago(minutes=30))
    outage_clock()
    says(fault="no power", since=ago(minutes=30), silent=ago(minutes=1), heard=ago(minutes=20))
    assert outage_clock() == 0
    says(silent=ago(minutes=1), heard=ago(minutes=20))  # the fault is over, the silence is not
    assert outage_clock() == 0
    assert only(acting).ends_at is None


def test_a_device_that_recovers_for_moments_goes_on_with_its_case(
    probe, says, outage_clock, acting, settings
):
    settings.OUTAGE_REJOINS_WITHIN_S = 900
    says(fault="loose contact", since=ago(minutes=60))
    outage_clock()
    says(heard=ago(minutes=30))
    outage_clock()
    says(fault="loose contact", since=ago(minutes=16))
    assert outage_clock() == 1
    card = only(acting)
    assert card.ends_at is None
    assert [note.act for note in story(acting, "ukba.officer", card.uid)] == ["open", "end", "again"]


def test_a_device_that_fails_again_later_has_a_new_case(probe, says, outage_clock, acting, settings):
    settings.OUTAGE_REJOINS_WITHIN_S = 900
    says(fault="loose contact", since=ago(minutes=60))
    outage_clock()
    says(heard=ago(minutes=30))
    outage_clock()
    says(fault="loose contact", since=ago(minutes=14))
    assert outage_clock() == 1
    with acting("ukba.officer") as principal:
        assert len(outages_page(principal, Turn(limit=10)).rows) == 2


def test_a_closed_case_is_not_opened_again_by_the_clock(probe, says, outage_clock, acting, do):
    says(fault="loose contact", since=ago(minutes=9))
    outage_clock()
    says(heard=ago(minutes=5))
    outage_clock()
    do("ukba.officer", outage_close, uid=only(acting).uid, cause="power", remedy="plug put back")
    says(fault="loose contact", since=ago(minutes=4))
    assert outage_clock() == 1
    with acting("ukba.officer") as principal:
        assert [card.stage for card in outages_page(principal, Turn(limit=10)).rows] == ["reported", "closed"]


def test_a_device_taken_out_of_service_is_no_longer_missed(probe, says, outage_clock, acting, owner):
    says(fault="burnt out", since=ago(hours=3))
    outage_clock()
    with owner():
        Device.objects.filter(pk=probe.pk).update(is_active=False)
    assert outage_clock() == 1
    assert only(acting).ends_at is not None


def test_planned_downtime_is_no_breakdown_and_its_silence_no_alarm(
    probe, says, outage_clock, acting, do, ingest, owner
):
    with owner():
        Device.objects.filter(pk=probe.pk).update(rhythm_s=60)
    plan = do(
        "ukba.supervisor", outage_plan, device=probe.uid, begins_at=timezone.now(), ends_at=ahead(hours=2),
        reason="yearly service",
    )  # fmt: skip
    with owner():  # the database's outage_clock stands still within a test
        Outage.objects.filter(pk=plan.pk).update(begins_at=ago(hours=1))
    says(heard=ago(minutes=20))
    with ingest():
        assert devices_silence_check() == 0
    says(fault="door open", since=ago(minutes=30))
    assert outage_clock() == 0
    assert only(acting).uid == plan.uid
    with owner():
        assert not Alarm.objects.filter(device_id=probe.pk).exists()
        Outage.objects.filter(pk=plan.pk).update(ends_at=ago(minutes=5))
    assert outage_clock() == 2  # the plan is over, and what is still out is a breakdown since then
    with acting("ukba.officer") as principal:
        broken, planned = outages_page(principal, Turn(limit=10)).rows
    assert (planned.stage, broken.kind) == (OutageStage.CLOSED, OutageKind.FAULT)
    assert broken.begins_at == planned.ends_at
