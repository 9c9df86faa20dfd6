"""The test bed: real PostgreSQL and Valkey, tests as the restricted role, one small world.

Tests run on one connection that signs in as the owner and at once takes the role `jocc_web`; `as_role`
changes it for a while, so that the worker's rights and the owner's can be used in the same transaction.
"""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from tests.roles import roles_exist


def pytest_configure(config: pytest.Config) -> None:
    """The default connection takes the web role as it signs in, and shares the owner's test database."""
    from django.conf import settings

    if "DATABASE_URL" not in os.environ:  # pure tests run without any server
        return
    default = settings.DATABASES["default"]
    default["OPTIONS"] = default["OPTIONS"] | {"options": "-c role=jocc_web"}
    default["CONN_MAX_AGE"] = 0
    default["TEST"] = default.get("TEST", {}) | {"MIRROR": "owner"}
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    settings.CACHES["default"]["KEY_PREFIX"] = f"test{worker}"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Emptying tables between transactional tests is the owner's work; mirrors are never flushed.

    Tests with a browser come last: its driver keeps an event loop running in the process, in which nobody else
    could run one.
    """
    items.sort(key=lambda item: item.nodeid.startswith("tests/browser/"))
    for item in items:
        marker = item.get_closest_marker("django_db")
        wanted = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        if (marker and marker.kwargs.get("transaction")) or wanted:
            item.add_marker(
                pytest.mark.django_db(transaction=True, databases=["default", "owner"]), append=False
            )


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_keepdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Create the test database as the owner, put up the walls, build the world once."""
    from django.core.management import call_command
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    from tests.world import world_build

    with django_db_blocker.unblock():
        _roles_exist()
        made = setup_databases(
            0, interactive=False, aliases={"owner"}, serialized_aliases=set(), keepdb=django_db_keepdb
        )
        assert connections["default"].settings_dict["NAME"].startswith("test_")
        call_command("database_prepare", database="owner", verbosity=0, demo=True, stdout=io.StringIO())
        with _role("jocc_owner"):
            world_build()
        _flush_past_append_only()
    yield
    with django_db_blocker.unblock():
        connections["default"].close()
        if not django_db_keepdb:
            teardown_databases(made, 0)


def _flush_past_append_only() -> None:
    """Let the owner empty append-only tables between transactional tests; whoever else tries is refused still."""
    from django.db import connections

    from jocc.walls import WALLS

    operations = connections["owner"].ops
    flush = operations.execute_sql_flush
    kept = [wall.table for wall in WALLS if wall.append_only]

    def execute_sql_flush(sql_list: list[str]) -> None:
        lift = [f"ALTER TABLE {table} DISABLE TRIGGER refuse_truncate" for table in kept]
        restore = [f"ALTER TABLE {table} ENABLE TRIGGER refuse_truncate" for table in kept]
        flush([*lift, *sql_list, *restore])

    operations.execute_sql_flush = execute_sql_flush


def _roles_exist() -> None:
    """The default connection takes a role as it signs in, so that role must exist before."""
    import psycopg2
    from django.db import connections

    settings_dict = connections["owner"].settings_dict
    connection = psycopg2.connect(
        dbname=settings_dict["NAME"],
        user=settings_dict["USER"],
        password=settings_dict["PASSWORD"],
        host=settings_dict["HOST"],
        port=settings_dict["PORT"] or None,
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        roles_exist(cursor)
    connection.close()


@contextmanager
def _role(role: str) -> Iterator[None]:
    from django.db import connections

    connection = connections["default"]
    name = connections["owner"].settings_dict["USER"] if role == "jocc_owner" else role
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        before = cursor.fetchone()[0]
        cursor.execute(f'SET ROLE "{name}"')
    try:
        yield
    finally:
        if not connection.needs_rollback and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute(f'SET ROLE "{before}"')


@pytest.fixture
def as_role() -> Callable[[str], AbstractContextManager[None]]:
    """`with as_role("jocc_ingest"): …` acts with another database role (also jocc_owner, jocc_web)."""
    return _role


@pytest.fixture
def owner() -> Callable[[], AbstractContextManager[None]]:
    """`with owner(): …` acts as the owner, past the walls: to prepare what a test needs."""
    from agencies.acting import acting_as
    from agencies.facts import OWNER

    @contextmanager
    def act() -> Iterator[None]:
        with _role("jocc_owner"), acting_as(OWNER):
            yield

    return act


@pytest.fixture
def ingest() -> Callable[[], AbstractContextManager[None]]:
    """`with ingest(): …` acts as the worker does: its database role and its principal; a worker just started."""
    from agencies.acting import acting_as
    from agencies.facts import INGEST
    from scanning.services.ingest.join import habits_forget

    habits_forget()

    @contextmanager
    def act() -> Iterator[None]:
        with _role("jocc_ingest"), acting_as(INGEST):
            yield

    return act


@pytest.fixture
def world(db: None) -> Any:
    """The small world of tests/world.py: four agencies, their officers, lanes and devices."""
    from agencies.models import Agency
    from tests.world import World, world_build

    if not Agency.objects.exists():  # a transactional test has emptied the tables
        with _role("jocc_owner"):
            world_build()
    return World()


@pytest.fixture
def carry_out(ingest: Any) -> Callable[[], int]:
    """`carry_out()` lets the worker do what officers have corrected in passages; returns how many corrections."""
    from scanning.services.ingest import corrections_carry_out

    def turn() -> int:
        with ingest():
            return corrections_carry_out()

    return turn
