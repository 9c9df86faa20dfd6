"""A second factor that is lost at night: two colleagues reset it, and nobody else, and nobody alone."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.models import Countersign
from agencies.rules.countersigns import CountersignRefused
from agencies.rules.rights import RightMissing
from agencies.services.countersigns import countersign_sign
from agencies.services.losses import factors_reset_propose
from audit.models import AuditEvent
from tests.factors.conftest import read_codes
from tests.two_worlds.framework import BACKEND

pytestmark = pytest.mark.django_db
REASON = "telephone fell into the basin"


def acting(world, who, act, **given):
    with acting_as(world.principal(who)) as principal:
        return act(acting_officer=principal, **given)


@pytest.fixture
def desk(world):
    """`desk("paf.supervisor")`: the browser of a colleague who is signed in."""

    def at(username):
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(world.officer(username), backend=BACKEND)
        return client

    return at


@pytest.fixture
def later(monkeypatch):
    """`later(minutes=11)`: the clock goes on."""

    def go(**time):
        moved = timezone.now() + dt.timedelta(**time)
        monkeypatch.setattr(timezone, "now", lambda: moved)

    return go


@pytest.fixture
def lost(door, enrolled):
    """PAF's officer has an app, and reports at sign-in that it is lost; the telephone is still somebody's."""
    inside, phone, codes = enrolled("paf.officer")
    here = door()
    here.password("paf.officer")
    assert "lost" in here.browser.get("/accounts/factors/lost/").content.decode()
    assert here.browser.post("/accounts/factors/lost/").status_code == 200
    assert not here.is_in
    return inside, phone, codes


def propose(world, who="paf.supervisor", officer="paf.officer"):
    return acting(world, who, factors_reset_propose, officer=world.officer(officer), reason=REASON)


def reset(world, first="paf.supervisor", second="paf.administrator"):
    """Both have confirmed; the code that the second is told."""
    proposal = propose(world, first)
    return acting(world, second, countersign_sign, uid=proposal.uid).told


def enrol(here, told):
    """Sign in with the password and the told code; the answer to the code."""
    assert here.password("paf.officer")["Location"] == "/accounts/factors/enrol/"
    assert here.browser.get("/accounts/factors/enrol/")["Location"] == "/accounts/factors/told/"
    return here.browser.post("/accounts/factors/told/", {"code": told})


def test_the_whole_night_in_the_pages(world, door, desk, lost, owner):
    inside, phone, codes = lost
    record = f"/admin/agencies/officer/{world.officer('paf.officer').uid}"
    assert "signalé perdu" in desk("paf.supervisor").get("/admin/agencies/officer/").content.decode()
    assert desk("paf.supervisor").post(f"{record}/factors/", {"reason": REASON}).status_code == 302
    proposal = Countersign.objects.none()
    with owner():
        proposal = Countersign.objects.get(kind="factors")
    assert inside.is_in  # one alone changes nothing
    signed = desk("paf.administrator").post(f"/countersigns/{proposal.uid}/act/", {"act": "sign"})
    told = re.search(r'class="codes"><code>([a-z0-9 ]+)<', signed.content.decode())[1]
    assert not inside.is_in
    here = door()
    assert enrol(here, told.upper())["Location"] == "/accounts/factors/enrol/"
    assert not here.is_in
    fresh = here.phone_at("/accounts/factors/enrol/")
    assert fresh.secret != phone.secret
    done = here.browser.post("/accounts/factors/enrol/", {"code": fresh.code()})
    assert len(read_codes(done)) == 10
    assert here.is_in
    thief = door()
    for old in (phone.code(), codes[0]):
        thief.password("paf.officer")
        assert thief.show(old).status_code == 200
    with owner():
        acts = AuditEvent.objects.filter(
            action__in=["factor.loss", "countersign.propose", "countersign.sign", "factor.reset"]
        )
        assert [act.action for act in acts.order_by("id")] == [
            "factor.loss",
            "countersign.propose",
            "countersign.sign",
            "factor.reset",
        ]
        assert acts.get(action="countersign.propose").purpose == REASON
        assert told.replace(" ", "") not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_two_supervisors_do_but_one_twice_does_not(world, lost, owner):
    proposal = propose(world)
    with pytest.raises(CountersignRefused):
        acting(world, "paf.supervisor", countersign_sign, uid=proposal.uid)
    with owner():
        second = world.officer("paf.analyst")
        type(second).objects.filter(pk=second.pk).update(role="supervisor")
    assert acting(world, "paf.analyst", countersign_sign, uid=proposal.uid).told


@pytest.mark.parametrize("who", ["paf.officer", "paf.analyst", "paf.auditor"])
def test_other_roles_neither_propose_nor_sign(world, lost, who):
    with pytest.raises(RightMissing):
        propose(world, who)
    proposal = propose(world)
    with pytest.raises((RightMissing, NotVisible)):
        acting(world, who, countersign_sign, uid=proposal.uid)


def test_another_agency_sees_neither_officer_nor_proposal(world, desk, lost):
    with pytest.raises(NotVisible):
        propose(world, "douanes.supervisor")
    proposal = propose(world)
    with pytest.raises(NotVisible):
        acting(world, "douanes.administrator", countersign_sign, uid=proposal.uid)
    record = f"/admin/agencies/officer/{world.officer('paf.officer').uid}/factors/"
    assert desk("douanes.supervisor").get(record).status_code == 404


def test_nobody_resets_their_own_factors_as_first_or_second(world, door, enrolled):
    enrolled("paf.supervisor")
    here = door()
    here.password("paf.supervisor")
    here.browser.post("/accounts/factors/lost/")
    with pytest.raises(CountersignRefused):
        propose(world, "paf.supervisor", "paf.supervisor")
    proposal = propose(world, "paf.administrator", "paf.supervisor")
    with pytest.raises(CountersignRefused):
        acting(world, "paf.supervisor", countersign_sign, uid=proposal.uid)
    assert world.officer("paf.supervisor").factored_at is not None


def test_without_a_report_of_the_officer_nothing_is_reset(world, enrolled, desk):
    enrolled("paf.officer")
    with pytest.raises(CountersignRefused):
        propose(world)
    record = f"/admin/agencies/officer/{world.officer('paf.officer').uid}/factors/"
    assert desk("paf.supervisor").get(record).status_code == 403


def test_a_report_waits_for_an_hour(world, lost, later):
    proposal = propose(world)
    later(minutes=61)
    with pytest.raises(CountersignRefused):
        acting(world, "paf.administrator", countersign_sign, uid=proposal.uid)
    with pytest.raises(CountersignRefused):
        propose(world)


def test_a_proposal_of_another_night_does_not_serve_for_a_new_report(world, door, lost, later):
    """Else one of the two would confirm somebody whom they do not see."""
    old = propose(world)
    later(minutes=61)
    here = door()
    here.password("paf.officer")
    here.browser.post("/accounts/factors/lost/")
    with pytest.raises(CountersignRefused):
        acting(world, "paf.administrator", countersign_sign, uid=old.uid)
    fresh = propose(world)
    assert acting(world, "paf.administrator", countersign_sign, uid=fresh.uid).told


def test_a_told_code_is_good_for_ten_minutes(world, door, lost, later):
    told = reset(world)
    later(minutes=10)
    here = door()
    assert enrol(here, told).status_code == 422
    assert here.browser.get("/accounts/factors/enrol/").status_code == 302


def test_a_told_code_counts_once_and_for_the_session_that_took_it(world, door, lost):
    told = reset(world)
    here, other = door(), door()
    assert enrol(here, told).status_code == 302
    assert enrol(other, told).status_code == 422
    assert other.browser.get("/accounts/factors/enrol/").status_code == 302
    assert here.browser.get("/accounts/factors/enrol/").status_code == 200


def test_after_five_wrong_codes_the_right_one_is_refused(world, door, lost, owner):
    told = reset(world)
    here = door()
    answers = {enrol(here, "aaaa aaaa").status_code}
    for _ in range(4):
        answers.add(here.browser.post("/accounts/factors/told/", {"code": "aaaa aaaa"}).status_code)
    answers.add(here.browser.post("/accounts/factors/told/", {"code": told}).status_code)
    assert answers == {422}
    with owner():
        assert AuditEvent.objects.filter(action__in=("officer.sign_in_fail", "officer.lock")).count() == 6


def test_when_the_code_has_run_out_the_officer_reports_again_and_two_confirm_again(world, door, lost, later):
    reset(world)
    later(minutes=15)
    here = door()
    here.password("paf.officer")
    assert here.browser.post("/accounts/factors/lost/").status_code == 200
    told = reset(world, "paf.administrator", "paf.supervisor")
    assert here.browser.post("/accounts/factors/told/", {"code": told}).status_code == 302


def test_the_password_alone_opens_nothing_after_a_reset_even_where_a_factor_is_optional(world, door, lost):
    reset(world)
    here = door()
    here.password("paf.officer")
    assert not here.is_in
    for path in ("/accounts/factors/enrol/", "/accounts/factors/enrol/key/"):
        assert here.browser.get(path)["Location"] == "/accounts/factors/told/"
        assert here.browser.post(path, {"code": "000000"})["Location"] == "/accounts/factors/told/"


def test_whoever_has_not_shown_the_password_reports_nothing(door, world, enrolled, owner):
    enrolled("paf.officer")
    for method in ("get", "post"):
        assert getattr(door().browser, method)("/accounts/factors/lost/")["Location"] == "/accounts/login/"
    with owner():
        assert AuditEvent.objects.filter(action="factor.loss").count() == 0
