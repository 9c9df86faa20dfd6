"""Who sees to an alarm: taken by one, given to a colleague, given back; never across agencies."""

import pytest
from django.core.exceptions import ValidationError

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.paging import Turn
from agencies.rules.rights import RightMissing
from audit.models import AuditEvent, Change
from scanning.models import Alarm
from scanning.rules.refusals import AssignedAlready, NotAssigned
from scanning.selectors.alarm_notes import alarm_notes
from scanning.selectors.alarms import AlarmFilter, alarm_seen, alarms_page
from scanning.services.alarm_work import alarm_assign, alarm_release, alarm_take
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


ACTS = {
    "take": lambda principal, uid: alarm_take(acting_officer=principal, uid=uid),
    "assign": lambda principal, uid: alarm_assign(acting_officer=principal, uid=uid, to="P-analyst"),
    "release": lambda principal, uid: alarm_release(acting_officer=principal, uid=uid),
}


@pytest.mark.parametrize("act", ACTS)
def test_who_does_not_see_the_device_or_has_no_right_does_not_act(acting, alarm, owner, act):
    with acting("ccic.officer") as ccic, pytest.raises(NotVisible):
        ACTS[act](ccic, alarm.uid)
    with acting("ukba.auditor") as auditor, pytest.raises(RightMissing):
        ACTS[act](auditor, alarm.uid)
    with owner():
        assert Alarm.objects.get(pk=alarm.pk).assigned_to is None


def test_of_two_officers_one_has_it_and_the_other_is_told_so(acting, alarm, owner):
    with acting("paf.officer") as paf:
        alarm_take(acting_officer=paf, uid=alarm.uid, comment="going there")
        alarm_take(acting_officer=paf, uid=alarm.uid)  # a second press of the key
        seen = alarm_seen(paf, alarm.uid)
        assert (seen.is_mine, seen.assigned_to, seen.comment) == (True, paf.label, "going there")
    with acting("ukba.officer") as ukba:
        with pytest.raises(AssignedAlready):
            alarm_take(acting_officer=ukba, uid=alarm.uid)
        seen = alarm_seen(ukba, alarm.uid)
        assert (seen.is_mine, seen.assigned_to, seen.assigned_to_agency) == (False, "", "PAF")
    with owner():
        record = AuditEvent.objects.get(action="alarm.assign")
        assert record.detail["to"] == str(paf.uid)
        assert Change.objects.latest("id").topic == "alarm"


def test_a_colleague_is_given_it_also_out_of_a_colleagues_hands(acting, alarm, world):
    with acting("paf.officer") as paf:
        alarm_take(acting_officer=paf, uid=alarm.uid)
    with acting("paf.supervisor") as lead:
        alarm_assign(acting_officer=lead, uid=alarm.uid, to="P-analyst", comment="you are nearer")
        analyst = world.officer("paf.analyst")
        assert alarm_seen(lead, alarm.uid).assigned_to == str(analyst)
        alarm_assign(acting_officer=lead, uid=alarm.uid, to=str(world.officer("paf.officer").uid))
        notes = alarm_notes(lead, alarm_seen(lead, alarm.uid))
        assert [(note.act, note.about) for note in notes] == [
            ("assign", str(world.officer("paf.officer"))),
            ("assign", str(analyst)),
            ("assign", str(world.officer("paf.officer"))),
        ]
    with acting("ukba.officer") as ukba:
        assert {note.about for note in alarm_notes(ukba, alarm_seen(ukba, alarm.uid))} == {""}


@pytest.mark.parametrize("to", ["U-officer", "P-auditor", "nobody", "", "\ud800", "P-suspended"])
def test_only_an_active_officer_of_the_own_agency_who_may_act_can_be_given_it(
    acting, alarm, owner, world, to
):
    with owner():
        analyst = world.officer("paf.analyst")
        type(analyst).objects.filter(pk=analyst.pk).update(is_active=False, badge_number="P-suspended")
    with acting("paf.officer") as paf, pytest.raises(ValidationError) as refused:
        alarm_assign(acting_officer=paf, uid=alarm.uid, to=to)
    assert set(refused.value.error_dict) == {"to"}


def test_what_another_agency_has_is_neither_given_away_nor_given_back(acting, alarm):
    with acting("ukba.officer") as ukba:
        alarm_take(acting_officer=ukba, uid=alarm.uid)
    with acting("paf.officer") as paf:
        with pytest.raises(AssignedAlready):
            alarm_assign(acting_officer=paf, uid=alarm.uid, to="P-analyst")
        with pytest.raises(NotAssigned):
            alarm_release(acting_officer=paf, uid=alarm.uid)
    with acting("ukba.analyst") as colleague:
        alarm_release(acting_officer=colleague, uid=alarm.uid, comment="relieved")
        assert alarm_seen(colleague, alarm.uid).assigned_to_agency == ""
        with pytest.raises(NotAssigned):
            alarm_release(acting_officer=colleague, uid=alarm.uid)


def test_the_list_is_narrowed_to_mine_to_a_colleagues_and_to_nobodys(acting, alarm, owner):
    with owner():
        other = make_alarm("L1-CO2", NOON, rule="co2_suspect")
    with acting("paf.officer") as paf:
        alarm_take(acting_officer=paf, uid=alarm.uid)
    for username, wanted, right in (
        ("paf.officer", AlarmFilter(mine=True), [alarm]),
        ("paf.analyst", AlarmFilter(mine=True), []),
        ("paf.analyst", AlarmFilter(assigned_to="P-officer"), [alarm]),
        # Of another agency's officers nobody learns what they have.
        ("ukba.officer", AlarmFilter(assigned_to="P-officer"), []),
        ("ukba.officer", AlarmFilter(assigned=True), [alarm]),
        ("ukba.officer", AlarmFilter(assigned=False), [other]),
    ):
        with acting(username) as principal:
            found = [row.uid for row in alarms_page(principal, Turn(), wanted).rows]
            assert found == [each.uid for each in right], (username, wanted)
