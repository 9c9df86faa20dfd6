"""The API's own pages, and random questions to its lists."""

import io
import os
import re

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.two_worlds.framework import BACKEND

pytestmark = pytest.mark.django_db
PAGES = ("", "schema/", "docs/", "docs/?script=", "nothing/")


def test_the_schema_is_valid_and_made_without_a_warning(world):
    out = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    assert out.getvalue().startswith("openapi: 3.1.0")


def test_the_apis_own_pages_are_for_those_who_are_known(world):
    officer, system = Client(), Client(headers={"Authorization": f"Token {world.partner_token('CCIC')}"})
    officer.force_login(world.officer("ccic.officer"), backend=BACKEND)
    for page in PAGES:
        answer = Client().get(f"/api/v1/{page}")
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
        for client in (officer, system):
            assert client.get(f"/api/v1/{page}").status_code == (404 if page == "nothing/" else 200)


def test_the_documentation_obeys_the_strict_policy_and_needs_no_other_host(world):
    officer = Client()
    officer.force_login(world.officer("ccic.officer"), backend=BACKEND)
    answer = officer.get("/api/v1/docs/")
    page = answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=|https?://", page)
    assert officer.get("/api/v1/docs/?script=")["Content-Type"].startswith("application/javascript")


def test_the_root_names_routes_that_exist(world):
    client = Client(headers={"Authorization": f"Token {world.partner_token('UKBA')}"})
    routes = client.get("/api/v1/").json()
    assert {"passages", "alarms", "devices", "lanes", "deliveries", "lookouts", "hits"} <= set(routes)
    # Deliveries are posted only; as-of wants to be told of which record, agency and moment.
    other = {"deliveries": 405, "as-of": 400}
    for name, url in routes.items():
        assert client.get(url).status_code == other.get(name, 200), name


_NAMES = st.sampled_from(
    ["limit", "cursor", "site", "lane", "device", "kind", "result", "mark", "whole_mark", "since", "until", "active",
     "acknowledged", "severity", "rule", "passage", "state", "mode", "own"]
) | st.text(max_size=12)  # fmt: skip
_VALUES = (
    st.text(max_size=30)
    | st.integers().map(str)
    | st.sampled_from(
        ["true", "false", "suspect", "anpr", "ABC", "2026-11-22T12:00:00Z", "9999-12-31T23:59:59+14:00"]
    )
)


def test_a_format_in_the_address_is_a_parameter_that_no_list_knows(world):
    client = Client(headers={"Authorization": f"Token {world.partner_token('UKBA')}"})
    answer = client.get("/api/v1/checks/?format=xml")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/json"})
    assert schema.json()["openapi"].startswith("3.1")


@settings(
    max_examples=60 * int(os.environ.get("JOCC_FUZZ", "1")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    route=st.sampled_from(
        ["passages", "alarms", "devices", "lanes", "lookouts", "hits", "notices", "checks"]
    ),
    query=st.dictionaries(_NAMES, _VALUES, max_size=4),
)
def test_whatever_is_asked_of_a_list_it_answers_or_says_what_is_wrong(world, route, query):
    client = Client(
        headers={"Authorization": f"Token {world.partner_token('UKBA')}"}, raise_request_exception=False
    )
    answer = client.get(f"/api/v1/{route}/", query)
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        assert answer.json()["code"] in {"bad_parameter", "unknown_parameter", "bad_cursor"}


def test_a_browser_that_is_not_signed_in_is_led_to_the_door_and_a_program_is_told(client):
    browser = client.get("/api/v1/docs/", headers={"Accept": "text/html,*/*"})
    assert browser.status_code == 302
    assert browser["Location"].endswith("next=/api/v1/docs/")
    program = client.get("/api/v1/docs/", headers={"Accept": "*/*"})
    assert program.status_code == 401
    assert program.json()["code"]
    assert client.get("/api/v1/docs/", headers={"Accept": "application/json"}).status_code == 406
