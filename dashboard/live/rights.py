"""Reading again, once a second for all open streams, what their officers may still see."""

import dataclasses

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.utils.crypto import constant_time_compare

from agencies.access import visible_devices
from agencies.acting import acting_as
from agencies.backends import officers_read
from agencies.facts import Principal
from agencies.models import Officer
from agencies.selectors import principal_of
from agencies.selectors.factors import factor_suffices
from scanning.models import Lane


@dataclasses.dataclass(frozen=True, slots=True)
class Sight:
    """What one officer's stream may be nudged about."""

    principal: Principal
    groups: frozenset[int]
    devices: frozenset[int]
    #: By internal id the code of the lane and that of its site.
    lanes: dict[int, tuple[str, str]]

    def works_at(self, site: str) -> bool:
        """Whether the officer sees a lane of the site with this code."""
        return any(here == site for _, here in self.lanes.values())


_SESSIONS = (
    "SELECT session_key, session_data FROM django_session WHERE session_key = ANY(%s) AND expire_date > now()"
)


def sights_read(streams: dict[str, int]) -> dict[str, Sight]:
    """The sight of each session (session key → officer id) that may go on; the others are missing.

    Runs in a thread with its own connection; officers with the same rights are read once.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_SESSIONS, [list(streams)])
            kept = dict(cursor.fetchall())
        officers = officers_read(set(streams.values()))
        by_id = {
            officer.pk: officer for officer in officers if officer.is_active and factor_suffices(officer)
        }
        principals = {number: principal_of(officer) for number, officer in by_id.items()}
        by_rights: dict[tuple[object, ...], tuple[frozenset[int], dict[int, tuple[str, str]]]] = {}
        sights = {}
        for session, officer_id in streams.items():
            principal = principals.get(officer_id)
            if (
                principal is None
                or not principal.groups
                or not _is_signed_in(kept.get(session), by_id[officer_id])
            ):
                continue
            rights = (principal.groups, principal.clearance, principal.country)
            if rights not in by_rights:
                by_rights[rights] = _seen_by(principal)
            devices, lanes = by_rights[rights]
            sights[session] = Sight(principal, frozenset(principal.groups), devices, lanes)
    return sights


def _is_signed_in(session_data: str | None, officer: Officer) -> bool:
    """Whether the session is still this officer's: a new password ends the sessions under the old one."""
    if session_data is None:
        return False
    session = SessionStore().decode(session_data)
    proof = session.get(HASH_SESSION_KEY, "")
    known = (officer.get_session_auth_hash(), *officer.get_session_auth_fallback_hash())
    return session.get(SESSION_KEY) == str(officer.pk) and any(
        constant_time_compare(proof, one) for one in known
    )


def _seen_by(principal: Principal) -> tuple[frozenset[int], dict[int, tuple[str, str]]]:
    with acting_as(principal):
        devices = frozenset(visible_devices(principal))
        lanes = Lane.objects.visible_to(principal).order_by().values_list("id", "code", "site__code")
        return devices, {number: (code, site) for number, code, site in lanes}
