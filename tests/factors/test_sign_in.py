"""Signing in with a second factor: a code counts once, a half-signed-in session opens nothing, and all is recorded."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection, transaction

from agencies.acting import acting_as
from agencies.facts import NOBODY
from agencies.models import LockOut
from agencies.services.factors import code_take
from audit.models import AuditEvent
from dashboard.live.rights import sights_read
from tests.factors.conftest import read_codes
from tests.two_worlds.framework import routes
from tests.two_worlds.test_strangers import PUBLIC, address
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db
REFUSED = "This was not accepted."


def test_an_officer_adds_an_app_and_signs_in_with_its_code(door, enrolled):
    _, phone, codes = enrolled("paf.officer")
    assert len(set(codes)) == 10
    other = door()
    assert other.password("paf.officer")["Location"] == "/accounts/factors/sign-in/"
    assert not other.is_in
    assert other.show(phone.code())["Location"] == "/"
    assert other.is_in


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_clock_may_be_wrong_by_one_step_and_no_more(door, enrolled, steps):
    _, phone, _ = enrolled("paf.officer")
    other = door()
    other.password("paf.officer")
    assert REFUSED in other.show(phone.code(steps)).content.decode()
    assert other.show(phone.code(steps // 2)).status_code == 302


def test_wrong_repeated_and_outdated_codes_get_one_answer_and_a_record_each(door, enrolled, owner, world):
    _, phone, codes = enrolled("paf.officer")
    first = door()
    first.password("paf.officer")
    used, spent = phone.code(), codes[0]
    assert first.show(used).status_code == 302
    second = door()
    second.password("paf.officer")
    second.show(spent)
    third = door()
    third.password("paf.officer")
    texts = set()
    for code in (used, phone.code(-1), phone.code(-9), spent, "000000", "no code at all"):
        answer = third.show(code)
        page = answer.content.decode().replace(code, "CODE")
        texts.add((answer.status_code, re.sub(r"[A-Za-z0-9]{64}", "TOKEN", page)))
        with owner():
            LockOut.objects.all().delete()  # the limit of tries has a test of its own
    assert len(texts) == 1
    assert REFUSED in texts.pop()[1]
    assert not third.is_in
    with owner():
        failed = AuditEvent.objects.filter(action__in=("officer.sign_in_fail", "officer.lock"))
        assert failed.count() == 6
        officer = world.officer("paf.officer")
        assert {tuple(record.object_uids) for record in failed} == {(officer.uid,)}
        assert {record.agency_group_id for record in failed} == {world.group("PAF")}
        assert used not in str([record.detail for record in failed])


def test_the_last_code_is_remembered_in_the_database_and_not_in_a_cache(enrolled, world):
    _, phone, _ = enrolled("paf.officer")
    principal = world.principal("paf.officer")
    with acting_as(principal):
        assert code_take(acting_officer=principal, code=phone.code()) is not None
        cache.clear()
        assert code_take(acting_officer=principal, code=phone.code()) is None
        # Older than the one that was used:
        assert code_take(acting_officer=principal, code=phone.code(-1)) is None
        assert code_take(acting_officer=principal, code=phone.code(1)) is not None


def test_after_too_many_tries_the_right_code_is_refused_too(door, enrolled):
    _, phone, _ = enrolled("paf.officer")
    other = door()
    other.password("paf.officer")
    for _ in range(5):
        other.show("000000")
    assert other.show(phone.code()).status_code == 200
    assert not other.is_in


def test_a_half_signed_in_session_opens_no_page_no_stream_and_no_admin_page(door, enrolled):
    enrolled("ukba.supervisor")
    other = door()
    other.password("ukba.supervisor")
    for pattern in sorted(set(routes()) - PUBLIC):
        for method in ("get", "post"):
            answer = getattr(other.browser, method)(address(pattern))
            assert answer.status_code in {302, 401, 403, 404, 405}, (pattern, method)
            assert answer.status_code != 302 or "/accounts/" in answer["Location"], pattern


def test_a_recovery_code_signs_in_once(door, enrolled, owner):
    _, _, codes = enrolled("paf.officer")
    first, second = door(), door()
    first.password("paf.officer")
    assert first.show(codes[3].replace(" ", "-")).status_code == 302
    assert first.is_in
    second.password("paf.officer")
    assert second.show(codes[3]).status_code == 200
    with owner():
        assert AuditEvent.objects.filter(action="factor.code_use").count() == 1


def test_an_officer_without_a_factor_enrols_before_anything_else_where_one_is_required(door, required, owner):
    here = door()
    assert here.password("paf.officer")["Location"] == "/accounts/factors/enrol/"
    assert not here.is_in
    phone = here.phone_at("/accounts/factors/enrol/")
    wrong = here.browser.post("/accounts/factors/enrol/", {"code": "000000"})
    assert wrong.status_code == 422
    assert not here.is_in
    done = here.browser.post("/accounts/factors/enrol/", {"code": phone.code()})
    assert len(read_codes(done)) == 10
    assert here.is_in
    with owner():
        assert AuditEvent.objects.filter(action="factor.add").count() == 1


def test_the_page_after_sign_in_is_the_one_that_was_asked_for(door, required):
    here = door()
    wanted = {"login": "paf.officer", "password": PASSWORD, "next": "/alarms/"}
    here.browser.post("/accounts/login/?next=/alarms/", wanted)
    phone = here.phone_at("/accounts/factors/enrol/")
    done = here.browser.post("/accounts/factors/enrol/", {"code": phone.code()})
    assert 'href="/alarms/"' in done.content.decode()


def test_a_session_begun_before_a_factor_was_required_is_nobodys(door, settings):
    here = door()
    here.password("paf.officer")
    assert here.is_in
    settings.SECOND_FACTOR_REQUIRED = True
    assert not here.is_in


def test_whoever_waits_with_a_password_is_not_let_in_by_the_owners_enrolment(door, enrolled):
    """A thief who signed in with the password alone loses the session when its owner adds a factor."""
    thief = door()
    thief.password("paf.officer")
    assert thief.is_in
    enrolled("paf.officer")
    assert not thief.is_in


def test_a_stream_without_the_factor_ends_with_its_session(door, enrolled, settings, world):
    here = door()
    here.password("paf.officer")
    stream = {here.browser.session.session_key: world.officer("paf.officer").pk}
    assert sights_read(stream)
    settings.SECOND_FACTOR_REQUIRED = True
    assert not sights_read(stream)
    settings.SECOND_FACTOR_REQUIRED = False
    enrolled("paf.officer")  # at another desk
    assert not sights_read(stream)


def test_no_policy_that_hides_too_much_opens_an_account(door, enrolled, owner):
    """Without a single row to be seen the factor is still asked for, and nothing is accepted."""
    _, phone, _ = enrolled("paf.officer")
    with owner(), connection.cursor() as cursor:
        cursor.execute("DROP POLICY reader ON mfa_authenticator")
    other = door()
    assert other.password("paf.officer")["Location"] == "/accounts/factors/sign-in/"
    assert other.show(phone.code()).status_code == 200
    assert not other.is_in


def test_the_database_shows_a_factor_to_its_officer_alone(enrolled, world, as_role):
    enrolled("paf.officer")
    seen = {}
    for name in ("paf.officer", "paf.supervisor", "paf.administrator", "ukba.officer"):
        with acting_as(world.principal(name)), transaction.atomic():
            seen[name] = Authenticator.objects.count()
    with acting_as(NOBODY), transaction.atomic():
        seen["nobody"] = Authenticator.objects.count()
    assert seen == {
        "paf.officer": 2,
        "paf.supervisor": 0,
        "paf.administrator": 0,
        "ukba.officer": 0,
        "nobody": 0,
    }
    with acting_as(world.principal("paf.supervisor")), transaction.atomic():
        assert Authenticator.objects.all().delete()[0] == 0
