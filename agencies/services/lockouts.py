"""Failures at the door: counted in the database, so that no restart and no lost broker forgets them.

Attempts with one name from one address wait for each other (an advisory lock until the end of the transaction), so
that of many sent at once no more are tried than the limit allows. Names and addresses by themselves are read before and
counted after: attempts under way at that moment, at most one for each thread of the web server, may go beyond.
"""

import datetime as dt
import uuid

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.actions import Right
from agencies.choices import LockOutKind
from agencies.facts import NOBODY, Principal
from agencies.models import LockOut, Officer
from agencies.rules.lockouts import FORGOTTEN, LIMITS, Tally, address_plain, failed, holds, name_plain
from agencies.rules.rights import require
from audit.actions import AuditAction
from audit.services import audit_record


@transaction.atomic
def lockout_holds(*, name: str, address: str) -> bool:
    """Whether this name, this address or both together are locked; the caller then tries nothing.

    Until the caller's transaction ends, other attempts with this name from this address wait here.
    """
    keys = _keys(name, address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [keys[LockOutKind.PAIR]])
    with acting_as(NOBODY):
        return _held(keys, timezone.now())


@transaction.atomic
def lockout_count(*, name: str, address: str, officer: Officer | None) -> bool:
    """Count one failure; returns True when it is the one that locks.

    An attempt at a locked door is not tried, so it counts for the address that goes on and not for the name: else
    whoever guesses from one address would lock the officer out everywhere. No lock is prolonged.
    """
    locks, now, keys = False, timezone.now(), _keys(name, address)
    with acting_as(NOBODY):
        if _held(keys, now):
            keys = {kind: digest for kind, digest in keys.items() if kind == LockOutKind.ADDRESS}
        for kind, digest in sorted(keys.items()):  # in one order, so that two never wait crosswise
            owned = officer if kind != LockOutKind.ADDRESS else None
            row, _made = LockOut.objects.get_or_create(
                kind=kind,
                digest=digest,
                defaults={
                    "officer": owned,
                    "agency_group_id": owned.agency.group_id if owned and owned.agency else None,
                    "address": (address_plain(address) or None) if kind != LockOutKind.NAME else None,
                },
            )
            row = LockOut.objects.select_for_update(of=("self",)).get(pk=row.pk)
            before = Tally(row.failures, row.since, row.locked_until)
            after = failed(before, LIMITS[kind], now)
            locks |= after.holds(now) and not before.holds(now)
            row.failures, row.since, row.locked_until = after.failures, after.since, after.locked_until
            row.last_at = now
            row.save(update_fields=["failures", "since", "locked_until", "last_at"])
    return locks


@transaction.atomic
def lockout_forget(*, name: str, address: str) -> None:
    """A sign-in is complete: what this officer mistyped at this screen does not count any more.

    The counts of the name and of the address stay: else whoever guesses would sign in with a name of their own in between.
    """
    with acting_as(NOBODY):
        LockOut.objects.filter(kind=LockOutKind.PAIR, digest=_keys(name, address)[LockOutKind.PAIR]).update(
            **_NOTHING
        )


@transaction.atomic
def lockout_lift(*, acting_officer: Principal, uid: uuid.UUID | str) -> LockOut:
    """Lift a lock on a name of the own agency before its time, and record it.

    Raises RightMissing; NotVisible for what is absent, not locked any more, or another agency's.
    """
    require(acting_officer, Right.OFFICER_MANAGE)
    seen = LockOut.objects.visible_to(acting_officer).get_visible(acting_officer, uid)
    row = LockOut.objects.select_for_update(of=("self",)).select_related("officer").get(pk=seen.pk)
    if not holds(row.locked_until, timezone.now()) or row.officer is None:
        raise NotVisible("lockout")
    LockOut.objects.filter(pk=row.pk).update(**_NOTHING)
    audit_record(
        acting_party=acting_officer,
        action=AuditAction.OFFICER_UNLOCK,
        object_type="officer",
        object_uids=[row.officer.uid],
        detail={"kind": row.kind},
    )
    return row


@transaction.atomic
def lockouts_forget_old() -> int:
    """As the worker: drop counts that say nothing any more; returns how many."""
    old: dt.datetime = timezone.now() - FORGOTTEN
    return LockOut.objects.filter(last_at__lt=old).delete()[0]


_NOTHING: dict[str, object] = {"failures": 0, "since": None, "locked_until": None}


def _held(keys: dict[LockOutKind, str], now: dt.datetime) -> bool:
    """Whether any of these is locked; asked as nobody."""
    locked = LockOut.objects.filter(digest__in=list(keys.values()), locked_until__gt=now)
    return locked.exists()


def _keys(name: str, address: str) -> dict[LockOutKind, str]:
    """What is counted, as digests that only this centre can make: somebody may have typed a password for a name."""
    who, where = name_plain(name), address_plain(address)
    words = {LockOutKind.ADDRESS: where, LockOutKind.NAME: who, LockOutKind.PAIR: f"{who}\n{where}"}
    return {
        kind: salted_hmac(f"lock-out {kind}", word, algorithm="sha256").hexdigest()
        for kind, word in words.items()
        if word
    }
