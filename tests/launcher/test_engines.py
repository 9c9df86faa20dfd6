"""The embedded PostgreSQL and Valkey: what they promise, and that nothing of them is left behind."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import psycopg2
import pytest
import redis

from tests.launcher.started import Started, eventually, processes_naming

pytestmark = pytest.mark.engine


@pytest.fixture
def engines(launcher: ModuleType, state: Path, no_servers: None) -> Iterator[object]:
    """Both engines, as the tests of the centre use them."""
    with launcher.Engines(state, durable=False) as started:
        yield started


def asked(url: str, question: str) -> object:
    """Return the first value of a query's answer."""
    with (
        psycopg2.connect(url.replace("postgres://", "postgresql://")) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_owner_of_the_database_is_no_superuser(engines: object) -> None:
    """A superuser would walk through row-level security without a word."""
    question = (
        "SELECT rolsuper || ',' || rolbypassrls || ',' || rolcreatedb || ',' || rolcreaterole FROM pg_roles"
    )
    assert asked(engines.database_url, f"{question} WHERE rolname = current_user") == "false,false,true,true"


def test_embedded_and_composed_databases_order_alike(engines: object) -> None:
    settings = "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'jocc'"
    assert asked(engines.database_url, settings) == "b C.UTF-8"
    assert asked(engines.database_url, "SELECT upper('éàç')") == "ÉÀÇ"


def test_throwaway_engines_do_not_wait_for_the_disk(engines: object) -> None:
    assert asked(engines.database_url, "SHOW fsync") == "off"
    with redis.Redis.from_url(engines.redis_url) as broker:
        assert broker.config_get("appendonly") == {"appendonly": "no"}


def test_engines_refuse_whoever_has_no_password(engines: object) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(host="127.0.0.1", port=engines.postgres.port, user="jocc_owner", dbname="jocc")
    stranger = redis.Redis(port=engines.valkey.port)
    with stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_engines_listen_to_this_machine_only(engines: object) -> None:
    for engine in (engines.postgres, engines.valkey):
        sockets = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
        listening = [line.split()[1] for line in sockets.splitlines() if line.split()[3] == "0A"]
        assert [place for place in listening if place.endswith(f":{engine.port:04X}")] == [
            f"0100007F:{engine.port:04X}"
        ]


def test_engines_do_not_run_as_root(engines: object) -> None:
    for engine in (engines.postgres, engines.valkey):
        lines = Path(f"/proc/{engine.process.pid}/status").read_text().splitlines()
        effective = next(line.split()[2] for line in lines if line.startswith("Uid:"))
        assert effective != "0" or engines.postgres.account.prefix


def test_no_password_stands_on_a_command_line(engines: object) -> None:
    for secret in engines.passwords.values():
        assert processes_naming(secret) == set()


def test_queue_refuses_rather_than_forgets(engines: object) -> None:
    with redis.Redis.from_url(engines.redis_url) as broker:
        assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_second_start_keeps_what_was_committed_and_queued(
    launcher: ModuleType, state: Path, no_servers: None
) -> None:
    with launcher.Engines(state, durable=True) as first:
        assert asked(first.database_url, "SHOW fsync") == "on"
        assert asked(first.database_url, "SHOW synchronous_commit") == "on"
        with psycopg2.connect(first.database_url.replace("postgres://", "postgresql://")) as connection:
            connection.cursor().execute("CREATE TABLE kept AS SELECT 42 AS answer")
        connection.close()
        with redis.Redis.from_url(first.redis_url) as broker:
            broker.rpush("queue", "doorbell")
    with launcher.Engines(state, durable=True) as second:
        assert asked(second.database_url, "SELECT answer FROM kept") == 42
        with redis.Redis.from_url(second.redis_url) as broker:
            assert broker.lrange("queue", 0, -1) == [b"doorbell"]


def test_engines_of_a_failed_start_are_stopped(
    launcher: ModuleType, state: Path, no_servers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_valkey() -> Path:
        raise launcher.Problem("No Valkey for this machine")

    monkeypatch.setattr(launcher, "valkey_binary", no_valkey)
    with pytest.raises(launcher.Problem, match="No Valkey"):
        launcher.Engines(state, durable=False).__enter__()
    assert processes_naming(str(state)) == set()


def test_engines_start_where_no_other_account_may_be_taken(
    launcher: ModuleType, state: Path, no_servers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container whose root may not change to another account, and for an account without a name."""
    works = launcher.Account._works
    monkeypatch.setattr(
        launcher.Account, "_works", staticmethod(lambda prefix=None, **change: not change and works(prefix))
    )
    known = launcher.account_has_name
    monkeypatch.setattr(launcher, "account_has_name", lambda uid: uid == launcher.NOBODY and known(uid))
    if not works(["unshare", "-U", f"--map-user={launcher.NOBODY}", f"--map-group={launcher.NOBODY}"]):
        with pytest.raises(launcher.Problem, match="name servers with DATABASE_URL and REDIS_URL"):
            launcher.Account()
        return
    with launcher.Engines(state, durable=False) as engines:
        assert engines.postgres.account.prefix
        assert asked(engines.database_url, "SELECT 1") == 1
        assert len(processes_naming(str(state))) >= 2
    assert processes_naming(str(state)) == set()


@pytest.fixture
def dev_stack(jocc: Callable[..., Started], state: Path) -> Started:
    """`bin/jocc dev-stack`, running."""
    started = jocc("dev-stack", "--state", str(state))
    assert eventually((state / "env.sh").exists, 60), started.words()
    return started


def test_kill_9_of_the_launcher_leaves_no_process(dev_stack: Started, state: Path) -> None:
    assert len(processes_naming(str(state))) >= 3  # the launcher, PostgreSQL, Valkey
    os.kill(dev_stack.process.pid, signal.SIGKILL)
    dev_stack.process.wait(10)
    assert eventually(lambda: processes_naming(str(state)) == set(), 20)


def test_launcher_killed_a_moment_ago_does_not_hinder_the_next_start(
    dev_stack: Started, state: Path, jocc: Callable[..., Started]
) -> None:
    (state / "env.sh").unlink()
    os.kill(dev_stack.process.pid, signal.SIGKILL)
    again = jocc("dev-stack", "--state", str(state))
    assert eventually((state / "env.sh").exists, 60), again.words()
    assert again.end() == 0


def test_second_launcher_on_the_same_data_says_who_has_them(
    dev_stack: Started, state: Path, jocc: Callable[..., Started]
) -> None:
    second = jocc("dev-stack", "--state", str(state))
    assert second.process.wait(60) == 1
    assert f"process {dev_stack.process.pid}" in second.words()
    assert "Traceback" not in second.words()


def test_killed_engine_is_started_again_at_the_same_address(dev_stack: Started, state: Path) -> None:
    """Everything that knows the addresses goes on; only what was in flight is lost."""
    given = (state / "env.sh").read_text()
    broker = given.partition("REDIS_URL=")[2].split("\n")[0]
    database = given.partition("DATABASE_URL=")[2].split("\n")[0]
    with redis.Redis.from_url(broker) as client:
        os.kill(client.info("server")["process_id"], signal.SIGKILL)
        assert eventually(lambda: "Valkey ended (signal SIGKILL)" in dev_stack.words())
        assert eventually(lambda: answers(client), 20)
    os.kill(int((state / "postgres" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    assert eventually(lambda: "PostgreSQL ended (signal SIGKILL)" in dev_stack.words())
    assert eventually(lambda: asked_again(database) == 1, 20)


def answers(client: redis.Redis) -> bool:
    """Tell whether the broker answers now."""
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def asked_again(url: str) -> object:
    """Return the answer to a simple question, or None while the database is away."""
    try:
        return asked(url, "SELECT 1")
    except psycopg2.OperationalError:
        return None


def test_asked_to_stop_the_launcher_stops_its_engines_first(dev_stack: Started, state: Path) -> None:
    port = int((state / "env.sh").read_text().partition("127.0.0.1:")[2].split("/")[0])
    assert dev_stack.end(signal.SIGINT) == 0
    assert processes_naming(str(state)) == set()
    assert not (state / "postgres" / "postmaster.pid").exists()  # a clean end, nothing to recover
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 1)
