"""The officer of a session, with agency and groups, in one question: every request asks it first."""

import functools
from collections.abc import Collection
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest

from agencies.models import Agency, Officer
from agencies.rows import columns, made, width


@functools.cache
def _question() -> str:
    groups = "SELECT g.group_id FROM agencies_officer_groups g WHERE g.officer_id = o.id"
    return (
        f"SELECT ARRAY({groups}), {columns(Officer, 'o')}, {columns(Agency, 'a')}"  # noqa: S608  (our own names)
        " FROM agencies_officer o LEFT JOIN agencies_agency a ON a.id = o.agency_id WHERE o.id = ANY (%s)"
    )


def officers_read(ids: Collection[int]) -> list[Officer]:
    """The officers with these ids, each with agency and groups, as the database knows them now."""
    with connection.cursor() as cursor:
        cursor.execute(_question(), [list(ids)])
        return [_officer(row) for row in cursor.fetchall()]


def _officer(row: tuple[Any, ...]) -> Officer:
    groups, *rest = row
    split = width(Officer)
    officer = made(Officer, rest[:split])
    officer.agency = made(Agency, rest[split:]) if officer.agency_id is not None else None
    officer.groups_read = tuple(groups)
    return officer


class CentreBackend(AuthenticationBackend):
    """Sign-in as allauth does it; who a session belongs to is read in one question instead of three."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        """The officer with these credentials; whom this one does not know, no other is asked about."""
        user = super().authenticate(request, **credentials)
        if user is None:
            raise PermissionDenied
        return user

    def get_user(self, user_id: int) -> Officer | None:
        """The officer as the database knows them now; None when absent or not active."""
        officer = next(iter(officers_read([user_id])), None)
        return officer if officer is not None and self.user_can_authenticate(officer) else None
