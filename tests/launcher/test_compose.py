"""docker-compose.yml without a Docker engine: what must be true of it for the centre to be safe."""

import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from tests.launcher.started import REPOSITORY

FILE = REPOSITORY / "docker-compose.yml"
OURS = ["migrate", "web", "worker", "scheduler", "upkeep"]
SERVERS = ["postgres", "redis"]
SECRET_NAMES = {
    "POSTGRES_PASSWORD",
    "JOCC_OWNER_PASSWORD",
    "JOCC_WEB_PASSWORD",
    "JOCC_INGEST_PASSWORD",
    "JOCC_REDIS_PASSWORD",
    "JOCC_SECRET_KEY",
}
# What the compose specification allows a service to say, as far as this file could need it.
SERVICE_WORDS = {
    "build", "cap_add", "cap_drop", "command", "depends_on", "entrypoint", "environment", "healthcheck", "image", "init",
    "logging", "networks", "pids_limit", "ports", "profiles", "read_only", "restart", "secrets", "security_opt", "shm_size", "stop_grace_period", "tmpfs",
    "user", "volumes",
}  # fmt: skip


@cache
def compose() -> dict[str, dict]:
    """The file with its anchors merged."""
    return yaml.safe_load(FILE.read_text())


def service(name: str) -> dict:
    """One service of the file."""
    return compose()["services"][name]


def test_all_processes_of_the_centre_are_there() -> None:
    assert sorted(compose()["services"]) == sorted([*OURS, *SERVERS])


@pytest.mark.parametrize("name", [*OURS, *SERVERS])
def test_service_uses_only_words_of_the_specification(name: str) -> None:
    assert set(service(name)) <= SERVICE_WORDS


@pytest.mark.parametrize("name", [name for name in OURS if name != "upkeep"])
def test_command_is_a_process_of_the_entrypoint(entrypoint: ModuleType, name: str) -> None:
    assert service(name)["command"][0] in entrypoint.ROLES


@pytest.mark.parametrize("name", OURS)
def test_process_of_ours_can_change_nothing_but_its_data(name: str) -> None:
    described = service(name)
    assert described["read_only"] is True
    assert described["cap_drop"] == ["ALL"]
    assert described["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", [*OURS, *SERVERS])
def test_no_process_can_gain_rights_change_its_root_or_multiply_without_end(name: str) -> None:
    described = service(name)
    assert described["read_only"] is True
    assert described["cap_drop"] == ["ALL"]
    assert described["security_opt"] == ["no-new-privileges:true"]
    assert described["pids_limit"] <= 512
    assert not {"privileged", "devices", "pid", "ipc", "network_mode"} & set(described)
    added = set(described.get("cap_add", []))
    # The image hands its folder to its own account and becomes it; nothing else is needed.
    assert added == ({"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"} if name == "postgres" else set())


def test_upkeep_runs_only_when_it_is_called_and_commands_are_of_the_entrypoint(
    entrypoint: ModuleType,
) -> None:
    described = service("upkeep")
    assert described["profiles"] == ["upkeep"]
    assert described["restart"] == "no"
    assert described["entrypoint"][-1] in entrypoint.ROLES
    assert {"media:/srv/media", "journal:/srv/journal:ro", "backups:/srv/backups"} == set(
        described["volumes"]
    )


def test_journal_of_ended_rights_is_kept_apart_from_the_database() -> None:
    assert service("scheduler")["environment"]["JOCC_JOURNAL_DIR"] == "/srv/journal"
    assert "journal:/srv/journal" in service("scheduler")["volumes"]
    assert not any("journal" in place for place in service("postgres")["volumes"])
    assert "/srv/journal" in (REPOSITORY / "Dockerfile").read_text()


def test_image_runs_as_an_ordinary_account() -> None:
    users = re.findall(r"^USER (.+)$", (REPOSITORY / "Dockerfile").read_text(), re.MULTILINE)
    assert users == ["10001:10001"]


def test_image_installs_only_what_the_lock_names() -> None:
    text = (REPOSITORY / "Dockerfile").read_text()
    installs = [line for line in text.replace("\\\n", " ").splitlines() if "pip install" in line]
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert "--only-binary :all:" in re.sub(" +", " ", installs[0])
    assert "requirements-local" not in text  # no embedded engines in production
    assert "requirements-dev" not in text


def test_image_contains_every_app_and_no_test() -> None:
    """.dockerignore shuts everything out and lets named things in, so a new app must be named there."""
    lines = (REPOSITORY / ".dockerignore").read_text().splitlines()
    assert lines[1] == "*"
    let_in = {line[1:] for line in lines if line.startswith("!")}
    apps = {folder.parent.name for folder in REPOSITORY.glob("*/apps.py")}
    assert apps
    assert apps <= let_in
    assert not {"tests", ".git", "var", ".venv", ".env"} & let_in


@pytest.mark.parametrize("name", [*SERVERS, "web", "worker", "scheduler"])
def test_lasting_service_is_asked_for_its_health_and_started_again(name: str) -> None:
    assert service(name)["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert service(name)["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "scheduler"])
def test_health_is_asked_of_the_right_process(name: str) -> None:
    assert service(name)["healthcheck"]["test"] == ["CMD", "python", "/app/deploy/entrypoint", "health", name]


def test_the_sealing_key_is_a_file_that_the_scheduler_alone_is_given() -> None:
    assert [name for name in (*OURS, *SERVERS) if "secrets" in service(name)] == ["scheduler"]
    assert service("scheduler")["secrets"] == ["sealing_key"]
    assert service("scheduler")["environment"]["JOCC_AUDIT_KEY_FILE"] == "/run/secrets/sealing_key"
    assert all("JOCC_AUDIT_KEY_FILE" not in service(name)["environment"] for name in ("web", "worker"))


def test_preparation_runs_once_and_everything_else_waits_for_it() -> None:
    assert service("migrate")["restart"] == "no"
    for name in ("web", "worker", "scheduler"):
        waits = {other: how["condition"] for other, how in service(name)["depends_on"].items()}
        assert waits == {
            "postgres": "service_healthy",
            "redis": "service_healthy",
            "migrate": "service_completed_successfully",
        }


def test_no_secret_stands_in_the_file_and_none_has_a_default() -> None:
    """`${NAME:?what it is}` stops compose with that sentence when NAME is missing or empty."""
    text = FILE.read_text()
    for name in SECRET_NAMES:
        uses = re.findall(rf"\$\{{{name}([^}}]*)\}}", text)
        assert uses, f"{name} is not used"
        assert all(re.fullmatch(r":\?\w.{10,}", use) for use in uses), f"{name} may be missing without a word"


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("postgres", {"POSTGRES_PASSWORD", "JOCC_OWNER_PASSWORD"}),
        ("redis", {"JOCC_REDIS_PASSWORD"}),
        (
            "migrate",
            {
                "JOCC_OWNER_PASSWORD",
                "JOCC_WEB_PASSWORD",
                "JOCC_INGEST_PASSWORD",
                "JOCC_REDIS_PASSWORD",
                "JOCC_SECRET_KEY",
            },
        ),
        (
            "upkeep",
            {
                "JOCC_OWNER_PASSWORD",
                "JOCC_WEB_PASSWORD",
                "JOCC_INGEST_PASSWORD",
                "JOCC_REDIS_PASSWORD",
                "JOCC_SECRET_KEY",
            },
        ),
        ("web", {"JOCC_WEB_PASSWORD", "JOCC_REDIS_PASSWORD", "JOCC_SECRET_KEY"}),
        ("worker", {"JOCC_INGEST_PASSWORD", "JOCC_REDIS_PASSWORD", "JOCC_SECRET_KEY"}),
        ("scheduler", {"JOCC_INGEST_PASSWORD", "JOCC_REDIS_PASSWORD", "JOCC_SECRET_KEY"}),
    ],
)
def test_service_knows_exactly_the_secrets_it_needs(name: str, known: set[str]) -> None:
    values = " ".join(str(value) for value in service(name)["environment"].values())
    assert set(re.findall(r"\$\{(\w+)", values)) & SECRET_NAMES == known


def test_every_needed_variable_is_named_at_the_top() -> None:
    head = FILE.read_text().partition("\nname:")[0]
    needed = set(re.findall(r"\$\{(\w+):\?", FILE.read_text()))
    assert needed == set(re.findall(r"\b(?:POSTGRES|JOCC)_[A-Z_]+\b(?=,|\n#\s+JOCC|\n# Put)", head))


def test_every_setting_of_the_centre_can_be_given_in_the_environment_of_compose() -> None:
    """A setting that the file does not hand on could be changed by rebuilding the image only."""
    sources = "".join(path.read_text() for path in (REPOSITORY / "jocc" / "settings").glob("*.py"))
    read = set(re.findall(r"\benv(?:\.\w+)?\(\s*\"(JOCC_[A-Z_]+)\"", sources))
    assert len(read) > 10
    made_elsewhere = {
        "JOCC_DEBUG",  # never in production
        "JOCC_PLAIN_STATIC",  # tests and development
        "JOCC_PROCESS",  # the entrypoint knows
        "JOCC_JOURNAL_DIR",  # only the scheduler writes it
        "JOCC_STATIC_ROOT",  # the image knows
        "JOCC_MEDIA_ROOT",
        "JOCC_AUDIT_KEY_FILE",  # a secret of the scheduler's
        "JOCC_AUDIT_PUBLISH_DIR",  # a volume of the scheduler's
    }
    assert read - made_elsewhere <= set(compose()["x-settings"])
    assert {"JOCC_STATIC_ROOT", "JOCC_MEDIA_ROOT"} <= set(
        re.findall(r"(JOCC_\w+)=", (REPOSITORY / "Dockerfile").read_text())
    )


def test_database_is_made_with_the_locale_of_the_embedded_one(launcher: ModuleType) -> None:
    """Both must order and fold alike, or a page that was tried at home differs in the centre."""
    arguments = service("postgres")["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert arguments == launcher.INITDB_LOCALE


def test_database_follows_the_settings_of_the_embedded_one(launcher: ModuleType) -> None:
    words = service("postgres")["command"]
    settings = dict(
        word.split("=", 1) for flag, word in zip(words[1::2], words[2::2], strict=True) if flag == "-c"
    )
    assert settings
    assert settings == {name: launcher.POSTGRES_ALWAYS[name] for name in settings}
    assert not {"fsync", "synchronous_commit", "full_page_writes"} & set(settings)


def test_queue_survives_a_restart_and_refuses_rather_than_forgets() -> None:
    script = service("redis")["command"][-1]
    assert "--appendonly yes" in script
    assert "--maxmemory-policy noeviction" in script
    assert "--requirepass" not in script  # arguments can be read by every process


def test_database_and_broker_cannot_be_reached_from_outside() -> None:
    for name in SERVERS:
        assert service(name)["networks"] == ["inside"]
        assert "ports" not in service(name)
    assert compose()["networks"]["inside"]["internal"] is True
    published = [name for name in compose()["services"] if "ports" in service(name)]
    assert published == ["web"]
    assert service("web")["ports"] == ["${JOCC_LISTEN:-127.0.0.1:8000}:8000"]


def test_data_live_in_named_volumes() -> None:
    named = set(compose()["volumes"])
    mounted = {
        place.split(":")[0]
        for name in compose()["services"]
        for place in service(name).get("volumes", [])
        if not place.startswith("./")
    }
    assert mounted == named
    assert "database:/var/lib/postgresql" in service("postgres")["volumes"]  # where version 18 keeps its data


def test_files_that_are_mounted_exist_and_can_be_run() -> None:
    for place in service("postgres")["volumes"]:
        if place.startswith("./"):
            source = Path(REPOSITORY / place.split(":")[0])
            assert source.stat().st_mode & 0o111
            assert place.endswith(":ro")


def test_owner_of_the_composed_database_is_no_superuser() -> None:
    script = (REPOSITORY / "deploy" / "postgres-owner.sh").read_text()
    assert "CREATE ROLE jocc_owner LOGIN NOSUPERUSER CREATEDB CREATEROLE" in script
