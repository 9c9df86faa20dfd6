"""The rights matrix is data, complete, shown as it is, and what is enforced is what it says."""

import dataclasses
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from agencies.actions import RecordKind, Right
from agencies.choices import AccountKind, Role, Scope
from agencies.facts import Actor, Principal
from agencies.rules.matrix import MATRIX
from agencies.rules.matrixpage import HOLDERS, matrix_lines
from agencies.rules.rights import AUTHORITY_ONLY, RightMissing, may, require, rights_of

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "rights-matrix.md"
OFFICER = Principal(actor=Actor.OFFICER, is_authority=True)


def test_every_right_stands_in_the_matrix_once_and_every_kind_of_record_at_least_once():
    assert sorted(entry.right for entry in MATRIX) == sorted(Right)
    assert {kind for entry in MATRIX for kind in entry.kinds} == set(RecordKind)
    assert {entry.scope for entry in MATRIX} - {None} == set(Scope)


@pytest.mark.parametrize("entry", MATRIX, ids=lambda entry: entry.right)
def test_each_right_is_held_by_exactly_those_whom_the_matrix_names(entry):
    for role in Role.values:
        officer = dataclasses.replace(OFFICER, role=role)
        assert may(officer, entry.right) is (role in entry.roles)
        operator = dataclasses.replace(officer, is_authority=False)
        assert may(operator, entry.right) is (role in entry.roles and not entry.authority_only)
    for kind in AccountKind.values:
        account = Principal(
            actor=Actor.SERVICE, role=kind, is_authority=True, scopes=frozenset(set(Scope) - {entry.scope})
        )
        assert not may(account, entry.right)
        account = dataclasses.replace(account, scopes=frozenset({entry.scope} - {None}))
        assert may(account, entry.right) is (kind in entry.accounts)


def test_a_device_whose_scopes_were_widened_by_mistake_still_only_posts():
    device = Principal(
        actor=Actor.SERVICE, role=AccountKind.DEVICE, is_authority=True, scopes=frozenset(Scope)
    )
    assert rights_of(device) == {Right.DELIVERY_POST, Right.DELIVERY_VIEW}


def test_nobody_and_an_unknown_role_hold_nothing():
    assert rights_of(Principal()) == frozenset()
    assert rights_of(dataclasses.replace(OFFICER, role="root")) == frozenset()
    with pytest.raises(RightMissing):
        require(Principal(), Right.BOARD_VIEW)


def test_what_touches_persons_is_for_authorities_only():
    about_persons = {
        RecordKind.LOOKOUT, RecordKind.HIT, RecordKind.CHECK, RecordKind.RECALL, RecordKind.IMAGE,
    }  # fmt: skip
    touching = {entry.right for entry in MATRIX if set(entry.kinds) & about_persons}
    # To which vehicle a finding belongs may become evidence.
    assert touching | {Right.PASSAGE_CORRECT} == AUTHORITY_ONLY


def test_the_page_of_the_documentation_is_up_to_date():
    out = io.StringIO()
    call_command("rights_matrix", stdout=out)
    assert out.getvalue() == DOCUMENT.read_text(encoding="utf-8"), "bin/jocc manage rights_matrix says more"


def test_the_table_of_one_role_holds_what_that_role_may():
    for holder in HOLDERS:
        rights = {line.entry.right for line in matrix_lines(holder)}
        assert rights == {e.right for e in MATRIX if holder in e.roles or holder in e.accounts}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["supervisor", "administrator", "auditor"])
def test_the_admin_site_shows_the_matrix_and_filters_it_by_role(world, role):
    client = Client()
    client.force_login(
        world.officer(f"paf.{role}"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    whole, devices = client.get("/admin/rights/"), client.get("/admin/rights/?holder=device")
    assert (whole.status_code, devices.status_code) == (200, 200)
    assert whole.content.decode().count("<tr>") == 1 + len(matrix_lines())
    assert devices.content.decode().count("<tr>") == 1 + 2
    assert client.get("/admin/rights/?holder=root").status_code == 404
    assert client.post("/admin/rights/", {"holder": "device"}).status_code in {200, 405}


@pytest.mark.django_db
def test_the_api_says_the_matrix_and_what_this_token_may(world):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {world.partner_token('CCIC')}")
    answer = client.get("/api/v1/rights/")
    assert answer.status_code == 200
    assert len(answer.json()["matrix"]) == len(matrix_lines())
    assert "lookout:view" not in answer.json()["mine"]
    assert "alarm:view" in answer.json()["mine"]
    line = next(each for each in answer.json()["matrix"] if each["right"] == "lookout:create")
    assert line == {
        "right": "lookout:create", "record": "lookout", "action": "own", "reach": "own",
        "roles": ["analyst", "supervisor"], "accounts": ["partner"], "scope": "lookouts:write", "authority_only": True,
    }  # fmt: skip
    assert len(client.get("/api/v1/rights/?holder=device").json()["matrix"]) == 2
    assert client.get("/api/v1/rights/?holder=root").status_code == 400
    assert APIClient().get("/api/v1/rights/").status_code == 401


def test_the_api_says_it_to_an_officer_in_the_browser_too(world, client):
    """Who is signed in without a token is known by the session."""
    client.force_login(
        world.officer("ccic.officer"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    answer = client.get("/api/v1/rights/")
    assert answer.status_code == 200
    assert "alarm:view" in answer.json()["mine"]
    assert "lookout:view" not in answer.json()["mine"]
