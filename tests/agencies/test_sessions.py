"""Sessions: listed, seen, ended by their officer, from afar, by the clock, and with the account."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.choices import SignInEnding
from agencies.models import SignIn
from agencies.rules.screens import screen_named
from agencies.selectors.signins import signins_of_agency, signins_own
from agencies.services.officers import officer_suspend
from agencies.services.signins import (
    signin_begin,
    signin_end,
    signin_leave,
    signin_seen,
    signins_end_others,
    signins_expire,
)
from audit.models import AuditEvent

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def signed_in(world: Any):
    """A browser in which the officer has signed in, and its session in the list."""

    def browser(username: str) -> Client:
        client, officer = Client(), world.officer(username)
        client.force_login(officer, "allauth.account.auth_backends.AuthenticationBackend")
        principal = world.principal(username)
        with acting_as(principal):
            signin_begin(
                acting_officer=principal, officer=officer, session_key=client.session.session_key,
                address="192.0.2.7", user_agent=FIREFOX,
            )  # fmt: skip
        return client

    return browser


def _is_in(client: Client) -> bool:
    return client.get("/accounts/sessions/").status_code == 200


def _rows(owner: Any, **wanted: Any) -> list[SignIn]:
    with owner():
        return list(SignIn.objects.filter(**wanted).order_by("id"))


def test_an_officer_sees_where_the_account_is_signed_in_and_nobody_elses(world, signed_in, owner):
    here, _there, colleague = signed_in("paf.officer"), signed_in("paf.officer"), signed_in("paf.analyst")
    page = here.get("/accounts/sessions/").content.decode()
    assert page.count("192.0.2.7") == 2
    assert "Firefox · Linux" in page
    assert page.count("cet écran") == 1
    assert colleague.get("/accounts/sessions/").content.decode().count("192.0.2.7") == 1
    assert not any(here.session.session_key in row.digest for row in _rows(owner))


def test_one_screen_is_signed_out_from_another(world, signed_in, owner):
    here, lost = signed_in("paf.officer"), signed_in("paf.officer")
    lost_row = _rows(owner)[1]
    assert here.post(f"/accounts/sessions/{lost_row.uid}/end/").status_code == 302
    assert (_is_in(here), _is_in(lost)) == (True, False)
    assert _rows(owner, ended_at__isnull=False)[0].ending == SignInEnding.FROM_AFAR
    assert here.post(f"/accounts/sessions/{lost_row.uid}/end/").status_code == 404, "it has ended already"


def test_all_other_screens_are_signed_out_at_once(signed_in):
    here, others = signed_in("paf.officer"), [signed_in("paf.officer") for _ in range(3)]
    colleague = signed_in("paf.analyst")
    assert here.post("/accounts/sessions/others/end/").status_code == 302
    assert [_is_in(client) for client in (here, colleague, *others)] == [True, True, False, False, False]


def test_a_colleague_ends_nothing_and_an_administrator_of_the_own_agency_does(world, signed_in, owner):
    victim = signed_in("paf.officer")
    row = _rows(owner)[0]
    for username in ("paf.analyst", "ukba.administrator", "ccic.supervisor"):
        principal = world.principal(username)
        with acting_as(principal), pytest.raises(NotVisible):
            signin_end(acting_officer=principal, uid=row.uid)
    assert _is_in(victim)
    administrator = world.principal("paf.administrator")
    with acting_as(administrator):
        assert [each.uid for each in signins_of_agency(administrator)] == [row.uid]
        signin_end(acting_officer=administrator, uid=row.uid)
    assert not _is_in(victim)
    with owner():
        assert (
            AuditEvent.objects.filter(
                action="session.end", object_uids=[world.officer("paf.officer").uid]
            ).count()
            == 1
        )


def test_suspension_ends_every_session(world, signed_in, owner):
    screens = [signed_in("paf.officer"), signed_in("paf.officer")]
    administrator = world.principal("paf.administrator")
    with acting_as(administrator):
        officer_suspend(acting_party=administrator, officer=world.officer("paf.officer"))
    assert [_is_in(client) for client in screens] == [False, False]
    assert {row.ending for row in _rows(owner)} == {SignInEnding.SUSPENDED}


@pytest.mark.parametrize(
    ("field", "age"),
    [("seen_at", dt.timedelta(hours=1, minutes=1)), ("started_at", dt.timedelta(hours=12, minutes=1))],
)
def test_a_session_ends_when_nobody_is_there_and_after_twelve_hours_in_any_case(
    signed_in, owner, ingest, field, age
):
    old, new = signed_in("paf.officer"), signed_in("ukba.officer")
    with owner():
        SignIn.objects.filter(pk=SignIn.objects.order_by("id")[0].pk).update(**{field: timezone.now() - age})
    with ingest():
        assert signins_expire() == 1
        assert signins_expire() == 0
    assert (_is_in(old), _is_in(new)) == (False, True)
    assert _rows(owner, ended_at__isnull=False)[0].ending == SignInEnding.LIMIT


def test_a_sign_of_life_counts_and_only_for_the_own_session(world, signed_in, owner):
    mine, _other = signed_in("paf.officer"), signed_in("ukba.officer")
    long_ago = timezone.now() - dt.timedelta(minutes=50)
    with owner():
        SignIn.objects.update(seen_at=long_ago)
    assert mine.post("/accounts/sessions/seen/").status_code == 204
    first, second = _rows(owner)
    assert first.seen_at > long_ago + dt.timedelta(minutes=49)
    assert second.seen_at == long_ago
    principal = world.principal("ukba.officer")
    with acting_as(principal):
        signin_seen(acting_officer=principal, session_key=mine.session.session_key)
    assert _rows(owner)[1].seen_at == long_ago


def test_signing_out_clears_the_browser_and_leaves_records_of_coming_and_going(world, signed_in, owner):
    client = signed_in("paf.officer")
    answer = client.post("/accounts/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not _is_in(client)
    assert _rows(owner)[0].ending == SignInEnding.SIGNED_OUT
    with owner():
        acts = list(
            AuditEvent.objects.filter(object_type="officer").order_by("id").values_list("action", flat=True)
        )
    assert acts == ["officer.sign_in", "officer.sign_out"]


def test_every_page_tells_the_browser_to_keep_nothing(signed_in):
    client = signed_in("paf.analyst")
    for path in ("/", "/passages/", "/passages/export/", "/lookouts/", "/accounts/sessions/", "/audit/"):
        assert "no-store" in client.get(path).headers["Cache-Control"], path


def test_nobody_has_no_sessions(world):
    principal = world.principal("paf.officer")
    with acting_as(principal):
        assert signins_own(principal) == []
        signin_leave(acting_officer=principal, session_key="unknown")
        assert signins_end_others(acting_officer=principal, session_key="unknown") == 0


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox · Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1",
            "Safari · iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0",
            "Edge · Windows",
        ),
        ("", ""),
        ("curl/8.0", ""),
    ],
)
def test_a_screen_is_named_as_its_officer_would(agent, name):
    assert screen_named(agent) == name
