"""Issuing and revoking the tokens of service accounts; and recognising one."""

import datetime as dt
import functools
import hashlib
import ipaddress
import secrets
from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from agencies.actions import Right
from agencies.choices import AccountKind
from agencies.facts import Actor, Principal
from agencies.models import Agency, Officer, ServiceAccount, ServiceToken
from agencies.rows import columns, made, width
from agencies.rules.appointments import scopes_given_by
from agencies.rules.rights import RightMissing, require
from audit.actions import AuditAction
from audit.services import audit_record

#: What a token begins with, so that scanners for leaked secrets (and our log filter) recognise it.
PREFIX = {AccountKind.DEVICE: "jocc_dv_", AccountKind.GATEWAY: "jocc_gw_", AccountKind.PARTNER: "jocc_pa_"}
DEFAULT_LIFE = dt.timedelta(days=365)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def token_known(secret: str) -> ServiceToken | None:
    """The token with this secret, whether or not it is good for anything still."""
    return ServiceToken.objects.select_related("account__agency").filter(digest=_digest(secret)).first()


def token_issue(
    *,
    acting_party: Principal,
    account: ServiceAccount,
    scopes: Iterable[str] | None = None,
    expires_at: dt.datetime | None = None,
    created_by: Officer | None = None,
) -> tuple[ServiceToken, str]:
    """Issue a token of the account; the secret is returned once and never stored.

    Raises RightMissing unless the acting officer manages tokens of the account's own agency, and holds what
    the token would carry: whoever sees the secret could use it.
    """
    carried = set(account.scopes) if scopes is None else set(scopes) & set(account.scopes)
    if acting_party.actor != Actor.OWNER:
        require(acting_party, Right.TOKEN_MANAGE)
        if (
            acting_party.agency_group != account.agency.group_id
            or acting_party.clearance < account.clearance
            or not carried <= scopes_given_by(acting_party)
        ):
            raise RightMissing(Right.TOKEN_MANAGE.value)
    secret = PREFIX[AccountKind(account.kind)] + secrets.token_urlsafe(32)
    token = ServiceToken.objects.create(
        account=account,
        prefix=secret[:12],
        digest=_digest(secret),
        scopes=sorted(carried),
        expires_at=expires_at or timezone.now() + DEFAULT_LIFE,
        created_by=created_by,
    )
    audit_record(
        acting_party=acting_party,
        action=AuditAction.TOKEN_ISSUE,
        object_type="service_token",
        object_uids=[token.uid],
        detail={"account": str(account.uid), "scopes": token.scopes},
        agency_group=account.agency.group_id,
    )
    return token, secret


def token_revoke(*, acting_party: Principal, token: ServiceToken) -> None:
    """Make the token worthless at once."""
    require(acting_party, Right.TOKEN_MANAGE)
    if acting_party.agency_group != token.account.agency.group_id:
        raise RightMissing(Right.TOKEN_MANAGE.value)
    ServiceToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    audit_record(
        acting_party=acting_party,
        action=AuditAction.TOKEN_REVOKE,
        object_type="service_token",
        object_uids=[token.uid],
    )


def token_find(secret: str, *, address: str) -> ServiceToken | None:
    """The valid token with this secret, used from an allowed address; else None, whatever the reason."""
    now = timezone.now()
    token = _valid(secret, now)
    if token is None or not _address_allowed(address, token.account.allowed_addresses):
        return None
    if token.last_used_at is None or now - token.last_used_at > dt.timedelta(minutes=1):
        ServiceToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


@functools.cache
def _question() -> str:
    return (
        f"SELECT {columns(ServiceToken, 't')}, {columns(ServiceAccount, 'c')}, {columns(Agency, 'a')}"  # noqa: S608
        " FROM agencies_servicetoken t JOIN agencies_serviceaccount c ON c.id = t.account_id"
        " JOIN agencies_agency a ON a.id = c.agency_id"
        " WHERE t.digest = %s AND t.revoked_at IS NULL AND t.expires_at > %s AND c.is_active"
    )


def _valid(secret: str, now: dt.datetime) -> ServiceToken | None:
    """The token with its account and agency: every delivery asks this, in a text that is put together once."""
    with connection.cursor() as cursor:
        cursor.execute(_question(), [_digest(secret), now])
        row = cursor.fetchone()
    if row is None:
        return None
    first, second = width(ServiceToken), width(ServiceToken) + width(ServiceAccount)
    token, account = made(ServiceToken, row[:first]), made(ServiceAccount, row[first:second])
    account.agency = made(Agency, row[second:])
    token.account = account
    return token


def _address_allowed(address: str, networks: list[str]) -> bool:
    if not networks:
        return True
    try:
        own = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(own in ipaddress.ip_network(network, strict=False) for network in networks)
