"""Each process gets its own database role and knows no other's password."""

import json
import re
import stat
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def engines(
    launcher: ModuleType, tmp_path: Path, no_servers: None, monkeypatch: pytest.MonkeyPatch
) -> object:
    """Engines that are not started: two servers have been named."""
    monkeypatch.setenv("DATABASE_URL", "postgres://owner:own%40er@db.example:6000/centre?sslmode=require")
    monkeypatch.setenv("REDIS_URL", "redis://broker.example:6379/0")
    return launcher.Engines(tmp_path, durable=True)


def test_named_servers_are_used_and_none_is_started(launcher: ModuleType, engines: object) -> None:
    assert launcher.engines_wanted() is False
    with engines as started:
        assert (started.postgres, started.valkey) == (None, None)
        assert started.environment()["DATABASE_URL"].startswith("postgres://owner:own%40er@db.example")


def test_role_url_keeps_host_database_and_options(engines: object) -> None:
    url = engines.role_url("jocc_web", "p@ss/wörd")
    assert url == "postgres://jocc_web:p%40ss%2Fw%C3%B6rd@db.example:6000/centre?sslmode=require"


@pytest.mark.parametrize(("process", "role"), [("web", "jocc_web"), ("ingest", "jocc_ingest")])
def test_restricted_process_cannot_become_the_owner(
    launcher: ModuleType, engines: object, process: str, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://owner:own%40er@db.example/centre")
    environment = launcher.restricted_environment(engines, process)
    assert environment["DATABASE_URL"].startswith(f"postgres://{role}:")
    assert environment["JOCC_PROCESS"] == process
    assert not [name for name, value in environment.items() if "own%40er" in value or "own@er" in value]
    other = "ingest" if process == "web" else "web"
    assert engines.passwords[other] not in environment.values()
    assert engines.passwords["superuser"] not in environment.values()


def test_owner_process_gets_what_the_preparation_needs(launcher: ModuleType, engines: object) -> None:
    environment = launcher.owner_environment(engines)
    assert environment["JOCC_PROCESS"] == "owner"
    assert environment["JOCC_WEB_PASSWORD"] == engines.passwords["web"]
    assert environment["JOCC_INGEST_PASSWORD"] == engines.passwords["ingest"]


def test_the_sealing_key_is_made_once_and_handed_to_the_scheduler_alone(
    launcher: ModuleType, engines: object
) -> None:
    path = launcher.sealing_key(engines.state)
    content = path.read_text()
    services = {service.name: service.environment for service in launcher.background_services(engines, 1)}
    assert services["pulse"]["JOCC_AUDIT_KEY_FILE"] == str(path)
    assert services["pulse"]["JOCC_AUDIT_PUBLISH_DIR"] == str(engines.state / "published")
    assert "JOCC_AUDIT_KEY_FILE" not in services["worker-1"]
    assert "JOCC_AUDIT_KEY_FILE" not in launcher.restricted_environment(engines, "web")
    assert (path.read_text(), len(content.strip()), stat.S_IMODE(path.stat().st_mode)) == (content, 64, 0o600)


def test_simulator_knows_neither_database_nor_broker(launcher: ModuleType, engines: object) -> None:
    options = launcher.arguments_parse(["run", "--rate", "60"])
    service = launcher.simulator_service(engines, options)
    assert service.environment["DATABASE_URL"] == launcher.placeholder_environment()["DATABASE_URL"]
    assert not [value for value in service.environment.values() if ".example" in value]
    assert re.search(r"--rate 60 --seed \d+ --minutes 0", " ".join(service.command))


def test_passwords_are_made_once_and_are_readable_to_us_alone(launcher: ModuleType, tmp_path: Path) -> None:
    first = launcher.passwords_of(tmp_path)
    assert launcher.passwords_of(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "passwords.json").stat().st_mode) == 0o600
    assert len(set(first.values())) == len(first)
    assert all(len(value) >= 40 for value in first.values())


def test_password_added_by_a_later_version_keeps_the_older_ones(launcher: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "passwords.json").write_text(json.dumps({"superuser": "kept"}))
    assert launcher.passwords_of(tmp_path)["superuser"] == "kept"
    assert len(launcher.passwords_of(tmp_path)["web"]) == 40


def test_listening_to_the_network_allows_the_names_of_this_machine(
    launcher: ModuleType, engines: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOCC_ALLOWED_HOSTS", raising=False)
    options = launcher.arguments_parse(["run", "--host", "0.0.0.0", "--port", "9000"])  # noqa: S104
    service = launcher.web_service(engines, options)
    allowed = service.environment["JOCC_ALLOWED_HOSTS"].split(",")
    assert launcher.socket.gethostname() in allowed
    assert "*" not in allowed
    assert launcher.address(options) == "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('{"event": "delivery stored", "level": "info"}', None),
        ('{"event": "worker lost", "level": "error"}', "worker lost"),
        (
            '{"event": "task failed", "level": "error", "exception": "Traceback\\n  File\\nValueError: no"}',
            "task failed ValueError: no",
        ),
        ('{"event": "Service Unavailable: /readyz", "level": "error"}', None),
        ("Traceback (most recent call last):", "Traceback (most recent call last):"),
        ("INFO:     Started server process", None),
        ("django.db.utils.OperationalError: no route", "django.db.utils.OperationalError: no route"),
    ],
)
def test_only_grave_words_of_a_process_reach_the_screen(
    launcher: ModuleType, line: str, shown: str | None
) -> None:
    assert launcher.important(line) == shown
