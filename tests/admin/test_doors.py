"""Who may enter the admin site, and what stands open in it."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from agencies.actions import Right
from agencies.adminbase import GateAdmin
from agencies.choices import Role
from agencies.models import Officer
from agencies.rules.rights import RIGHTS_OF_ROLE

pytestmark = pytest.mark.django_db

PAGES = {model._meta.label_lower: page for model, page in admin.site._registry.items()}
OPEN_TO = {
    "agencies.agency": {"supervisor", "administrator", "auditor"},
    "agencies.officer": {"supervisor", "administrator", "auditor"},
    "agencies.compartment": {"supervisor", "administrator"},
    "agencies.countersign": {"supervisor", "administrator"},
    "agencies.desk": {"supervisor", "administrator", "auditor"},
    "agencies.shift": {"supervisor", "administrator", "auditor"},
    "agencies.serviceaccount": {"supervisor", "administrator", "auditor"},
    "agencies.servicetoken": {"supervisor", "administrator", "auditor"},
    "agencies.recordhistory": {"supervisor", "auditor"},
    "agencies.officerhistory": {"supervisor", "auditor"},
    "audit.auditevent": {"supervisor", "auditor"},
    "scanning.device": {"supervisor", "administrator"},
    "scanning.lane": {"supervisor", "administrator"},
    "scanning.delivery": {"supervisor", "administrator"},
    "intelligence.lookout": {"supervisor"},
    "intelligence.accessrequest": {"supervisor", "auditor"},
    "intelligence.accesscase": {"supervisor"},
    "intelligence.proposal": {"supervisor"},
    "agencies.signin": {"supervisor", "administrator"},
    "agencies.lockout": {"supervisor", "administrator"},
    "intelligence.dissemination": {"supervisor"},
    "intelligence.recallreceipt": {"supervisor"},
    "intelligence.tearline": {"supervisor"},
}


def list_url(label):
    app, model = label.split(".")
    return reverse(f"admin:{app}_{model}_changelist")


def test_every_page_of_the_site_stands_in_this_list_and_behind_the_gate():
    assert set(PAGES) == set(OPEN_TO)
    assert all(isinstance(page, GateAdmin) for page in PAGES.values())


@pytest.mark.parametrize("role", Role.values)
def test_each_role_finds_exactly_its_pages(sign_in, records, role):
    client = sign_in(f"ukba.{role}")
    found = {label for label in OPEN_TO if client.get(list_url(label)).status_code == 200}
    assert found == {label for label, roles in OPEN_TO.items() if role in roles}
    may_enter = Right.ADMIN_ENTER in RIGHTS_OF_ROLE[role]
    assert client.get("/admin/").status_code == (200 if may_enter else 403)


def test_the_port_operators_supervisor_finds_no_lookouts(sign_in):
    client = sign_in("ccic.supervisor")
    assert client.get(list_url("scanning.device")).status_code == 200
    assert client.get(list_url("intelligence.lookout")).status_code == 403


@pytest.mark.parametrize("label", OPEN_TO)
def test_a_stranger_is_asked_to_sign_in(world, label):
    for url in (list_url(label), list_url(label) + "add/", "/admin/"):
        answer = Client().get(url)
        if answer.status_code != 404:  # some kinds of record have no page for new ones
            assert answer.status_code == 302
            assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("label", OPEN_TO)
def test_an_officer_of_the_lane_is_sent_away(sign_in, label):
    client = sign_in("ukba.officer")
    assert client.get(list_url(label)).status_code == 403
    assert (
        client.post(list_url(label), {"action": "x", "index": "0", "_selected_action": "1"}).status_code
        == 403
    )


@pytest.mark.parametrize(
    "path",
    [
        "autocomplete/",
        "jsi18n/",
        "r/1/1/",
        "login/",
        "password_change/",
        "logout/",
        "auth/group/",
        "account/emailaddress/",
    ],
)
def test_what_djangos_own_admin_offers_past_the_gate_is_closed(sign_in, path):
    query = "?app_label=agencies&model_name=shift&field_name=lead&term=a"
    assert sign_in("ukba.supervisor").get(f"/admin/{path}{query}").status_code == 404


def admin_routes(patterns=None, prefix=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if route.startswith("admin/") or route == "admin/":
                yield from admin_routes(pattern.url_patterns, route)
        elif route.startswith("admin/"):
            yield route


def test_no_route_deletes_and_ids_in_routes_are_public_ones():
    routes = list(admin_routes())
    assert len(routes) > 30
    assert not [route for route in routes if "delete" in route]
    assert {"<uuid:object_id>", "<slug:name>", "<app_label>"} >= {
        part for route in routes for part in re.findall(r"<[^>]+>", route)
    }


def test_every_page_speaks_under_the_strict_policy(sign_in, records):
    client = sign_in("ukba.supervisor")
    urls = ["/admin/", *(list_url(label) for label in OPEN_TO)]
    urls += [list_url(label) + "add/" for label, page in PAGES.items() if page.add_right]
    for url in urls:
        answer = client.get(url)
        assert answer.status_code == 200
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        page = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), url
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", page), url
        assert answer["Cache-Control"].count("no-store")


def test_a_suspended_officer_is_out_with_the_next_request(sign_in, owner):
    client = sign_in("ukba.supervisor")
    assert client.get(list_url("scanning.device")).status_code == 200
    with owner():
        Officer.objects.filter(username="ukba.supervisor").update(is_active=False)
    answer = client.get(list_url("scanning.device"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_an_officer_who_loses_the_role_is_out_with_the_next_request(sign_in, owner):
    client = sign_in("ukba.supervisor")
    with owner():
        Officer.objects.filter(username="ukba.supervisor").update(role="officer")
    assert client.get(list_url("scanning.device")).status_code == 403


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_officer_reads_the_site_in_their_language(sign_in, owner, language):
    with owner():
        Officer.objects.filter(username="ukba.supervisor").update(language=language)
    page = sign_in("ukba.supervisor").get("/admin/").content.decode()
    assert f'<html lang="{language}"' in page


def test_django_keeps_no_log_of_its_own(sign_in, world, owner):
    client = sign_in("ukba.supervisor")
    desk = reverse("admin:agencies_desk_change", args=[world.desk("UKBA").uid])
    answer = client.post(desk, {"name_en": "Renamed", "name_fr": "Renommé", "phone": ""})
    assert answer.status_code == 302
    with owner():
        assert not LogEntry.objects.exists()
