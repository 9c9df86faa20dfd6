# ruff: noqa: S608  (the names in the statements are those of our own tables)
"""Each wall alone: the gate where the database lets everything through, the database where the gate is forgotten.

tests/two_worlds/test_orm_equals_rls.py reads lists. Here are single records and acts, what the web role may write at
all, and audiences made by chance.
"""

import contextlib
import dataclasses
import datetime as dt
import os
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.utils import DataError, IntegrityError, ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.access import GateQuerySet
from agencies.acting import acting_as
from agencies.facts import Principal
from agencies.grants import grants_give, grants_withdraw
from agencies.models import Countersign, CountersignGrant
from agencies.walls import INGEST, WEB, Wall
from intelligence.models import Hit, HitGrant, Lookout, LookoutGrant, Notice, NoticeGrant
from jocc.walls import WALLS
from scanning.models import Device, DeviceGrant, Lane, LaneGrant
from tests.making import NOON
from tests.two_worlds.cases import CASES
from tests.two_worlds.framework import Asker
from tests.two_worlds.worlds import common, hidden

pytestmark = pytest.mark.django_db

ABOUT_ONE = [case for case in CASES if case.hidden]
MODELS = {
    model._meta.db_table: model
    for model in apps.get_models()
    if isinstance(model._default_manager.all(), GateQuerySet)
}
GRANTED = {
    Countersign: CountersignGrant,
    Device: DeviceGrant,
    Lane: LaneGrant,
    Lookout: LookoutGrant,
    Hit: HitGrant,
    Notice: NoticeGrant,
}
SECURED = [wall for wall in WALLS if wall.secured]
WRITERS = ("ukba.officer", "paf.officer", "douanes.analyst", "ccic.supervisor")
#: Columns that the rules themselves read.
_RULING = {"id", "caveat", "originator_id", "agency_group_id", "device_id", "classification", "expires_at"}
#: Whoever may read these may also write to them, in the columns that the wall names.
READERS_WRITE = {"agencies_countersign", "intelligence_notice", "scanning_alarm", "scanning_delivery"}


def _of_own_device(principal: Principal) -> models.Q:
    owned = Device.objects.visible_to(principal).filter(originator_id__in=principal.groups)
    return models.Q(device_id__in=owned.values("pk"))


#: Tables whose rows are read by more than may change them: whoever had it confirms that it is gone; the law is ended by
#: whose it is; what is done to a device is its owner's.
OWNED_BY: dict[str, Callable[[Principal], models.Q]] = {
    "intelligence_recallreceipt": lambda principal: models.Q(recipient_group_id__in=principal.groups),
    "scanning_lawfuluse": lambda principal: models.Q(agency_group_id__in=principal.groups),
    "scanning_outage": _of_own_device,
    "scanning_care": _of_own_device,
    "scanning_placement": _of_own_device,
}


@pytest.fixture
def everything(world, owner):
    with owner():
        common(world)
        hidden(world)


@pytest.mark.parametrize("family", sorted({case.family for case in ABOUT_ONE}))
def test_the_gate_alone_hides_single_records_and_refuses_acts_on_them(
    world, everything, as_role, monkeypatch, subtests, family
):
    asker = Asker(world, monkeypatch)
    for case in (case for case in ABOUT_ONE if case.family == family):
        with subtests.test(str(case)):
            for who in (case.readers[0], case.entitled):
                with_both = asker.ask(who, case)
                with as_role("jocc_owner"):
                    alone = asker.ask(who, case)
                assert (alone.status, alone.body) == (with_both.status, with_both.body), who


def test_the_database_gives_exactly_the_privileges_that_are_declared(world):
    for wall in WALLS:
        for role, words, update in (
            (WEB, wall.web, wall.web_update),
            (INGEST, wall.ingest, wall.ingest_update),
        ):
            for verb in ("SELECT", "INSERT", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
                held = _asked("SELECT has_any_column_privilege(%s, %s, %s)", role, wall.table, verb) if (
                    verb in {"SELECT", "INSERT", "REFERENCES"}
                ) else _asked("SELECT has_table_privilege(%s, %s, %s)", role, wall.table, verb)  # fmt: skip
                declared = {
                    word.split()[0] for word in words
                }  # a word may name columns: SELECT (number, root)
                assert held == (verb in declared), (wall.table, role, verb)
            assert _updatable(role, wall) == _declared(wall, words, update), (wall.table, role)


def _asked(question: str, *values: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]


def _columns(wall: Wall) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [wall.table],
        )
        return {row[0] for row in cursor.fetchall()}


def _updatable(role: str, wall: Wall) -> set[str]:
    question = "SELECT has_column_privilege(%s, %s, %s, 'UPDATE')"
    return {name for name in _columns(wall) if _asked(question, role, wall.table, name)}


def _declared(wall: Wall, words: object, update: object) -> set[str]:
    every = _columns(wall) - ({"viewers"} if wall.grant_table else set())
    if "UPDATE" in words:  # type: ignore[operator]
        return _columns(wall)
    return every if tuple(update) == ("*",) else set(update)  # type: ignore[call-overload]


def _own(model: type, principal: Principal) -> object:
    """The rows that are the principal's to change: by originator where there is one."""
    rows = model._default_manager.all()  # type: ignore[attr-defined]
    names = {field.name for field in model._meta.get_fields()}  # type: ignore[attr-defined]
    if "asked_group_id" in names:  # the asker takes back, the asked answers
        asked = models.Q(asked_group_id__in=principal.groups)
        return rows.filter(asked | models.Q(originator_id__in=principal.groups))
    if "owner_group_id" in names:  # what was proposed to the owner is the owner's to decide
        return rows.filter(owner_group_id__in=principal.groups)
    table = model._meta.db_table  # type: ignore[attr-defined]
    if table in OWNED_BY:
        return rows.filter(OWNED_BY[table](principal))
    if table in READERS_WRITE or "originator" not in names:  # type: ignore[attr-defined]
        return rows.visible_to(principal)
    return rows.filter(originator_id__in=principal.groups)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_change_of_everything_changes_only_what_is_the_writers_own(world, everything, owner, writer):
    """Without a condition no reading rule helps: the rule for changing stands alone."""
    principal = world.principal(writer)
    for wall in SECURED:
        if wall.table not in MODELS or not wall.web_update:
            continue
        with owner(), acting_as(principal):
            own = _own(MODELS[wall.table], principal).count()  # type: ignore[attr-defined]
        with acting_as(principal):
            assert _changed(wall) == own, wall.table


def _changed(wall: Wall) -> int:
    """How many rows an UPDATE without any condition reaches; undone again."""
    for column in sorted(_updatable(WEB, wall) - _RULING):
        for value in ("NULL", "''", "now()"):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f'UPDATE {wall.table} SET "{column}" = {value}')
                    transaction.set_rollback(True)
                    return cursor.rowcount
            except (DataError, IntegrityError):
                continue
            except ProgrammingError as error:
                if "row-level security" in str(error):
                    raise
    raise AssertionError(f"no column of {wall.table} takes a plain value")


def test_a_row_of_somebody_else_cannot_be_entered(world, everything, owner):
    entered_into = {wall.table for wall in SECURED if wall.author != "true" and "INSERT" in wall.web}
    tried = set()
    for principal in map(world.principal, WRITERS):
        for wall in (wall for wall in SECURED if wall.table in entered_into):
            with owner(), acting_as(principal):
                foreign = _foreign_row(wall, principal)
            if foreign is None:
                continue
            tried.add(wall.table)
            refused = pytest.raises(ProgrammingError, match="row-level security")
            with acting_as(principal), refused, transaction.atomic():
                _enter(wall, foreign)
    assert tried == entered_into, "let tests/two_worlds/worlds.py make a row of others in each table"


def _foreign_row(wall: Wall, principal: Principal) -> str | None:
    """A row that belongs to others, as JSON."""
    rule, mine = _rule(wall, principal)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t)::text FROM {wall.table} t WHERE NOT ({rule}) LIMIT 1", mine)
        row = cursor.fetchone()
    return row and row[0]


def _rule(wall: Wall, principal: Principal) -> tuple[str, list[object]]:
    """Which rows of a table are the principal's own, by the columns that the table has."""
    columns, groups = _columns(wall), list(principal.groups)
    if wall.table == "scanning_alarmreview":  # an officer's own, of devices that the officer sees
        devices = list(Device.objects.visible_to(principal).values_list("id", flat=True))
        return "officer_uid = %s AND device_id = ANY (%s)", [str(principal.uid), devices]
    if "content_object_id" in columns:
        parent = wall.table.removesuffix("grant")
        return f"content_object_id IN (SELECT id FROM {parent} WHERE originator_id = ANY (%s))", [groups]
    for column in ("agency_group_id", "originator_id"):
        if column in columns:
            return f"coalesce({column}, 0) = ANY (%s)", [groups]
    if "user_id" in columns:
        return "user_id = (SELECT id FROM agencies_officer WHERE uid = %s)", [str(principal.uid)]
    if "device_id" in columns:
        devices = Device.objects.visible_to(principal).values_list("id", flat=True)
        return "device_id = ANY (%s)", [list(devices)]
    return "false", []


def _enter(wall: Wall, row: str) -> None:
    names = sorted(_columns(wall) - {"id", "viewers"})
    listed = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {wall.table} ({listed}) SELECT {listed}"
            f" FROM jsonb_populate_record(NULL::{wall.table}, %s::jsonb)",
            [row],
        )


@pytest.mark.parametrize("writer", WRITERS)
def test_a_removal_of_everything_removes_only_grants_on_own_records(world, everything, owner, writer):
    principal = world.principal(writer)
    for wall in SECURED:
        if "DELETE" not in wall.web:
            continue
        with owner(), acting_as(principal), connection.cursor() as cursor:
            rule, mine = _rule(wall, principal)
            cursor.execute(f"SELECT count(*) FROM {wall.table} WHERE {rule}", mine)
            own = cursor.fetchone()[0]
        with acting_as(principal), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {wall.table}")
            removed = cursor.rowcount
            transaction.set_rollback(True)
        assert removed == own, wall.table


def test_tables_without_a_gate_of_their_own_show_only_own_rows(world, everything, owner):
    """The audit record and the keys of events: nothing in the code asks a gate for them by model."""
    gateless = [
        w for w in SECURED if w.table not in MODELS and not w.table.endswith("grant") and "SELECT" in w.web
    ]
    told_apart = set()
    for principal in map(world.principal, WRITERS):
        for wall in gateless:
            count = f"SELECT count(*) FROM {wall.table}"
            with owner(), acting_as(principal), connection.cursor() as cursor:
                rule, mine = _rule(wall, principal)
                cursor.execute(f"{count} WHERE {rule}", mine)
                own = cursor.fetchone()[0]
                cursor.execute(count)
                told_apart |= {wall.table} if cursor.fetchone()[0] > own else set()
            with acting_as(principal), connection.cursor() as cursor:
                cursor.execute(count)
                assert cursor.fetchone()[0] == own, wall.table
    assert told_apart == {wall.table for wall in gateless}, (
        "let tests/two_worlds/worlds.py make a row of others"
    )


@pytest.mark.parametrize("reader", WRITERS)
def test_grants_are_seen_by_whom_they_name_and_by_the_originator(world, everything, owner, reader):
    principal = world.principal(reader)
    for model, grant in GRANTED.items():
        with owner():
            own = set(
                model._default_manager.filter(originator_id__in=principal.groups).values_list("pk", flat=True)
            )
            rows = grant._default_manager.values_list("pk", "group_id", "content_object_id")
            expected = {pk for pk, group, record in rows if group in principal.groups or record in own}
        with acting_as(principal):
            assert set(grant._default_manager.values_list("pk", flat=True)) == expected, grant.__name__


_AUDIENCE = st.sets(st.sampled_from(["UKBA", "PAF", "DOUANES", "CCIC"]))


@settings(
    max_examples=15 * int(os.environ.get("JOCC_FUZZ", "1")),  # more in `bin/jocc nemesis fuzz`
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    audiences=st.lists(_AUDIENCE, min_size=8, max_size=8),
    classes=st.lists(st.sampled_from([0, 10, 11]), min_size=8, max_size=8),
    ends=st.lists(st.sampled_from([None, NOON - dt.timedelta(days=1), NOON + dt.timedelta(days=30_000)]), min_size=8, max_size=8),
    clearance=st.sampled_from([-1, 0, 10, 11]),
)  # fmt: skip
def test_both_walls_agree_whatever_the_audiences(
    world, everything, owner, as_role, audiences, classes, ends, clearance
):
    readers = [
        dataclasses.replace(world.principal(name), clearance=clearance)
        for name in ("ukba.analyst", "paf.officer", "douanes.auditor", "ccic.officer")
    ]
    with transaction.atomic():
        with owner():
            _audiences_set(world, audiences, classes, ends)
        for model in MODELS.values():
            for principal in readers:
                with acting_as(principal):
                    by_database = set(model._default_manager.values_list("pk", flat=True))
                with as_role("jocc_owner"), acting_as(principal):
                    by_gate = set(model._default_manager.visible_to(principal).values_list("pk", flat=True))
                assert by_gate == by_database, (model.__name__, principal.label)
        transaction.set_rollback(True)


def _audiences_set(world, audiences, classes, ends) -> None:
    for model, grant in GRANTED.items():
        for place, record in enumerate(model._default_manager.order_by("pk")):
            groups = [world.group(code) for code in audiences[place % 8]]
            grants_withdraw(grant, record, [world.group(code) for code in ("UKBA", "PAF", "DOUANES", "CCIC")])
            with contextlib.suppress(IntegrityError), transaction.atomic():
                grants_give(
                    grant, record, groups
                )  # a caveat, and records about persons, refuse some audiences
            values = {"classification": classes[place % 8], "expires_at": ends[(place + 3) % 8]}
            with contextlib.suppress(IntegrityError), transaction.atomic():
                model._default_manager.filter(pk=record.pk).update(**values)
