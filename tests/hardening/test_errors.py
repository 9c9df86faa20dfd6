"""One kind of answer for each refusal: a page for people, problem+json for systems, and never what lies behind."""

import pytest
from django.test import Client

from tests.two_worlds.framework import BACKEND, routes
from tests.two_worlds.test_strangers import address
from tests.two_worlds.worlds import common, hidden

pytestmark = pytest.mark.django_db

_BEHIND = (
    "Traceback",
    "/site-packages/",
    "django.",
    "psycopg",
    "Python/",
    "5.2.",
    "SELECT ",
    "jocc/",
    "RuntimeError",
)
BIG = "x" * (300 * 1024)


@pytest.fixture
def officer(world):
    client = Client(raise_request_exception=False)
    client.force_login(world.officer("ukba.supervisor"), backend=BACKEND)
    return client


@pytest.fixture
def system(world):
    return Client(
        raise_request_exception=False, headers={"Authorization": f"Token {world.partner_token('UKBA')}"}
    )


@pytest.fixture
def device(world):
    return Client(
        raise_request_exception=False, headers={"Authorization": f"Token {world.tokens['L1-ANPR-F']}"}
    )


def problem(answer, status, code):
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, "about:blank")
    assert not [word for word in _BEHIND if word in answer.content.decode()]


def page(answer, status):
    text = answer.content.decode()
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    assert "<h1" in text
    assert not [word for word in _BEHIND if word in text]


def fail(*args, **kwargs):
    raise RuntimeError("SELECT secret FROM /site-packages/ jocc/")


def test_each_refusal_has_its_page(officer, monkeypatch):
    page(officer.post("/language/", {"language": "xx"}), 400)
    page(officer.get("/nothing/"), 404)
    page(officer.get("/lookouts/00000000-0000-4000-8000-000000000000/"), 404)
    page(officer.put("/passages/"), 405)
    page(officer.post("/check/", {"mark": BIG}), 413)
    monkeypatch.setattr("dashboard.views.health.health_page", fail)
    page(officer.get("/health/"), 500)


def test_a_missing_right_has_its_page(world):
    client = Client()
    client.force_login(world.officer("ukba.officer"), backend=BACKEND)
    page(client.get("/lookouts/new/"), 403)


def test_each_refusal_has_its_problem(system, device, monkeypatch):
    problem(system.get("/api/v1/passages/?unknown=1"), 400, "unknown_parameter")
    problem(Client().get("/api/v1/passages/"), 401, "not_signed_in")
    problem(device.get("/api/v1/lookouts/"), 403, "not_allowed")
    problem(system.get("/api/v1/nothing/"), 404, "not_found")
    problem(system.get("/api/v1/lookouts/00000000-0000-4000-8000-000000000000/"), 404, "not_found")
    problem(system.delete("/api/v1/passages/"), 405, "method_not_allowed")
    problem(system.post("/api/v1/lookouts/", BIG, content_type="application/json"), 413, "too_large")
    problem(
        device.post("/api/v1/deliveries/", "x" * 6_000_000, content_type="application/json"), 413, "too_large"
    )
    problem(system.post("/api/v1/lookouts/", "x", content_type="text/plain"), 415, "unsupported_media_type")
    problem(system.post("/api/v1/lookouts/", "{}", content_type="application/json"), 422, "invalid")
    monkeypatch.setattr("scanning.api.deliveries.delivery_accept", fail)
    body = '{"event_id": "e-12345678", "at": "2026-11-22T12:00:00Z", "result": "clear"}'
    problem(device.post("/api/v1/deliveries/", body, content_type="application/json"), 500, "error")


def test_too_many_requests_are_a_problem_that_says_how_long_to_wait(system, monkeypatch):
    monkeypatch.setattr("agencies.api.throttles.TokenRateThrottle.get_rate", lambda throttle: "1/min")
    system.get("/api/v1/passages/")
    answer = system.get("/api/v1/passages/")
    problem(answer, 429, "too_many_requests")
    assert int(answer["Retry-After"]) > 0


def test_options_and_trace_tell_nothing(world, owner, officer, system):
    with owner():
        common(world)
        hidden(world)
    for pattern in sorted(set(routes()) - {"live/board"}):
        client = system if pattern.startswith("api/") else officer
        traced = client.trace(address(pattern), headers={"X-Planted": "planted-value"})
        assert traced.status_code in {302, 401, 403, 404, 405}, pattern
        assert b"planted-value" not in traced.content, pattern
        asked = client.options(address(pattern))
        assert asked.status_code in {200, 204, 302, 401, 403, 404, 405}, pattern
        if pattern.startswith("api/"):
            assert b'"actions"' not in asked.content, pattern


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:80@evil.example", "localhost.evil.example", "-", "a b"]
)
def test_a_host_that_is_not_ours_is_refused_everywhere_and_never_repeated(world, officer, host):
    for path in ("/", "/accounts/login/", "/healthz", "/admin/", "/api/v1/", "/static/nothing.css"):
        answer = officer.get(path, headers={"host": host})
        assert answer.status_code in {400, 404}, path
        assert b"evil" not in answer.content
        assert "evil" not in str(answer.headers)
    for path in ("/accounts/login/", "/passages/"):
        answer = Client().get(path, headers={"x-forwarded-host": "evil.example"})
        assert "evil" not in str(answer.headers) + answer.content.decode()


def test_a_form_of_too_many_fields_is_refused(officer):
    assert officer.post("/preferences/", {f"f{n}": "x" for n in range(600)}).status_code == 400


def test_compressed_bytes_are_not_blown_up(device):
    """Nobody unpacks them: they are what they are, and no JSON."""
    body = b"\x1f\x8b" + b"\x00" * 200
    answer = device.post(
        "/api/v1/deliveries/", body, content_type="application/json", headers={"content-encoding": "gzip"}
    )
    assert answer.status_code in {400, 415, 422}
