"""Forms and sessions: every unsafe page wants its own token, leads nowhere else, and a sign-in starts anew."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from tests.two_worlds.framework import BACKEND, routes
from tests.two_worlds.test_strangers import address
from tests.two_worlds.worlds import common, hidden
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db

ELSEWHERE = ["https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "https:evil.example",
             "javascript:alert(1)", "\thttps://evil.example", "http://testserver@evil.example/"]  # fmt: skip


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_page_takes_anything_without_its_token(world, owner, method):
    """By enumeration; only the API is free of it, and takes no cookie."""
    with owner():
        common(world)
        hidden(world)
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.officer("ukba.supervisor"), backend=BACKEND)
    for pattern in sorted(routes()):
        answer = getattr(client, method)(address(pattern))
        if pattern.startswith("api/"):
            assert answer.status_code in {401, 403, 404, 405}, pattern
        else:
            assert answer.status_code == 403, pattern
            assert "403_csrf.html" in [template.name for template in answer.templates], pattern


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_elsewhere(world, target):
    client = Client(enforce_csrf_checks=False)
    signed = client.post(
        f"/accounts/login/?next={target}", {"login": "ukba.officer", "password": PASSWORD, "next": target}
    )
    assert signed.status_code == 302
    assert signed["Location"].startswith("/"), target
    assert "evil" not in signed["Location"]
    for path, data in (("/language/", {"language": "fr"}), ("/preferences/", {"theme": "dark"})):
        answer = client.post(path, data | {"next": target}, headers={"referer": target})
        assert "evil" not in answer.headers.get("Location", ""), (path, target)
        assert not answer.headers.get("Location", "").lower().startswith("javascript")


def test_a_planted_session_is_not_the_one_that_is_signed_in(world):
    stranger, victim = Client(), Client()
    stranger.get("/accounts/login/")
    session = stranger.session
    session["planted"] = "yes"
    session.save()
    victim.cookies["jocc_session"] = session.session_key
    victim.post("/accounts/login/", {"login": "ukba.officer", "password": PASSWORD})
    assert victim.get("/").status_code == 200
    assert victim.cookies["jocc_session"].value != session.session_key
    stranger.cookies["jocc_session"] = session.session_key
    assert stranger.get("/").status_code == 302


def test_signing_out_ends_the_session_itself(world):
    client = Client()
    client.post("/accounts/login/", {"login": "ukba.officer", "password": PASSWORD})
    key = client.cookies["jocc_session"].value
    client.post("/accounts/logout/")
    other = Client()
    other.cookies["jocc_session"] = key
    assert other.get("/").status_code == 302


@pytest.mark.parametrize("password", ["short", "password1234", "elevenchars", "ukba.officer1"])
def test_weak_passwords_are_refused(world, password):
    with pytest.raises(ValidationError):
        validate_password(password, world.officer("ukba.officer"))
