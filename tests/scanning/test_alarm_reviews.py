"""What an officer has looked at is the officer's own: set by opening and acting, undone, and nobody else sees it."""

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.paging import Turn
from scanning.models import AlarmReview
from scanning.selectors.alarms import AlarmFilter, alarms_page
from scanning.services.alarm_reviews import alarm_opened, alarm_review
from scanning.services.alarms import alarm_acknowledge
from tests.making import NOON, make_alarm

pytestmark = pytest.mark.django_db


@pytest.fixture
def alarm(world, owner):
    """A radiation alarm of UKBA's portal, which PAF and DOUANES see and CCIC does not."""
    with owner():
        return make_alarm("L1-RPM", NOON)


@pytest.fixture
def acting(world):
    """`with acting("paf.officer") as principal: …`"""
    return lambda username: acting_as(world.principal(username))


@pytest.fixture
def not_reviewed(acting):
    """How many alarms the officer has not looked at."""

    def count(username):
        with acting(username) as principal:
            return len(alarms_page(principal, Turn(), AlarmFilter(reviewed=False)).rows)

    return count


@pytest.mark.parametrize(
    "look",
    [
        lambda who, uid: alarm_opened(acting_officer=who, uid=uid),
        lambda who, uid: alarm_review(acting_officer=who, uid=uid),
        lambda who, uid: alarm_acknowledge(acting_officer=who, uid=uid),
    ],
    ids=["opening", "marking", "acting"],
)
def test_opening_marking_and_acting_review_for_the_one_officer(acting, alarm, not_reviewed, look):
    with acting("paf.officer") as paf:
        look(paf, alarm.uid)
        look(paf, alarm.uid)
        assert [row.uid for row in alarms_page(paf, Turn(), AlarmFilter(reviewed=True)).rows] == [alarm.uid]
    assert [not_reviewed(who) for who in ("paf.officer", "paf.analyst", "ukba.officer")] == [0, 1, 1]


def test_it_is_undone_for_oneself_only(acting, alarm, not_reviewed):
    for username in ("paf.officer", "paf.analyst"):
        with acting(username) as principal:
            alarm_review(acting_officer=principal, uid=alarm.uid)
    with acting("paf.officer") as paf:
        alarm_review(acting_officer=paf, uid=alarm.uid, is_reviewed=False)
    assert [not_reviewed(who) for who in ("paf.officer", "paf.analyst")] == [1, 0]


def test_a_system_that_acts_for_an_officer_has_looked_at_nothing(world, alarm, owner):
    client = Client(headers={"Authorization": f"Token {world.partner_token('UKBA')}"})
    path, body = f"/api/v1/alarms/{alarm.uid}/acknowledge/", {"officer": "U-officer"}
    answer = client.post(path, body, content_type="application/json")
    assert answer.status_code == 200
    with owner():
        assert not AlarmReview.objects.exists()


def test_the_database_keeps_reviews_apart_too(acting, alarm, world):
    with acting("paf.analyst") as analyst:
        alarm_review(acting_officer=analyst, uid=alarm.uid)
    with acting("paf.officer"):
        assert not AlarmReview.objects.exists()
        assert AlarmReview.objects.all().delete()[0] == 0
        refused = pytest.raises(ProgrammingError, match="row-level security")
        with refused, transaction.atomic():
            AlarmReview.objects.create(
                alarm_id=alarm.pk, device_id=alarm.device_id, officer_uid=world.officer("paf.supervisor").uid
            )


def test_what_is_not_seen_is_not_reviewed(acting, alarm):
    with acting("ccic.officer") as ccic:
        for look in (alarm_opened, alarm_review):
            with pytest.raises(NotVisible):
                look(acting_officer=ccic, uid=alarm.uid)
