"""Service accounts of one's own agency: what devices and other systems sign in as."""

import ipaddress
from collections.abc import Iterable
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.choices import AccountKind
from agencies.facts import Principal
from agencies.models import Agency, ServiceAccount
from agencies.rules.appointments import DEVICE_SCOPES, ChangeRefused, scopes_given_by
from agencies.rules.rights import RightMissing, require
from agencies.selectors import agency_group_of
from audit.actions import AuditAction
from audit.services import audit_record


class AccountDetails(TypedDict, total=False):
    """What may be set on a service account."""

    name: str
    scopes: Iterable[str]
    clearance: int
    allowed_addresses: Iterable[str]
    is_active: bool


def service_account_create(
    *, acting_party: Principal, kind: AccountKind, **details: Unpack[AccountDetails]
) -> ServiceAccount:
    """Make a service account in the acting officer's agency. Nobody gives a scope or clearance beyond theirs."""
    require(acting_party, Right.TOKEN_MANAGE)
    agency = Agency.objects.get(group_id=agency_group_of(acting_party))
    account = ServiceAccount(agency=agency, kind=kind)
    _apply(acting_party, account, details)
    _save(account)
    _record(acting_party, AuditAction.SERVICE_ACCOUNT_CREATE, account, sorted(details))
    return account


def service_account_change(
    *, acting_party: Principal, account: ServiceAccount, **details: Unpack[AccountDetails]
) -> ServiceAccount:
    """Change a service account of the own agency; what it may do is never widened beyond one's own rights.

    Closing it makes all its tokens worthless at once.
    """
    require(acting_party, Right.TOKEN_MANAGE)
    stored = (
        ServiceAccount.objects.select_for_update(of=("self",))
        .filter(pk=account.pk, agency__group_id=agency_group_of(acting_party))
        .first()
    )
    if stored is None:
        raise NotVisible("service account")
    changed = _apply(acting_party, stored, details)
    if changed:
        _save(stored)
        _record(acting_party, AuditAction.SERVICE_ACCOUNT_CHANGE, stored, changed)
    return stored


def networks_clean(addresses: Iterable[str]) -> list[str]:
    """The addresses as networks in CIDR form, or ChangeRefused naming the one that is none."""
    networks = []
    for address in addresses:
        try:
            networks.append(str(ipaddress.ip_network(address.strip(), strict=False)))
        except ValueError as error:
            raise ChangeRefused(_("“%(text)s” is not a network address.") % {"text": address[:43]}) from error
    return sorted(set(networks))


def _apply(acting_party: Principal, account: ServiceAccount, details: AccountDetails) -> list[str]:
    """Put the details on the account, checked; returns the names of what changed."""
    before = {name: getattr(account, name) for name in AccountDetails.__optional_keys__}
    if "scopes" in details:
        account.scopes = sorted(set(details["scopes"]))
        _scopes_allowed(acting_party, account, set(before["scopes"] or []))
    if "clearance" in details:
        account.clearance = details["clearance"]
        if account.clearance > max(acting_party.clearance, before["clearance"] if account.pk else -1):
            raise RightMissing(Right.TOKEN_MANAGE.value)
    if "allowed_addresses" in details:
        account.allowed_addresses = networks_clean(details["allowed_addresses"])
    account.name = details.get("name", account.name).strip()
    if not account.name:
        raise ChangeRefused(_("The account needs a name."))
    account.is_active = details.get("is_active", account.is_active)
    return sorted(name for name, value in before.items() if getattr(account, name) != value)


def _scopes_allowed(acting_party: Principal, account: ServiceAccount, before: set[str]) -> None:
    added = set(account.scopes) - before
    if not added <= scopes_given_by(acting_party):
        raise RightMissing(Right.TOKEN_MANAGE.value)
    if account.kind != AccountKind.PARTNER and not set(account.scopes) <= DEVICE_SCOPES:
        raise ChangeRefused(_("A device posts deliveries and reads its receipts, nothing else."))


def _save(account: ServiceAccount) -> None:
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise ChangeRefused(_("Your agency has an account of this name.")) from error


def _record(acting_party: Principal, action: AuditAction, account: ServiceAccount, fields: list[str]) -> None:
    audit_record(
        acting_party=acting_party,
        action=action,
        object_type="service_account",
        object_uids=[account.uid],
        detail={"fields": fields, "scopes": account.scopes, "clearance": account.clearance},
    )
