"""Tokens of service accounts: hashed, scoped, bounded in time and place."""

import base64
import datetime as dt
import logging

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from agencies.acting import acting_as
from agencies.choices import Scope
from agencies.models import ServiceAccount, ServiceToken
from agencies.rules.rights import RightMissing
from agencies.services.tokens import token_find, token_issue, token_revoke
from jocc.logs import RedactSecrets

pytestmark = pytest.mark.django_db
EVENT = b'{"event_id": "e1", "at": "2026-11-22T04:10:03Z", "result": "clear"}'


@pytest.fixture
def issued(world):
    """A fresh token of a UKBA device, issued by the UKBA supervisor: (token, secret)."""
    principal = world.principal("ukba.supervisor")
    account = ServiceAccount.objects.select_related("agency").get(name="L1-RPM")
    with acting_as(principal):
        return token_issue(acting_party=principal, account=account)


def deliver(secret: str, **headers: str) -> int:
    client = APIClient(headers=headers or {"Authorization": f"Token {secret}"})
    return client.generic("POST", "/api/v1/deliveries/", EVENT, content_type="application/json").status_code


def test_the_secret_is_shown_once_and_only_its_digest_is_kept(issued):
    token, secret = issued
    assert secret.startswith("jocc_dv_")
    assert secret.encode() not in bytes(ServiceToken.objects.get(pk=token.pk).digest)
    assert token_find(secret, address="192.0.2.1").pk == token.pk


def test_header_bearer_and_basic_are_the_same_door(issued):
    _, secret = issued
    basic = base64.b64encode(f"camera:{secret}".encode()).decode()
    for header in (f"Token {secret}", f"Bearer {secret}", f"Basic {basic}"):
        assert deliver(secret, Authorization=header) in {200, 202}


@pytest.mark.parametrize("header", ["Token wrong", "Basic !!!", "Basic d3Jvbmc=", "Digest x", ""])
def test_everything_else_is_told_the_same(world, header):
    answer = APIClient(headers={"Authorization": header}).generic(
        "POST", "/api/v1/deliveries/", EVENT, content_type="application/json"
    )
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


def test_a_revoked_token_is_worthless_at_once(issued, world):
    token, secret = issued
    principal = world.principal("ukba.supervisor")
    with acting_as(principal):
        token_revoke(acting_party=principal, token=token)
    assert deliver(secret) == 401


def test_an_expired_token_and_one_of_a_suspended_account_are_worthless(issued):
    token, secret = issued
    ServiceToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert deliver(secret) == 401
    ServiceToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() + dt.timedelta(hours=1))
    assert deliver(secret) in {200, 202}
    ServiceAccount.objects.filter(pk=token.account_id).update(is_active=False)
    assert deliver(secret) == 401


def test_a_token_is_good_only_from_the_accounts_addresses(issued):
    token, secret = issued
    ServiceAccount.objects.filter(pk=token.account_id).update(
        allowed_addresses=["192.0.2.0/24", "2001:db8::/32"]
    )
    assert token_find(secret, address="192.0.2.77") is not None
    assert token_find(secret, address="2001:db8::5") is not None
    assert token_find(secret, address="198.51.100.1") is None
    assert token_find(secret, address="not an address") is None


def test_a_token_never_holds_more_scopes_than_its_account(world):
    principal = world.principal("ukba.supervisor")
    account = ServiceAccount.objects.select_related("agency").get(name="L1-RPM")
    with acting_as(principal):
        token, _ = token_issue(acting_party=principal, account=account, scopes=list(Scope.values))
    assert set(token.scopes) == set(account.scopes)


@pytest.mark.parametrize("username", ["paf.supervisor", "ukba.officer", "ukba.auditor"])
def test_only_those_who_manage_the_own_agencys_tokens_issue_them(world, username):
    principal = world.principal(username)
    account = ServiceAccount.objects.select_related("agency").get(name="L1-RPM")
    with acting_as(principal), pytest.raises(RightMissing):
        token_issue(acting_party=principal, account=account)


def test_the_secret_path_is_for_cameras_with_an_address_list_only(issued):
    token, secret = issued
    path = f"/api/v1/deliveries/in/{secret}/"
    post = lambda: APIClient().generic("POST", path, EVENT, content_type="application/json").status_code  # noqa: E731
    assert post() == 401
    ServiceAccount.objects.filter(pk=token.account_id).update(allowed_addresses=["127.0.0.0/8"])
    assert post() in {200, 202}


def test_secrets_never_reach_a_log_line(issued):
    _, secret = issued
    record = logging.makeLogRecord(
        {"msg": "POST /api/v1/deliveries/in/%s/ with %s", "args": (secret, secret)}
    )
    RedactSecrets().filter(record)
    assert secret not in record.getMessage()
    assert secret[10:] not in record.getMessage()
