"""Reading again, once a second for all open streams, what their officers may still see."""

import dataclasses

from django.db import connection, transaction

from agencies.acting import acting_as
from agencies.facts import Principal
from agencies.models import Officer
from agencies.selectors import principal_of
from scanning.models import Device, Lane


@dataclasses.dataclass(frozen=True, slots=True)
class Sight:
    """What one officer's stream may be nudged about."""

    principal: Principal
    groups: frozenset[int]
    devices: frozenset[int]
    lanes: dict[int, str]


_SESSIONS = "SELECT session_key FROM django_session WHERE session_key = ANY(%s) AND expire_date > now()"


def sights_read(streams: dict[str, int]) -> dict[str, Sight]:
    """The sight of each session (session key → officer id) that may go on; the others are missing.

    Runs in a thread with its own connection; officers with the same rights are read once.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_SESSIONS, [list(streams)])
            alive = {row[0] for row in cursor.fetchall()}
        officers = Officer.objects.select_related("agency").filter(
            id__in=set(streams.values()), is_active=True
        )
        principals = {officer.pk: principal_of(officer) for officer in officers}
        by_rights: dict[tuple[tuple[int, ...], int], tuple[frozenset[int], dict[int, str]]] = {}
        sights = {}
        for session, officer_id in streams.items():
            principal = principals.get(officer_id)
            if session not in alive or principal is None or not principal.groups:
                continue
            rights = (principal.groups, principal.clearance)
            if rights not in by_rights:
                by_rights[rights] = _seen_by(principal)
            devices, lanes = by_rights[rights]
            sights[session] = Sight(principal, frozenset(principal.groups), devices, lanes)
    return sights


def _seen_by(principal: Principal) -> tuple[frozenset[int], dict[int, str]]:
    with acting_as(principal):
        devices = frozenset(Device.objects.visible_to(principal).values_list("id", flat=True))
        lanes = dict(Lane.objects.visible_to(principal).values_list("id", "code"))
    return devices, lanes
