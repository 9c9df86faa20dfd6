"""Writing the record and the outbox. Both belong into the transaction of the act itself."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import DatabaseError, OperationalError, connection, transaction

from audit.actions import AuditAction
from audit.choices import Topic
from audit.facts import ActingParty
from audit.rules.objects import objects_told

#: PostgreSQL channel on which the relay waits for committed changes.
CHANNEL = "jocc_changes"

_INSERT_AUDIT = (
    "INSERT INTO audit_auditevent (actor, actor_uid, actor_label, agency_group_id, action, object_type,"
    " object_uids, purpose, request_id, detail)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s::uuid[], %s, %s, %s)"
)
_INSERT_CHANGE = (
    "INSERT INTO audit_change (created_at, topic, device_id, lane_id, group_ids)"
    " VALUES (clock_timestamp(), %s, %s, %s, %s)"
)


class RecordNotWritten(DatabaseError):
    """The record could not be written, so what it was to record does not happen: the request is answered 503."""


def audit_record(
    *,
    acting_party: ActingParty,
    action: AuditAction,
    object_type: str,
    object_uids: Iterable[uuid.UUID] = (),
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
    agency_group: int | None = None,
) -> None:
    """Append one record in the current transaction; if it cannot be written, the act must not stand.

    The time, the record's random id and the transaction are set by the database. More than 500 objects are
    told by their number and a hash of their ids. Raises RecordNotWritten when the database refuses.

    `agency_group` is whose record it is when the actor has no agency (the workers). Never put marks,
    names or secrets into `detail`: objects are named by their uid.
    """
    named, told = objects_told(list(object_uids))
    values = [
        str(acting_party.actor),
        str(acting_party.uid) if acting_party.uid else None,
        acting_party.label[:150],
        acting_party.agency_group if acting_party.agency_group is not None else agency_group,
        action.value,
        object_type,
        named,
        (purpose or acting_party.purpose)[:300],
        acting_party.request_id,
        json.dumps({**(detail or {}), **told}, default=str),
    ]
    try:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_AUDIT, values)
    except OperationalError:  # the database is away, which is another matter
        raise
    except DatabaseError as error:
        raise RecordNotWritten(action.value) from error


def change_announce(
    *,
    topic: Topic,
    device_id: int | None = None,
    lane_id: int | None = None,
    groups: Sequence[int] | None = None,
) -> None:
    """Put one change into the outbox and wake the relay when the transaction commits."""
    changes_announce([(topic, device_id, lane_id, groups)])


def changes_announce(changes: Sequence[tuple[Topic, int | None, int | None, Sequence[int] | None]]) -> None:
    """Put several changes (topic, device, lane, groups) into the outbox and wake the relay at commit."""
    if not changes:
        return
    transaction.get_connection().validate_no_broken_transaction()
    with connection.cursor() as cursor:
        for topic, device_id, lane_id, groups in changes:
            cursor.execute(
                _INSERT_CHANGE,
                [topic.value, device_id, lane_id, list(groups) if groups is not None else None],
            )
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
