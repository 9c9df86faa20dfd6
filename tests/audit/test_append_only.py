"""The record is append-only for everybody, the owner of the database included."""

import uuid

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from agencies.acting import acting_as
from audit.actions import AuditAction
from audit.models import AuditEvent
from audit.services import audit_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded(world):
    """One record of a PAF officer."""
    principal = world.principal("paf.officer")
    with acting_as(principal):
        audit_record(
            acting_party=principal,
            action=AuditAction.LOOKOUT_READ,
            object_type="lookout",
            object_uids=[uuid.uuid4()],
            purpose="patrol",
        )
    return principal


@pytest.mark.parametrize("role", ["jocc_web", "jocc_ingest", "jocc_owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET purpose = 'another'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
    ],
)
def test_the_database_refuses_to_rewrite_history(recorded, as_role, owner, role, statement):
    with (
        as_role(role),
        acting_as(recorded),
        pytest.raises((ProgrammingError, DatabaseError), match=r"append-only|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    with owner():
        assert AuditEvent.objects.get().purpose == "patrol"


def test_a_record_names_who_what_why_and_in_which_request(recorded, owner, world):
    with owner():
        record = AuditEvent.objects.get()
    assert record.actor_uid == recorded.uid
    assert (record.action, record.object_type, len(record.object_uids)) == ("lookout.read", "lookout", 1)
    assert (record.purpose, record.agency_group_id) == ("patrol", world.group("PAF"))


@pytest.mark.parametrize(
    ("username", "sees"),
    [("paf.auditor", 1), ("ukba.auditor", 0), ("douanes.supervisor", 0), ("ccic.auditor", 0)],
)
def test_an_agency_reads_its_own_record_only(recorded, world, username, sees):
    with acting_as(world.principal(username)):
        assert AuditEvent.objects.count() == sees


def test_nobody_can_write_a_record_in_another_agencys_name(world):
    principal = world.principal("paf.officer")
    with (
        acting_as(principal),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO audit_auditevent (actor, actor_label, agency_group_id, action, object_type, object_uids,"
            " purpose, request_id, detail) VALUES ('officer', 'x', %s, 'hit.read', 'hit', '{}', '', '', '{}')",
            [world.group("UKBA")],
        )


def test_an_act_that_is_rolled_back_leaves_no_record_of_having_happened(world, owner):
    principal = world.principal("paf.officer")
    with acting_as(principal), transaction.atomic():
        audit_record(acting_party=principal, action=AuditAction.CHECK_MAKE, object_type="check")
        transaction.set_rollback(True)
    with owner():
        assert not AuditEvent.objects.exists()
