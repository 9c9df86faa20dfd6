"""An officer's own second factors: adding, removing, and taking a code that is shown.

Who acts is always the officer whose factors they are, also while the sign-in is not complete: row-level security
shows the rows to nobody else.
"""

import logging
import struct
import uuid
from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal.auth import complete_authentication, parse_authentication_response
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from agencies.access import NotVisible
from agencies.facts import Actor, Principal
from agencies.models import Officer
from agencies.rules.appointments import ChangeRefused
from agencies.rules.factors import code_plain, in_groups, step_of
from audit.actions import AuditAction
from audit.services import audit_record

logger = logging.getLogger(__name__)
_Type = Authenticator.Type
#: What the libraries say about a body that is no answer of a passkey.
MALFORMED = (TypeError, ValueError, LookupError, AttributeError, struct.error)


@transaction.atomic
def app_add(*, acting_officer: Principal, secret: str, code: str) -> tuple[Authenticator, list[str]]:
    """Add an authenticator app, proved by a code of it; with the first factor come recovery codes, else none.

    Raises ChangeRefused for a wrong code, and when the officer has an app already.
    """
    officer = _own(acting_officer)
    if Authenticator.objects.filter(user_id=officer.pk, type=_Type.TOTP).exists():
        raise ChangeRefused(_("You have an authenticator app already: remove it first."))
    step = _step(secret, code, used=-1)
    if step is None:
        raise ChangeRefused(
            _("This code does not fit. Wait for the next one, and see that the telephone’s clock is right.")
        )
    data = {"uid": str(uuid.uuid4()), "secret": encrypt(secret), "step": step}
    row = Authenticator.objects.create(user_id=officer.pk, type=_Type.TOTP, data=data)
    return row, factor_added(acting_officer, officer, row)


def factor_added(acting_officer: Principal, officer: Officer, row: Authenticator) -> list[str]:
    """What follows from a new factor: a record, other sessions end, recovery codes where there are none."""
    officer.factored_at, officer.must_enrol = officer.factored_at or timezone.now(), False
    _sessions_end(officer)
    _record(acting_officer, AuditAction.FACTOR_ADD, row)
    if Authenticator.objects.filter(user_id=officer.pk, type=_Type.RECOVERY_CODES).exists():
        return []
    return _codes_make(officer)


@transaction.atomic
def key_add(
    *, acting_officer: Principal, name: str, credential: dict[str, Any]
) -> tuple[Authenticator, list[str]]:
    """Add a passkey whose registration has been verified; recovery codes as for `app_add`."""
    officer = _own(acting_officer)
    data = {"uid": str(uuid.uuid4()), "name": name, "credential": credential, "counter": 0}
    row = Authenticator.objects.create(user_id=officer.pk, type=_Type.WEBAUTHN, data=data)
    return row, factor_added(acting_officer, officer, row)


@transaction.atomic
def key_rename(*, acting_officer: Principal, uid: uuid.UUID | str, name: str) -> None:
    """Give one of the officer's own passkeys another name. NotVisible when there is no such passkey."""
    officer = _own(acting_officer)
    rows = Authenticator.objects.select_for_update().filter(user_id=officer.pk, type=_Type.WEBAUTHN)
    row = rows.filter(data__uid=str(uid)).first()
    if row is None:
        raise NotVisible("factor")
    row.data["name"] = name
    row.save(update_fields=["data"])
    _record(acting_officer, AuditAction.FACTOR_RENAME, row)


@transaction.atomic
def key_take(*, acting_officer: Principal, credential: dict[str, Any]) -> Authenticator | None:
    """The passkey that signed the challenge of this session; None when none did, or when it may be a copy.

    A key that counts its signatures and comes with a number seen before has a twin (WebAuthn, 7.2, step 22).
    """
    officer = _own(acting_officer)
    try:
        counter = parse_authentication_response(credential).response.authenticator_data.counter
        known = complete_authentication(officer, credential)
    except (ValidationError, *MALFORMED):
        return None
    row = Authenticator.objects.select_for_update().get(pk=known.pk)
    if counter and counter <= row.data["counter"]:
        logger.warning("a passkey came with a number of signatures that was seen before")
        return None
    row.data["counter"] = counter
    row.save(update_fields=["data"])
    return row


@transaction.atomic
def factor_remove(*, acting_officer: Principal, uid: uuid.UUID | str) -> None:
    """Remove one of the officer's own factors; with the last one go the recovery codes. Other sessions end.

    Raises NotVisible when there is no such factor, ChangeRefused for the last one where one is required.
    """
    officer = _own(acting_officer)
    rows = Authenticator.objects.filter(user_id=officer.pk).exclude(type=_Type.RECOVERY_CODES)
    row = rows.filter(data__uid=str(uid)).first()
    if row is None:
        raise NotVisible("factor")
    if rows.count() == 1:
        if settings.SECOND_FACTOR_REQUIRED:
            raise ChangeRefused(_("This is your only second factor. Add another one first."))
        Authenticator.objects.filter(user_id=officer.pk, type=_Type.RECOVERY_CODES).delete()
        officer.factored_at = None
    _record(acting_officer, AuditAction.FACTOR_REMOVE, row)
    row.delete()
    _sessions_end(officer)


@transaction.atomic
def codes_renew(*, acting_officer: Principal) -> list[str]:
    """New recovery codes, returned once; the former ones are worthless. ChangeRefused without a factor."""
    officer = _own(acting_officer)
    if officer.factored_at is None:
        raise ChangeRefused(_("Recovery codes stand in for a second factor: add one first."))
    Authenticator.objects.filter(user_id=officer.pk, type=_Type.RECOVERY_CODES).delete()
    codes = _codes_make(officer)
    audit_record(
        acting_party=acting_officer,
        action=AuditAction.FACTOR_CODES_RENEW,
        object_type="officer",
        object_uids=[officer.uid],
    )
    return codes


@transaction.atomic
def code_take(*, acting_officer: Principal, code: str) -> Authenticator | None:
    """The factor that this code is of, when it is right and was never used; it counts as used from now on.

    Wrong, repeated and outdated codes are all answered None. The last step is remembered in the row, under a lock, so
    that two processes cannot take the same code, and no loss of a cache makes it good again.
    """
    officer = _own(acting_officer)
    plain = code_plain(code)
    rows = Authenticator.objects.select_for_update().filter(
        user_id=officer.pk, type__in=[_Type.TOTP, _Type.RECOVERY_CODES]
    )
    for row in rows.order_by("-type"):
        try:
            taken = _app_takes(row, plain) if row.type == _Type.TOTP else _codes_take(row, plain)
        except InvalidToken:
            logger.error("a second factor was sealed under a key that is no longer known")
            continue
        if taken:
            row.save(update_fields=["data"])
            if row.type == _Type.RECOVERY_CODES:
                _record(acting_officer, AuditAction.FACTOR_CODE_USE, row)
            return row
    return None


def _app_takes(row: Authenticator, code: str) -> bool:
    step = _step(decrypt(row.data["secret"]), code, used=row.data["step"])
    row.data["step"] = row.data["step"] if step is None else step
    return step is not None


def _codes_take(row: Authenticator, code: str) -> bool:
    for place, one in enumerate(RecoveryCodes(row).generate_codes()):
        fresh = not row.data["used_mask"] & (1 << place)
        if constant_time_compare(one, code) and fresh:
            row.data["used_mask"] |= 1 << place
            return True
    return False


def _codes_make(officer: Officer) -> list[str]:
    data = {"uid": str(uuid.uuid4()), "seed": encrypt(RecoveryCodes.generate_seed()), "used_mask": 0}
    row = Authenticator.objects.create(user_id=officer.pk, type=_Type.RECOVERY_CODES, data=data)
    return [in_groups(code) for code in RecoveryCodes(row).generate_codes()]


def _step(secret: str, code: str, *, used: int) -> int | None:
    def code_at(step: int) -> str:
        return format_hotp_value(hotp_value(secret, step))

    return step_of(code_plain(code), yield_hotp_counters_from_time(), code_at, used)


def _own(acting_officer: Principal) -> Officer:
    """The acting officer's account, locked."""
    if acting_officer.actor != Actor.OFFICER:
        raise NotVisible("officer")
    return Officer.objects.select_for_update(of=("self",)).get(uid=cast(uuid.UUID, acting_officer.uid))


def _sessions_end(officer: Officer) -> None:
    officer.factor_epoch += 1
    officer.save(update_fields=["factor_epoch", "factored_at", "must_enrol"])


def _record(acting_officer: Principal, action: AuditAction, row: Authenticator) -> None:
    audit_record(
        acting_party=acting_officer,
        action=action,
        object_type="officer",
        object_uids=[cast(uuid.UUID, acting_officer.uid)],
        detail={"factor": row.data["uid"], "kind": row.type},
    )
