"""The devices a principal may see: what everything by the million inherits from."""

from typing import Any

from django.db import connection

from agencies.facts import Principal
from agencies.rows import columns, made
from scanning.models import Device

# The rule of agencies.access.ProtectedQuerySet in one prepared text: every request asks this first, and putting
# the query together through the ORM took longer than the query. A test holds both against each other.
_VISIBLE = (
    " FROM scanning_device d WHERE viewers && %(groups)s::int[] AND classification <= %(clearance)s"
    " AND caveat = ANY (%(caveats)s)"
    " AND (expires_at IS NULL OR expires_at > now() OR originator_id = ANY (%(groups)s::int[]))"
)


def device_ids_visible_to(principal: Principal) -> list[int]:
    """Their ids, in order (a few hundred at most)."""
    if not principal.groups:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id{_VISIBLE} ORDER BY id", _values(principal))
        return [row[0] for row in cursor.fetchall()]


def devices_of_account(principal: Principal, account_id: int) -> tuple[Device, ...]:
    """The visible devices in service for which the account speaks, in order: every delivery asks this."""
    if not principal.groups:
        return ()
    text = f"SELECT {columns(Device, 'd')}{_VISIBLE} AND account_id = %(account)s AND is_active ORDER BY id"
    with connection.cursor() as cursor:
        cursor.execute(text, _values(principal) | {"account": account_id})
        return tuple(made(Device, row) for row in cursor.fetchall())


def _values(principal: Principal) -> dict[str, Any]:
    return {
        "groups": principal.groups_literal,
        "clearance": principal.clearance,
        "caveats": list(principal.caveats),
    }
