"""The witness forgets nothing: every path by which a grant or an officer changes is written down, by the database."""

import dataclasses
import io

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone
from psycopg2.errors import FeatureNotSupported

from agencies.acting import acting_as
from agencies.facts import OWNER
from agencies.grants import grants_give, grants_withdraw, view_permission
from agencies.models import Officer, OfficerHistory, RecordHistory, RecordReading
from agencies.services.officers import officer_suspend
from agencies.walls import Wall
from agencies.witness import witness_apply
from audit.models import AuditEvent
from intelligence.services.audiences import lookout_recall, lookout_share
from intelligence.services.consultations import lookout_open
from intelligence.services.lookouts import lookout_extend, lookout_withdraw
from jocc.walls import WALLS
from scanning.models import Device, DeviceGrant
from tests.intelligence.conftest import Cell

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell(world, ingest, owner) -> Cell:
    return Cell(world, ingest, owner)


@pytest.fixture
def rows(world, owner):
    """`rows(record)`: (event, agency) of its history, in order."""

    def read(record) -> list[tuple[str, str]]:
        codes = {world.group(code): code for code in ("UKBA", "PAF", "DOUANES", "CCIC")}
        with owner():
            found = RecordHistory.objects.filter(record_uid=record.uid).order_by("id")
            return [(row.event, codes.get(row.group_id, "?")) for row in found]

    return read


def test_sharing_and_recall_are_written_down_with_who_did_it_and_in_which_request(cell, world, owner, rows):
    lookout = cell.looks("ukba.analyst")
    analyst = world.principal("ukba.analyst")
    acting = dataclasses.replace(analyst, request_id="r-17")
    with acting_as(acting):
        lookout_share(acting_officer=acting, uid=lookout.uid, agencies=["PAF"], purpose="joint enquiry")
        lookout_recall(acting_officer=acting, uid=lookout.uid, agencies=["PAF"], purpose="enquiry closed")
    assert rows(lookout) == [("given", "UKBA"), ("given", "PAF"), ("withdrawn", "PAF")]
    with owner():
        given = RecordHistory.objects.filter(record_uid=lookout.uid, group_id=world.group("PAF")).first()
    assert (given.actor, given.actor_uid, given.request_id) == ("officer", analyst.uid, "r-17")
    assert (given.kind, given.label, given.originator_id) == (
        "lookout",
        lookout.reference,
        world.group("UKBA"),
    )
    assert given.facts["state"] == "active"


def test_what_decides_over_seeing_is_written_down_for_each_holder(cell, owner, rows, world):
    lookout = cell.looks("ukba.analyst")
    with cell.acting("ukba.analyst") as analyst:
        lookout_share(acting_officer=analyst, uid=lookout.uid, agencies=["PAF"], purpose="joint enquiry")
    later = lookout.expires_at.replace(microsecond=0)
    with cell.acting("ukba.analyst") as analyst:
        lookout_extend(
            acting_officer=analyst,
            uid=lookout.uid,
            expires_at=later,
            review_due=lookout.review_due,
            reason="still needed",
        )
        lookout_withdraw(acting_officer=analyst, uid=lookout.uid, reason="found")
    assert sorted(rows(lookout)[2:]) == [("changed", "PAF")] * 2 + [("changed", "UKBA")] * 2
    with owner():
        last = RecordHistory.objects.filter(record_uid=lookout.uid).last()
    assert last.facts["state"] == "withdrawn"


def test_a_change_that_decides_nothing_is_not_written_down(world, owner, rows):
    with owner():
        device = world.device("L1-RPM")
        before = len(rows(device))
        Device.objects.filter(pk=device.pk).update(order=7, name_en="Portal")
    assert len(rows(device)) == before
    with owner():
        Device.objects.filter(pk=device.pk).update(classification=10)
    assert [event for event, _ in rows(device)[before:]] == ["changed"] * 3


@pytest.mark.parametrize("path", ["bulk", "sql", "update", "truncate"])
def test_no_path_to_a_grant_is_forgotten(world, owner, rows, path):
    with owner():
        device, ccic = world.device("L1-HB"), world.group("CCIC")
        permission = view_permission(DeviceGrant).pk
        before = len(rows(device))
        with connection.cursor() as cursor:
            if path == "bulk":
                grants_give(DeviceGrant, device, [ccic])
                grants_withdraw(DeviceGrant, device, [ccic])
            elif path == "sql":
                cursor.execute(
                    "INSERT INTO scanning_devicegrant (group_id, permission_id, content_object_id) VALUES (%s, %s, %s)",
                    [ccic, permission, device.pk],
                )
                cursor.execute("DELETE FROM scanning_devicegrant WHERE group_id = %s", [ccic])
            elif path == "update":
                grants_give(DeviceGrant, device, [world.group("PAF")])
                DeviceGrant.objects.filter(content_object=device, group_id=world.group("PAF")).update(
                    group_id=ccic
                )
            else:
                cursor.execute("TRUNCATE scanning_devicegrant")
    expected = {
        "update": [("given", "PAF"), ("withdrawn", "PAF"), ("given", "CCIC")],
        "truncate": [("withdrawn", "UKBA")],
    }
    assert rows(device)[before:] == expected.get(path, [("given", "CCIC"), ("withdrawn", "CCIC")])


def test_copy_into_a_grant_table_is_refused_to_its_owner_too(world, owner):
    columns = "(group_id, permission_id, content_object_id)"
    with owner(), pytest.raises(FeatureNotSupported), transaction.atomic():
        connection.cursor().copy_expert(f"COPY scanning_devicegrant {columns} FROM STDIN", io.StringIO(""))


@pytest.mark.parametrize("statement", ["UPDATE {t} SET at = now()", "DELETE FROM {t}", "TRUNCATE {t}"])
@pytest.mark.parametrize(
    "table", ["agencies_recordhistory", "agencies_officerhistory", "agencies_recordreading"]
)
@pytest.mark.parametrize("role", ["jocc_owner", "jocc_web", "jocc_ingest"])
def test_history_cannot_be_rewritten_by_anybody(world, owner, as_role, role, table, statement):
    with owner():
        AuditEvent.objects.create(
            at=timezone.now(), actor="officer", agency_group_id=world.group("PAF"), action="device.read",
            object_type="device", object_uids=[world.device("L1-HB").uid],
        )  # fmt: skip
    with as_role(role), acting_as(OWNER), pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute(statement.format(t=table))


@pytest.mark.parametrize("role", ["jocc_web", "jocc_ingest"])
def test_nobody_but_the_triggers_writes_history(world, as_role, role):
    with (
        as_role(role),
        acting_as(world.principal("ukba.supervisor")),
        pytest.raises(ProgrammingError),
        transaction.atomic(),
    ):
        connection.cursor().execute("SELECT scanning_device_witness('given', ARRAY[1]::bigint[], ARRAY[1])")
    with (
        as_role(role),
        acting_as(world.principal("ukba.supervisor")),
        pytest.raises(ProgrammingError),
        transaction.atomic(),
    ):
        OfficerHistory.objects.create(
            at="2026-01-01T00:00Z", event="given", officer_uid=world.officer("ukba.officer").uid,
            agency_group_id=world.group("UKBA"), role="officer", clearance=10, is_active=True, transaction=1,
        )  # fmt: skip


def test_the_owner_reads_all_of_it_and_a_recipient_its_own_rows(cell, world):
    lookout = cell.looks("ukba.analyst")
    with cell.acting("ukba.analyst") as analyst:
        lookout_share(
            acting_officer=analyst, uid=lookout.uid, agencies=["PAF", "DOUANES"], purpose="joint enquiry"
        )
    seen = {}
    for username in ("ukba.auditor", "paf.auditor", "ccic.auditor"):
        with cell.acting(username) as principal:
            of_gate = RecordHistory.objects.visible_to(principal).filter(record_uid=lookout.uid)
            of_database = RecordHistory.objects.filter(record_uid=lookout.uid)
            seen[username] = set(of_gate.values_list("group_id", flat=True))
            assert set(of_database.values_list("pk", flat=True)) == set(of_gate.values_list("pk", flat=True))
    assert seen["ukba.auditor"] == {world.group(code) for code in ("UKBA", "PAF", "DOUANES")}
    assert (seen["paf.auditor"], seen["ccic.auditor"]) == ({world.group("PAF")}, set())


def test_anothers_reading_is_told_to_the_owner_without_name_and_purpose_and_an_own_one_is_not_copied(
    cell, world
):
    lookout = cell.looks("ukba.analyst")
    with cell.acting("ukba.analyst") as analyst:
        lookout_share(acting_officer=analyst, uid=lookout.uid, agencies=["PAF"], purpose="joint enquiry")
    for username in ("paf.officer", "ukba.officer"):
        with cell.acting(username) as reader:
            lookout_open(acting_officer=reader, uid=lookout.uid, purpose="night shift")
    found = {}
    for username in ("ukba.auditor", "paf.auditor", "douanes.auditor"):
        with cell.acting(username) as principal:
            found[username] = list(RecordReading.objects.values_list("group_id", "actor", "action"))
            assert RecordReading.objects.visible_to(principal).count() == len(found[username])
    row = (world.group("PAF"), "officer", "lookout.read")
    assert found == {"ukba.auditor": [row], "paf.auditor": [row], "douanes.auditor": []}


def test_what_an_officer_was_is_written_down(world, owner, rows):
    officer = world.officer("ukba.analyst")

    def states():
        with owner():
            found = OfficerHistory.objects.filter(officer_uid=officer.uid).order_by("id")
            return [(row.event, row.role, row.clearance, row.is_active, len(row.group_ids)) for row in found]

    before = len(states())
    supervisor = world.principal("ukba.supervisor")
    with acting_as(supervisor):
        officer_suspend(acting_party=supervisor, officer=officer)
    with owner():
        Officer.objects.filter(pk=officer.pk).update(is_active=True, role="officer", clearance=0)
        officer.groups.clear()
        Officer.objects.filter(pk=officer.pk).update(last_name="Other")  # decides nothing
    assert states()[before:] == [
        ("changed", "analyst", 10, False, 2),
        ("changed", "officer", 0, True, 2),
        ("changed", "officer", 0, True, 1),
    ]


def test_an_officer_who_moves_leaves_a_line_with_either_agency(world, owner):
    officer = world.officer("ukba.officer")
    with owner():
        Officer.objects.filter(pk=officer.pk).update(agency=world.agency("PAF"))
        found = OfficerHistory.objects.filter(officer_uid=officer.uid).order_by("-id")[:2]
        last, left = [(row.event, row.agency_group_id, row.is_active) for row in found]
    assert left == ("left", world.group("UKBA"), False)
    assert last == ("changed", world.group("PAF"), True)


def test_every_protected_table_has_its_witness(world, as_role):
    with as_role("jocc_owner"), connection.cursor() as cursor:
        for wall in WALLS:
            if wall.grant_table:
                cursor.execute(
                    "SELECT count(*) FROM pg_trigger WHERE tgrelid IN (%s::regclass, %s::regclass) AND tgname LIKE 'witness%%'",
                    [wall.table, wall.grant_table],
                )
                assert cursor.fetchone()[0] == 5, wall.table


def test_what_stood_before_the_first_time_is_known_since_then(world, owner):
    with owner(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER witness_given ON scanning_lanegrant")
        cursor.execute("DROP TRIGGER witness_changed ON agencies_officer")
        cursor.execute("ALTER TABLE agencies_recordhistory DISABLE TRIGGER refuse_change")
        cursor.execute("DELETE FROM agencies_recordhistory")
        walls: list[Wall] = [wall for wall in WALLS if wall.model == "lane"]
        witness_apply(cursor, walls)
        witness_apply(cursor, walls)
        found = list(RecordHistory.objects.values_list("event", "kind"))
        assert set(found) == {("known", "lane")}
        assert len(found) == 8  # two lanes, four agencies each; the second time nothing was added
        assert OfficerHistory.objects.filter(event="known").count() == Officer.objects.count()
