"""Sessions: begun at sign-in, seen while their officer is active, ended by hand, by somebody else, or by the clock.

The session itself is a row of django_session; ending one deletes that row, so that pages refuse at the next request
and streams within a second. What stands here is for reading and for finding it.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.choices import SignInEnding
from agencies.facts import Principal
from agencies.models import Officer, SignIn
from agencies.rules.rights import may
from agencies.rules.screens import screen_named
from agencies.selectors import agency_group_of
from agencies.selectors.signins import own_uid
from audit.actions import AuditAction
from audit.facts import ActingParty
from audit.services import audit_record

BATCH = 500
_DELETE = "DELETE FROM django_session WHERE encode(sha256(convert_to(session_key, 'UTF8')), 'hex') = ANY (%s)"


def digest_of(session_key: str) -> str:
    """What a session is found by here."""
    return hashlib.sha256(session_key.encode()).hexdigest()


@transaction.atomic
def signin_begin(
    *, acting_officer: Principal, officer: Officer, session_key: str, address: str, user_agent: str
) -> SignIn:
    """Note that the officer has signed in, and record it."""
    made = SignIn.objects.create(
        officer=officer,
        agency_group_id=agency_group_of(acting_officer),
        digest=digest_of(session_key),
        seen_at=timezone.now(),
        address=address or None,
        screen=screen_named(user_agent),
    )
    _record(acting_officer, AuditAction.OFFICER_SIGN_IN, officer.uid)
    return made


@transaction.atomic
def signin_seen(*, acting_officer: Principal, session_key: str) -> None:
    """The officer is active at this screen: the idle limit counts from now."""
    SignIn.objects.visible_to(acting_officer).filter(
        digest=digest_of(session_key), officer__uid=own_uid(acting_officer), ended_at__isnull=True
    ).update(seen_at=timezone.now())


@transaction.atomic
def signin_follow(*, acting_officer: Principal, former_key: str, session_key: str) -> None:
    """The session goes on under another key (a factor was changed): the limits and a sign-out from afar still find it."""
    SignIn.objects.visible_to(acting_officer).filter(
        digest=digest_of(former_key), officer__uid=own_uid(acting_officer), ended_at__isnull=True
    ).update(digest=digest_of(session_key))


@transaction.atomic
def signin_leave(*, acting_officer: Principal, session_key: str) -> None:
    """The officer signs out at this screen; the caller flushes the session."""
    own = SignIn.objects.visible_to(acting_officer).filter(
        digest=digest_of(session_key), officer__uid=own_uid(acting_officer), ended_at__isnull=True
    )
    own.update(ended_at=timezone.now(), ending=SignInEnding.SIGNED_OUT)
    if acting_officer.uid is not None:
        _record(acting_officer, AuditAction.OFFICER_SIGN_OUT, acting_officer.uid)


@transaction.atomic
def signin_end(*, acting_officer: Principal, uid: uuid.UUID | str) -> SignIn:
    """End one session from afar: one's own, or with the right to manage officers one of the own agency's.

    Raises NotVisible: absent, ended, another agency's, or a colleague's without that right.
    """
    rows = SignIn.objects.visible_to(acting_officer)
    if not may(acting_officer, Right.OFFICER_MANAGE):
        rows = rows.filter(officer__uid=own_uid(acting_officer))
    seen = rows.select_related("officer").get_visible(acting_officer, uid)
    locked = rows.select_for_update(of=("self",)).filter(pk=seen.pk, ended_at__isnull=True).first()
    if locked is None:
        raise NotVisible("signin")
    _ended(acting_officer, [locked], SignInEnding.FROM_AFAR)
    _record(acting_officer, AuditAction.SESSION_END, seen.officer.uid)
    return locked


@transaction.atomic
def signins_end_others(*, acting_officer: Principal, session_key: str) -> int:
    """End every other session of the acting officer; returns how many."""
    others = list(
        SignIn.objects.visible_to(acting_officer)
        .filter(officer__uid=own_uid(acting_officer), ended_at__isnull=True)
        .exclude(digest=digest_of(session_key))
        .select_for_update(of=("self",))
    )
    _ended(acting_officer, others, SignInEnding.FROM_AFAR)
    if others and acting_officer.uid is not None:
        _record(acting_officer, AuditAction.SESSION_END, acting_officer.uid)
    return len(others)


def signins_end_all(*, acting_officer: Principal, officer: Officer, ending: SignInEnding) -> None:
    """End all sessions of a colleague, in the transaction of what ends them (a suspension, a reset of factors)."""
    open_ones = SignIn.objects.visible_to(acting_officer).filter(officer=officer, ended_at__isnull=True)
    _ended(acting_officer, list(open_ones), ending)


@transaction.atomic
def signins_expire() -> int:
    """As the worker: end the sessions that have been idle, or have lasted, too long; returns how many."""
    now = timezone.now()
    idle = now - dt.timedelta(seconds=settings.SESSION_IDLE_S)
    oldest = now - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    due = list(
        SignIn.objects.filter(Q(seen_at__lt=idle) | Q(started_at__lt=oldest), ended_at__isnull=True)
        .order_by("id")
        .select_for_update(skip_locked=True, of=("self",))[:BATCH]
    )
    _ended(None, due, SignInEnding.LIMIT)
    return len(due)


def _ended(principal: Principal | None, rows: Iterable[SignIn], ending: SignInEnding) -> None:
    rows = list(rows)
    by = (
        Officer.objects.filter(uid=principal.uid).first() if principal is not None and principal.uid else None
    )
    SignIn.objects.filter(pk__in=[row.pk for row in rows]).update(
        ended_at=timezone.now(), ending=ending, ended_by=by
    )
    with connection.cursor() as cursor:
        cursor.execute(_DELETE, [[row.digest for row in rows]])


def _record(party: ActingParty, action: AuditAction, officer: uuid.UUID) -> None:
    audit_record(acting_party=party, action=action, object_type="officer", object_uids=[officer])
