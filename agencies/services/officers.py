"""Appointing, changing and suspending officers of one's own agency; naming them in a compartment."""

import dataclasses
import re
import secrets
from collections.abc import Iterable
from typing import TypedDict, Unpack

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.choices import SignInEnding
from agencies.facts import Principal
from agencies.models import Agency, Compartment, Officer
from agencies.rules.appointments import ChangeRefused, may_appoint
from agencies.rules.rights import RightMissing, require
from agencies.selectors import agency_group_of
from agencies.services.signins import signins_end_all
from audit.actions import AuditAction
from audit.services import audit_record

#: What an account's own name may be; the agency's code goes before it, so that names of one agency
#: never collide with those of another (and nobody learns of another's by trying).
ACCOUNT_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


class OfficerDetails(TypedDict, total=False):
    """What a supervisor may set on an officer's account."""

    first_name: str
    last_name: str
    badge_number: str
    role: str
    clearance: int
    language: str
    zone: str


def officer_create(
    *, acting_party: Principal, name: str, **details: Unpack[OfficerDetails]
) -> tuple[Officer, str]:
    """Make an account `<agency>.<name>` in the acting officer's agency; the first password is returned once.

    Raises RightMissing when role or clearance are beyond what the acting officer may give, ChangeRefused
    when the name or the badge number cannot be taken.
    """
    require(acting_party, Right.OFFICER_MANAGE)
    if not ACCOUNT_NAME.fullmatch(name):
        raise ChangeRefused(_("The account's name needs 2 to 40 lower-case letters, digits or hyphens."))
    agency = Agency.objects.get(group_id=agency_group_of(acting_party))
    password = _first_password()
    officer = Officer(
        username=f"{agency.code.lower()}.{name}", password=make_password(password), agency=agency, **details
    )
    _appointable(acting_party, officer)
    _unused(officer)
    _save(officer)
    officer.groups.add(agency.group_id)
    _record(acting_party, AuditAction.OFFICER_CREATE, officer, role=officer.role, clearance=officer.clearance)
    return officer, password


def officer_change(
    *, acting_party: Principal, officer: Officer, **details: Unpack[OfficerDetails]
) -> Officer:
    """Change an officer's account; both the account as it was and as it becomes must be within reach."""
    stored = _reach(acting_party, officer)
    changed = sorted(name for name, value in details.items() if getattr(stored, name) != value)
    for name in changed:
        setattr(stored, name, details[name])  # type: ignore[literal-required]
    _appointable(acting_party, stored)
    _unused(stored)
    if changed:
        _save(stored, update_fields=changed)
        _record(
            acting_party,
            AuditAction.OFFICER_CHANGE,
            stored,
            fields=changed,
            role=stored.role,
            clearance=stored.clearance,
        )
    return stored


def officer_suspend(*, acting_party: Principal, officer: Officer) -> None:
    """Close the account: its next request is nobody's, its open pages and streams see nothing more."""
    _activate(acting_party, officer, active=False, action=AuditAction.OFFICER_SUSPEND)


def officer_restore(*, acting_party: Principal, officer: Officer) -> None:
    """Open a suspended account again, with the rights that it had."""
    _activate(acting_party, officer, active=True, action=AuditAction.OFFICER_RESTORE)


def officer_password_renew(*, acting_party: Principal, officer: Officer) -> str:
    """Give the account a new password, returned once; its sessions end.

    Whoever sets a password could sign in with it, so the officer's compartments must all be one's own.
    """
    stored = _reach(acting_party, officer)
    if not set(stored.groups.values_list("id", flat=True)) <= set(acting_party.groups):
        raise RightMissing(Right.OFFICER_MANAGE.value)
    password = _first_password()
    stored.password = make_password(password)
    _save(stored, update_fields=["password"])
    _record(acting_party, AuditAction.OFFICER_PASSWORD_RENEW, stored)
    return password


def compartment_members_set(
    *, acting_party: Principal, compartment: Compartment, officers: Iterable[Officer]
) -> tuple[int, int]:
    """Make exactly these officers the compartment's members; (admitted, dismissed).

    Only a member may do so; the record of it belongs to the compartment, as everything in it.
    """
    require(acting_party, Right.OFFICER_MANAGE)
    if compartment.group_id not in acting_party.groups:
        raise NotVisible("compartment")
    wanted = {officer.pk: officer for officer in officers}
    group = compartment.group
    present = {o.pk: o for o in Officer.objects.filter(groups=group)}
    # Officers of other agencies come in by a second signature only (services/countersigns.py); anybody may go.
    if any(
        o.agency is None or o.agency.group_id != acting_party.agency_group
        for pk, o in wanted.items()
        if pk not in present
    ):
        raise NotVisible("officer")
    admitted = [o for pk, o in wanted.items() if pk not in present]
    dismissed = [o for pk, o in present.items() if pk not in wanted]
    if any(officer.uid == acting_party.uid for officer in dismissed):
        raise ChangeRefused(_("You cannot dismiss yourself: another member has to do it."))
    group.user_set.add(*admitted)
    group.user_set.remove(*dismissed)
    party = dataclasses.replace(acting_party, agency_group=compartment.group_id)
    for action, who in (
        (AuditAction.COMPARTMENT_ADMIT, admitted),
        (AuditAction.COMPARTMENT_DISMISS, dismissed),
    ):
        if who:
            audit_record(
                acting_party=party,
                action=action,
                object_type="compartment",
                object_uids=[compartment.uid, *(officer.uid for officer in who)],
            )
    return len(admitted), len(dismissed)


def _activate(acting_party: Principal, officer: Officer, *, active: bool, action: AuditAction) -> None:
    stored = _reach(acting_party, officer)
    if stored.is_active != active:
        stored.is_active = active
        _save(stored, update_fields=["is_active"])
        _record(acting_party, action, stored)
        if not active:
            signins_end_all(acting_officer=acting_party, officer=stored, ending=SignInEnding.SUSPENDED)


def _reach(acting_party: Principal, officer: Officer) -> Officer:
    """The account as stored, locked, when the acting officer may change it."""
    require(acting_party, Right.OFFICER_MANAGE)
    stored = (
        Officer.objects.select_for_update(of=("self",))
        .filter(pk=officer.pk, agency__group_id=agency_group_of(acting_party))
        .first()
    )
    if stored is None:
        raise NotVisible("officer")
    if stored.uid == acting_party.uid:
        raise ChangeRefused(_("Your own account is changed by somebody else."))
    _appointable(acting_party, stored)
    return stored


def _appointable(acting_party: Principal, officer: Officer) -> None:
    if not may_appoint(acting_party, role=officer.role, clearance=officer.clearance):
        raise RightMissing(Right.OFFICER_MANAGE.value)


def _unused(officer: Officer) -> None:
    others = Officer.objects.exclude(pk=officer.pk)
    if others.filter(username=officer.username).exists():
        raise ChangeRefused(_("This account name is taken in your agency."))
    if (
        officer.badge_number
        and others.filter(agency=officer.agency, badge_number=officer.badge_number).exists()
    ):
        raise ChangeRefused(_("This badge number is taken in your agency."))


def _save(officer: Officer, *, update_fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            officer.save(update_fields=update_fields)
    except IntegrityError as error:  # somebody took the name or the badge number at this moment
        raise ChangeRefused(_("This name or badge number has just been taken in your agency.")) from error


def _first_password() -> str:
    """About 95 bits in four groups that can be read out at a desk."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _i in range(5)) for _j in range(4))


def _record(acting_party: Principal, action: AuditAction, officer: Officer, **detail: object) -> None:
    audit_record(
        acting_party=acting_party,
        action=action,
        object_type="officer",
        object_uids=[officer.uid],
        detail=detail,
    )
