"""What has escalated calls the duty supervisor on whatever page, until it is looked at; and counts beyond 99."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Shift
from scanning.models import Alarm
from tests.making import make_alarm

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


@pytest.fixture
def on_duty(world, owner):
    """`on_duty("UKBA", "ukba.supervisor")`: the shift of the agency's desk runs, led by this officer."""

    def begin(agency, lead):
        with owner():
            Shift.objects.create(
                desk=world.desk(agency), lead=world.officer(lead), purpose="watch",
                starts_at=ago(hours=1), ends_at=timezone.now() + dt.timedelta(hours=1),
            )  # fmt: skip

    return begin


@pytest.fixture
def alarm(world, owner):
    """An alarm of a portal that UKBA, PAF and DOUANES see, escalated a minute ago."""
    with owner():
        alarm = make_alarm("L1-RPM", ago(minutes=10))
        Alarm.objects.update(escalated_at=ago(minutes=1))
        return alarm


def calls(client, path="passage-list"):
    found = client.get(reverse(path)).context["shell"].calls
    return None if found is None else [call.id for call in found]


def test_a_call_names_the_site_because_every_site_has_such_a_lane(signed_in, alarm, on_duty):
    on_duty("UKBA", "ukba.supervisor")
    (call,) = signed_in("ukba.supervisor").get(reverse("passage-list")).context["shell"].calls
    assert call.where == "Calais L1 L1-RPM"
    page = signed_in("ukba.officer").get(reverse("alarm-detail", args=[alarm.uid])).content.decode()
    assert "Calais" in page.split("<main")[1]


def test_the_duty_supervisor_is_called_on_every_page(signed_in, alarm, on_duty):
    on_duty("UKBA", "ukba.supervisor")
    client = signed_in("ukba.supervisor")
    assert calls(client, "passage-list") == calls(client, "device-list") == [str(alarm.uid)]
    shown = client.get(reverse("passage-list")).content.decode()
    assert reverse("alarm-detail", args=[alarm.uid]) in shown
    assert "Calls for you" in client.get(reverse("calls")).content.decode()


def test_nobody_else_is_called(signed_in, alarm, on_duty):
    assert calls(signed_in("ukba.supervisor")) is None  # no shift runs
    on_duty("UKBA", "ukba.officer")
    assert calls(signed_in("ukba.officer")) is None  # no supervisor
    on_duty("CCIC", "ccic.supervisor")
    client = signed_in("ccic.supervisor")
    assert calls(client) == []  # does not see the device
    assert client.get(reverse("calls")).content.strip() == b""


def test_it_calls_until_it_is_looked_at_acknowledged_or_over(signed_in, alarm, on_duty, owner):
    on_duty("UKBA", "ukba.supervisor")
    on_duty("PAF", "paf.supervisor")
    mine, theirs = signed_in("ukba.supervisor"), signed_in("paf.supervisor")
    mine.get(reverse("alarm-detail", args=[alarm.uid]))
    assert (calls(mine), calls(theirs)) == ([], [str(alarm.uid)])
    # It is called for anew: what was looked at before that does not count.
    with owner():
        Alarm.objects.update(escalated_at=timezone.now())
    assert calls(mine) == [str(alarm.uid)]
    mine.get(reverse("alarm-detail", args=[alarm.uid]))
    assert calls(mine) == []
    theirs.post(reverse("alarm-act", args=[alarm.uid]), {"act": "acknowledge"})
    assert calls(theirs) == []


def test_what_is_over_calls_nobody(signed_in, alarm, on_duty, owner):
    on_duty("UKBA", "ukba.supervisor")
    with owner():
        Alarm.objects.update(cleared_at=timezone.now())
    assert calls(signed_in("ukba.supervisor")) == []


@pytest.mark.parametrize(("alarms", "shown"), [(99, "99"), (100, "99+"), (130, "99+")])
def test_a_number_beyond_99_says_so_and_has_the_most_pressing_ones_colour(
    signed_in, world, owner, alarms, shown
):
    with owner():
        grave = make_alarm("L1-RPM", ago(hours=9), rule="radiation_neutron")
        Alarm.objects.bulk_create(
            Alarm(
                device_id=grave.device_id, rule="device_fault", severity="low", raised_at=ago(minutes=number),
                last_at=ago(minutes=number), cleared_at=ago(minutes=number),
            )
            for number in range(alarms - 1)
        )  # fmt: skip
    client = signed_in("ukba.officer")
    for path in ("passage-list", "board"):
        item = next(
            one for one in client.get(reverse(path)).context["shell"].nav if one.url_name == "alarm-list"
        )
        assert (item.count, item.tone) == (shown, "high")
