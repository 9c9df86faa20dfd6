"""A flood of alarms at one port does not take another port's alarms off its board."""

import datetime as dt

import pytest
from django.utils import timezone

from agencies.acting import acting_as
from dashboard.selectors.needs import MOST, needs_now
from dashboard.selectors.places import site_of_work
from scanning.models import Alarm, Device, Site
from tests.making import make_alarm

pytestmark = pytest.mark.django_db


def test_an_alarm_stays_on_its_board_while_another_port_drowns_in_graver_ones(world, owner):
    officer = world.principal("ukba.officer")
    now = timezone.now()
    with owner():
        dover = Site.objects.create(
            code="DOVER", name_en="Dover", name_fr="Douvres", country="GB", latitude=51.12, longitude=1.33
        )
        Device.objects.create(
            originator_id=officer.agency_group, code="DOV-RPM", name_en="portal", name_fr="portique",
            kind="radiation", site=dover,
        )  # fmt: skip
        ours = make_alarm("DOV-RPM", now - dt.timedelta(hours=1), severity="medium")
        flood = world.device("L1-RPM")
        Alarm.objects.bulk_create(
            Alarm(device_id=flood.pk, rule="radiation_gamma", severity="high", raised_at=now, last_at=now,
                  passage_id=number)
            for number in range(1, MOST * 4 + 1)
        )  # fmt: skip
    with acting_as(officer):
        found = needs_now(officer, site_of_work(officer, "DOVER")).part
        flooded = needs_now(officer, site_of_work(officer, "CALAIS")).part
    assert [card.id for card in found.cards] == [str(ours.uid)]
    assert (len(flooded.cards), flooded.more) == (MOST, MOST * 3)
