"""The compose file's entrypoint: composes each process's address, hands out no more than that, and serves."""

import os
import secrets
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis

from agencies import heartbeats
from tests.launcher.started import REPOSITORY, Started, eventually, jocc_start

PARTS = {
    "JOCC_DATABASE_HOST": "db",
    "JOCC_REDIS_HOST": "broker",
    "JOCC_OWNER_PASSWORD": "own@er/1",
    "JOCC_WEB_PASSWORD": "wéb",
    "JOCC_INGEST_PASSWORD": "ingest",
    "JOCC_REDIS_PASSWORD": "re:dis",
    "JOCC_SECRET_KEY": "key",
}


@pytest.mark.parametrize(
    ("process", "purpose", "url"),
    [
        ("web", "web", "postgres://jocc_web:w%C3%A9b@db:5432/jocc"),
        ("worker", "ingest", "postgres://jocc_ingest:ingest@db:5432/jocc"),
        ("scheduler", "ingest", "postgres://jocc_ingest:ingest@db:5432/jocc"),
        ("prepare", "owner", "postgres://jocc_owner:own%40er%2F1@db:5432/jocc"),
        ("manage", "owner", "postgres://jocc_owner:own%40er%2F1@db:5432/jocc"),
    ],
)
def test_process_connects_as_its_own_role(
    entrypoint: ModuleType, process: str, purpose: str, url: str
) -> None:
    made = entrypoint.environment_for(process, PARTS)
    assert made["DATABASE_URL"] == url
    assert made["REDIS_URL"] == "redis://:re%3Adis@broker:6379/0"
    assert made["JOCC_PROCESS"] == purpose


@pytest.mark.parametrize("process", ["web", "worker", "scheduler"])
def test_serving_process_is_told_no_password(entrypoint: ModuleType, process: str) -> None:
    made = entrypoint.environment_for(process, PARTS | {"DATABASE_OWNER_URL": "postgres://owner@db/jocc"})
    assert not {name for name in made if name.endswith("_PASSWORD") or name == "DATABASE_OWNER_URL"}


def test_preparation_is_told_the_passwords_it_sets(entrypoint: ModuleType) -> None:
    made = entrypoint.environment_for("prepare", PARTS)
    assert (made["JOCC_WEB_PASSWORD"], made["JOCC_INGEST_PASSWORD"]) == ("wéb", "ingest")
    assert "JOCC_OWNER_PASSWORD" not in made


def test_whole_addresses_go_before_parts(entrypoint: ModuleType) -> None:
    given = {"DATABASE_URL": "postgres://a@b/c", "REDIS_URL": "unix:///run/redis.sock"}
    made = entrypoint.environment_for("web", PARTS | given)
    assert {name: made[name] for name in given} == given


def test_password_may_lie_in_a_file(entrypoint: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "web").write_text("from a file\n")
    given = {name: value for name, value in PARTS.items() if name != "JOCC_WEB_PASSWORD"}
    made = entrypoint.environment_for("web", given | {"JOCC_WEB_PASSWORD_FILE": str(tmp_path / "web")})
    assert made["DATABASE_URL"] == "postgres://jocc_web:from%20a%20file@db:5432/jocc"


@pytest.mark.parametrize("missing", ["JOCC_DATABASE_HOST", "JOCC_WEB_PASSWORD", "JOCC_REDIS_HOST"])
def test_missing_part_is_named(entrypoint: ModuleType, missing: str) -> None:
    given = {name: value for name, value in PARTS.items() if name != missing}
    with pytest.raises(SystemExit, match=f"{missing} is not set"):
        entrypoint.environment_for("web", given)


def test_unknown_process_is_refused_with_the_known_ones(entrypoint: ModuleType) -> None:
    with pytest.raises(
        SystemExit, match=r"`webb` is none of web, worker, scheduler, prepare, manage, health"
    ):
        entrypoint.main(["webb"])


def test_server_that_never_answers_is_named(entrypoint: ModuleType) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # bound and not listening: refused at once
        port = silent.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"nothing answers at 127.0.0.1:{port} after 0 s"):
            entrypoint.server_wait(f"redis://127.0.0.1:{port}/0", 0)


def test_demonstration_is_prepared_only_when_asked_for(entrypoint: ModuleType) -> None:
    assert "--demo" not in entrypoint.command_for("prepare", [], {"JOCC_DEMO": "0"})
    assert entrypoint.command_for("prepare", [], {"JOCC_DEMO": "1"})[-1] == "--demo"


@pytest.mark.engine
def test_dead_scheduler_is_noticed_by_its_missing_sign_of_life(entrypoint: ModuleType) -> None:
    given = {"REDIS_URL": os.environ["REDIS_URL"]}
    key = f"jocc:test:{secrets.token_hex(6)}"
    with redis.Redis.from_url(given["REDIS_URL"]) as broker:
        assert entrypoint.broker_knows(key, given) is False
        broker.set(key, "now", ex=30)
        assert entrypoint.broker_knows(key, given) is True
        broker.delete(key)


def test_health_of_a_process_whose_server_is_away_is_bad(entrypoint: ModuleType) -> None:
    nowhere = {"REDIS_URL": "redis://127.0.0.1:1/0", "JOCC_PORT": "1"}
    assert [entrypoint.health(name, nowhere) for name in ("web", "worker", "scheduler")] == [1, 1, 1]


def test_signs_of_life_are_those_that_the_centre_gives(entrypoint: ModuleType) -> None:
    assert heartbeats.ALIVE == entrypoint.SIGNS_OF_LIFE


# ------------------------------------------------- for real, against the servers of the tests


def owner_do(statement: str) -> None:
    """Execute one statement as the owner, outside a transaction."""
    owner = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    connection = psycopg2.connect(owner.replace("postgres://", "postgresql://"))
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


@pytest.fixture
def parts() -> Iterator[dict[str, str]]:
    """The parts of the addresses of the servers that these tests run on, with a database of their own."""
    owner = urlsplit(os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"])
    broker = urlsplit(os.environ["REDIS_URL"])
    if not broker.hostname:
        pytest.fail("REDIS_URL must name a host: the entrypoint composes addresses from host and port")
    name = f"entrypoint_{secrets.token_hex(6)}"
    owner_do(f"CREATE DATABASE {name}")
    yield {
        "JOCC_DATABASE_HOST": owner.hostname or "",
        "JOCC_DATABASE_PORT": str(owner.port or 5432),
        "JOCC_DATABASE_NAME": name,
        "JOCC_OWNER_ROLE": owner.username or "",
        "JOCC_OWNER_PASSWORD": owner.password or "",
        "JOCC_WEB_PASSWORD": os.environ["JOCC_WEB_PASSWORD"],
        "JOCC_INGEST_PASSWORD": os.environ["JOCC_INGEST_PASSWORD"],
        "JOCC_REDIS_HOST": broker.hostname,
        "JOCC_REDIS_PORT": str(broker.port or 6379),
        "JOCC_REDIS_PASSWORD": broker.password or "",
        "JOCC_SECRET_KEY": secrets.token_hex(32),
        "JOCC_ALLOWED_HOSTS": "jocc.example,127.0.0.1",
        "JOCC_HTTPS": "0",
        "JOCC_DEMO": "0",
        "JOCC_PLAIN_STATIC": "1",
        "JOCC_HOST": "127.0.0.1",
        "PATH": os.environ["PATH"],
    }
    owner_do(f"DROP DATABASE {name} WITH (FORCE)")


def capabilities_of(pid: int) -> int:
    """Return the set of capabilities that a process can use, as the kernel's bit mask."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("CapEff:")), 16)


def answer_of(url: str) -> int:
    """Return the status of an answer; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except OSError:
        return 0


@pytest.mark.engine
def test_prepared_centre_serves_without_any_privilege(
    parts: dict[str, str], tmp_path: Path, entrypoint: ModuleType
) -> None:
    """prepare, then web, worker and scheduler, as the compose file starts them, until /readyz is content."""
    prepared = entry(tmp_path / "prepare", parts, "prepare")
    assert prepared.process.wait(180) == 0, prepared.words()
    key = tmp_path / "sealing.key"
    key.write_text(secrets.token_hex(32))
    parts |= {"JOCC_AUDIT_KEY_FILE": str(key), "JOCC_AUDIT_PUBLISH_DIR": str(tmp_path / "published")}

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    running = {
        name: entry(tmp_path / name, parts | {"JOCC_PORT": port, "JOCC_WORKERS": "1"}, name)
        for name in ("web", "worker", "scheduler")
    }
    try:
        ready = eventually(lambda: answer_of(f"http://127.0.0.1:{port}/readyz") == 200, 120)
        assert ready, "\n".join(f"{name}: {started.words()}" for name, started in running.items())
        for name in running:
            assert entrypoint.health(name, parts | {"JOCC_PORT": port}) == 0, name
        assert entrypoint.health("sealer", parts) == 0
        for name, started in running.items():
            assert started.process.poll() is None, started.words()
            assert capabilities_of(started.process.pid) == 0, f"{name} has rights that it does not need"
    finally:
        for started in running.values():
            started.end()


def entry(output: Path, parts: dict[str, str], process: str) -> Started:
    """Start the entrypoint without any right of root's, and with nothing in its environment but the parts."""
    return jocc_start(output, process, program="deploy/entrypoint", only=parts)


@pytest.mark.engine
def test_entrypoint_cannot_be_started_as_the_owner_of_the_data_by_mistake(
    parts: dict[str, str], tmp_path: Path
) -> None:
    """Given the owner's address whole, the web process must refuse to serve rather than see everything."""
    prepared = entry(tmp_path / "prepare", parts, "prepare")
    assert prepared.process.wait(180) == 0, prepared.words()
    owner = urlsplit(os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"])
    whole = owner._replace(path=f"/{parts['JOCC_DATABASE_NAME']}").geturl()
    web = entry(tmp_path / "web", parts | {"DATABASE_URL": whole, "JOCC_PORT": "0"}, "web")
    try:
        assert eventually(lambda: web.process.poll() is not None, 60), "it serves as the owner"
        assert web.process.returncode != 0
        assert "Refusing to serve" in web.words()
    finally:
        web.end()


def test_shell_script_of_the_database_is_correct_shell() -> None:
    script = REPOSITORY / "deploy" / "postgres-owner.sh"
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
