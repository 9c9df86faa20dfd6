"""What is refused leaves a record too: written after the view's transaction has been rolled back, in one of its own.

Recorded are 403, 404 for a named record or an act, and tokens and sign-ins that are refused. The row names the route,
the method, the status and the ids in the address: never what somebody typed.
"""

import dataclasses
import logging
import uuid
from collections.abc import Callable

from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, transaction
from django.http import HttpRequest, HttpResponse

from agencies.acting import acting_as
from agencies.authentication import secret_of
from agencies.facts import NOBODY, Actor, Principal
from agencies.models import Officer
from agencies.services.lockouts import lockout_count, lockout_holds
from agencies.services.tokens import token_known
from audit.actions import AuditAction
from audit.services import audit_record

logger = logging.getLogger(__name__)

#: Of strangers at one address so many refusals a minute are recorded one by one; the next one says that more follow.
STRANGERS_PER_MINUTE = 60
_ACTS = {"POST", "PUT", "PATCH", "DELETE"}


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """What was refused, and whose record it is when nobody is signed in."""

    action: AuditAction
    object_type: str
    uids: tuple[uuid.UUID, ...] = ()
    group: int | None = None


def refusals_recorded(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware; it stands outside the transaction of the view."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        try:
            refused = _refused(request, response.status_code)
            if refused is not None:
                _record(request, refused, response.status_code)
        except (DatabaseError, InterfaceError):
            logger.exception("a refusal was not recorded")
        return response

    return middleware


def sign_in_failed(request: HttpRequest, username: str) -> None:
    """Note that a sign-in has failed, and count it; whose account it was is known only when there is one."""
    officer = Officer.objects.filter(username__iexact=username).select_related("agency").first()
    locks = lockout_count(name=username, address=request.META.get("REMOTE_ADDR", ""), officer=officer)
    request.refused = Refused(  # type: ignore[attr-defined]
        AuditAction.OFFICER_LOCK if locks else AuditAction.OFFICER_SIGN_IN_FAIL,
        "officer",
        (officer.uid,) if officer else (),
        officer.agency.group_id if officer and officer.agency else None,
    )


def door_locked(request: HttpRequest, username: str) -> bool:
    """Whether this name, this address or both are locked; the caller then tries nothing, and says that it failed."""
    return lockout_holds(name=username, address=request.META.get("REMOTE_ADDR", ""))


def _refused(request: HttpRequest, status: int) -> Refused | None:
    noted: Refused | None = getattr(request, "refused", None)
    if noted is not None:
        return noted
    match, principal = request.resolver_match, _principal(request)
    if match is None:
        return None
    if status == 401:
        return _token(request, match.kwargs.get("secret"))
    named = bool(match.kwargs) or request.method in _ACTS
    if principal.actor != Actor.NOBODY and (status == 403 or (status == 404 and named)):
        return Refused(AuditAction.ACCESS_REFUSE, "request", tuple(_uuids(match.kwargs.values())))
    return None


def _token(request: HttpRequest, in_path: str | None) -> Refused | None:
    secret = in_path or secret_of(request.headers.get("Authorization", ""))
    if not secret:
        return None
    token = token_known(secret)
    if token is None:
        return Refused(AuditAction.TOKEN_REFUSE, "service_token")
    return Refused(AuditAction.TOKEN_REFUSE, "service_token", (token.uid,), token.account.agency.group_id)


def _record(request: HttpRequest, refused: Refused, status: int) -> None:
    principal = _principal(request)
    detail: dict[str, object] = {"status": status, "method": request.method, "route": _route(request)}
    if principal.actor == Actor.NOBODY:
        count = _strangers(request)
        if count > STRANGERS_PER_MINUTE + 1:
            return
        if count == STRANGERS_PER_MINUTE + 1:
            detail["more"] = True
        # A stranger has no group; the record belongs to the agency whose account was tried.
        groups = (refused.group,) if refused.group is not None else ()
        principal = dataclasses.replace(
            principal,
            agency_group=refused.group,
            groups=groups,
            request_id=getattr(request, "request_id", ""),
        )
    with acting_as(principal), transaction.atomic():
        audit_record(
            acting_party=principal,
            action=refused.action,
            object_type=refused.object_type,
            object_uids=refused.uids,
            detail=detail,
        )


def _principal(request: HttpRequest) -> Principal:
    principal: Principal = getattr(request, "principal", NOBODY)
    return principal


def _route(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _uuids(values: object) -> list[uuid.UUID]:
    found = []
    for value in values:  # type: ignore[attr-defined]
        try:
            found.append(uuid.UUID(str(value)))
        except ValueError:
            continue
    return found


def _strangers(request: HttpRequest) -> int:
    key = f"refusals:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, 60)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ended in between, or the broker is away
        return 1
