"""The care of devices, where they stood, and how available they are."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.access import NotVisible
from agencies.rules.rights import RightMissing
from scanning.models import Care, Outage
from scanning.rules.refusals import NotYourDevice, WithdrawnAlready
from scanning.selectors.availability import AvailabilityFilter, availability_read
from scanning.selectors.care import care_due, care_of, firmware_of, placements_of
from scanning.services.care import care_enter, care_withdraw
from scanning.services.equipment import device_change
from tests.scanning.living import PROBE, ago

pytestmark = pytest.mark.django_db


def test_what_was_done_to_a_device_what_is_due_and_which_firmware_runs(probe, do, acting):
    today = timezone.localdate()
    day = dt.timedelta(days=1)
    do(
        "ukba.supervisor",
        care_enter,
        device=probe.uid,
        kind="calibration",
        done_on=today - 200 * day,
        due_on=today - 5 * day,
    )
    fresh = do(
        "ukba.supervisor", care_enter, device=probe.uid, kind="calibration", done_on=today - day, due_on=today + 90 * day,
        certificate="NPL 77/2026",
    )  # fmt: skip
    do(
        "ukba.supervisor",
        care_enter,
        device=probe.uid,
        kind="firmware",
        done_on=today - 3 * day,
        firmware="4.1.7",
    )
    with acting("paf.officer") as principal:
        entries = care_of(principal, probe.uid)
        assert firmware_of(entries) == "4.1.7"
        assert [(due.kind, due.due_on) for due in care_due(principal)] == [("calibration", today + 90 * day)]
    do("ukba.supervisor", care_withdraw, uid=fresh.uid, reason="wrong device")
    with pytest.raises(WithdrawnAlready):
        do("ukba.supervisor", care_withdraw, uid=fresh.uid, reason="wrong device")
    with acting("ukba.officer") as principal:
        (due,) = care_due(principal)
        assert due.is_over
        assert [one.withdrawn_why for one in care_of(principal, probe.uid)] == ["wrong device", "", ""]
    with pytest.raises(RightMissing):
        do("ukba.officer", care_enter, device=probe.uid, kind="check", done_on=today)
    with pytest.raises(NotYourDevice):
        do("paf.supervisor", care_enter, device=probe.uid, kind="check", done_on=today)
    with acting("douanes.officer") as principal:
        with pytest.raises(NotVisible):
            care_of(principal, probe.uid)
        assert list(Care.objects.all()) == []  # the second wall alone


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("kind", {"kind": "wash"}),
        ("done_on", {"done_on": 1}),
        ("due_on", {"due_on": -1}),
        ("firmware", {"kind": "firmware"}),
        ("note", {"note": "x" * 400}),
    ],
)
def test_care_that_cannot_be_says_which_field(probe, do, field, given):
    today = timezone.localdate()
    given = {
        name: today + dt.timedelta(days=value) if isinstance(value, int) else value
        for name, value in given.items()
    }
    with pytest.raises(ValidationError) as refused:
        do("ukba.supervisor", care_enter, **{"device": probe.uid, "kind": "check", "done_on": today} | given)
    assert field in refused.value.message_dict


def test_where_a_device_stood_is_written_down_when_it_changes(probe, acting, world, owner):
    with acting("ukba.supervisor") as principal, transaction.atomic():
        device_change(acting_party=principal, device=probe, name_en="CO₂ probe, moved")
        device_change(acting_party=principal, device=probe, is_active=False)
    with acting("paf.officer") as principal:
        now, before = placements_of(principal, probe.uid)
    assert (now.in_service, before.in_service, before.until_at) == (False, True, now.from_at)
    assert before.site == "CALAIS"


def availability(acting, username, by="device", **more):
    with acting(username) as principal:
        rows = availability_read(principal, AvailabilityFilter(ago(days=10), timezone.now(), by, **more))
        return {row.key: row for row in rows}


def test_availability_is_the_share_of_the_time_in_service_without_downtime(probe, acting, owner):
    with owner():
        for kind, begin, end in (("fault", 5, 4), ("planned", 3, 2), ("silent", 1, None)):
            Outage.objects.create(
                device_id=probe.pk, kind=kind, begins_at=ago(days=begin), ends_at=ago(days=end) if end else None,
                stage="planned" if kind == "planned" else "reported",
            )  # fmt: skip
    row = availability(acting, "paf.officer")[PROBE]
    assert row.uptime.operational == pytest.approx(0.7, abs=1e-4)
    assert row.uptime.inherent == pytest.approx(7 / 9, abs=1e-4)
    assert (row.uptime.breakdowns, row.uptime.repair_s) == (2, pytest.approx(86400, abs=1))
    assert (row.devices, row.unwatched) == (1, 1)
    for by, key in (("kind", "co2"), ("site", "CALAIS"), ("agency", "UKBA")):
        assert availability(acting, "paf.officer", by)[key].uptime.breakdowns == 2
    assert availability(acting, "paf.officer", kind="xray") == {}
    assert PROBE not in availability(acting, "douanes.officer")
